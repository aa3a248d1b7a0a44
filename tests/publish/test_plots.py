"""Rows as a page draws them: places in percent, names that do not touch, floors on their rows."""

import re
from itertools import pairwise

import pytest

from gen.core.errors import BadInput
from gen.core.measured import Measurement, Row
from gen.publish.axes import TICKS
from gen.publish.plots import GAP, plots


def row(panel: str, label: str, series: str, value: float, half: float | None = 1.0) -> Row:
    low, high = (None, None) if half is None else (value - half, value + half)
    return Row(f"{panel}-{label}-{series}", panel, label, series, value, low, high, 9, "levels")


def drawn(*rows: Row, **findings: str):
    return plots("x.md", Measurement("m", "k", "Q?", "M.", "", (), rows, ()), findings)


def test_panels_with_a_finding_come_first_under_it_and_the_others_under_their_own_name():
    some = drawn(row("a", "x", "", 1), row("b", "x", "", 2), b="B wins")
    assert [(plot.title, plot.panel) for plot in some] == [("B wins", "b"), ("a", "a")]


def test_a_finding_of_no_panel_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match=r"x\.md: chart: m has no panel aa; did you mean aaa\?"):
        drawn(row("aaa", "x", "", 1), aa="Told")


@pytest.mark.parametrize("value", [3.0, 0.0, -4.0, 0.002, 71_000.0])
def test_a_dot_lies_between_the_ticks_at_its_figure_and_so_does_its_interval(value):
    (plot,) = drawn(row("a", "x", "generated", value, abs(value) / 10), row("a", "y", "z", 1.0))
    ((label, (mark,)), _) = plot.groups
    assert (label, mark.series) == ("x", "painted")
    numbers = [float(says.replace("−", "-").replace(",", "")) for says, _ in plot.ticks]
    at = 100 * (value - numbers[0]) / (numbers[-1] - numbers[0])
    assert mark.at == pytest.approx(at, abs=0.02)
    assert 0 <= mark.low <= mark.at <= mark.high <= 100
    assert (plot.ticks[0][1], plot.ticks[-1][1]) == (0, 100)
    assert 2 <= len(plot.ticks) <= TICKS + 2


def test_a_figure_without_an_interval_says_none():
    (plot,) = drawn(row("a", "x", "z", 5, half=None))
    ((_, (mark,)),) = plot.groups
    assert (mark.interval, mark.low, mark.high) == ("", mark.at, mark.at)


def test_the_figures_of_one_panel_have_as_many_decimals_and_no_more_than_they_bear():
    rows = [row("a", name, "z", at, 0.02) for name, at in (("x", 0.006), ("y", 0.25), ("z", 0))]
    (plot,) = drawn(*rows, row("a", "exact", "z", 0, half=0))
    marks = [(mark.says, mark.interval) for _, (mark,) in plot.groups]
    assert marks == [
        ("0.01", "−0.01 to 0.03"),
        ("0.25", "0.23 to 0.27"),
        ("0", "−0.02 to 0.02"),
        ("0", ""),
    ], "a width of nothing is no interval"


def test_no_figure_of_a_committed_chart_is_finer_than_three_decimals_or_than_its_neighbours(
    materials,
):
    every = [plot for m in materials.measurements.values() for plot in plots("x", m, {})]
    dotted = [plot for plot in every if plot.groups]
    assert len(dotted) > 50
    for plot in dotted:
        marks = [mark for _, marks in plot.groups for mark in marks]
        said = [
            word for mark in marks for word in (mark.says, *mark.interval.split(" to ")) if word
        ]
        decimals = {len(word.partition(".")[2]) for word in said if word != "0"}
        assert len(decimals) == 1 and max(decimals) <= 3, (plot.panel, decimals)


def test_no_two_lines_of_a_chart_have_one_look():
    names = ("p", "q", "floor: chance", "floor: habit")
    (plot,) = drawn(*(row("a", n, name, 1) for name in names for n in ("1", "2")))
    assert [line.look for line in plot.lines] == ["1", "2", "under-1", "under-2"]


def test_who_made_it_has_one_colour_in_every_chart_and_no_other_series_has_it():
    def looks(*names: str) -> dict[str, int]:
        (plot,) = drawn(*(row("a", "x", name, 1) for name in names))
        ((_, marks),) = plot.groups
        return {mark.series: mark.look for mark in marks}

    assert looks("rendered", "generated") == {"rendered": 2, "painted": 1}
    assert looks("held-out", "rendered, through the autoencoder", "generated") == {
        "held-out": 4,
        "rendered, packed and unpacked": 3,
        "painted": 1,
    }
    assert looks("p", "q") == {"p": 1, "q": 2}


def test_a_series_keeps_its_colour_at_a_label_where_another_is_missing():
    rows = [row("a", "x", "p", 1), row("a", "x", "q", 1), row("a", "y", "q", 1)]
    (plot,) = drawn(*rows)
    assert [[mark.look for mark in marks] for _, marks in plot.groups] == [[1, 2], [2]]


