"""The way of a keyboard and of a thumb over a page: no stop unseen or too small, the lab soon."""

from itertools import pairwise

import pytest
from brought import bring, shot
from playwright.sync_api import expect

STOP = """() => {
    const element = document.activeElement
    const {top, bottom, height} = element.getBoundingClientRect()
    const header = document.querySelector(".md-header").getBoundingClientRect()
    const fixed = element.closest(".md-header, .md-skip") !== null
    return {name: element.id || element.className, top, bottom, height, fixed, low: header.bottom}
}"""


FROM_MIDDLE = """buttons => buttons.map(button => {
    const says = document.createRange()
    says.selectNodeContents(button)
    const [inside, around] = [says, button].map(each => each.getBoundingClientRect())
    return inside.top + inside.bottom - around.top - around.bottom
})"""  # pixels, twice


def test_the_lab_is_reached_in_a_few_tabs_with_its_pictures_in_the_window(visit):
    page = visit("/steps/")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == "Skip to the lab":
            break
    page.keyboard.press("Enter")
    slider = page.locator("step-lab .slider")
    page.wait_for_function("() => document.activeElement.matches('step-lab .slider')")
    page.wait_for_function(
        "() => document.querySelector('.lab-panes').getBoundingClientRect().top > 0"
    )
    low = page.evaluate("document.querySelector('.md-header').getBoundingClientRect().bottom")
    assert page.locator(".lab-panes").bounding_box()["y"] >= low - 1
    box = slider.bounding_box()
    assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_lab_s_slider_is_at_most_twelve_tabs_from_the_top_without_its_skip_link(visit, size):
    """The lists beside the text come after it, and to the eye stand where they always did."""
    page = visit("/steps/", size=size)
    slider = page.locator("step-lab .slider")
    page.locator("step-lab.lab-ready").wait_for()
    tabs = 0
    while not slider.evaluate("e => e.matches(':focus')"):
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 12
    if size[0] > 1220:
        columns = (".md-sidebar--primary", "article", ".md-sidebar--secondary")
        sides = [page.locator(column).bounding_box() for column in columns]
        assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(sides)), (
            sides
        )


def test_a_page_without_a_lab_has_no_way_to_one(visit):
    assert visit("/models/").get_by_text("Skip to the lab").count() == 0


def test_the_keyboard_stops_nowhere_that_is_not_seen(visit):
    """Not in a search that is closed, nor, on the way back, under the header."""
    page = visit("/steps/")
    page.evaluate("[...document.querySelectorAll('article a.cited')].at(-1).focus()")
    page.keyboard.press("Shift+Tab")
    stops = []
    for _ in range(70):
        page.keyboard.press("Shift+Tab")
        stops.append(page.evaluate(STOP))
    assert [stop["name"] for stop in stops if not stop["height"]] == []
    under = [stop["name"] for stop in stops if not stop["fixed"] and stop["bottom"] <= stop["low"]]
    assert under == []


# Where the keys stand, if what stays in its place while the page scrolls covers all of it.
COVERED = """() => {
    const element = document.activeElement
    const {left, right, top, bottom} = (element.closest("label") ?? element).getBoundingClientRect()
    const across = [left + 2, (left + right) / 2, right - 2]
    const down = [top + 2, (top + bottom) / 2, bottom - 2]
    const places = across.flatMap(x => down.map(y => document.elementFromPoint(x, y)))
    const over = places.map(each => each?.closest(".md-header, .own-left, painted-before figure"))
    const covered = over.every(each => each && !each.contains(element))
    return covered ? [element.name || element.id || element.className || element.textContent] : []
}"""


