"""The slider over the step at which the words of a run change, in a page of its own."""

import re
from collections.abc import Iterator

import pytest
import turned
from alone import DOCS, html_of, visits
from fingers import PHONE, drag, on
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

# How far the line lies right of a share of the plot, and its ends from the plot's: pixels.
LINE = """(field, along) => {
    const plot = field.querySelector(":scope > svg").getBoundingClientRect()
    const line = field.querySelector(".turning-at").getBoundingClientRect()
    const off = line.left + line.width / 2 - (plot.left + plot.width * along)
    return [off, line.top - plot.top, line.bottom - plot.bottom]
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
    assert cell(page) == 2, "the last step that half of the runs follow"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert cell(page) == 3
    expect(page.locator("[data-out=step]")).to_have_text("3")
    figures = page.locator("[data-curve=world] details [data-values]")
    expect(figures).to_have_text(["0 (none)", "0 (none)"])
    expect(page).to_have_url(re.compile("#turning.pair-world-snow.step-3$"))
    assert slider.get_attribute("aria-valuetext").startswith(
        "“desert” for 3 of 4 steps, then “snow”"
    )
    page.keyboard.press("Home")
    expect(figures).to_have_text(["100 (all)"] * 2)
    line = page.locator("[data-curve=world] .turning-at")
    assert line.evaluate("e => e.style.getPropertyValue('--along')") == "0"


@pytest.mark.parametrize("width", [360, 390, 800, 1366])
def test_the_line_stands_in_the_plot_at_the_step_of_the_slider(opened, width):
    page = opened().page
    page.set_viewport_size({"width": width, "height": 800})
    slider = page.get_by_role("slider")
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    for step in (0, 1, 4):
        slider.fill(str(step))
        off, above, below = page.locator("[data-curve=world] .plot-field").evaluate(LINE, step / 4)
        assert abs(off) <= 1.5
        assert abs(above) <= 1.5 and abs(below) <= 1.5, "it strikes through no name"


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


def test_what_comes_of_a_step_is_said_in_words_of_such_runs_alone(opened):
    page = opened().page
    says = page.locator("[data-curve=world] li:visible")
    expect(says).to_have_text(["In the mirror the new words still win in nearly all such runs"])
    page.get_by_role("slider").press("ArrowRight")
    expect(says).to_have_text(["In the mirror it is too late in nearly all such runs"])
    page.get_by_text("chrome to gold", exact=True).click()
    expect(page.locator("[data-curve=paint] li:visible")).to_have_count(2)
    expect(page.get_by_text("100 (all)").first).to_be_hidden()
    expect(page.get_by_text("Drag the slider")).to_be_visible()


def test_a_pair_that_does_not_come_is_told_the_old_one_stays_and_the_next_tap_tries_again(opened):
    page = opened().page
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    page.route("**/turning-paint-gold.webp", lambda route: route.abort())
    page.get_by_text("chrome to gold", exact=True).click()
    expect(page.locator(".late")).to_contain_text("“chrome to gold” did not come")
    expect(page.get_by_role("radio", name="desert to snow")).to_be_checked()
    expect(page.locator("[data-pair=world-snow] img")).to_be_visible()
    expect(page).to_have_url(re.compile("world-snow"))
    page.unroute("**/turning-paint-gold.webp")
    page.get_by_text("chrome to gold", exact=True).click()
    expect(page.locator("[data-pair=paint-gold] img")).to_be_visible()
    expect(page.locator(".late")).to_be_empty()


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1366, 768)])
def test_choices_picture_and_slider_fit_into_a_window(visit, size):
    page = visit("/measurements/turning/", size=size)
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    head = page.locator(".md-header").bounding_box()["height"]
    top = page.locator("change-mind").bounding_box()["y"]
    last = page.locator("change-mind li:visible").last.bounding_box()
    assert last["y"] + last["height"] - top <= size[1] - head


def test_the_slider_follows_a_finger_and_forgets_one_that_scrolls_the_page(visit):
    page = visit("/measurements/turning/", **PHONE)
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    page.locator("change-mind .choices label").nth(1).tap()
    slider = page.locator("change-mind .slider")
    slider.evaluate("e => e.scrollIntoView({ block: 'center' })")
    last, before = slider.get_attribute("max"), page.evaluate("scrollY")
    drag(page, on(slider, 0.5, 0.5), (300, 8))
    expect(slider).to_have_value(last)
    expect(page).to_have_url(re.compile(f"step-{last}$"))
    assert page.evaluate("scrollY") == before
    drag(page, on(slider, 0.1, 0.5), (4, -150))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    expect(slider).to_have_value(last)
    expect(page.locator("change-mind [data-out=step]")).to_have_text(last)
    expect(page).to_have_url(re.compile(f"step-{last}$"))


def test_a_link_opens_its_pair_at_its_step(opened):
    page = opened("#turning.pair-paint-gold.step-4").page
    expect(page.locator("[data-pair=paint-gold]")).to_be_visible()
    assert cell(page) == 4
    expect(page.get_by_role("radio", name="chrome to gold")).to_be_checked()


def test_a_link_to_this_view_says_what_came_of_it(opened):
    page = opened().page
    link = page.locator("change-mind [data-out=link]")
    page.get_by_role("slider").press("ArrowRight")
    expect(link).to_have_text("Link to this view")
    link.evaluate(
        """link => { globalThis.told = new Promise(tell =>
            new MutationObserver(() => tell(link.textContent)).observe(link, { childList: true }))
        }"""
    )
    link.click()
    assert page.evaluate("told") in ("Link copied", "The link is in the address bar")
    assert page.evaluate("location.hash") == "#turning.pair-world-snow.step-3"


def test_at_the_last_step_no_words_follow_and_the_verdict_says_what_it_counts(opened):
    page = opened().page
    slider, line = page.get_by_role("slider"), page.locator("change-mind .lab-line")
    expect(line).to_have_text("“desert” for 2 of 4 steps, then “snow”")
    slider.press("End")
    expect(line).to_have_text("“desert” for 4 of 4 steps; none is left for “snow”")
    assert "; none is left for “snow”. " in slider.get_attribute("aria-valuetext")
    counts = page.get_by_text(
        "The picture is one run. Counted over all such runs, of 8 pairs of words:"
    )
    expect(counts.locator("visible=true")).to_have_count(1)


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1366, 768)])
def test_a_link_to_a_step_leads_to_slider_and_picture_and_loading_again_does_not(visit, size):
    page = visit("/measurements/turning/#turning.pair-view-front.step-8", size=size)
    sheet = page.locator("[data-pair=view-front] .turning-sheet")
    expect(page.get_by_role("slider")).to_be_in_viewport(ratio=1)
    expect(sheet).to_be_in_viewport(ratio=0.5 if size[1] < 400 else 1)
    assert page.evaluate("scrollY") > 0
    page.get_by_role("slider").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"step-9$"))
    page.evaluate("scrollTo(0, 0)")
    page.reload()
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
def test_the_slider_stands_near_the_top_and_above_its_picture(visit, size):
    page = visit("/measurements/turning/", size=size)
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    slider, sheet = page.get_by_role("slider"), page.locator(".turning-sheet:visible")
    expect(slider).to_be_in_viewport(ratio=1)
    low = slider.bounding_box()["y"] + slider.bounding_box()["height"]
    assert low <= sheet.bounding_box()["y"]
    if size[0] > 1000:
        expect(sheet).to_be_in_viewport(ratio=1)


def test_each_pair_counts_what_its_words_change_and_calls_it_so(visit):
    page = visit("/measurements/turning/")
    expect(page.locator("change-mind.turning-ready")).to_be_visible()
    heads = page.locator("change-mind li:visible b")
    for caption, counted in (
        ("desert to snow, matte", ["Behind a matte car"]),
        ("chrome to gold", ["Colour"]),
        ("red to chrome", ["Finish", "Colour"]),
    ):
        page.get_by_text(caption, exact=True).click()
        expect(heads).to_have_text(counted)


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
