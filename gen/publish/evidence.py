"""The evidence of a claim, as it stands behind it: cited, measured, derived, made, ours."""

from gen.core.errors import BadInput
from gen.core.yamlfile import nearest
from gen.publish import claims, run_figures
from gen.publish.arithmetic import DERIVED
from gen.publish.claims import FactIds
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.wording import figure, plain, where


@macro
def cite(draft: Draft, mark: str) -> str:
    """One citation mark, without its brackets -> a link for each fact in it."""
    return " ".join(link(draft, ids) for ids in claims.citations(mark))


@macro
def measured(draft: Draft, of: str, name: str) -> str:
    """A figure of a measurement, or one read from an idea's capture by the required model."""
    if of in draft.materials.measurements:
        return _row(draft, of, name)
    prompt, capture = draft.find(of)
    if capture is None:
        return '<span class="missing">not captured</span>'
    figures = {figure.name: figure for figure in run_figures.figures(capture)}
    if name not in figures:
        raise BadInput(f"{draft.path}: measured: no figure {name}; {nearest(name, figures)}")
    says = f"{figures[name].says}; one capture by the {capture.model.title}, {capture.key}"
    return _figure(f"{draft.up}ideas/{prompt.idea}/", says, figures[name].value)


@macro
def derived(draft: Draft, name: str) -> str:
    """A figure that is arithmetic on cited ones, followed by their citations."""
    if name not in DERIVED:
        raise BadInput(f"{draft.path}: derived: no {name}; {nearest(name, DERIVED)}")
    sum = DERIVED[name]
    links = " ".join(link(draft, ("sd", fact)) for fact in sum.facts)
    return f'<span title="{plain(sum.says)}">{sum.value}</span> {links}'


@macro
def made(draft: Draft) -> str:
    """Says that the paragraph tells of what we made: which renders, words, constants, trainings."""
    return '<span class="evidence made">made by us</span>'


@macro
def ours(draft: Draft) -> str:
    """Says that the paragraph is our own reading."""
    return '<span class="evidence ours">our reading</span>'


def link(draft: Draft, ids: FactIds) -> str:
    """A quiet link to the place where a source says it."""
    source, fact = draft.use(ids)
    to = f"{draft.up}sources/#{source.id}-{fact.id}"
    href = source.url_of(fact) if fact.lines else to
    label = plain(f"{source.id.upper()}, {where(fact)}")
    return f'<a class="evidence cited" href="{href}" title="{plain(fact.text)}">{label}</a>'


def _row(draft: Draft, id: str, name: str) -> str:
    """The figure of a row, its interval and what it was measured on in its title."""
    rows = {row.name: row for row in draft.materials.measurements[id].rows}
    if name not in rows:
        raise BadInput(f"{draft.path}: measured: no row {name} in {id}; {nearest(name, rows)}")
    row = rows[name]
    if row.value is None:
        raise BadInput(f"{draft.path}: measured: {id}, {name}: {row.note}; leave it out")
    interval = f", 95 % interval {row.low:.3g} to {row.high:.3g}" if row.low is not None else ""
    what = ", ".join(filter(None, (row.series, row.label)))
    says = f"{what}: {row.value:.3g} {row.unit}{interval}, n = {row.n}"
    return _figure(f"{draft.up}measurements/{id}/", says, figure(row.value))


def _figure(href: str, says: str, value: str) -> str:
    """A measured figure, a quiet link to where it stands among others."""
    return f'<a class="evidence measured" href="{href}" title="{plain(says)}">{value}</a>'
