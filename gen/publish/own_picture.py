"""The check of a reader's own picture: its steps and marks, and what ours are beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from gen.core.measured import Measurement, Staged
from gen.publish import evidence
from gen.publish.draft import Draft
from gen.publish.macros import macro

HIGHLIGHTS = "highlights"  # the measurement that shares of white are set beside
FINISHES = ("mirror", "brushed", "glossy", "satin", "matte")
SERIES = ("rendered", "generated")
BEGINS = {"body": "ground", "facing": "camera"}  # marks that stand where a render mirrors what


@dataclass(frozen=True)
class Mark:
    """A place that a reader moves."""

    name: str
    title: str
    label: str  # on the picture
    x: float  # where it stands at first, of the width
    y: float  # of the height


@dataclass(frozen=True)
class Step:
    """A step of the check."""

    name: str
    title: str
    marks: tuple[Mark, ...] = ()


_EDGES = ((0.25, 0.45), (0.5, 0.32), (0.75, 0.45), (0.75, 0.65), (0.5, 0.75), (0.25, 0.65))
STEPS = (
    Step(
        "colours",
        "Two colours",
        (
            Mark("body", "A place on the metal", "1", 0.42, 0.56),
            Mark("around", "What it should show", "2", 0.5, 0.12),
        ),
    ),
    Step(
        "horizon",
        "The horizon",
        (
            Mark("left", "The horizon, left", "1", 0.08, 0.42),
            Mark("right", "The horizon, right", "2", 0.92, 0.42),
            Mark("band", "The band on the metal", "3", 0.5, 0.58),
        ),
    ),
    Step(
        "light",
        "The light",
        (
            Mark("tip", "The tip of a shadow", "1", 0.3, 0.85),
            Mark("caster", "What throws it", "2", 0.36, 0.5),
            Mark("spot", "The brightest highlight", "3", 0.6, 0.4),
            Mark("facing", "Where that body faces you", "4", 0.5, 0.55),
        ),
    ),
    Step(
        "white",
        "Pure white",
        tuple(
            Mark(f"edge-{n}", f"Edge of the metal, {n} of {len(_EDGES)}", str(n), x, y)
            for n, (x, y) in enumerate(_EDGES, 1)
        ),
    ),
    Step("letters", "Letters", (Mark("badge", "A badge or a plate", "1", 0.5, 0.6),)),
    Step(
        "twins",
        "Left and right",
        (
            Mark("one", "One of a pair", "1", 0.3, 0.6),
            Mark("other", "Its twin", "2", 0.7, 0.6),
        ),
    ),
    Step("settings", "Settings in the file"),
    Step("card", "A card to save"),
)


@macro
def own_picture(
    draft: Draft, idea: str, staged: str, *, render_marks: str = "", painted_marks: str = ""
) -> str:
    """The check of a reader's own picture; a staged picture and an idea's are there to try.

    Where their marks stand at first is told as links tell it, in thousandths of width and height.
    """
    prompt, capture = draft.find(idea)
    known = draft.materials.measurements.get(HIGHLIGHTS)
    render = draft.materials.staged.get(staged)
    return draft.aside(
        "own-picture",
        steps=STEPS,
        staged=render,
        begins=_begins(render),
        render_marks=render_marks,
        painted_marks=painted_marks,
        painted=capture and f"{draft.folder(capture)}{capture.final}",
        prompt=prompt,
        up=draft.up,
        site=draft.materials.site,
        shares=_shares(known),
        table=_table(draft, known),
        cite=lambda mark: Markup(evidence.cite(draft, mark)),
        ball=lambda row: _measured(draft, "ball", row),
        chrome=lambda row: _measured(draft, "chrome", row),
        white=lambda row: _measured(draft, HIGHLIGHTS, row),
        ours=Markup(evidence.ours(draft)),
        made=Markup(evidence.made(draft)),
    )


def _begins(render: Staged | None) -> str:
    """Where marks stand at first on our render: where its bodywork is known to mirror what."""
    spots = {spot.name: spot for spot in render.mirrored} if render else {}
    known = ((mark, spots[name]) for mark, name in BEGINS.items() if name in spots)
    return " ".join(f"{mark}-{1000 * at.x:.0f}-{1000 * at.y:.0f}" for mark, at in known)


def _values(measurement: Measurement | None) -> Mapping[str, float]:
    """The figures of a measurement, by row; none where it has not been made."""
    rows = measurement.rows if measurement else ()
    return {row.name: row.value for row in rows if row.value is not None}


def _shares(known: Measurement | None) -> Mapping[str, float]:
    """Near-white on mirrors, in percent, by series."""
    values = _values(known)
    named = {series: values.get(f"mirror-white-{series}") for series in SERIES}
    return {series: value for series, value in named.items() if value is not None}


def _table(draft: Draft, known: Measurement | None) -> list[tuple[str, list[Markup]]]:
    """For each finish that has figures the share of white, rendered and painted."""
    values = _values(known)
    names = {finish: [f"{finish}-white-{series}" for series in SERIES] for finish in FINISHES}
    return [
        (finish, [_measured(draft, HIGHLIGHTS, row) for row in rows])
        for finish, rows in names.items()
        if all(row in values for row in rows)
    ]


def _measured(draft: Draft, id: str, row: str) -> Any:
    """A figure with its mark; empty where nobody has measured it."""
    if row not in _values(draft.materials.measurements.get(id)):
        return ""
    return Markup(evidence.measured(draft, id, row))
