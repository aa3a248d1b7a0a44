"""Facts against the cited repository."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gen.core.canonical import digest
from gen.core.errors import BadInput, FactMismatch
from gen.core.sources import Fact, Lines, Source
from gen.publish.release.git import program


def check_clone(source: Source, clone: Path) -> int:
    """Compares every fact of a repository with its cited lines; returns how many were compared.

    Reads the pinned commit from the clone's objects, so it does not matter what is checked out.
    Raises BadInput if the clone lacks that commit, FactMismatch with one line per fact, NoGit.
    """
    try:
        _show(clone, f"{source.revision}^{{commit}}", "")
    except LookupError:
        raise BadInput(
            f"{clone}: has no commit {source.revision}; give a clone of {source.url}"
        ) from None
    problems = [line for fact in source.facts for line in _compare(source, fact, clone)]
    if problems:
        raise FactMismatch("\n".join(problems))
    return len(source.facts)


def entry(source: Source, clone: Path, lines: Lines, says: str) -> str:
    """A new fact of these lines as sources/sources.yml holds it; name and text are left to fill in.

    Raises BadInput where the pinned commit has no such lines, or no one of them holds the phrase.
    """
    place = f"{lines.path} at {source.revision[:12]}"
    try:
        cited = _cited(source, lines, clone)
    except LookupError:
        raise BadInput(
            f"{clone}: has no {place}; give a clone of {source.url}, a path in it"
        ) from None
    if len(cited) < lines.last - lines.first + 1:
        raise BadInput(f"{place}: ends before line {lines.last}; correct the lines")
    if not any(says in line for line in cited):
        raise BadInput(f"{place}: no one of these lines holds {says!r}; copy it letter for letter")
    span = str(lines.first) if lines.first == lines.last else f"{lines.first}-{lines.last}"
    return f"""\
    NAME:
      text: What it says, in our own words.
      place: {lines.path}
      lines: {span}
      says: {json.dumps(says, ensure_ascii=False)}
      sha256: {digest(chr(10).join(cited).encode())}
"""


def _compare(source: Source, fact: Fact, clone: Path) -> Iterator[str]:
    """What is wrong with one fact's locators: missing lines, another digest, no key phrase."""
    for lines in filter(None, (fact.lines, *fact.also)):
        place = f"sources/sources.yml: {source.id}:{fact.id}: {lines.path}"
        try:
            cited = _cited(source, lines, clone)
        except LookupError:
            yield f"{place} is not in the repository; correct the path"
            continue
        if len(cited) < lines.last - lines.first + 1:
            yield f"{place} ends before line {lines.last}; correct the lines"
        elif lines == fact.lines:
            yield from (f"{place}: {problem}" for problem in _changed(fact, cited))


def _changed(fact: Fact, cited: list[str]) -> Iterator[str]:
    """How cited lines differ from those that the fact was written from."""
    now = digest("\n".join(cited).encode())
    if now != fact.lines_sha256:
        yield f"the lines have sha256 {now}; read them again"
    if not any(fact.says in line for line in cited):
        yield f"no line there says {fact.says!r}; correct the lines"


def _cited(source: Source, lines: Lines, clone: Path) -> list[str]:
    text = _show(clone, source.revision, lines.path)
    return text.split("\n")[lines.first - 1 : lines.last]


def _show(clone: Path, revision: str, path: str) -> str:
    """A file at a commit, or the commit itself. Raises LookupError where there is none, NoGit."""
    name = f"{revision}:{path}" if path else revision
    git = subprocess.run(
        [program(), "-C", str(clone), "cat-file", "-p", name], capture_output=True, check=False
    )
    if git.returncode:
        raise LookupError(name)
    return git.stdout.decode("utf-8", errors="replace")
