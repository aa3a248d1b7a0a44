"""The diagram as a reader opens it: keyboard, touch, link, paper, narrow, and without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from in_page import REPEATED, SHIFT
from playwright.sync_api import Page

AXE = Axe().axe_script
PATH = "/workflow/"
DOWN = ("model", "unet", "unet-down-blocks-2", "unet-down-blocks-2-attentions-0")  # a way down
LAST = f"{DOWN[-1]}-transformer-blocks-0-attn2"
FIRST = "document.querySelector('level-diagram')"
OPEN = f"{FIRST}.querySelectorAll('details[open]').length"
FOCUSED = "document.activeElement.textContent.trim()"
OPEN_ALL = "document.querySelectorAll('level-diagram details').forEach(d => d.open = true)"


def level(page: Page, name: str):
    return page.locator(f"#diagram-chrome-desert-{name}")


def opener(page: Page, name: str):
    return page.locator(f"summary:has(+ #diagram-chrome-desert-{name})")


def test_it_opens_closed_and_nothing_moves(visit):
    page = visit(PATH)
    assert page.evaluate(OPEN) == 0
    assert not level(page, "model").is_visible()
    assert page.evaluate(SHIFT) == 0
    assert page.evaluate(REPEATED) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_thumb_opens_it_down_to_the_words_on_the_narrowest_phone(visit, script):
    touch = {"has_touch": True, "is_mobile": True, "java_script_enabled": script}
    page = visit(PATH, size=(320, 640), **touch)
    for name in (*DOWN, LAST):
        opener(page, name).tap()
        assert level(page, name).is_visible()
    last = level(page, LAST)
    assert "keys and values" in last.inner_text().lower()
    for box in last.locator(".diagram-box").all():
        place = box.bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 320
        assert place["width"] >= 140
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_keyboard_opens_goes_up_and_closes(visit):
    page = visit(PATH)
    opener(page, "model").focus()
    page.keyboard.press("Enter")
    for name in (*DOWN[1:], LAST):
        opener(page, name).focus()
        page.keyboard.press("Space")
        assert level(page, name).is_visible()
        assert page.evaluate("location.hash") == f"#diagram-chrome-desert-{name}"
    page.keyboard.press("Tab")  # the trail
    assert page.evaluate(FOCUSED) == "The whole"
    page.keyboard.press("Escape")
    assert not level(page, LAST).is_visible()
    assert page.evaluate(FOCUSED) == "Look inside: Cross-attention"
    assert page.evaluate("location.hash") == f"#diagram-chrome-desert-{DOWN[-1]}"
    trail = level(page, DOWN[-1]).locator("> .diagram-trail")
    trail.get_by_role("link", name="U-Net").press("Enter")
    assert page.evaluate(OPEN) == 2
    assert page.evaluate(FOCUSED) == "Look inside: U-Net"
    assert page.evaluate("location.hash") == "#diagram-chrome-desert-unet"


@pytest.mark.parametrize("script", [True, False])
def test_a_link_to_a_level_opens_all_around_it(visit, script):
    page = visit(f"{PATH}#diagram-chrome-desert-{LAST}", java_script_enabled=script)
    level(page, LAST).wait_for()
    assert page.locator("level-diagram").first.locator("details[open]").count() == len(
        (*DOWN, LAST)
    )
    here = level(page, LAST).locator("> .diagram-trail [aria-current]")
    assert here.inner_text() == "Cross-attention"


def test_going_through_levels_adds_nothing_to_the_history(visit):
    page = visit(PATH)
    before = page.evaluate("history.length")
    for name in DOWN[:2]:
        opener(page, name).click()
    assert page.evaluate("history.length") == before


def test_another_attention_leads_to_the_one_that_opens(visit):
    page = visit(PATH)
    for name in ("model", "unet", "unet-mid-block"):
        opener(page, name).click()
    level(page, "unet-mid-block").get_by_role("link", name="the first attention").click()
    assert level(page, DOWN[-1]).is_visible()
    assert page.evaluate(FOCUSED) == "Look inside: Attention"


def test_a_link_of_a_level_opens_elsewhere_where_that_is_asked_for(visit):
    page = visit(PATH)
    for name in ("model", "unet", "unet-mid-block"):
        opener(page, name).click()
    link = level(page, "unet-mid-block").get_by_role("link", name="the first attention")
    before = page.url
    with page.context.expect_page():
        link.click(modifiers=["Control"])
    assert page.url == before and not level(page, DOWN[-1]).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_all_is_open(visit, scheme):
    page = visit(PATH, color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE)
    found = page.evaluate("axe.run('.diagram').then(r => r.violations.map(v => v.id))")
    assert found == []


def test_side_by_side_both_open_alike_and_one_below_the_other_each_for_itself(visit):
    other = "#diagram-chrome-desert-sd15-unet"
    wide = visit(PATH, size=(1366, 768))
    for name in ("model", "unet"):
        opener(wide, name).click()
    wide.locator(other).wait_for()
    first, second = (wide.locator(f"level-diagram >> nth={at}").bounding_box() for at in (0, 1))
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] < second["x"]
    wide.locator(f"summary:has(+ {other})").click()
    level(wide, "unet").wait_for(state="hidden")
    narrow = visit(PATH, size=(390, 844))
    for name in ("model", "unet"):
        opener(narrow, name).click()
    level(narrow, "unet").wait_for()
    assert not narrow.locator(other).is_visible()


def test_on_paper_and_after_it_the_diagram_is_as_the_reader_left_it(visit):
    page = visit(PATH)
    opener(page, "model").click()
    level(page, "model").wait_for()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert level(page, "model").is_visible()
    assert not level(page, "unet").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(OPEN) == 1
    opener(page, "unet").click()
    level(page, "unet").wait_for()


def test_forced_colours_keep_boxes_and_tags_apart(visit):
    page = visit(PATH, forced_colors="active")
    edge = "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"
    assert page.locator(".diagram-box").first.evaluate(edge) == "solid1px"
    assert page.locator(".diagram .evidence.measured").first.evaluate(edge) == "solid1px"


def test_less_motion_is_no_motion(visit):
    page = visit(PATH, reduced_motion="reduce")
    opener(page, "model").click()
    moving = "document.querySelector('level-diagram').getAnimations({subtree: true}).length"
    assert page.evaluate(moving) == 0


def test_deep_inside_one_model_has_the_whole_width_and_what_was_clicked_stays(visit):
    page = visit(PATH, size=(1366, 768))
    for name in DOWN[:-1]:
        opener(page, name).click()
    opener(page, DOWN[-1]).scroll_into_view_if_needed()
    before = opener(page, DOWN[-1]).bounding_box()["y"]
    opener(page, DOWN[-1]).click()
    level(page, DOWN[-1]).wait_for()
    assert abs(opener(page, DOWN[-1]).bounding_box()["y"] - before) < 2
    assert level(page, DOWN[-1]).bounding_box()["width"] > 600
    first, second = (page.locator(f"level-diagram >> nth={at}").bounding_box() for at in (0, 1))
    assert second["y"] >= first["y"] + first["height"]
