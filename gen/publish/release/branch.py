"""The branch that a host serves: its versions, what they weigh, what must never stand there."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from gen.core.errors import NotPublished
from gen.publish.release.git import Git

PAGES = "gh-pages"
LATEST = "latest"  # the alias: a copy of a version's files, which git keeps once
LINK = "120000"  # how git marks a symbolic link
MEGABYTE = 10**6
VERSION_BOUND = 60 * MEGABYTE
SITE_BOUND = 1000 * MEGABYTE  # what Pages serves of one site


@dataclass(frozen=True)
class Branch:
    """A commit of the branch, or nothing before the first release."""

    git: Git
    tip: str = ""

    def versions(self) -> list[str]:
        """The versions that stand there, as versions.json lists them: the newest first."""
        return [entry["version"] for entry in self._listed()]

    def gives_latest_to(self, version: str) -> bool:
        """Whether the alias leads to this version once it stands there, too.

        It does so to the highest, and to any where none has it: its own version was taken back.
        """
        has_it = [entry["version"] for entry in self._listed() if LATEST in entry["aliases"]]
        return has_it in ([], [version]) or is_newest(version, self.versions())

    def trees(self) -> dict[str, str]:
        """What stands at the top, by its name: git's own of all that it holds."""
        if not self.tip:
            return {}
        listed = self.git("ls-tree", "--full-tree", "-z", self.tip).split("\0")
        facts = (line.partition("\t") for line in listed if line)
        return {name: fact.split()[2] for fact, _, name in facts}

    def sizes(self) -> Counter[str]:
        """Bytes as served, by what stands at the top: a version, the alias, a file."""
        sizes: Counter[str] = Counter()
        for line in self._files():
            facts, _, path = line.partition("\t")
            sizes[path.partition("/")[0]] += int(facts.split()[3])
        return sizes

    def links(self) -> list[str]:
        """Symbolic links: Pages refuses a branch that holds one."""
        return [line.partition("\t")[2] for line in self._files() if line.startswith(LINK)]

    def with_file(self, path: str, file: str, scratch: Path) -> str:
        """The tree of this commit with one of its files at another path, too."""
        git = self.git.with_index(scratch / "index")
        git("read-tree", self.tip)
        blob = git("rev-parse", f"{self.tip}:{file}")
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        return git("write-tree")

    def _listed(self) -> list[dict[str, Any]]:
        if not self.tip or not self.git.holds("cat-file", "-e", f"{self.tip}:versions.json"):
            return []
        listed: list[dict[str, Any]] = json.loads(self.git("show", f"{self.tip}:versions.json"))
        return listed

    def _files(self) -> list[str]:
        listed = self.git("ls-tree", "-r", "-l", "--full-tree", "-z", self.tip)
        return [line for line in listed.split("\0") if line]


def is_newest(version: str, others: list[str]) -> bool:
    """Whether the alias leads to this version: the highest; while others stand, no try-out."""
    ours, released = Version(version), [v for v in map(_read, others) if v]
    if ours.is_prerelease and any(not v.is_prerelease for v in released):
        return False
    if not ours.is_prerelease:
        released = [v for v in released if not v.is_prerelease]
    return all(ours >= v for v in released)


def removal(name: str, remote: str) -> str:
    """What takes a version or an alias off a remote's branch, of which a clone may know nothing."""
    fetch = f"git fetch {remote} +{PAGES}:{PAGES}"
    named = "" if remote == "origin" else f"--remote {remote} "
    return f"{fetch} && .venv/bin/mike delete {named}--push {name}"


def check(branch: Branch, version: str, remote: str) -> str:
    """What it weighs, in two lines. Raises NotPublished for what a host would not serve."""
    if links := branch.links():
        mend = f"take away what holds it: {removal(links[0].partition('/')[0], remote)}"
        raise NotPublished(f"{links[0]}: a symbolic link, which Pages refuses; {mend}")
    sizes = branch.sizes()
    ours, whole = sizes[version], sizes.total()
    if ours > VERSION_BOUND:
        made = f"{_mb(ours)} MB, and a version may have {_mb(VERSION_BOUND)}"
        raise NotPublished(f"version {version}: {made}; let it show fewer captures")
    if whole > SITE_BOUND:
        made = f"{_mb(whole)} MB with {version}, and Pages serves {_mb(SITE_BOUND)}"
        oldest = removal(branch.versions()[-1], remote)
        raise NotPublished(f"all versions: {made}; take the oldest away: {oldest}")
    return (
        f"version {version}: {_mb(ours)} MB of at most {_mb(VERSION_BOUND)}\n"
        f"all versions and {LATEST}: {_mb(whole)} MB of at most {_mb(SITE_BOUND)}"
    )


def check_kept(old: Branch, made: Branch, version: str) -> None:
    """Raises NotPublished unless all but this version stands as it did before."""
    stood, stand = old.versions(), made.versions()
    before, after = old.trees(), made.trees()
    for other in sorted({*stood, *stand} - {version}):
        listed = (other in stood) == (other in stand)
        if not listed or before.get(other) != after.get(other):
            says = f"would not stay as it is beside {version}"
            raise NotPublished(f"version {other}: {says}; let nobody else publish, then try again")


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")


def _read(version: str) -> Version | None:
    """A version as it is ordered; None for what somebody named otherwise."""
    try:
        return Version(version)
    except InvalidVersion:
        return None
