"""A measurement's page begins with what was found and shows it; how it was measured is folded."""

import pytest

WINDOWS = [(390, 844), (1366, 768)]
ASKS = "/measurements/where/"  # before it tells
LEAST = 40  # CSS pixels of a chart or picture that are seen at least
FIRST = """() => {
    const shown = document.querySelectorAll("article :is(figure, img, canvas)")
    const first = [...shown].find(each => each.getBoundingClientRect().height > 0)
    const text = [...document.querySelectorAll("h1 ~ p")].find(each => each.textContent.trim())
    return [text.querySelector("a.evidence") !== null, first.getBoundingClientRect().top]
}"""


@pytest.mark.parametrize("size", WINDOWS, ids=["phone", "laptop"])
def test_the_first_screen_of_a_measurement_claims_with_evidence_and_shows(visit, paths, size):
    every = [path for path in paths if path.startswith("/measurements/") and path.count("/") > 2]
    assert len(every) > 15
    page, late = visit("/", size=size), []
    top_of_site = page.url.removesuffix("/")
    for path in every:
        page.goto(f"{top_of_site}{path}")
        claims, top = page.evaluate(FIRST)
        if not (claims or path == ASKS) or top > size[1] - LEAST:
            late.append((path, claims, top))
    assert late == []


def test_on_paper_how_it_was_measured_is_whole_though_nobody_opened_it(visit):
    page = visit("/measurements/repaint/")
    last = page.locator("details.method p").last
    assert not last.is_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert last.is_visible()
    figures = page.locator("details.lab-more", has_text="The figures")
    assert not figures.is_visible(), "what else was closed stays away"


@pytest.mark.parametrize("path", ["/measurements/places/", "/steps/"])
def test_what_stands_over_a_column_of_tiles_stands_over_that_column(visit, path):
    page = visit(path, size=(1366, 768))
    sheet = page.locator(".tiles-rows:has(.tiles-columns)").first
    across = sheet.locator(".tiles-columns span").count()
    row = sheet.locator(".tiles-row").first.bounding_box()
    for at, box in enumerate(
        each.bounding_box() for each in sheet.locator("span span, p span").all()
    ):
        assert box["x"] == pytest.approx(row["x"] + row["width"] * at / across, abs=2)


@pytest.mark.parametrize("path", ["/steps/", "/measurements/under/"])
@pytest.mark.parametrize("width", [320, 390, 768, 1220])
def test_a_sheet_of_tiles_shows_all_of_them_or_says_that_it_moves(visit, width, path):
    page = visit(path, size=(width, 900))
    for sheet in page.locator(".tiles").all():
        frame = sheet.locator(".tiles-scroll")
        cut = frame.evaluate("e => e.scrollWidth - e.clientWidth") > 0
        assert sheet.locator(".tiles-hint:visible").count() == cut
        assert not cut or width < 720


def test_a_row_that_a_figure_leads_to_is_marked_whole(visit):
    page = visit("/measurements/repaint/#row-mirror-fine-painted", size=(390, 844))
    row = page.locator("#row-mirror-fine-painted")
    row.locator("th").wait_for()
    look = "cells => new Set(cells.map(cell => getComputedStyle(cell).backgroundColor)).size"
    assert row.locator("th, td").evaluate_all(look) == 1
    assert row.locator("th").evaluate("e => getComputedStyle(e).backgroundColor") != page.locator(
        "body"
    ).evaluate("e => getComputedStyle(e).backgroundColor")


def test_words_of_a_table_of_figures_stand_left_and_figures_right(visit):
    page = visit("/measurements/repaint/", size=(1220, 900))
    page.get_by_text("The figures", exact=True).click()
    sides = page.locator("table.lab-named tbody tr:first-child > *").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell).textAlign)"
    )
    assert sides == ["left", "left", "right", "right", "right", "left"]
    lines = page.locator("table.lab-named td:nth-child(4)").evaluate_all(
        """cells => cells.filter(cell => cell.firstChild).map(cell => {
            const range = document.createRange()
            range.selectNodeContents(cell)
            return new Set([...range.getClientRects()].map(each => each.top)).size
        })"""
    )
    assert set(lines) == {1}, "an interval stays on its line"


def test_pictures_below_a_chart_stand_under_their_places_on_its_axis(visit):
    page = visit("/measurements/turning/", size=(768, 900))
    middle = "es => es.map(e => e.getBoundingClientRect()).map(b => b.left + b.width / 2)"
    chart = page.locator(".plot:visible:has(.plot-pictures)").first
    pictures = chart.locator(".plot-pictures:not([hidden]) > span").evaluate_all(middle)
    ticks = chart.locator(".plot-axis span").evaluate_all(middle)
    assert len(pictures) == len(ticks) == 6
    assert pictures == pytest.approx(ticks, abs=2)


LOOKS = """(scheme) => {
    document.body.setAttribute("data-md-color-scheme", scheme)
    const look = (each) => {
        const { stroke, strokeDasharray } = getComputedStyle(each)
        return `${stroke} ${strokeDasharray}`
    }
    return [...document.querySelectorAll(".plot-field")].map((field) => [
        [...field.querySelectorAll("polyline")].map(look),
        [...field.querySelectorAll(".plot-names path")].map(look),
    ])
}"""


def test_no_two_lines_of_a_chart_look_alike_and_each_name_has_its_line_s_look(visit, paths):
    page, charts = visit("/"), 0
    top_of_site = page.url.removesuffix("/")
    for path in (path for path in paths if path.startswith("/measurements/")):
        page.goto(f"{top_of_site}{path}")
        for scheme in ("default", "slate"):
            for lines, names in page.evaluate(LOOKS, scheme):
                charts += 1
                assert len(set(lines)) == len(lines), f"{path}, {scheme}: {lines}"
                assert names == lines, f"{path}, {scheme}"
    assert charts > 40


FIGURES = """() => [...document.querySelectorAll("figure > .plot .plot-says")]
    .map((says) => [says.textContent, says.offsetHeight, says.scrollWidth - says.clientWidth])"""


@pytest.mark.parametrize("size", WINDOWS, ids=["phone", "laptop"])
def test_the_figures_of_a_chart_stand_on_one_line(visit, size):
    page = visit("/measurements/repaint/", size=size)
    said = page.evaluate(FIGURES)
    assert len(said) > 40
    one_line = max(high for _, high, _ in said[:1])
    assert [each for each in said if each[1] > one_line or each[2] > 0] == []
