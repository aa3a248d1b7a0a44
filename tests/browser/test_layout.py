"""How pages lie in windows low and narrow: what is drawn alike is as large, nothing is covered."""

import pytest
from in_page import SHIFT

PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
PHONE, ASIDE, LAPTOP = (390, 844), (844, 390), (1366, 768)
LOW = "(e, kind) => parseFloat(getComputedStyle(e, kind).bottom)"


@pytest.mark.parametrize("path", ["/ball/", "/paint/"])
def test_a_phone_on_its_side_has_more_than_a_headline_in_its_first_window(visit, path):
    page = visit(path, size=ASIDE)
    box = page.locator("h1").bounding_box()
    assert box["height"] < ASIDE[1] / 4
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
    assert page.locator("h1").evaluate("e => getComputedStyle(e).fontSize") == "42.72px"


def test_on_a_phone_on_its_side_the_ball_and_its_surroundings_stand_abreast(visit):
    page = visit("/ball/", size=ASIDE)
    hint, article = (page.locator(name).first.bounding_box() for name in (".ball-hint", "article"))
    assert hint["width"] > 0.9 * article["width"] - 40
    ball, around = (page.locator(name).bounding_box() for name in (".ball-stage", ".ball-around"))
    assert ball["x"] + ball["width"] <= around["x"]
    assert abs(ball["height"] - around["height"]) < 3


def test_the_letters_of_events_stand_under_the_slider_of_a_low_window(visit):
    page = visit("/steps/", size=ASIDE)
    ticks = page.locator("step-lab .lab-tick")
    assert ticks.count() == 3
    assert all(tick.is_visible() for tick in ticks.all())


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_letters_on_a_car_and_around_it_are_of_one_size(visit, size):
    """They are a share of their pictures' width."""
    page = visit("/measurements/chrome/", size=size)
    wide = [
        page.locator(f"img[src*=chrome-{name}]").bounding_box() for name in ("looking", "around")
    ]
    assert abs(wide[0]["width"] - wide[1]["width"]) < 1


EDGES = """names => names.map(name => {
    const { left, right } = document.querySelector(name).getBoundingClientRect()
    return [left, right]
})"""
TEXT = """link => {
    const range = document.createRange()
    range.selectNodeContents(link)
    const { left, right } = range.getBoundingClientRect(), box = link.getBoundingClientRect()
    return [left - box.left, box.right - right]
}"""


@pytest.mark.parametrize("width", [1220, 1366, 1600])
def test_header_tabs_text_and_picture_of_home_have_the_same_edges(visit, width):
    page = visit("/", size=(width, 800))
    names = (".md-logo img", ".md-tabs__link", "h1", ".staged-picture", ".md-search__form")
    logo, tab, title, picture, search = page.evaluate(EDGES, list(names))
    lefts = [edges[0] for edges in (logo, tab, title, picture)]
    assert max(lefts) - min(lefts) < 1.5
    assert picture[1] == pytest.approx(search[1], abs=1.5)


def test_the_line_below_the_open_section_is_as_long_as_its_word(visit):
    page = visit("/try/", size=LAPTOP)
    link = page.locator(".md-tabs__item--active .md-tabs__link")
    assert link.evaluate(TEXT) == pytest.approx([0, 0], abs=1)
    assert link.evaluate("e => getComputedStyle(e).backgroundSize") == "100% 2px"


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_an_arrow_stands_right_behind_the_words_that_it_opens(visit, size):
    """It flows with them, after a little room."""
    page = visit("/measurements/repaint/", size=size)
    looks = page.locator("details.bare > summary").evaluate_all(
        """all => all.map(summary => {
            const { position, display, marginLeft } = getComputedStyle(summary, "::after")
            const flows = !getComputedStyle(summary).display.includes("flex")
            return [position, display, parseFloat(marginLeft) < 10, flows]
        })"""
    )
    assert len(looks) > 1
    assert {tuple(look) for look in looks} == {("static", "inline-block", True, True)}


