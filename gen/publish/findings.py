"""What prose shows of a measurement: what was found as charts, its figures, how it was made."""

import re
from collections.abc import Iterator, Sequence

from gen.core.measured import Measurement
from gen.publish import plots
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.pictures import filmstrip
from gen.publish.plots import Plot
from gen.publish.wording import plain

SENTENCE = re.compile(r"(?<=[.?]) (?=[A-Z0-9])")
LONG = 60  # words: a paragraph ends past them, and what fits into one is not folded


@macro
def chart(draft: Draft, id: str, /, *findings: tuple[str, str], steps_of: str = "") -> str:
    """The charts of a measurement, and its rows as a table.

    Each of `findings` is a panel and what it shows; panels without one wait behind a summary, and
    one that is above as `finding` does not come again.
    `steps_of` names the idea whose pictures stand below an axis of steps. Raises BadInput.
    """
    measurement, said = draft.measurement("chart", id), dict(findings)
    every = plots.plots(draft.path, measurement, said)
    shown = tuple(plot for plot in every if (id, plot.panel) not in draft.found)
    return _drawn(draft, measurement, shown, len(said), steps_of)


@macro
def finding(draft: Draft, id: str, panel: str, says: str, /, steps_of: str = "") -> str:
    """The chart of one panel, for a page that begins with it; `chart` has the others."""
    measurement = draft.measurement("finding", id)
    plot = plots.plots(draft.path, measurement, {panel: says})[0]
    draft.found.add((id, panel))
    return _drawn(draft, measurement, (plot,), 1, steps_of, alone=True)


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
    steps_of: str,
    alone: bool = False,
) -> str:
    """These charts, the first `found` of them in sight."""
    drawn = {"measurement": measurement, "plots": shown, "found": found, "alone": alone}
    began = any(id == measurement.id for id, _ in draft.found)
    strip = _strip_below(draft, steps_of) if steps_of else None
    return draft.aside("chart", **drawn, began=began, src=f"{draft.up}measurements/", strip=strip)


def _strip_below(draft: Draft, idea: str) -> dict[str, object] | None:
    """What stands below an axis of steps: the expected pictures of an idea's run."""
    _, capture = draft.find(idea)
    if capture is None:
        return None
    draft.strips.add(capture.key)
    sheet = f"{draft.folder(capture)}{filmstrip.FILE}"
    size, steps = capture.view("clean").frame_size, filmstrip.steps(capture)
    return {"capture": capture, "sheet": sheet, "size": size, "steps": steps}
