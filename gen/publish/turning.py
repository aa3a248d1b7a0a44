"""A measurement's sheets of runs that turn at every step in turn, and the curves beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gen.core.errors import BadInput
from gen.core.measured import Measurement, Row
from gen.core.records import SHEET_COLUMNS
from gen.core.yamlfile import nearest
from gen.publish import plots
from gen.publish.draft import Draft
from gen.publish.findings import Frame, Strip
from gen.publish.macros import macro
from gen.publish.plots import Plot
from gen.publish.wording import borne, figure

PANEL = "Read as the new words say: "  # and the kind that the name of a sheet begins with
FALLS = "The later a new {} is named, the fewer pictures show it"  # where all its series say so
UNIT = "for {} steps"  # that the old words stood, below a picture
OPENS = 90  # percent that still follow the new words where the slider opens: as its picture does
SPELT = {"behind matte": "behind a matte car"}  # series whose names are short for a chart
SAYS = (  # from so many percent of pictures on that are read as the new words say
    (90, "the new words still win in nearly all such runs"),
    (60, "the new words still win in most such runs"),
    (40, "the new words still win in about half of such runs"),
    (10, "it is too late in most such runs"),
    (0, "it is too late in nearly all such runs"),
)
ENDS = {0.0: "none", 100.0: "all"}  # where no run says otherwise, no interval is


@dataclass(frozen=True)
class Pair:
    """One run on show: its sheet, and the words before and after."""

    name: str
    caption: str
    old: str
    new: str
    file: str
    size: tuple[int, int]  # of the whole sheet
    series: tuple[str, ...] = ()  # of its kind's curve, those of such runs; none: all

    @property
    def kind(self) -> str:
        """What of the picture its words change."""
        return self.name.partition("-")[0]


@dataclass(frozen=True)
class Series:
    """One line of a curve: what it counts, and of every step its percent, in figures, in words."""

    name: str
    pairs: int  # of words, that are counted
    percent: tuple[float | None, ...]
    figures: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def what(self) -> str:
        """What it counts, as a sentence begins with it."""
        return SPELT.get(self.name, self.name).capitalize()


@dataclass(frozen=True)
class Curve:
    """A kind's plot, and each of its series with what it says at every step."""

    kind: str
    plot: Plot
    series: tuple[Series, ...]
    strips: tuple[Strip, ...]  # below the plot, one for each pair of its kind

    @property
    def pairs(self) -> str:
        """Of how many pairs of words it is."""
        least, most = (of(one.pairs for one in self.series) for of in (min, max))
        return str(most) if least == most else f"{least} to {most}"


@macro
def turning(draft: Draft, id: str, /, *shown: tuple[str, ...]) -> str:
    """A slider over every step at which the words of a run could change.

    Each of `shown` is a sheet of the measurement, its caption, the old words and the new ones, and
    those series of its kind that are of such runs, if not all are. Raises BadInput for a sheet
    that it does not keep.
    """
    measurement = draft.measurement("turning", id)
    pairs = tuple(_pair(draft, measurement, *each) for each in shown)
    curves = tuple(_curves(draft, measurement, pairs))
    draft.found.update((id, curve.plot.panel) for curve in curves)
    steps = int(curves[0].plot.along[1])
    return draft.aside(
        "turning",
        id=id,
        pairs=pairs,
        names=tuple(pair.name for pair in pairs),
        curves=curves,
        steps=steps,
        opens=_opens(pairs[0], curves[0]),
        columns=SHEET_COLUMNS,
        model=measurement.model,
        src=f"{draft.up}measurements/",
    )


def _pair(
    draft: Draft,
    measurement: Measurement,
    name: str,
    caption: str,
    old: str,
    new: str,
    *series: str,
) -> Pair:
    file = draft.sheet_of("turning", measurement, name)
    return Pair(name, caption, old, new, file, draft.materials.sizes[file], series)


def _curves(draft: Draft, measurement: Measurement, pairs: Sequence[Pair]) -> Iterator[Curve]:
    """The plot of each kind, once. Raises BadInput for a kind that was not measured."""
    by_kind = {
        plot.panel.removeprefix(PANEL).partition(",")[0]: plot
        for plot in plots.plots(draft.path, measurement, {})
        if plot.panel.startswith(PANEL)
    }
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        if kind not in by_kind:
            says = f"{measurement.id} has no curve of {kind}; {nearest(kind, by_kind)}"
            raise BadInput(f"{draft.path}: turning: {says}")
        plot = by_kind[kind]
        series = tuple(_series([row for row in measurement.rows if row.panel == plot.panel]))
        titled = replace(plot, title=FALLS.format(kind)) if all(map(_falls, series)) else plot
        own = (pair for pair in pairs if pair.kind == kind)
        strips = tuple(_strip(draft, measurement, pair, plot) for pair in own)
        yield Curve(kind, titled, series, strips)


def _falls(series: Series) -> bool:
    """Whether it lies lower in the last third of the steps, and no higher in the middle."""
    every = [percent for percent in series.percent if percent is not None]
    third = len(every) // 3 or 1
    thirds = every[:third], every[third:-third], every[-third:]
    first, middle, last = (sum(part) / (len(part) or 1) for part in thirds)
    return first >= middle >= last and first > last


def _strip(draft: Draft, measurement: Measurement, pair: Pair, plot: Plot) -> Strip:
    """A pair's pictures where its curve has its numbers."""
    shown = [int(says) for says, _ in plot.steps]
    frames = tuple(Frame(k, k % SHEET_COLUMNS, k // SHEET_COLUMNS) for k in shown)
    rows = -(-(int(plot.along[1]) + 1) // SHEET_COLUMNS)
    size, sheet = (pair.size[0] // SHEET_COLUMNS, pair.size[1] // rows), f"{draft.up}measurements/"
    says = f"{measurement.model}, {pair.caption}, the old words"
    return Strip(f"{sheet}{pair.file}", size, SHEET_COLUMNS, rows, frames, says, UNIT, pair.name)


def _opens(pair: Pair, curve: Curve) -> int:
    """The last step at which the new words win in nearly all such runs, of what turns first."""
    own = [one for one in curve.series if one.name in pair.series or not pair.series]
    still = ([k for k, of in enumerate(one.percent) if of and of >= OPENS] for one in own)
    return min(max(steps, default=0) for steps in still)


def _series(rows: Sequence[Row]) -> Iterator[Series]:
    for name in dict.fromkeys(row.series for row in rows):
        own = sorted((row for row in rows if row.series == name), key=lambda row: int(row.label))
        percent = tuple(row.value for row in own)
        pairs = max(row.n for row in own)
        yield Series(name, pairs, percent, tuple(map(_said, own)), tuple(map(_in_words, own)))


def _in_words(row: Row) -> str:
    """What a share of pictures means for a run."""
    if row.value is None:
        return "not measured"
    return next(says for least, says in SAYS if row.value >= least)


def _said(row: Row) -> str:
    """A figure and its interval, in a few letters; all or none have no interval to tell."""
    if row.value is None:
        return "–"
    if row.low == row.high and row.value in ENDS:
        return f"{figure(row.value)} ({ENDS[row.value]})"
    says = borne(row.value, row.low, row.high, row.unit)
    if row.low is None or row.high is None:
        return says
    return f"{says} ({figure(row.low)} to {figure(row.high)})"
