"""Two versions, deployed into a bare repository as the publish workflow does, and walked."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NEW_HEADING = "In the second version"


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Says nothing."""

    def send_error(self, code, *_):
        """For what is not there, the site's own page from its top, as Pages does."""
        page = Path(self.directory, "shiny-car", "404.html")
        told = page.read_bytes() if page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


@dataclass(frozen=True)
class Published:
    """What a host would serve, and the repository that it came from."""

    address: str
    folder: Path
    remote: Path


@pytest.fixture(scope="session")
def browser_type_launch_args():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    sandbox = {"args": ["--no-sandbox"]} if os.getuid() == 0 else {}  # root has none
    return ({"executable_path": found} if found else {}) | sandbox


@pytest.fixture
def watched(context):
    """A page, and what went wrong on it: outside requests, failed ones, console errors."""
    faults, asked = [], []

    def guard(route):
        asked.append(route.request.url)
        if route.request.url.startswith("http://127.0.0.1:"):
            return route.continue_()
        faults.append(f"outside: {route.request.url}")
        return route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    yield page, faults, asked


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project as a clone would have it, with what is not committed yet."""
    there = tmp_path_factory.mktemp("versions") / "project"
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, there / name)
    run(there, "git", "init", "--quiet", "--initial-branch", "main")
    commit(there, "First")
    return there


@pytest.fixture(scope="module")
def published(copy):
    """Versions 1.0 and 1.1, pushed, checked out again and served."""
    remote, folder = copy.parent / "remote.git", copy.parent / "host" / "shiny-car"
    run(copy.parent, "git", "init", "--quiet", "--bare", str(remote))
    run(copy, "git", "remote", "add", "origin", str(remote))
    folder.mkdir(parents=True)
    with served(folder.parent) as host:
        address = f"{host}{folder.name}/"  # in a folder of its host, as on Pages
        deploy = [str(BIN / "mike"), "deploy", "--push", "--update-aliases"]
        run(copy, *deploy, "1.0", "latest", SITE_URL=address)
        with (copy / "docs" / "index.md").open("a", encoding="utf-8") as home:
            home.write(f"\n## {NEW_HEADING}\n")
        commit(copy, "Second")
        run(copy, *deploy, "1.1", "latest", SITE_URL=address)
        run(copy, str(BIN / "mike"), "set-default", "--push", "latest")
        run(copy, "bash", "-ec", put_not_found(), RUNNER_TEMP=str(copy.parent))
        run(folder, "git", "clone", "--quiet", "--branch", "gh-pages", str(remote), ".")
        yield Published(address, folder, remote)


def test_the_menu_leads_to_the_same_page_of_the_other_version(published, watched):
    page, faults, _ = watched
    for path in ("", deepest(published.folder / "1.0")):
        page.goto(f"{published.address}1.0/{path}")
        assert menu(page) == ["1.1", "1.0"]
        switch(page, "1.1")
        page.wait_for_url(f"{published.address}1.1/{path}")
        switch(page, "1.0")
        page.wait_for_url(f"{published.address}1.0/{path}")
    assert not faults


def test_each_version_keeps_its_own_words(published, watched):
    page, faults, _ = watched
    heading = page.get_by_role("heading", name=NEW_HEADING)
    for version, count in (("1.0", 0), ("1.1", 1), ("latest", 1)):
        page.goto(f"{published.address}{version}/")
        assert heading.count() == count
    assert not faults


def test_the_bare_address_shows_the_newest(published, watched):
    page, faults, _ = watched
    page.goto(published.address)
    page.wait_for_url(f"{published.address}latest/")
    assert not faults


@pytest.mark.parametrize("script", [True, False])
def test_an_unknown_address_leads_back_into_the_site(published, browser, script):
    context = browser.new_context(java_script_enabled=script)
    page, refused = context.new_page(), []
    page.on("response", lambda got: refused.append(got.url) if got.status >= 400 else None)
    lost = f"{published.address}1.0/ideas/nowhere/at/all/"
    assert page.goto(lost).status == 404
    assert page.get_by_role("heading", level=1).inner_text() == "This page is not here"
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") == 1
    if script:
        page.get_by_role("textbox", name="Search").click()
        page.keyboard.type("chrome")
        page.locator(".md-search-result__item").first.wait_for()
        page.keyboard.press("Escape")
    page.locator("article").get_by_role("link", name="The task").click()
    page.wait_for_url(f"{published.address}latest/task/")
    page.goto(lost)
    page.locator("article a").first.click()
    page.wait_for_url(f"{published.address}latest/")
    assert set(refused) == {lost}
    context.close()


def test_a_shared_link_shows_a_card_of_the_newest_version(published):
    for path, card in (("task", "site"), ("ideas/chrome-studio", "ideas-chrome-studio")):
        page = LexborHTMLParser((published.folder / "1.1" / path / "index.html").read_text())
        said = {m.attributes["property"]: m.attributes["content"] for m in page.css("[property]")}
        assert said["og:url"] == f"{published.address}latest/{path}/"
        assert said["og:image"] == f"{published.address}latest/assets/cards/{card}.jpg"
        assert urllib.request.urlopen(said["og:image"], timeout=5).status == 200
        assert said["og:image:alt"].endswith("Picture: Study model")


def test_a_state_is_cited_with_its_whole_address(published):
    page = LexborHTMLParser(
        (published.folder / "1.1" / "ideas" / "chrome-studio" / "index.html").read_text()
    )
    cite = page.css_first(".lab-cite").text()
    assert f"{published.address}latest/ideas/chrome-studio/#lab-chrome-studio" in cite


def test_a_version_costs_what_changed(published):
    newer, older = run(
        published.remote, "git", "log", "--format=%H", "--diff-filter=A", "gh-pages", "--",
        "1.0/index.html", "1.1/index.html",
    ).split()  # fmt: skip
    first, added = size(published.remote, older), size(published.remote, newer, f"^{older}")
    # One page and the search index changed: the pictures, fonts and scripts are kept once.
    assert added < first / 10, f"the first version takes {first} bytes, the second {added} more"


def test_the_same_content_again_costs_nothing(published, copy):
    run(copy, str(BIN / "mike"), "deploy", "1.2", SITE_URL=published.address)
    assert run(copy, "git", "rev-parse", "gh-pages:1.2", "gh-pages:1.1").split()[0] == (
        run(copy, "git", "rev-parse", "gh-pages:1.1").strip()
    )


def test_a_plain_build_asks_for_no_versions(copy, watched):
    page, faults, asked = watched
    run(copy, sys.executable, "-m", "mkdocs", "build", "--strict")
    with served(copy / "site") as address:
        page.goto(address, wait_until="networkidle")
    assert not faults
    assert not [url for url in asked if "versions.json" in url]


def test_a_preview_asks_for_no_versions(copy, watched):
    page, faults, asked = watched
    with socket.create_server(("127.0.0.1", 0)) as held:
        place = f"127.0.0.1:{held.getsockname()[1]}"
    serve = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", place]
    with subprocess.Popen(serve, cwd=copy, env=environment(), stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{place}/")
            page.goto(f"http://{place}/")
            page.wait_for_timeout(500)  # never idle: a preview keeps one request open
        finally:
            server.terminate()
    assert not faults
    assert not [url for url in asked if "versions.json" in url]


def put_not_found():
    """What the publish workflow runs to put the page of an unknown address at the site's top."""
    flow = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8"))
    return next(
        s["run"] for s in flow["jobs"]["publish"]["steps"] if "404.html" in s.get("run", "")
    )


