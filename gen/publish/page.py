"""A page on its way from the templates to MkDocs, and what all pages together cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from gen.publish.claims import FactIds


@dataclass(frozen=True)
class Page:
    """A page of the site, as Markdown, and what it was seen to hold while it was rendered."""

    path: str  # under docs/
    text: str = ""
    title: str = ""
    blocks: tuple[str, ...] = ()  # HTML that stands aside from the text
    facts: frozenset[FactIds] = frozenset()  # that it cites
    strips: frozenset[str] = frozenset()  # keys of the captures that it shows at a glance
    loops: frozenset[str] = frozenset()  # keys of those that it shows moving
    elements: frozenset[str] = frozenset()  # names of the ELEMENTS that it has


@dataclass(frozen=True)
class Ledger:
    """What pages are called, and which of them cite each fact."""

    titles: Mapping[str, str]  # by path
    uses: Mapping[FactIds, tuple[str, ...]]  # fact -> paths of pages, sorted
    strips: frozenset[str]  # keys of the captures that some page shows at a glance
    loops: frozenset[str]  # of those that some page shows moving


def ledger_of(pages: Iterable[Page]) -> Ledger:
    """The ledger of these pages."""
    uses: dict[FactIds, tuple[str, ...]] = {}
    titles: dict[str, str] = {}
    strips: frozenset[str] = frozenset()
    loops: frozenset[str] = frozenset()
    for page in sorted(pages, key=lambda page: page.path):
        titles[page.path] = page.title
        strips |= page.strips
        loops |= page.loops
        for ids in sorted(page.facts):
            uses[ids] = (*uses.get(ids, ()), page.path)
    return Ledger(titles, uses, strips, loops)


def address(path: str) -> str:
    """A page's address from the top of the site: "ideas/x.md" is "ideas/x/"."""
    parts = [part for part in PurePosixPath(path).with_suffix("").parts if part != "index"]
    return "".join(f"{part}/" for part in parts)


def up(path: str) -> str:
    """From a page's address to the top of the site: every page is a folder's index."""
    return "../" * address(path).count("/")
