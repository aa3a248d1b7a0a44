"""What a page shows of runs that turn: whole sheets, curves, and what a link may name."""

from dataclasses import replace

import pytest
import turned
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish import findings, turning
from gen.publish.draft import Draft


@pytest.fixture
def draft(materials) -> Draft:
    known = {**materials.measurements, "turning": turned.measurement()}
    sizes = {**materials.sizes, **dict.fromkeys(turned.SHEETS, turned.SIZE)}
    return Draft(replace(materials, measurements=known, sizes=sizes), "measurements/turning.md")


def shown(draft, *pairs):
    turning.turning(draft, "turning", *(pairs or turned.SHOWN))
    return LexborHTMLParser(draft.blocks[-1])


def test_every_sheet_stands_there_whole_with_what_it_shows_in_words(draft):
    page = shown(draft)
    figures = page.css("[data-pair]")
    assert [f.attributes["data-kind"] for f in figures] == ["world", "paint"]
    for figure, file in zip(figures, turned.SHEETS, strict=True):
        image = figure.css_first("img")
        assert image.attributes["src"] == f"../../measurements/{file}"
        assert image.attributes["loading"] == "lazy"
    alt = figures[0].css_first("img").attributes["alt"]
    assert "5 pictures from one noise" in alt and "“desert” a step longer" in alt
    assert "0, 1, 2 and so on to 4 of 4 steps" in figures[0].css_first("figcaption").text()


def test_each_kind_has_its_curve_once_and_a_figure_for_every_step(draft):
    page = shown(draft, *turned.SHOWN, ("world-snow", "again", "desert", "snow"))
    curves = page.css("[data-curve]")
    assert [c.attributes["data-curve"] for c in curves] == ["world", "paint"]
    values = [b.attributes["data-values"].split("|") for b in curves[0].css("b[data-values]")]
    assert [len(each) for each in values] == [turned.STEPS + 1] * 2
    assert values[0][1:3] == ["100 (all)", "0 (none)"]
    slider = page.css_first("input[type=range]").attributes
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "4", "2")
    assert page.css_first("b[data-values]").text() == values[0][2]
    words = curves[0].css("span[data-values]")[1].attributes["data-values"].split("|")
    assert words[2:4] == [turning.SAYS[0][1], turning.SAYS[-1][1]]


def test_below_a_curve_stand_pictures_of_its_pair_each_where_it_belongs(draft):
    page = shown(draft, *turned.SHOWN, ("world-snow", "again", "desert", "snow"))
    strips = page.css("[data-curve=world] .plot-pictures")
    assert ["hidden" in strip.attributes for strip in strips] == [False, True]
    assert strips[0].attributes["data-strip"] == "world-snow"
    places = [span.attributes["style"] for span in strips[0].css("span[style^='--at']")]
    assert places == ["--at:0.0%", "--at:25.0%", "--at:50.0%", "--at:75.0%", "--at:100.0%"]
    frames = [frame.attributes["style"] for frame in strips[0].css(".frame")]
    assert all(f"--column:{k};--row:0;--columns:8;" in each for k, each in enumerate(frames))
    assert strips[0].css_first("img").attributes["src"].endswith(turned.SHEETS[0])


def test_a_curve_says_what_it_shows_only_where_all_its_series_do(draft):
    titles = [t.text() for t in shown(draft).css(".plot-title strong")]
    assert titles[0] == "The later a new world is named, the fewer pictures show it"
    measured = draft.materials.measurements["turning"]
    rows = tuple(
        replace(row, value=100 - row.value) if row.series == "colour" else row
        for row in measured.rows
    )
    known = {"turning": replace(measured, rows=rows)}
    other = Draft(replace(draft.materials, measurements=known), draft.path)
    titles = [t.text() for t in shown(other).css(".plot-title strong")]
    assert "a new world" in titles[0] and titles[1].startswith("Read as the new words say: paint")


def test_a_curve_that_stands_above_does_not_come_again_among_the_charts(draft):
    shown(draft)
    findings.chart(draft, "turning")
    assert "Read as the new words say" not in [
        title.text() for title in LexborHTMLParser(draft.blocks[-1]).css(".plot-title strong")
    ]


def test_a_link_may_name_every_pair_and_step(draft):
    states = shown(draft).css_first("change-mind").attributes["data-states"].split()
    assert states == ["pair-world-snow", "pair-paint-gold", *(f"step-{k}" for k in range(5))]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("world-snows", "turning keeps no turning-world-snows.webp; did you mean"),
        ("view-front", "turning has no curve of view"),
    ],
)
def test_what_the_measurement_does_not_have_is_refused_with_its_line(draft, name, says):
    stored = (*draft.materials.measurements["turning"].digests, ("turning-view-front.webp", ""))
    known = {"turning": replace(draft.materials.measurements["turning"], digests=stored)}
    sizes = {**draft.materials.sizes, "turning-view-front.webp": turned.SIZE}
    draft.materials = replace(draft.materials, measurements=known, sizes=sizes)
    with pytest.raises(BadInput, match=f"measurements/turning.md: turning: {says}"):
        turning.turning(draft, "turning", (name, "caption", "old", "new"))
