"""What must hold of a checkout before it may become a version of the site."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.version import InvalidVersion, Version

from gen.core import yamlfile
from gen.core.errors import NotPublished
from gen.core.sources import Inputs
from gen.core.status import Status, status
from gen.publish.release.git import Git

NEXT = "publish again"
CITED = re.compile(r"""^version: *(["']?)([^"'#\s]*)\1 *(?:#.*)?$""", re.M)  # in quotes or not


def ready(root: Path, inputs: Inputs, version: str, remote: str) -> None:
    """Raises NotPublished unless this very commit is that version, whole and named as such.

    BadInput for a file that cannot be read.
    """
    _is_the_projects(root, version)
    _heads_the_changelog(root, version)
    _is_cited(root, version)
    git = Git(root)
    _is_clean(git)
    _bears_its_tag(git, version, remote)
    _has_an_author(git)
    _is_made(status(root, inputs))


def _is_the_projects(root: Path, version: str) -> None:
    ours = _projects_version(yamlfile.read_text(root / "pyproject.toml", "pyproject.toml"))
    if not version:
        told = f"make publish VERSION={ours}"
        raise NotPublished(f"version: none is named; say which: {told}")
    if version != ours:
        says = f"pyproject.toml says {ours}"
        raise NotPublished(f"version {version}: {says}; let both be the same, then {NEXT}")
    try:
        Version(version)
    except InvalidVersion:
        shape = "is no version; write it as 1.2.3 or 1.2.3rc1"
        raise NotPublished(f"pyproject.toml: {version} {shape}") from None


def _projects_version(text: str) -> str:
    try:
        return str(tomllib.loads(text)["project"]["version"])
    except (tomllib.TOMLDecodeError, LookupError, TypeError) as error:
        found = f"tells no version ({error})"
        move = "let [project] have version = '1.2.3'"
        raise NotPublished(f"pyproject.toml: {found}; {move}, then {NEXT}") from None


def _heads_the_changelog(root: Path, version: str) -> None:
    text = yamlfile.read_text(root / "CHANGELOG.md", "CHANGELOG.md")
    heading = re.search(r"^##(?![^ \t\n])(.*)$", text, re.M)
    said = (heading[1].strip() if heading else "") or "nothing"
    if said.split()[0] != version or "unreleased" in said:
        move = f"let its first heading be '## {version}'"
        raise NotPublished(f"CHANGELOG.md: is headed by '{said}'; {move}, then {NEXT}")


def _is_cited(root: Path, version: str) -> None:
    text = yamlfile.read_text(root / "CITATION.cff", "CITATION.cff")
    said = CITED.search(text)
    if not said or said[2] != version:
        move = f"let its line be 'version: {version}'"
        raise NotPublished(f"CITATION.cff: names another version; {move}, then {NEXT}")


def _is_clean(git: Git) -> None:
    """A version stands under its commit's name, so that commit must hold all of it."""
    if changed := git("status", "--porcelain", "--untracked-files=all").splitlines():
        others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        found = f"{changed[0][3:]}{others}"
        raise NotPublished(f"{found}: not as committed; commit or remove it, then {NEXT}")


def _bears_its_tag(git: Git, version: str, remote: str) -> None:
    """A tag of this version, here or at the remote, names this very commit."""
    tag, here = f"v{version}", git("rev-parse", "HEAD")
    for place, tagged in _tagged(git, tag, remote):
        if tagged != here:
            found = f"names {tagged[:9]}, and this is {here[:9]}"
            move = "check that commit out, or raise the version"
            raise NotPublished(f"tag {tag}{place}: {found}; {move}")


def _tagged(git: Git, tag: str, remote: str) -> Iterator[tuple[str, str]]:
    """Where there is such a tag, and the commit that it names: a clone need not have the tags."""
    if git.holds("rev-parse", "--verify", "--quiet", f"refs/tags/{tag}"):
        yield "", git("rev-parse", f"refs/tags/{tag}^{{commit}}")
    name = f"refs/tags/{tag}"
    listed = git("ls-remote", "--tags", remote, name, f"{name}^{{}}").splitlines()
    commits = {found: commit for commit, found in map(str.split, listed)}
    if commit := commits.get(f"{name}^{{}}") or commits.get(name):  # of one with a message: peeled
        yield f" at {remote}", commit


def _has_an_author(git: Git) -> None:
    if not git.holds("var", "GIT_COMMITTER_IDENT"):
        tell = "git config user.name NAME && git config user.email ADDRESS"
        raise NotPublished(f"git: does not know who commits; {tell}, then {NEXT}")


def _is_made(now: Status) -> None:
    """What must be captured is, as it is asked for; measurements are of it and of the pins."""
    if wrong := [state for state in now.prompts if state.wrong]:
        others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        found = f"{wrong[0].prompt.id}{others}: {wrong[0].state}"
        raise NotPublished(f"{found}; run python -m gen capture, commit, then {NEXT}")
    if now.measured:
        named = " ".join(now.measured)
        mend = f"run python -m gen measure {named}, commit, then {NEXT}"
        raise NotPublished(f"{named}: measured of other captures or weights; {mend}")