def test_a_floor_is_drawn_alike_at_every_label():
    rows = [row("a", "x", "p", 8), row("a", "x", "q", 6), row("a", "y", "p", 7)]
    (plot,) = drawn(*rows, *(row("a", label, "floor: noise", 2) for label in ("x", "y")))
    assert [[mark.series for mark in marks] for _, marks in plot.groups] == [
        ["p", "q", "noise"],
        ["p", "noise"],
    ]
    assert not plot.has_floor


def test_a_floor_under_a_name_of_its_own_is_a_row_behind_the_others():
    (plot,) = drawn(row("a", "x", "p", 8), row("a", "left alone", "floor", 2))
    assert [label for label, _ in plot.groups] == ["x", "left alone"]
    ((floor,),) = [marks for label, marks in plot.groups if label == "left alone"]
    assert floor.is_floor and floor.at > 0


def test_a_floor_is_a_place_on_the_row_of_its_series_and_no_row_of_its_own():
    rows = [row("a", "x", "p", 8), row("a", "x", "p, floor", 2), row("a", "x", "q", 6)]
    (plot,) = drawn(*rows)
    ((_, (p, q)),) = plot.groups
    assert (p.series, p.floor < p.at, q.floor) == ("p", True, None)
    (plot,) = drawn(row("a", "x", "p", 8), row("a", "x", "floor: chance", 2))
    ((_, (p,)),) = plot.groups
    assert p.floor < p.at


def test_floors_that_no_figure_has_for_itself_are_open_rows_under_their_own_names():
    rows = [row("a", "x", "p", 8), row("a", "x", "q", 6), row("a", "x", "floor: upside down", 2)]
    (plot,) = drawn(*rows)
    ((_, marks),) = plot.groups
    assert [mark.series for mark in marks] == ["p", "q", "upside down"]
    assert [mark.is_floor for mark in marks] == [False, False, True]
    (plot,) = drawn(rows[0], rows[2], row("a", "x", "floor: another car's", 1))
    assert len(plot.groups[0][1]) == 3, "one of two floors would hide the other"


def test_the_floors_of_lines_are_lines_after_them():
    numbers = [(1, 9), (2, 8)]
    lines = [row("a", str(n), "p", value) for n, value in numbers]
    floors = [row("a", str(n), "floor: chance", 1) for n, _ in numbers]
    (plot,) = drawn(*floors, *lines)
    assert [(line.series, line.is_floor) for line in plot.lines] == [("p", False), ("chance", True)]


def test_labels_that_are_numbers_make_lines_whose_names_do_not_touch():
    rows = [row("a", n, name, 50 + at) for at, name in enumerate("pqrs") for n in ("1", "10", "2")]
    (plot,) = drawn(*rows)
    assert plot.groups == ()
    ends = sorted(line.end for line in plot.lines)
    assert all(after - before >= GAP - 0.01 for before, after in pairwise(ends))
    assert ends[0] >= 0 and ends[-1] <= 100
    first = next(line for line in plot.lines if line.series == "p")
    assert [point.split(",")[0] for point in first.points.split()] == ["0", "11.11", "100"]
    assert (plot.along, plot.steps[0], plot.steps[-1]) == ((1, 10), ("1", 0), ("10", 100))


CALLED = re.compile(r"^ *\{\{ (chart|finding)\((.*)\) \}\}$", re.MULTILINE)
TITLE = re.compile(r'\("[^"]*", "([^"]*)"\)')
ASKS = ("How", "Which", "Whether", "Why")


def test_every_chart_of_the_site_says_what_it_found_and_does_not_merely_ask(materials):
    pages = {path: CALLED.findall(text) for path, text in materials.prose.items()}
    charts = [(path, call) for path, calls in pages.items() for call in calls]
    assert len(charts) > 20
    for path, (name, said) in charts:
        titles = TITLE.findall(said) if name == "chart" else [said.split('", "')[2].strip('"')]
        begun = any(other == "finding" for other, _ in pages[path])
        assert titles or begun, f"{path}: a chart has no finding"
        for title in titles:
            asks = title.endswith("?") or title.split(maxsplit=1)[0] in ASKS
            assert not asks, f"{path}: {title}"


def test_nothing_has_a_line_of_its_own_where_figures_lie_on_either_side_of_it():
    (plot,) = drawn(row("a", "x", "p", -4), row("a", "y", "p", 6))
    assert 0 < plot.zero < 100
    assert (plot.ticks[0][1], dict(plot.ticks)["0"]) == (0, plot.zero)
    (plot,) = drawn(row("a", "x", "p", 6))
    assert plot.zero == 0


def test_a_chart_without_a_floor_does_not_speak_of_one():
    (bare,) = drawn(row("a", "x", "p", 8))
    (based,) = drawn(row("a", "x", "p", 8), row("a", "x", "floor: chance", 2))
    assert (bare.has_floor, based.has_floor) == (False, True)
