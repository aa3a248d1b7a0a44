"""The evidence of a claim, as it stands behind it: cited, measured, derived, made, ours.

A mark is small: a numeral, a dot, a sign, a figure that leads on. What it says opens beside it as a
card and stands below the page as a note: docs/assets/js/evidence.js, docs/assets/css/evidence.css.
"""

import re
from operator import itemgetter

from gen.core.errors import BadInput
from gen.core.measured import Row
from gen.core.sources import Fact, Source
from gen.core.yamlfile import nearest
from gen.publish import claims, pipelines, run_figures
from gen.publish.arithmetic import DERIVED
from gen.publish.claims import FactIds
from gen.publish.draft import Draft
from gen.publish.idea_tags import slug
from gen.publish.macros import macro
from gen.publish.pipelines import Pipeline
from gen.publish.wording import borne, figure, lines, plain, where

NUMERAL = re.compile(r"(data-note=)(\d+)>\2<")
SIGN = re.compile(r' (?=<a class="evidence (?:measured sign|made|ours)")')
CARD = re.compile(r'<span class="term-card".*?>Glossary</a></span>', re.DOTALL)
COUNTED = "sources/#how-claims-are-counted"  # below the top of the site
DRAWN = "workflow/"  # where models without captures are drawn, likewise
MADE = "This tells of what we made: renders, words, constants, trainings. No source says it."
OURS = "A reading of ours of what is cited and measured here. No source says it."


@macro
def cite(draft: Draft, mark: str) -> str:
    """One citation mark, without its brackets -> a link for each fact in it."""
    return "".join(link(draft, ids) for ids in claims.citations(mark))


@macro
def measured(draft: Draft, of: str, name: str, model: str | None = None) -> str:
    """A figure of a measurement, or one read from an idea's capture by the required model.

    Of another `model` that nobody has captured: one that follows from its shape.
    """
    if of in draft.materials.measurements:
        row = _row(draft, of, name)
        return _mark(draft, "measured", _href(draft, of, row), _said(row), _shown(row))
    known = {*draft.materials.measurements, *(p.id for p in draft.materials.inputs.prompts)}
    if of not in known:
        says = f"no measurement and no prompt {of}; {nearest(of, known)}"
        raise BadInput(f"{draft.path}: measured: {says}")
    prompt = draft.materials.prompt(draft.path, of, model)
    pipeline = pipelines.of(draft.materials, prompt)
    if pipeline is None:
        return '<span class="missing">not captured</span>'
    capture = pipeline.capture
    read = run_figures.figures(capture) if capture else run_figures.built(pipeline.parts)
    figures = {figure.name: figure for figure in read}
    if name not in figures:
        raise BadInput(f"{draft.path}: measured: no figure {name}; {nearest(name, figures)}")
    says, href = _seen(draft, pipeline, name)
    says = f"{figures[name].says}; {says}"
    return _mark(draft, "measured", f"{draft.up}{href}", says, figures[name].value)


@macro
def shown(draft: Draft, of: str, *names: str) -> str:
    """Says that a sentence in words follows from rows of a measurement, which stand on its card."""
    rows = [_row(draft, of, name, "shown") for name in names]
    if not rows:
        raise BadInput(f"{draft.path}: shown: {of}: names no row; say which figures it rests on")
    alike = len({_what(row) for row in rows}) < len(rows)  # then their panels tell them apart
    says = "; ".join(f"{row.panel}: {_said(row)}" if alike else _said(row) for row in rows)
    return _mark(draft, "measured sign", _href(draft, of, rows[0]), says, _unseen("measured"))


@macro
def counted(draft: Draft, of: str, name: str) -> str:
    """Of how many a figure of a measurement is: a share of few is another than one of many."""
    row = _row(draft, of, name, "counted")
    return _mark(draft, "measured", _href(draft, of, row), _said(row), f"{row.n:,}")


@macro
def derived(draft: Draft, name: str) -> str:
    """A figure that is arithmetic on cited ones, followed by their citations."""
    if name not in DERIVED:
        raise BadInput(f"{draft.path}: derived: no {name}; {nearest(name, DERIVED)}")
    sum = DERIVED[name]
    links = "".join(link(draft, ("sd", fact)) for fact in sum.facts)
    return _mark(draft, "derived", f"{draft.up}{COUNTED}", sum.says, sum.value) + links


@macro
def made(draft: Draft) -> str:
    """Says that the paragraph tells of what we made: which renders, words, constants, trainings."""
    return _mark(draft, "made", f"{draft.up}{COUNTED}", MADE, _unseen("made by us"))


@macro
def ours(draft: Draft) -> str:
    """Says that the paragraph is our own reading."""
    return _mark(draft, "ours", f"{draft.up}{COUNTED}", OURS, _unseen("our reading"))


@macro
def guide(draft: Draft) -> str:
    """Says that the paragraph leads the reader on and claims nothing: it leaves no mark."""
    return ""


@macro
def signs(draft: Draft) -> str:
    """What the marks mean, for where a reader meets the first of them; every page ends with it."""
    return draft.aside("signs")


