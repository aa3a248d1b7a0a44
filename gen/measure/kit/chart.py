"""A measurement -> SVG and PNG: panel under panel, figures with intervals. Same rows, same bytes.

On a page text takes the page's colour; series have mid-tones that stand out on white and on black,
and that a page may change through --series-1 … --series-6.
"""

import io
from textwrap import fill

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from gen.core.measured import Measurement, Row
from gen.measure.kit.page_svg import for_page
from gen.measure.kit.panels import figures, has_lines, in_panels, in_words, once, reach

WIDTH = 360  # units, as the diagram: a phone shows them at about one pixel each
ROW, MARGIN, LETTER = 24, 72, 12  # units: a line of a panel, its title and axis, a letter's height
LABEL, INCH = 21, 72  # letters in a line of a label; points in an inch
LINES = 190  # units: the height of a panel of lines
# At least 3:1 against the site's paper, light and dark.
SERIES = ("#2f7fc1", "#c2571a", "#3f8f4f", "#a05fb5", "#8a7a2a", "#7d7f86")
MARKERS, DASHES = "osD^v*PX", ("-", "--", ":", "-.")  # not by colour alone
INK, FAINT = "#15181d", "#8e9197"  # in an SVG, both are the page's colour
PAPER = "#fbfaf8"  # of a PNG, which stands alone: the site's own in the light
HEAD, WIDE = 17, 44  # units: a line of what a PNG says above its panels; letters in it
ON_PAGE = {INK: "currentColor", FAINT: "currentColor"} | {
    colour: f"var(--series-{number}, {colour})" for number, colour in enumerate(SERIES, 1)
}


def files(measurement: Measurement) -> dict[str, bytes]:
    """The chart of a measurement by its files' names: for a page, and to take along."""
    return {f"{measurement.id}.svg": svg(measurement), f"{measurement.id}.png": png(measurement)}


def png(measurement: Measurement) -> bytes:
    """The chart on paper, twice as large, under its question and the model that was asked."""
    asked = fill(measurement.question, WIDE)
    figure = _figure(measurement, (asked, measurement.model or "No model took part"))
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=2 * INCH, facecolor=PAPER)
    kept = io.BytesIO()
    picture = Image.open(drawn).convert("RGB")
    few = picture.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def svg(measurement: Measurement) -> bytes:
    """The chart without a ground or a title of its own.

    A panel whose labels are all numbers has lines, and its title says what the numbers are, as in
    "Gain, by tries"; any other has dots. Rows without a panel or a figure are left out; the text
    beside it has them.
    """
    drawn = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": measurement.id, "svg.fonttype": "none"}):
        figure = _figure(measurement)
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    says = in_words(measurement, in_panels(measurement))
    return for_page(drawn.getvalue(), measurement.id, measurement.question, says, ON_PAGE)


def _figure(measurement: Measurement, head: tuple[str, str] = ("", "")) -> Figure:
    """All panels, one under another, below a bold and a plain text."""
    shown = in_panels(measurement)
    panels = [[row for row in shown if row.panel == name] for name in once(shown, "panel")]
    series = {name: SERIES[i % len(SERIES)] for i, name in enumerate(once(shown, "series"))}
    heights = [_height(rows) for rows in panels]
    above = HEAD * ("\n".join(head).count("\n") + 2) if any(head) else 0
    whole = (sum(heights) or MARGIN) + above
    # one figure, never pyplot's: nothing is left behind
    figure = Figure((WIDTH / INCH, whole / INCH), dpi=INCH)
    with matplotlib.rc_context({"font.size": LETTER}):
        top = whole - above
        if above:
            place = {"x": 6 / WIDTH, "va": "top", "color": INK, "linespacing": 1.25}
            bold, plain = head
            figure.text(y=(whole - 6) / whole, s=bold, weight="bold", size=LETTER + 1, **place)
            figure.text(y=(top + HEAD + 4) / whole, s=plain, **place)
        for rows, height in zip(panels, heights, strict=True):
            _panel(figure, rows, series, top, whole)
            top -= height
    return figure