@pytest.mark.parametrize(
    ("path", "last"),
    [
        ("/paint/", ".md-footer a"),
        ("/your-picture/", ".md-footer a"),
        ("/ideas/chrome-studio/", ".md-footer a"),
        ("/workflow/", ".md-footer a"),
        ("/comparisons/guidance/", ".md-footer a"),
    ],
)
def test_on_a_phone_nothing_that_stays_in_sight_covers_where_the_keys_go_back_to(visit, path, last):
    page = visit(path, size=(390, 844))
    if path == "/your-picture/":
        bring(page, shot())
    page.locator(last).last.focus()
    covered, stops = [], 0
    while stops < 200 and not page.locator(".md-header :focus").count():
        covered += page.evaluate(COVERED)
        page.keyboard.press("Shift+Tab")
        stops += 1
    assert stops > 20
    assert covered == []


def test_a_closed_drawer_holds_no_stop_and_an_open_one_only_what_it_shows(visit):
    page = visit("/steps/", size=(390, 844), reduced_motion="reduce")
    drawer = "() => document.activeElement.closest('.md-sidebar--primary') !== null"
    for _ in range(40):
        page.keyboard.press("Shift+Tab")  # the drawer comes after the text
        assert not page.evaluate(drawer)
    page.locator("label.md-header__button[for=__drawer]").click()
    page.locator(".md-sidebar--primary a:visible").first.wait_for()
    page.wait_for_timeout(400)  # it slides in
    links = page.locator(".md-sidebar--primary a:visible").all()
    assert len(links) >= 3
    assert all(0 <= link.bounding_box()["x"] < 390 for link in links)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_the_drawer_goes_into_it_and_comes_back_on_escape(visit, key):
    page = visit("/measurements/quiz/", size=(390, 844), reduced_motion="reduce")
    menu = page.get_by_label("Menu", exact=True)
    stops = 0
    while not menu.evaluate("e => e.matches(':focus')"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 5
    drawer = page.locator("#__drawer")
    page.keyboard.press(key)
    expect(drawer).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator(".md-sidebar--primary :is(a, label):focus")).to_have_count(1)
    page.wait_for_timeout(400)  # it slides in
    box = page.locator(":focus").bounding_box()
    assert 0 <= box["x"] < 390
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_checked()
    expect(menu).to_be_focused()


def test_what_opens_a_section_beside_the_text_has_a_name_and_opens_by_either_key(visit):
    page = visit("/measurements/quiz/")
    opener = page.locator(".md-sidebar--primary label[aria-label=Papers]")
    section = page.locator(f"#{opener.get_attribute('for')}")
    opener.focus()
    for key, opened in (("Space", True), ("Enter", False)):
        page.keyboard.press(key)
        expect(section).to_be_checked(checked=opened)
    labels = page.locator("label[tabindex='0']:visible")
    assert labels.count() > 3
    for label in labels.all():
        assert label.get_attribute("aria-label") or label.inner_text().strip()


@pytest.mark.parametrize(
    ("path", "what", "high"),
    [
        ("/measurements/decided/", ".md-header__button:visible", 44),
        ("/measurements/decided/", ".measurement figcaption a[download]", 44),
        ("/ideas/chrome-studio/", ".lab-take a[download]", 44),
        ("/ideas/chrome-studio/", ".lab-link", 44),
        ("/measurements/turning/", ".lab-link", 44),
    ],
)
def test_a_thumb_hits_what_stands_alone(visit, path, what, high):
    page = visit(path, size=(390, 844), has_touch=True, is_mobile=True)
    heights = [each.bounding_box()["height"] for each in page.locator(what).all()]
    assert heights
    assert min(heights) >= high


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_what_a_button_says_stands_in_its_middle_and_a_ring_crosses_nothing(visit, width):
    page = visit("/steps/", size=(width, 844))
    page.locator(".lab-event").first.wait_for()
    off = page.locator(".lab-event").evaluate_all(FROM_MIDDLE)
    assert len(off) == 3
    assert max(map(abs, off)) <= 3
    slider = page.locator("step-lab .slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    ring = "e => parseFloat(getComputedStyle(e).outlineOffset) * -1"
    assert slider.evaluate(ring) >= slider.evaluate(
        "e => parseFloat(getComputedStyle(e).outlineWidth)"
    )
