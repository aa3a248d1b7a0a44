"""The slider over the step at which the words of a run change, in a page of its own."""

from collections.abc import Iterator

import pytest
import turned
from alone import DOCS, html_of, visits
from playwright.sync_api import Browser, Page, expect

from gen.core import inputs
from gen.publish import turning
from gen.publish.draft import Draft
from gen.publish.materials import Materials

CELL = """sheet => {
    const at = sheet.getBoundingClientRect()
    const image = sheet.firstElementChild.getBoundingClientRect()
    return Math.round((at.left - image.left) / at.width)
}"""


@pytest.fixture(scope="module")
def html() -> str:
    known = {"turning": turned.measurement()}
    sizes = dict.fromkeys(turned.SHEETS, turned.SIZE)
    made_from = Materials(DOCS.parent, inputs.read(DOCS.parent), measurements=known, sizes=sizes)
    draft = Draft(made_from, "measurements/turning.md")
    turning.turning(draft, "turning", *turned.SHOWN)
    return html_of(draft)


@pytest.fixture
def opened(browser: Browser, html: str) -> Iterator:
    with visits(browser, html, "measurements/turning/", turned.sheet) as visit:
        yield visit


def cell(page: Page) -> int:
    """Which picture of its sheet is on show."""
    return page.locator(".turning-sheet:visible").evaluate(CELL)


def test_the_slider_moves_the_step_in_picture_words_curve_and_address(opened):
    page = opened().page
    slider = page.get_by_role("slider")
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    assert cell(page) == 2
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert cell(page) == 3
    expect(page.locator("[data-out=step]")).to_have_text("3")
    figures = page.locator("[data-curve=world] [data-values]")
    expect(figures).to_have_text(["0 (0 to 0)", "0 (0 to 0)"])
    assert page.evaluate("location.hash") == "#turning.pair-world-snow.step-3"
    assert slider.get_attribute("aria-valuetext").startswith(
        "“desert” for 3 of 4 steps, then “snow”"
    )
    page.keyboard.press("Home")
    expect(figures).to_have_text(["100 (100 to 100)"] * 2)
    field = page.locator("[data-curve=world] .plot-field")
    assert field.evaluate("e => e.style.getPropertyValue('--along')") == "0"


def test_another_pair_brings_its_own_sheet_curve_and_words_and_no_other_is_fetched(opened):
    visit = opened()
    page = visit.page
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    page.wait_for_load_state("networkidle")
    fetched = [path for path in visit.fetched if path.endswith(".webp")]
    assert fetched == ["measurements/turning-world-snow.webp"]
    page.get_by_text("chrome to gold", exact=True).click()
    expect(page.locator("[data-pair=paint-gold] img")).to_be_visible()
    expect(page.locator("[data-pair=world-snow]")).to_be_hidden()
    expect(page.locator("[data-curve=world]")).to_be_hidden()
    expect(page.locator("[data-curve=paint]")).to_be_visible()
    expect(page.locator(".lab-line")).to_have_text("“chrome” for 2 of 4 steps, then “gold”")
    link = page.get_by_text("Link to this view").get_attribute("href")
    assert link.endswith("#turning.pair-paint-gold.step-2")


def test_a_link_opens_its_pair_at_its_step(opened):
    page = opened("#turning.pair-paint-gold.step-4").page
    expect(page.locator("[data-pair=paint-gold]")).to_be_visible()
    assert cell(page) == 4
    expect(page.get_by_role("radio", name="chrome to gold")).to_be_checked()


@pytest.mark.parametrize("fragment", ["#turning.step-99", "#turning.pair-nothing", "#other.step-1"])
def test_a_link_to_nothing_leaves_the_page_whole(opened, fragment):
    page = opened(fragment).page
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    assert 0 <= cell(page) <= 4
    expect(page.locator("[data-pair=world-snow]")).to_be_visible()


def test_without_a_script_every_sheet_and_curve_stands_there_whole(opened):
    page = opened(java_script_enabled=False).page
    for sheet in page.locator(".turning-sheet img").all():
        expect(sheet).to_be_visible()
        box = sheet.bounding_box()
        assert box["width"] > 5 * box["height"], "the whole row of cells"
    expect(page.locator("[data-curve] .plot")).to_have_count(2)
    expect(page.get_by_role("slider")).to_have_count(0)


def test_it_weighs_little_before_its_pictures():
    own = ("docs/assets/js/change-mind.js", "docs/assets/css/labs/turning.css")
    assert sum((DOCS.parent / name).stat().st_size for name in own) < 60_000
