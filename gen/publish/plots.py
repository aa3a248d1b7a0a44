"""A measurement's rows -> what a page draws: a panel each, dots by label or lines over numbers.

Places are percent of a plot's width and height, so that a plot is as wide as its page. The only
floor of a figure is a thin line on its row; several are rows of their own, and lines beside lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gen.core.errors import BadInput
from gen.core.measured import Measurement, Row
from gen.core.yamlfile import nearest
from gen.publish import axes
from gen.publish.wording import decimals, evenly, figure

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
PLAIN = {  # series and labels that only a maker would call so -> what a reader calls them
    "generated": "painted",
    "composite": "best, by judges",
    "renders": "rendered",
    "rendered, through the autoencoder": "rendered, packed and unpacked",
    "through the autoencoder": "rendered, packed and unpacked",
    "generated without guidance": "painted without guidance",
    "to the mean of its endings": "to the mean",
    "given": "with the curve known",
    "values taken as light": "the picture left alone",
    "floor: untrained network": "untrained",
    "floor: the picture's colours": "colours alone",
    "floor: the place alone": "place alone",
    "floor: what so few endings leave open": "floor",
}
ROLES = {  # who made what is shown: of one colour in every chart
    "painted": 1,
    "repainted": 1,
    "rendered": 2,
    "rendered, packed and unpacked": 3,
}
HUES = 6  # in chart.css
FLOOR = "floor"
GAP = 9.0  # percent of a plot's height between two names at the ends of lines


@dataclass(frozen=True)
class Mark:
    """A figure with its interval, in percent of the axis."""

    series: str
    at: float
    low: float
    high: float
    says: str  # the figure
    interval: str
    floor: float | None = None  # where chance, or what else is compared with, would lie
    is_floor: bool = False
    look: int = 1  # its colour in chart.css: its series' on the whole plot


@dataclass(frozen=True)
class Line:
    """A series over numbers: points in a square of 100 units, and where its name stands."""

    series: str
    points: str
    band: str
    end: float  # percent from above, where its name does not touch another's
    is_floor: bool = False
    look: str = "1"  # its colour and dash in chart.css, no other line's of its plot


@dataclass(frozen=True)
class Plot:
    """One panel; it has groups of marks, or lines."""

    title: str  # the finding, or what is measured
    panel: str
    unit: str
    ticks: tuple[tuple[str, float], ...]  # of figures
    groups: tuple[tuple[str, tuple[Mark, ...]], ...] = ()
    lines: tuple[Line, ...] = ()
    steps: tuple[tuple[str, float], ...] = ()  # of the numbers that lines go over
    along: tuple[float, float] = (0, 0)  # their ends
    zero: float = 0.0  # where nothing lies on the axis of figures

    @property
    def has_floor(self) -> bool:
        """Whether a thin upright line stands on one of its rows."""
        return any(mark.floor is not None for _, marks in self.groups for mark in marks)

    @property
    def has_floor_lines(self) -> bool:
        """Whether floors are lines beside its lines."""
        return any(line.is_floor for line in self.lines)

    @property
    def by_step(self) -> bool:
        """Whether its lines go over the steps of a run."""
        return bool(self.lines) and self.panel.endswith("by step")


def plots(place: str, measurement: Measurement, findings: Mapping[str, str]) -> tuple[Plot, ...]:
    """Every panel of a measurement, those with a finding first and in their order.

    Raises BadInput for a finding of a panel that is not there.
    """
    rows = [row for row in measurement.rows if row.panel and row.value is not None]
    panels = {row.panel: [r for r in rows if r.panel == row.panel] for row in rows}
    for panel in findings:
        if panel not in panels:
            says = f"{measurement.id} has no panel {panel}; {nearest(panel, panels)}"
            raise BadInput(f"{place}: chart: {says}")
    order = [*findings, *(panel for panel in panels if panel not in findings)]
    return tuple(_plot(panel, findings.get(panel, panel), panels[panel]) for panel in order)


def _is_floor(row: Row) -> bool:
    return row.series.startswith(FLOOR) or row.series.endswith(f", {FLOOR}")


def _plot(panel: str, title: str, every: list[Row]) -> Plot:
    floors = [row for row in every if _is_floor(row)]
    rows = [row for row in every if row not in floors] or every
    unit = ", ".join(dict.fromkeys(row.unit for row in rows))
    ticks = axes.ticks(*axes.reach([*rows, *floors]))
    axis = ticks[0], ticks[-1]
    said = tuple((figure(tick), axes.share(tick, axis)) for tick in ticks)
    if all(NUMBER.fullmatch(row.label) for row in rows):
        numbers = sorted({float(row.label) for row in rows})
        along = numbers[0], numbers[-1]
        steps = tuple((figure(n), axes.share(n, along)) for n in axes.some(numbers))
        series = _by([*rows, *(each for each in floors if each not in rows)], "series")
        drawn = [_line(name, of, along, axis) for name, of in series]
        lines = tuple(_apart(list(_told_apart(drawn))))
        return Plot(title, panel, unit, said, lines=lines, steps=steps, along=along)
    fine = decimals([axes.ends(row) for row in every])
    labels = dict(_by(rows, "label"))
    single = all(len(of) == 1 for of in labels.values())  # its label is all that names a figure
    alone = single and len(labels) >= len(floors)
    looks = {} if single else _looks(dict.fromkeys(_named(row.series) for row in rows))
    groups = tuple(
        (_named(label), tuple(_coloured(_marks(of, floors, axis, fine, alone), looks)))
        for label, of in labels.items()
    )
    beside = _by([each for each in floors if each.label not in labels], "label")
    groups += tuple(
        (_named(label), tuple(_mark(r, axis, fine) for r in of)) for label, of in beside
    )
    return Plot(title, panel, unit, said, groups, zero=axes.share(0, axis))


def _looks(names: Iterable[str]) -> dict[str, int]:
    """The colour of each series: its role's, else one that no role of the plot has."""
    every = list(names)
    taken = set(ROLES.values()) if ROLES.keys() & set(every) else set()
    free = iter([n for n in range(1, HUES + 1) if n not in taken] * len(every))
    return {name: ROLES[name] if name in ROLES else next(free) for name in every}