def environment(**more):
    """Ours, less the caller's git and version; gen is the copy's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept.pop("MIKE_DOCS_VERSION", None)
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": ".",
        "NO_MKDOCS_2_WARNING": "1",
        "SOURCE_DATE_EPOCH": "1767225600",  # one day for every build, though midnight pass
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Tester",
        "GIT_AUTHOR_EMAIL": "tester@localhost",
        "GIT_COMMITTER_NAME": "Tester",
        "GIT_COMMITTER_EMAIL": "tester@localhost",
    } | more  # fmt: skip


def run(folder, *command, **more):
    """The command's output; its complaint is the failure's text."""
    done = subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def commit(folder, message):
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", message)


class served:
    """A folder as a host serves it, at an address that ends with a slash."""

    def __init__(self, folder):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=folder))
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def wait_for(address, seconds=60):
    until = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < until, f"{address} does not answer"
            time.sleep(0.2)


def deepest(version):
    """The page that lies furthest down, in a folder's address."""
    pages = [page.parent.relative_to(version) for page in version.rglob("*/index.html")]
    return max(pages, key=lambda page: (len(page.parts), page)).as_posix() + "/"


def menu(page):
    """The versions offered, without the alias that stands behind one of them."""
    page.locator(".md-version__current").wait_for()
    return page.locator(".md-version__link").evaluate_all(
        "links => links.map(link => link.firstChild.textContent.trim())"
    )


def switch(page, version):
    page.locator(".md-version__current").focus()  # opens it, as a pointer would
    page.locator(".md-version__link", has_text=version).click()


def size(repository, *commits):
    """The bytes on disk of every object that these commits reach."""
    objects = run(repository, "git", "rev-list", "--disk-usage", "--objects", *commits)
    return int(objects)
