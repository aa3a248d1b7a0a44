"""Materials -> everything that MkDocs needs to make the site: a function, without MkDocs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from gen.core.errors import BadProse
from gen.core.sources import Source
from gen.publish import (
    astray,
    book,
    claims,
    drawing,
    files,
    glossary,
    painter,
    seen,
    template_cache,
    templating,
)
from gen.publish.book import Nav
from gen.publish.drawing import Plan
from gen.publish.files import Card, Cards
from gen.publish.later import Later, Make
from gen.publish.materials import Materials
from gen.publish.page import Ledger, Page, ledger_of
from gen.publish.synonyms import Synonyms


@dataclass(frozen=True)
class Built:
    """All of a site that is ours: the rest is the theme's."""

    pages: Mapping[str, Page]  # by path under docs/
    nav: Nav
    closed: tuple[str, ...]  # paths of the pages at which the menu ends
    story: tuple[str, ...]  # paths of the pages along which previous and next lead
    ledger: Ledger
    claims: str  # the claims of the whole site in a line
    files: Later  # beside the pages, by path under docs/
    cards: Cards
    sources: tuple[Source, ...]  # that a page may link to
    named: frozenset[str]  # files of records, by path under docs/
    synonyms: Synonyms  # for the search
    prose: Mapping[str, str]  # pages by people, by path under docs/, as they wrote them
    awaited: frozenset[str]  # prompts still to be captured, by the names that ids call them
    notes: tuple[str, ...] = ()  # what is left out of the pages and why, a line each

    def card(self, path: str) -> Card:
        """The card for shared links of a page."""
        return self.cards.get(path, self.cards[""])


def build(materials: Materials) -> Built:
    """Every page and file. Raises BadProse, UnknownCitation, MissingRecord or BadInput.

    What the other pages cite is counted first; then the page of the sources is made from it.
    """
    for jinja in (templating.environment(), templating.prose()):
        template_cache.keep(jinja, materials.root)
    plans = tuple(book.plans(materials))
    paths = [*(plan.path for plan in plans), book.SOURCES]
    _refuse_twice(paths)
    if not materials.preview:  # there, MkDocs warns of it, and the page may be on its way
        astray.refuse(materials.prose, paths, materials.root / "docs")
    pages = tuple(drawing.draw(plan, materials) for plan in plans)
    cited = ledger_of(pages)
    sources = book.sources_plan(materials)
    pages = (*pages, drawing.draw(sources, materials, cited))
    if not materials.preview:  # there, a diagram that is missing cites nothing
        _refuse_uncited(materials, cited)
        glossary.refuse_unfit(materials.prose)
    ledger = ledger_of(pages)
    cards = tuple(files.cards(materials, ledger))
    return Built(
        pages={page.path: page for page in pages},
        nav=book.nav(materials),
        closed=book.CLOSED,
        story=book.story(materials),
        ledger=ledger,
        claims=claims.in_a_line(claims_of((*plans, sources))),
        files=Later(
            _files(materials, ledger, pages) | {card.file: jpeg for _, card, jpeg in cards}
        ),
        cards={path: card for path, card, _ in cards},
        sources=materials.inputs.sources,
        named=materials.named,
        synonyms=materials.synonyms,
        prose=materials.prose,
        awaited=materials.awaited,
        notes=tuple(seen.of_others(materials)),
    )


def _files(materials: Materials, ledger: Ledger, pages: Iterable[Page]) -> dict[str, Make]:
    """What stands beside captures and measurements, and the model where a page paints with it."""
    paints = any(page.elements & painter.ELEMENTS for page in pages)
    held = dict(files.tables(materials)) | dict(files.painter(materials) if paints else ())
    made = dict(files.beside_captures(materials, ledger)) | dict(files.staged(materials))
    return made | {path: partial(bytes, data) for path, data in held.items()}


def claims_of(plans: Iterable[Plan]) -> Counter[str]:
    """The claims of these pages by kind; the template of many pages claims its things once."""
    texts = dict.fromkeys(plan.text for plan in plans)
    return sum((claims.count(text) for text in texts), Counter())


def _refuse_twice(paths: list[str]) -> None:
    """Raises BadProse for a page by people where a page of ours stands."""
    twice = sorted(path for path, count in Counter(paths).items() if count > 1)
    if twice:
        says = "the site makes this page itself; rename or remove it"
        raise BadProse("\n".join(f"docs/{path}: {says}" for path in twice))


def _refuse_uncited(materials: Materials, ledger: Ledger) -> None:
    uncited = [":".join(ids) for ids in materials.facts if ids not in ledger.uses]
    if uncited:
        lines = (
            f"sources/sources.yml: {id}: no page cites it; cite or remove it" for id in uncited
        )
        raise BadProse("\n".join(lines))
