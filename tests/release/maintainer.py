"""A clone that versions are published from, and the host that serves them."""

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NAME = "shiny-car"  # the folder of its host that the site stands in, as on Pages
NEW_HEADING = "In the second version"
DAY = "2026-01-01T12:00:00Z"


def environment(**more: str) -> dict[str, str]:
    """Ours, less the caller's git, make and version; gen is the clone's."""
    ours = (
        "GIT_", "MAKE", "MFLAGS", "MIKE_", "VERSION", "AGAIN", "SITE_URL", "BUILD_DIR", "PYTEST_",
    )  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": ".",
        "NO_MKDOCS_2_WARNING": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Tester",
        "GIT_AUTHOR_EMAIL": "tester@localhost",
        "GIT_AUTHOR_DATE": DAY,
        "GIT_COMMITTER_NAME": "Tester",
        "GIT_COMMITTER_EMAIL": "tester@localhost",
        "GIT_COMMITTER_DATE": DAY,
    } | more  # fmt: skip


def attempt(
    folder: Path, *command: str, input: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """The command, whatever comes of it."""
    return subprocess.run(
        command, cwd=folder, env=environment(**more), input=input,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def run(folder: Path, *command: str, input: str | None = None, **more: str) -> str:
    """The command's output; its complaint is the failure's text."""
    done = attempt(folder, *command, input=input, **more)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Clone:
    """The project as a maintainer has it, whose `origin` is a bare repository."""

    folder: Path
    remote: Path

    def git(self, *words: str) -> str:
        return run(self.folder, "git", *words).strip()

    def hosted(self, *words: str, input: str | None = None) -> str:
        """What git says of the bare repository."""
        return run(self.remote, "git", *words, input=input).strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def name(self, version: str) -> None:
        """The version wherever it is written, committed and tagged."""
        self.say_version(version)
        self.commit(f"Version {version}")
        self.git("tag", f"v{version}")

    def say_version(self, version: str) -> None:
        for file, before, after in (
            ("pyproject.toml", 'version = "', f'version = "{version}"'),
            ("CHANGELOG.md", "## ", f"## {version}"),
            ("CITATION.cff", "version: ", f"version: {version}"),
        ):
            path = self.folder / file
            lines = path.read_text(encoding="utf-8").split("\n")
            at = next(i for i, line in enumerate(lines) if line.startswith(before))
            path.write_text("\n".join([*lines[:at], after, *lines[at + 1 :]]), encoding="utf-8")
        self.installed()

    def installed(self) -> None:
        """Tells make that it is so, after whatever touched pyproject.toml."""
        for name in ("base", "release", "test"):
            (self.folder / ".venv" / f"installed-{name}").touch()

    def publish(self, version: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`make publish`, whatever comes of it."""
        self.installed()
        return attempt(self.folder, "make", "publish", f"VERSION={version}", **more)

    def published(self, version: str, **more: str) -> str:
        """`make publish`, which must do it; what it said."""
        done = self.publish(version, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tip(self) -> str:
        """Where the branch of the host is; "" before the first release."""
        return self.hosted("for-each-ref", "--format=%(objectname)", "refs/heads/gh-pages")


class changed:
    """A clone at this version that is as it was when all is done."""

    def __init__(self, clone, version="v1.0.1"):
        self.clone, self.version = clone, version

    def __enter__(self):
        self.before = self.clone.git("rev-parse", "HEAD")
        self.tags = self.clone.git("show-ref", "--tags").splitlines()
        self.config = (self.clone.folder / ".git" / "config").read_bytes()
        self.clone.git("checkout", "--quiet", self.version)

    def __exit__(self, *_):
        (self.clone.folder / ".git" / "config").write_bytes(self.config)
        self.clone.git("reset", "--quiet", "--hard", self.before)
        self.clone.git("clean", "--quiet", "--force", "-d")
        for line in self.tags:
            commit, name = line.split()
            self.clone.git("update-ref", name, commit)


def clone(place: Path) -> Clone:
    """The project with what is not committed yet, installed, beside its bare repository."""
    made = Clone(place / "project", place / "remote.git")
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, made.folder / name)
    run(made.folder, "git", "init", "--quiet", "--initial-branch", "main")
    run(place, "git", "init", "--quiet", "--bare", str(made.remote))
    made.git("remote", "add", "origin", str(made.remote))
    _install(made.folder / ".venv")
    made.installed()
    return made


def _install(venv: Path) -> None:
    """This very environment under the clone's name for it, so that make has nothing to install."""
    venv.mkdir()
    ours = BIN.parent
    for name in ("bin", "lib"):
        (venv / name).symlink_to(ours / name)
    shutil.copyfile(ours / "pyvenv.cfg", venv / "pyvenv.cfg")


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Says nothing."""

    def send_error(self, code, *_):
        """For what is not there, the site's own page from its top, as Pages does."""
        page = Path(self.directory, NAME, "404.html")
        told = page.read_bytes() if page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


class served:
    """A folder as a host serves it, at an address that ends with a slash."""

    def __init__(self, folder: Path) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=folder))
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
