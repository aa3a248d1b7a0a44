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
