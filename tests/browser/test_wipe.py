"""Two pictures of a measurement, one over the other: keyboard, touch, no script, other eyes."""

import io
import re

import numpy as np
import pytest
from in_page import SHIFT
from PIL import Image
from playwright.sync_api import Page, expect

PATHS = ("/papers/removing-reflections/", "/measurements/mixing/")
CLIP = """wipe => getComputedStyle(wipe.querySelector("[data-pane=b] img")).clipPath"""
DECODED = "images => Promise.all(images.map(image => image.decode()))"
BOXES = """wipe => [...wipe.querySelectorAll("img")].map(image => {
    const {left, top, width, height} = image.getBoundingClientRect()
    return [left, top, width, height].map(Math.round)
})"""


class Wipe:
    """One page's wipe, ready."""

    def __init__(self, page: Page):
        self.page = page
        self.element = page.locator("picture-wipe")
        self.element.scroll_into_view_if_needed()
        self.range = self.element.locator("input[type=range]")

    def choose(self, look: str) -> None:
        self.element.get_by_role("radio", name=look).check()

    def picture(self, pane: str):
        return self.element.locator(f"[data-pane={pane}] img")

    def seen(self, value: str) -> np.ndarray:
        """The pixels of the picture's place (H, W, 3) with the edge at `value` percent."""
        self.range.fill(value)
        shot = self.page.screenshot(clip=self.picture("a").bounding_box())
        return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)

    @property
    def clip(self) -> str:
        return self.element.evaluate(CLIP)

    @property
    def boxes(self) -> list[list[int]]:
        return self.element.evaluate(BOXES)


@pytest.fixture
def wipe(visit):
    """Opens a page that has one, by default on a desktop with a mouse."""

    def open_wipe(path: str = PATHS[0], **options) -> Wipe:
        shown = Wipe(visit(path, **options))
        shown.page.wait_for_function("() => customElements.get('picture-wipe')")
        return shown

    return open_wipe


@pytest.mark.parametrize("path", PATHS)
def test_it_opens_with_one_picture_on_the_other(wipe, path):
    shown = wipe(path)
    a, b, _ = shown.boxes
    assert a == b
    assert a[2] >= 192
    assert shown.clip == "inset(0px 0px 0px 18%)", "in the pane that is mirrored"
    assert not shown.picture("difference").is_visible()
    expect(shown.range).to_have_accessible_name(re.compile("“Added as light” covers"))
    said = "18 percent “Added as light”, the rest “Added as finished pictures”"
    assert shown.range.get_attribute("aria-valuetext") == said
    alone = shown.page.locator(".example:has(+ .wipe) figcaption")
    assert alone.all_inner_texts() == ["Behind the pane", "In the pane"]


def test_the_keyboard_alone_does_it_all(wipe):
    shown = wipe()
    keyboard = shown.page.keyboard
    shown.element.get_by_role("radio", name="wipe").focus()
    keyboard.press("Tab")
    expect(shown.range).to_be_focused()
    keyboard.press("Home")
    assert shown.clip == "inset(0px 0px 0px 0%)"
    keyboard.press("ArrowRight")
    assert shown.range.get_attribute("aria-valuetext").startswith("1 percent ")
    keyboard.press("End")
    assert shown.clip == "inset(0px 0px 0px 100%)"
    keyboard.press("Shift+Tab")
    keyboard.press("ArrowRight")
    a, b, _ = shown.boxes
    assert (a[1], a[2]) == (b[1], b[2])
    assert a[0] + a[2] <= b[0]
    assert shown.clip == "none"
    assert not shown.range.is_visible()
    keyboard.press("ArrowRight")
    assert shown.picture("difference").is_visible()
    assert not shown.picture("a").is_visible()


