"""A measurement's rows -> what a page draws: a panel each, dots by label or lines over numbers.

Places are percent of a plot's width and height, so that a plot is as wide as its page. The only
floor of a figure is a thin line on its row; several are rows of their own, and lines beside lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from gen.core.errors import BadInput
from gen.core.measured import Measurement, Row
from gen.core.yamlfile import nearest
from gen.publish.wording import decimals, evenly, figure

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
PLAIN = {  # series and labels that only a maker would call so -> what a reader calls them
    "generated": "painted",
    "renders": "rendered",
    "rendered, through the autoencoder": "rendered, packed and unpacked",
    "through the autoencoder": "rendered, packed and unpacked",
    "generated without guidance": "painted without guidance",
    "to the mean of its endings": "to the mean",
    "given": "with the curve known",
    "floor: untrained network": "untrained",
    "floor: the picture's colours": "colours alone",
    "floor: the place alone": "place alone",
    "floor: what so few endings leave open": "floor",
}
FLOOR = "floor"
GAP = 9.0  # percent of a plot's height between two names at the ends of lines
TICKS = 5  # at most so many steps on an axis


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
    ticks = _ticks(*_reach([*rows, *floors]))
    axis = ticks[0], ticks[-1]
    said = tuple((figure(tick), _share(tick, axis)) for tick in ticks)
    if all(NUMBER.fullmatch(row.label) for row in rows):
        numbers = sorted({float(row.label) for row in rows})
        along = numbers[0], numbers[-1]
        steps = tuple((figure(n), _share(n, along)) for n in _some(numbers))
        series = _by([*rows, *(each for each in floors if each not in rows)], "series")
        drawn = [_line(name, of, along, axis) for name, of in series]
        lines = tuple(_apart(list(_told_apart(drawn))))
        return Plot(title, panel, unit, said, lines=lines, steps=steps, along=along)
    fine = decimals([_ends(row) for row in every])
    groups = tuple(
        (_named(label), tuple(_marks(of, floors, axis, fine))) for label, of in _by(rows, "label")
    )
    return Plot(title, panel, unit, said, groups, zero=_share(0, axis))


def _by(rows: list[Row], field: str) -> Iterator[tuple[str, list[Row]]]:
    for name in dict.fromkeys(getattr(row, field) for row in rows):
        yield name, [row for row in rows if getattr(row, field) == name]


def _named(name: str) -> str:
    return PLAIN.get(name, name.removeprefix(f"{FLOOR}: "))


def _ends(row: Row) -> tuple[float, float, float]:
    """Value, low and high; where there is no interval, the value alone."""
    assert row.value is not None, row.name
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    return row.value, low, high


def _reach(rows: list[Row]) -> tuple[float, float]:
    """From where to where figures go, nothing and, of percents near it, all included."""
    ends = [end for row in rows for end in _ends(row)]
    top = max(0.0, *ends)
    return min(0.0, *ends), 100.0 if {row.unit for row in rows} == {"%"} and top > 60 else top


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Round numbers around a range, at most TICKS steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) or 1.0
    power = 10 ** floor(log10(span / TICKS))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * TICKS >= span)
    return tuple(round(step * n, 10) for n in range(floor(low / step), ceil(high / step) + 1))


def _share(value: float, axis: tuple[float, float]) -> float:
    """Percent of the way along an axis."""
    low, high = axis
    return round(100 * (value - low) / ((high - low) or 1), 2)


def _some(numbers: list[float]) -> list[float]:
    """A few of many numbers, the first and the last among them."""
    every = max(1, round((len(numbers) - 1) / TICKS))
    return [*numbers[:-1:every], numbers[-1]] if len(numbers) > TICKS + 1 else numbers


def _marks(
    rows: list[Row], floors: list[Row], axis: tuple[float, float], fine: int
) -> Iterator[Mark]:
    """A label's figures, each with its own floor; floors of no one figure come after them."""
    here = [each for each in floors if each.label == rows[0].label and each not in rows]
    only = len(rows) == len(here) == 1
    own = {row: each for row in rows for each in here if only or each.series == _floor_of(row)}
    yield from (_mark(row, axis, fine, own.get(row)) for row in rows)
    yield from (_mark(each, axis, fine) for each in here if each not in own.values())


def _floor_of(row: Row) -> str:
    return f"{row.series}, {FLOOR}"


def _mark(row: Row, axis: tuple[float, float], fine: int, under: Row | None = None) -> Mark:
    """Its figures with the decimals of their panel; an interval that is one value is left out."""
    value, low, high = _ends(row)
    interval = f"{evenly(low, fine)} to {evenly(high, fine)}" if low < high else ""
    at, left, right = (_share(each, axis) for each in (value, low, high))
    chance = _share(_ends(under)[0], axis) if under else None
    name = _named(row.series)
    return Mark(name, at, left, right, evenly(value, fine), interval, chance, _is_floor(row))


def _line(
    name: str, rows: list[Row], along: tuple[float, float], axis: tuple[float, float]
) -> Line:
    some = sorted(rows, key=lambda row: float(row.label))
    x = [_share(float(row.label), along) for row in some]
    value, low, high = (
        [round(100 - _share(end, axis), 2) for end in ends]
        for ends in zip(*map(_ends, some), strict=True)
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