def link(draft: Draft, ids: FactIds) -> str:
    """The numeral of a fact's note on this page, a link to the place where a source says it."""
    source, fact = draft.use(ids)
    number = draft.note(ids)
    label = _unseen(f"{source.id.upper()}, {where(fact)}")
    return (
        f'<a class="evidence cited" href="{_place(draft, source, fact)}" data-search-exclude '
        f"data-note={number}>{number}{label}</a>"
    )


def noted(draft: Draft, text: str) -> str:
    """A page's text with its notes at its end: what its marks say in full, as they are numbered.

    A sign stays with the word before it, so that no line begins with one.
    """
    if not draft.marked:
        return text
    text = _in_order(draft, SIGN.sub("\N{NO-BREAK SPACE}", text))
    used = [draft.use(ids) for ids in draft.notes]
    told = [(_who(s, fact), fact, _place(draft, s, fact), _told(fact)) for s, fact in used]
    return f"{text}\n\n{draft.aside('notes', notes=told)}\n"


def _in_order(draft: Draft, text: str) -> str:
    """Numbers the marks as the text is read: terms' cards, which are closed, come last."""
    read = [number for _, number in NUMERAL.findall(CARD.sub("", text))]
    order = list(dict.fromkeys((*read, *map(str, draft.notes.values()))))
    number = {old: str(new) for new, old in enumerate(order, 1)}

    def renumbered(html: str) -> str:
        return NUMERAL.sub(lambda mark: f"{mark[1]}{number[mark[2]]}>{number[mark[2]]}<", html)

    notes = {ids: int(number[str(old)]) for ids, old in draft.notes.items()}
    draft.notes = dict(sorted(notes.items(), key=itemgetter(1)))
    draft.blocks[:] = map(renumbered, draft.blocks)
    return renumbered(text)


def _place(draft: Draft, source: Source, fact: Fact) -> str:
    """The address of the lines that say it, or of a paper's entry among our sources."""
    to = f"{draft.up}sources/#{source.id}-{fact.id}"
    return source.url_of(fact) if fact.lines else to


def _who(source: Source, fact: Fact) -> str:
    """What says it: a paper by its title, of a repository its code or what people read there."""
    if source.kind != "github":
        return source.title
    return "From the documentation" if fact.place.endswith(".md") else "From the code"


def _told(fact: Fact) -> str:
    """A fact's place in full: path and lines, or as a mark tells it."""
    return f"{fact.place}, {lines(fact.lines)}" if fact.lines else where(fact)


def _seen(draft: Draft, pipeline: Pipeline, name: str) -> tuple[str, str]:
    """What a figure of a pipeline was read from, and where that is shown."""
    capture, title = pipeline.capture, pipeline.model.title
    if capture is None:
        level = "" if name == "parameters" else "-model"  # that has its box in the diagram
        shown = f"{DRAWN}#diagram-{draft.materials.name(pipeline.prompt)}{level}"
        return f"worked out for {title} without its weights", shown
    shown = f"ideas/{pipeline.prompt.idea}/#figure-{name}"
    return f"one capture by the {title}, {capture.key}", shown


def _unseen(label: str) -> str:
    """What a mark is called, which shows once the reader asks for all sources."""
    return f'<span class="evidence-label">{plain(label)}</span>'


def _row(draft: Draft, id: str, name: str, macro: str = "measured") -> Row:
    """A row that has a figure."""
    if id not in draft.materials.measurements:
        known = draft.materials.measurements
        raise BadInput(f"{draft.path}: {macro}: no measurement {id}; {nearest(id, known)}")
    rows = {row.name: row for row in draft.materials.measurements[id].rows}
    if name not in rows:
        raise BadInput(f"{draft.path}: {macro}: no row {name} in {id}; {nearest(name, rows)}")
    row = rows[name]
    if row.value is None:
        raise BadInput(f"{draft.path}: {macro}: {id}, {name}: {row.note}; leave it out")
    return row


def _shown(row: Row) -> str:
    assert row.value is not None, row.name  # _row refused it
    return borne(row.value, row.low, row.high, row.unit)


def _what(row: Row) -> str:
    return ", ".join(filter(None, (row.series, row.label)))


def _said(row: Row) -> str:
    """A row's figure, its interval and what it was measured on."""
    interval = ""
    if row.low is not None and row.high is not None:
        interval = f", 95 % interval {figure(row.low)} to {figure(row.high)}"
    return f"{_what(row)}: {_shown(row)} {row.unit}{interval}, n = {row.n}"


def _href(draft: Draft, id: str, row: Row) -> str:
    return f"{draft.up}measurements/{id}/#row-{slug(row.name)}"


def _mark(draft: Draft, kind: str, href: str, says: str, shown: str) -> str:
    """A mark that is no citation: what its card says stands on it."""
    draft.marked = True
    says = says[:1].upper() + says[1:]
    unread = " data-search-exclude" if kind in ("made", "ours", "measured sign") else ""
    return f'<a class="evidence {kind}" href="{href}" data-says="{plain(says)}"{unread}>{shown}</a>'