def test_the_edge_lies_between_what_the_eye_sees(wipe):
    """Left of the edge stands the one picture, right of it the other."""
    shown = wipe()
    shown.element.locator("img:visible").evaluate_all(DECODED)
    light, half, finished = (shown.seen(value) for value in ("100", "50", "0"))
    far = [np.abs(half - whole).mean((0, 2)) for whole in (light, finished)]  # by column
    left, right = slice(20, len(far[0]) // 2 - 20), slice(len(far[0]) // 2 + 20, -20)
    assert far[0][left].mean() < 1 < far[1][left].mean()
    assert far[1][right].mean() < 1 < far[0][right].mean()


def test_the_difference_is_brightened_as_it_says(wipe):
    shown = wipe()
    shown.choose("difference")
    pane = shown.element.locator("[data-pane=difference]")
    told = re.search(r"brightened (\d+) times", pane.locator("figcaption").inner_text())[1]
    assert pane.locator("img").evaluate("i => getComputedStyle(i).filter") == f"brightness({told})"


def test_a_thumb_moves_it_on_the_narrowest_phone(wipe):
    shown = wipe(has_touch=True, is_mobile=True, size=(320, 640))
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320
    labels = shown.element.locator("label:has(input)")
    assert min(label.bounding_box()["height"] for label in labels.all()) >= 44
    box = shown.range.bounding_box()
    shown.page.touchscreen.tap(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    assert 70 < int(shown.range.input_value()) < 90
    assert shown.clip == f"inset(0px 0px 0px {shown.range.input_value()}%)"
    labels.nth(1).tap()
    assert not shown.range.is_visible()


def test_nothing_moves_when_the_script_arrives(wipe):
    shown = wipe("/measurements/mixing/", size=(390, 844))  # there, it is in the first window
    assert shown.page.evaluate(SHIFT) == 0


def test_it_jumps_to_its_place_whoever_wants_less_motion(wipe):
    shown = wipe(reduced_motion="reduce")
    shown.range.fill("20")
    moving = "wipe => wipe.getAnimations({subtree: true}).length"
    assert shown.element.evaluate(moving) == 0
    assert shown.clip == "inset(0px 0px 0px 20%)"


def test_it_can_be_seen_in_a_readers_own_colours(wipe):
    shown = wipe(forced_colors="active")
    outline = "input => getComputedStyle(input.closest('label')).outlineStyle"
    radios = shown.element.get_by_role("radio")
    assert [radio.evaluate(outline) for radio in radios.all()] == ["solid", "none", "none"]
    assert shown.range.evaluate("range => getComputedStyle(range).appearance") == "auto"
    edge = "wipe => getComputedStyle(wipe.querySelector('.wipe-stage'), '::after').backgroundColor"
    assert shown.element.evaluate(edge) == "rgb(255, 255, 255)"


def test_coming_back_finds_it_as_it_says(wipe):
    shown = wipe()
    shown.range.fill("30")
    shown.page.goto(shown.page.url.replace(PATHS[0], "/task/"))
    shown.page.go_back()
    shown.page.wait_for_function("() => customElements.get('picture-wipe')")
    value = shown.range.input_value()
    assert shown.clip == f"inset(0px 0px 0px {value}%)"
    assert shown.range.get_attribute("aria-valuetext").startswith(f"{value} percent ")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_script_all_pictures_stand_side_by_side(visit, path):
    shown = Wipe(visit(path, java_script_enabled=False))
    pictures = shown.element.locator("img")
    assert pictures.count() == 3
    assert all(picture.is_visible() for picture in pictures.all())
    boxes = [picture.bounding_box() for picture in pictures.all()]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert not shown.range.is_visible()
    assert not shown.element.get_by_role("radio").first.is_visible()


def test_on_paper_all_pictures_are_there(wipe):
    shown = wipe()
    shown.page.emulate_media(media="print")
    assert all(shown.picture(pane).is_visible() for pane in ("a", "b", "difference"))
    assert shown.clip == "none"
    assert not shown.range.is_visible()


def test_one_picture_fills_a_panel_that_stays_as_high_and_two_leave_no_hole(visit):
    page = visit("/measurements/mixing/", size=(1366, 768))
    shown = Wipe(page)
    high, wide, above, below = {}, {}, {}, {}
    for look, pane in (("wipe", "a"), ("side by side", "b"), ("difference", "difference")):
        shown.choose(look)
        panel, picture = shown.element.bounding_box(), shown.picture(pane).bounding_box()
        high[look], wide[look] = round(panel["height"]), picture["width"]
        above[look] = round(picture["y"] - panel["y"])
        below[look] = panel["y"] + panel["height"] - picture["y"] - picture["height"]
    assert high["wipe"] == high["difference"] > high["side by side"]
    assert len(set(above.values())) == 1, above
    assert below["side by side"] < 80, "a caption and the panel's edge"
    assert wide["side by side"] > 350
    assert wide["difference"] == wide["wipe"] == 512