def _coloured(marks: Iterable[Mark], looks: Mapping[str, int]) -> Iterator[Mark]:
    for mark in marks:
        yield replace(mark, look=looks.get(mark.series, 1))


def _by(rows: list[Row], field: str) -> Iterator[tuple[str, list[Row]]]:
    for name in dict.fromkeys(getattr(row, field) for row in rows):
        yield name, [row for row in rows if getattr(row, field) == name]


def _named(name: str) -> str:
    return PLAIN.get(name, name.removeprefix(f"{FLOOR}: "))


def _marks(
    rows: list[Row], floors: list[Row], axis: tuple[float, float], fine: int, alone: bool
) -> Iterator[Mark]:
    """A label's figures, each with its own floor; floors of no one figure come after them.

    Where a figure stands alone at every label, the one floor there is its own.
    """
    here = [each for each in floors if each.label == rows[0].label and each not in rows]
    only = alone and len(here) == 1
    own = {row: each for row in rows for each in here if only or each.series == _floor_of(row)}
    yield from (_mark(row, axis, fine, own.get(row)) for row in rows)
    yield from (_mark(each, axis, fine) for each in here if each not in own.values())


def _floor_of(row: Row) -> str:
    return f"{row.series}, {FLOOR}"


def _mark(row: Row, axis: tuple[float, float], fine: int, under: Row | None = None) -> Mark:
    """Its figures with the decimals of their panel; an interval that is one value is left out."""
    value, low, high = axes.ends(row)
    interval = f"{evenly(low, fine)} to {evenly(high, fine)}" if low < high else ""
    at, left, right = (axes.share(each, axis) for each in (value, low, high))
    chance = axes.share(axes.ends(under)[0], axis) if under else None
    name = _named(row.series)
    return Mark(name, at, left, right, evenly(value, fine), interval, chance, _is_floor(row))


def _line(
    name: str, rows: list[Row], along: tuple[float, float], axis: tuple[float, float]
) -> Line:
    some = sorted(rows, key=lambda row: float(row.label))
    x = [axes.share(float(row.label), along) for row in some]
    value, low, high = (
        [round(100 - axes.share(end, axis), 2) for end in ends]
        for ends in zip(*map(axes.ends, some), strict=True)
    )
    there, back = list(zip(x, high, strict=True)), list(zip(x, low, strict=True))
    band = _points([*there, *reversed(back)])
    points = _points(zip(x, value, strict=True))
    return Line(_named(name), points, band, value[-1], _is_floor(some[0]))


def _told_apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines that are numbered as they come, floors for themselves."""
    for line in lines:
        before = [one for one in lines[: lines.index(line)] if one.is_floor == line.is_floor]
        yield replace(line, look=f"{'under-' if line.is_floor else ''}{len(before) + 1}")


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _apart(lines: Sequence[Line]) -> list[Line]:
    """Lines whose names are moved off each other, the lowest first, none over the upper edge."""
    named = sorted(lines, key=lambda line: line.end, reverse=True)
    last, moved = 100 + GAP / 2, {}
    for line in named:
        last = min(line.end, last - GAP)
        moved[line] = last
    lift = min(0.0, min(moved.values(), default=0.0))
    return [replace(line, end=round(moved[line] - lift, 2)) for line in lines]
