"""The one way to a new version of the site: built from a clean commit, weighed, pushed at once."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gen.core.errors import NotPublished
from gen.core.sources import Inputs
from gen.publish.release import branch, checks
from gen.publish.release.branch import LATEST, PAGES, Branch
from gen.publish.release.git import Git

WORK = "gh-pages-unpublished"  # where a version is put together; never pushed, always taken away
GITHUB = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
Say = Callable[[str], None]


def publish(root: Path, inputs: Inputs, version: str, remote: str, again: bool, say: Say) -> None:
    """Puts the checkout's commit on the branch of the remote that its host serves, as a version.

    Says what it weighs and what was done. With `again` it may replace a version that stands there
    with other pages. Raises NotPublished, having pushed nothing.
    """
    checks.ready(root, inputs, version, remote)
    with _alone(root) as git:
        address = site_address(git, remote)
        old = Branch(git, _fetched(git, remote))
        made = _built(git, version, old, address)
        branch.check_kept(old, made, version)
        say(branch.check(made, version, remote))
        _push(git, version, remote, old, made, again, say)


def site_address(git: Git, remote: str) -> str:
    """Where the site will stand: SITE_URL, or what GitHub makes of the remote's name."""
    address = os.environ.get("SITE_URL") or _on_github(git("remote", "get-url", remote))
    if not address:
        lacks = "no canonical address, no card for shared links, no way back from unknown addresses"
        print(f"SITE_URL: not set, so pages have {lacks}; set it if they need", file=sys.stderr)
    return f"{address.rstrip('/')}/" if address else ""


def _on_github(url: str) -> str:
    match = GITHUB.search(url)
    if not match:
        return ""
    owner, name = match[1].lower(), match[2]
    host = f"{owner}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


@contextmanager
def _alone(root: Path) -> Iterator[Git]:
    """The checkout's git while no worktree of it publishes; leaves no branch behind."""
    git = Git(root)
    # Beside the branches, which all worktrees share.
    place = root / git("rev-parse", "--git-common-dir") / "publishing.lock"
    try:
        with FileLock(place, timeout=0):
            try:
                yield git
            finally:
                git.holds("branch", "--quiet", "-D", WORK)
    except Timeout:
        says = "a version is being published from here, or from another worktree; wait for it"
        raise NotPublished(f"{root}: {says}") from None


def _fetched(git: Git, remote: str) -> str:
    """The commit that the remote's branch is at; "" before the first release."""
    if not git("ls-remote", "--heads", remote, f"refs/heads/{PAGES}"):
        return ""
    git("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{PAGES}")
    return git("rev-parse", "FETCH_HEAD")


def _built(git: Git, version: str, old: Branch, address: str) -> Branch:
    """The branch with this version, as a commit on top of what stands there."""
    git.holds("branch", "--quiet", "-D", WORK)
    if old.tip:
        git("branch", "--quiet", "--no-track", WORK, old.tip)
    aliases = [LATEST] if old.gives_latest_to(version) else []
    _mike(git, address, "deploy", "--update-aliases", "--alias-type=copy", version, *aliases)
    _mike(git, address, "set-default", LATEST)
    with tempfile.TemporaryDirectory() as scratch:
        # The host looks for the page of an unknown address at the top alone.
        page = f"{LATEST}/404.html"
        tree = Branch(git, git("rev-parse", WORK)).with_file("404.html", page, Path(scratch))
    message = f"Version {version} of the site, from {git('rev-parse', '--short', 'HEAD')}"
    parent = ["-p", old.tip] if old.tip else []
    return Branch(git, git("commit-tree", tree, *parent, "-m", message))


def _mike(git: Git, address: str, command: str, *words: str) -> None:
    """mike on the branch that is put together; what it and MkDocs say is seen by whoever waits."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{git.environment['PATH']}"
    program = shutil.which("mike", path=programs)
    if not program:
        raise NotPublished("mike: is not installed here; run make site, then publish again")
    environment = git.environment | {
        "PATH": programs,  # mike runs mkdocs by its name
        "SITE_URL": address,
        "SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct"),  # the commit's day, not today
    }
    # Not for a build: mike hands it on to MkDocs, which then counts no warning, strict or not.
    quiet = [] if command == "deploy" else ["--quiet"]
    ours = ["--branch", WORK, "--ignore-remote-status", "--allow-empty"]
    with tempfile.TemporaryDirectory() as site:
        done = subprocess.run(
            [program, *quiet, command, *ours, *words],
            cwd=git.root,
            env=environment | {"BUILD_DIR": site},
            stdout=sys.stderr.fileno(),
        )
    if done.returncode:
        raise NotPublished(f"mike {command}: stopped as said above; nothing was pushed")


def _push(
    git: Git, version: str, remote: str, old: Branch, made: Branch, again: bool, say: Say
) -> None:
    place = f"{remote}/{PAGES}"
    if old.tip and not git("diff-tree", "-r", "--name-only", old.tip, made.tip):
        return say(f"version {version}: stands on {place} already, with these very pages")
    if version in old.versions() and not again:
        stands = f"version {version}: stands on {place} already, with other pages"
        replace = f"replace it with make publish VERSION={version} AGAIN=1"
        raise NotPublished(f"{stands}; raise the version, or {replace}")
    git("push", "--quiet", remote, f"{made.tip}:refs/heads/{PAGES}")
    newest = "is" if old.gives_latest_to(version) else "stays older than"
    say(f"version {version}: pushed to {place}; it {newest} {LATEST}")