def test_the_keys_see_which_of_the_painters_choices_they_stand_on(visit):
    """Its mark is not drawn: the edge says it."""
    page = visit("/paint/", size=LAPTOP)
    chip = page.locator("[data-chip=world]").first
    chip.focus()
    page.keyboard.press("ArrowRight")
    look = "e => getComputedStyle(e.closest('label')).outlineStyle"
    assert page.locator("[data-chip=world]:focus").evaluate(look) == "solid"


def test_parts_of_pictures_abreast_are_as_high(visit):
    page = visit("/check/", size=(1220, 900))
    for group in page.locator(".close-ups").all():
        highs = [each.bounding_box()["height"] for each in group.locator("svg").all()]
        assert max(highs) - min(highs) < 1.5


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/comparisons/guidance/", "One thing changed"),
        ("/ideas/chrome-desert/", "Every car, one try each"),
        ("/measurements/guidance/", "What does guidance do?"),
    ],
)
def test_the_menu_says_where_the_page_stands_by_one_item(visit, path, name):
    page = visit(path, size=LAPTOP)
    bold = """[...document.querySelectorAll(".md-sidebar--primary a.md-nav__link")].filter(a =>
        a.checkVisibility() && getComputedStyle(a).fontWeight === "630" && a.closest("ul ul")
    ).map(a => a.textContent.trim())"""
    assert page.evaluate(bold) == [name]


def test_an_arrow_to_the_loop_stands_above_its_way_back(visit):
    loop = visit("/workflow/", size=PHONE).locator(".path-loop")
    arrow = loop.evaluate(LOW, "::before")
    high = loop.bounding_box()["height"]
    assert arrow >= high + loop.locator(".path-track").bounding_box()["height"] - 5


def test_what_cites_a_box_of_the_diagram_stands_on_its_line_and_its_tags_have_a_ground(visit):
    page = visit("/workflow/", size=PHONE)
    cited = page.locator(".diagram-box .evidence.cited:visible").first
    assert cited.evaluate("e => getComputedStyle(e).verticalAlign") == "baseline"
    tag = page.locator(".diagram-measured .evidence.measured:visible").first
    plain = page.locator(".diagram-box").first
    ground = "e => getComputedStyle(e).backgroundColor"
    assert tag.evaluate(ground) not in (plain.evaluate(ground), "rgba(0, 0, 0, 0)")


@pytest.mark.parametrize("path", ["/workflow/", "/comparisons/steps/"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_letters_that_come_late_move_nothing(watched, address, path, size):
    watch, held = watched(), []
    page = watch.context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(f"{address}{path}", wait_until="domcontentloaded")
    page.wait_for_function(PAINTED)
    page.wait_for_timeout(500)
    assert held
    for each in held:
        each.continue_()
    page.wait_for_load_state("load")
    assert page.evaluate("document.fonts.check('16px Inter')")
    assert page.evaluate(SHIFT) == 0
    assert watch.problems == []
    watch.context.close()


# A heading's left edge and the line that it stands on, those of its text, and where this ends.
BESIDE = """head => {
    const text = head.nextElementSibling
    const line = e => {
        const mark = document.createElement("span")
        mark.style.display = "inline-block"
        e.prepend(mark)
        const {left, bottom} = mark.getBoundingClientRect()
        mark.remove()
        return [left, bottom]
    }
    return [...line(head), ...line(text), text.getBoundingClientRect().right]
}"""


@pytest.mark.parametrize("width", [1219, 1220, 1920])
def test_on_home_a_heading_hangs_beside_its_text_where_there_is_room(visit, width):
    page = visit("/", size=(width, 900))
    heads = page.locator("article > h2:has(+ p)")
    assert heads.count() > 3
    right = page.locator(".staged").evaluate("e => e.getBoundingClientRect().right")
    for head in heads.all():
        left, over, text, over_text, end = head.evaluate(BESIDE)
        if width < 1220:
            assert left == text and over < over_text
        else:
            assert left < text and abs(over - over_text) < 1 and abs(end - right) < 1
    for wipe in page.locator(".wipe").all() if width >= 1220 else ():
        panel, stage = wipe.bounding_box(), wipe.locator(".wipe-stage").bounding_box()
        assert panel["x"] + panel["width"] <= right
        assert 0 < panel["width"] - stage["width"] < 60, "no wider than its picture"