def _height(rows: list[Row]) -> int:
    body = LINES if has_lines(rows) else _row_height(rows) * len(once(rows, "label"))
    return MARGIN + _title_height(rows) + _legend_height(rows) + body


def _title(rows: list[Row]) -> str:
    """What a panel shows, in lines that are not cut off."""
    panel = rows[0].panel
    return fill(panel[:1].upper() + panel[1:], WIDE)


def _title_height(rows: list[Row]) -> int:
    """Of its lines after the first."""
    return HEAD * _title(rows).count("\n")


def _row_height(rows: list[Row]) -> int:
    series = len(once(rows, "series")) if _has_legend(rows) else 1
    long = any(len(row.label) > LABEL for row in rows)
    return max(ROW, 9 * series + 6, 32 if long else 0)


def _legend_height(rows: list[Row]) -> int:
    return 17 * len(once(rows, "series")) + 6 if _has_legend(rows) else 0


def _has_legend(rows: list[Row]) -> bool:
    """Whether series are not told apart by their place alone."""
    pairs = {(row.label, row.series) for row in rows}
    return has_lines(rows) or len(pairs) > len(once(rows, "label"))


def _panel(figure: Figure, rows: list[Row], series: dict[str, str], top: int, whole: int) -> None:
    """One panel whose upper edge is `top` of a figure `whole` units high."""
    lines = has_lines(rows)
    left, lower = (54, 44) if lines else (158, 44)  # units: room for numbers, for labels
    height = _height(rows) - MARGIN - _title_height(rows) - _legend_height(rows)
    base = top - _height(rows) + lower
    box = (left / WIDTH, base / whole, (WIDTH - left - 14) / WIDTH, height / whole)
    axes = figure.add_axes(box)
    title_at = 6 / WIDTH, (top - 4) / whole
    figure.text(*title_at, _title(rows), va="top", color=INK, weight="bold", linespacing=1.25)
    (_draw_lines if lines else _draw_dots)(axes, rows, series)
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(FAINT)
    axes.tick_params(color=FAINT, labelcolor=INK, length=3)
    unit, by = ", ".join(once(rows, "unit")), rows[0].panel.partition(", by ")[2]
    axes.set_xlabel(by if lines else unit, color=INK, labelpad=1)
    axes.set_ylabel(unit if lines else "", color=INK, labelpad=2)
    if _has_legend(rows):
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-left / (WIDTH - left - 14), 1),
            frameon=False,
            labelcolor=INK,
            handlelength=1.2,
        )


def _draw_dots(axes: Axes, rows: list[Row], series: dict[str, str]) -> None:
    """A line for each label; its series one under another, none hidden by another."""
    labels, present = once(rows, "label"), once(rows, "series")
    spread = 0.6 if _has_legend(rows) else 0
    for number, name in enumerate(present):
        mine = [row for row in rows if row.series == name]
        shift = spread * ((number + 0.5) / len(present) - 0.5)
        at = [labels.index(row.label) + shift for row in mine]
        style = {"fmt": MARKERS[number % len(MARKERS)], "ms": 5, "color": series[name]}
        axes.errorbar([row.value for row in mine], at, xerr=reach(mine), label=name, **style)
    axes.set_yticks(range(len(labels)), [fill(label, LABEL) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    if all(low >= 0 for _, low, _ in map(figures, rows)):
        axes.set_xlim(left=0)
    axes.locator_params(axis="x", nbins=5)  # numbers that do not touch
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=0)


def _draw_lines(axes: Axes, rows: list[Row], series: dict[str, str]) -> None:
    """A line for each series over the numbers that the labels are, its intervals a band."""
    for number, name in enumerate(once(rows, "series")):
        mine = sorted((row for row in rows if row.series == name), key=lambda r: float(r.label))
        x = [float(row.label) for row in mine]
        style = {"color": series[name], "linestyle": DASHES[number % len(DASHES)]}
        axes.plot(x, [row.value for row in mine], label=name, **style)
        low, high = [row.low for row in mine], [row.high for row in mine]
        axes.fill_between(x, low, high, color=series[name], alpha=0.2, linewidth=0)
