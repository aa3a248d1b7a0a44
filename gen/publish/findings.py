"""What prose shows of a measurement: what was found as charts, its figures, how it was made."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gen.core.errors import BadInput
from gen.core.measured import Measurement
from gen.publish import plots
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.pictures import filmstrip
from gen.publish.plots import Plot
from gen.publish.wording import plain


@dataclass(frozen=True)
class Frame:
    """A picture below an axis: the number that it stands at, and its place on a sheet."""

    at: int
    column: int
    row: int


@dataclass(frozen=True)
class Strip:
    """Some pictures of a sheet of equal ones, to stand below an axis."""

    sheet: str
    size: tuple[int, int]  # of one picture
    columns: int
    rows: int
    frames: tuple[Frame, ...]
    says: str  # of which model, and what it is
    unit: str = "step {}"  # a number in words, below its picture
    name: str = ""  # of one among several that take turns


SENTENCE = re.compile(r"(?<=[.?]) (?=[A-Z0-9])")
CLOSE = 0.15  # of an axis: two pictures that stand nearer would touch
LONG = 60  # words: a paragraph ends past them, and what fits into one is not folded


@macro
def chart(
    draft: Draft,
    id: str,
    /,
    *findings: tuple[str, str],
    steps_of: str = "",
    strip: tuple[str, int] | None = None,
) -> str:
    """The charts of a measurement, and its rows as a table.

    Each of `findings` is a panel and what it shows; panels without one wait behind a summary, and
    one that is above as `finding` does not come again.
    `steps_of` names the idea whose pictures stand below an axis of steps; `strip` a sheet of the
    measurement's own in its stead, the numbers along the axis as its columns, with how many rows
    it has, of which the first is shown. Raises BadInput.
    """
    measurement, said = draft.measurement("chart", id), dict(findings)
    every = plots.plots(draft.path, measurement, said)
    shown = tuple(plot for plot in every if (id, plot.panel) not in draft.found)
    below = _own_below(draft, measurement, shown, *strip) if strip else _below(draft, steps_of)
    return _drawn(draft, measurement, shown, len(said), below)


@macro
def finding(draft: Draft, id: str, panel: str, says: str, /, steps_of: str = "") -> str:
    """The chart of one panel, for a page that begins with it; `chart` has the others."""
    measurement = draft.measurement("finding", id)
    plot = plots.plots(draft.path, measurement, {panel: says})[0]
    draft.found.add((id, panel))
    return _drawn(draft, measurement, (plot,), 1, _below(draft, steps_of), alone=True)


@macro
def method(draft: Draft, id: str) -> str:
    """How a measurement was made, in its own words: what is long opens behind its beginning."""
    first, *others = _paragraphs(draft.measurement("method", id).method)
    if not others:
        return f"<p>{first}</p>"
    rest = "".join(f"<p>{each}</p>" for each in others)
    folded = f'<details class="method bare"><summary>All of it</summary>{rest}</details>'
    return f"<p>{first}</p>\n{folded}"


def _paragraphs(text: str) -> Iterator[str]:
    """A long text in paragraphs of whole sentences, the first of them a sentence alone."""
    if len(text.split()) <= LONG:
        yield plain(text)
        return
    first, *others = SENTENCE.split(text)
    yield plain(first)
    held: list[str] = []
    for sentence in others:
        held.append(sentence)
        if len(" ".join(held).split()) > LONG:
            yield plain(" ".join(held))
            held = []
    if held:
        yield plain(" ".join(held))


def _drawn(
    draft: Draft,
    measurement: Measurement,
    shown: Sequence[Plot],
    found: int,
    strip: Strip | None,
    alone: bool = False,
) -> str:
    """These charts, the first `found` of them in sight. Raises BadInput."""
    if strip is not None:
        _stepped(draft, measurement, shown[:found])
    drawn = {"measurement": measurement, "plots": shown, "found": found, "alone": alone}
    began = any(id == measurement.id for id, _ in draft.found)
    return draft.aside("chart", **drawn, began=began, src=f"{draft.up}measurements/", strip=strip)


def _stepped(draft: Draft, measurement: Measurement, plots: Iterable[Plot]) -> Plot:
    """The chart below whose axis pictures stand: the first by step. Raises BadInput."""
    for plot in plots:
        if plot.by_step and plot.along[0] < plot.along[1]:
            return plot
    raise BadInput(
        f"{draft.path}: chart: no panel of {measurement.id} that is in sight goes by step, and "
        "pictures would stand below it; name one that does, or take strip and steps_of away"
    )


def _below(draft: Draft, idea: str) -> Strip | None:
    """What stands below an axis of steps: the expected pictures of an idea's run, if any."""
    capture = draft.find(idea)[1] if idea else None
    if capture is None:
        return None
    draft.strips.add(capture.key)
    sheet = f"{draft.folder(capture)}{filmstrip.FILE}"
    steps, size = filmstrip.steps(capture), capture.view("clean").frame_size
    close = steps[1:-1][:1]  # to the first, where there is one between first and last
    alone = tuple(step for step in steps if step not in close)
    frames = tuple(Frame(step, steps.index(step), 1) for step in alone)
    says = f"{capture.model.title}, expected clean picture"
    return Strip(sheet, size, len(steps), len(filmstrip.ROWS), frames, says)


def _own_below(
    draft: Draft, measurement: Measurement, shown: Sequence[Plot], name: str, rows: int
) -> Strip:
    """Likewise the first row of a sheet that a measurement keeps, a column for each number."""
    file = draft.sheet_of("chart", measurement, name)
    panel = _stepped(draft, measurement, shown).panel
    steps = sorted({int(row.label) for row in measurement.rows if row.panel == panel})
    width, height = draft.materials.sizes[file]
    size, sheet = (width // len(steps), height // rows), f"{draft.up}measurements/{file}"
    frames = [Frame(steps[0], 0, 0)]
    for column, step in enumerate(steps):
        if step - frames[-1].at >= CLOSE * (steps[-1] - steps[0]):
            frames.append(Frame(step, column, 0))
    return Strip(sheet, size, len(steps), rows, tuple(frames), measurement.model)
