"""A measurement's sheets of runs that turn at every step in turn, and the curves beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gen.core.errors import BadInput
from gen.core.measured import Measurement, Row
from gen.core.records import SHEET_COLUMNS
from gen.core.yamlfile import nearest
from gen.publish import plots
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.plots import Plot
from gen.publish.wording import borne, figure

PANEL = "Read as the new words say: "  # and the kind that the name of a sheet begins with
OPENS = 0.4  # of the way: where there is still something to be turned
SAYS = (  # from so many percent of pictures on that are read as the new words say
    (90, "the new words still win in nearly all such runs"),
    (60, "the new words still win in most such runs"),
    (40, "the new words still win in about half of such runs"),
    (10, "it is too late in most such runs"),
    (0, "it is too late in nearly all such runs"),
)


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
class Curve:
    """A kind's plot, and each of its series with what it says at every step."""

    kind: str
    plot: Plot
    series: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]  # name, in figures, in words


@macro
def turning(draft: Draft, id: str, /, *shown: tuple[str, ...]) -> str:
    """A slider over every step at which the words of a run could change.

    Each of `shown` is a sheet of the measurement, its caption, the old words and the new ones, and
    those series of its kind that are of such runs, if not all are. Raises BadInput for a sheet
    that it does not keep.
    """
    measurement = draft.measurement("turning", id)
    pairs = tuple(_pair(draft, measurement, *each) for each in shown)
    curves = tuple(_curves(draft.path, measurement, [pair.kind for pair in pairs]))
    steps = int(curves[0].plot.along[1])
    return draft.aside(
        "turning",
        id=id,
        pairs=pairs,
        names=tuple(pair.name for pair in pairs),
        curves=curves,
        steps=steps,
        opens=round(OPENS * steps),
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
    file = f"{measurement.id}-{name}.webp"
    stored = dict(measurement.digests)
    if file not in stored:
        says = f"{measurement.id} keeps no {file}; {nearest(file, stored)}"
        raise BadInput(f"{draft.path}: turning: {says}")
    return Pair(name, caption, old, new, file, draft.materials.sizes[file], series)


def _curves(place: str, measurement: Measurement, kinds: Sequence[str]) -> Iterator[Curve]:
    """The plot of each kind, once. Raises BadInput for a kind that was not measured."""
    by_kind = {
        plot.panel.removeprefix(PANEL).partition(",")[0]: plot
        for plot in plots.plots(place, measurement, {})
        if plot.panel.startswith(PANEL)
    }
    for kind in dict.fromkeys(kinds):
        if kind not in by_kind:
            says = f"{measurement.id} has no curve of {kind}; {nearest(kind, by_kind)}"
            raise BadInput(f"{place}: turning: {says}")
        rows = [row for row in measurement.rows if row.panel == by_kind[kind].panel]
        yield Curve(kind, by_kind[kind], tuple(_series(rows)))


def _series(rows: Sequence[Row]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for name in dict.fromkeys(row.series for row in rows):
        own = sorted((row for row in rows if row.series == name), key=lambda row: int(row.label))
        yield name, tuple(map(_said, own)), tuple(map(_in_words, own))


def _in_words(row: Row) -> str:
    """What a share of pictures means for a run."""
    if row.value is None:
        return "not measured"
    return next(says for least, says in SAYS if row.value >= least)


def _said(row: Row) -> str:
    """A figure and its interval, in a few letters."""
    if row.value is None:
        return "–"
    says = borne(row.value, row.low, row.high, row.unit)
    if row.low is None or row.high is None:
        return says
    return f"{says} ({figure(row.low)} to {figure(row.high)})"
