"""What was painted before follows the choices of the painter around it, in a page of its own."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import painted
import pytest
from alone import html_of, visits
from fingers import PHONE, drag, on
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gen.core import inputs
from gen.publish import painter, painting
from gen.publish.draft import Draft
from gen.publish.materials import Materials

GREY = (128, 128, 128)  # painted.picture
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def html() -> str:
    read = inputs.read(ROOT)
    model = read.model("study")
    known = {"painter": painter.read(ROOT, model), "finals": painted.finals(model.revision)}
    draft = Draft(Materials(ROOT, read, preview=True, **known), "paint.md")
    painting.painter(draft, "chrome-studio")
    return html_of(draft)


@pytest.fixture
def opened(browser: Browser, html: str) -> Iterator:
    with visits(browser, html, "paint/", painted.picture) as visit:
        yield visit


def middle(page: Page) -> tuple[int, ...]:
    """What is seen in the middle of the place of the picture."""
    with Image.open(BytesIO(page.locator("painted-before img").screenshot())) as seen:
        return seen.convert("RGB").getpixel((seen.width // 2, seen.height // 2))


def choose(page: Page, group: str, name: str) -> None:
    page.locator(f"fieldset:has(legend:text-is('{group}'))").get_by_text(name, exact=True).click()


def test_choices_show_their_picture_at_once_and_fetch_no_other(opened):
    shown = opened()
    page = shown.page
    picture = page.locator("painted-before img")
    expect(picture).to_have_attribute("alt", f"Study model: {painted.CHROME}, seed 1")
    for group, name in (("Finish", "glossy"), ("Colour", "red"), ("World", "forest")):
        choose(page, group, name)
    expect(picture).to_have_attribute("alt", f"Study model: {painted.RED}, seed 1")
    says = page.locator("[data-out=asked]")
    expect(says).to_have_text(f"“{painted.RED}”. Training never saw this combination.")
    expect(page.locator("[data-out=read]")).to_have_text(
        "a · glossy · red · car · in · a · forest · , · side · view"
    )
    picture.evaluate("image => image.decode()")
    assert shown.pictures == ["chrome-car-1.webp", "glossy-red-1.webp"]


def test_seeds_are_offered_where_they_were_painted_and_are_the_painter_s_own(opened):
    page = opened().page
    page.get_by_label("seed 2", exact=True).check()
    expect(page.locator("painted-before img")).to_have_attribute(
        "alt", f"Study model: {painted.CHROME}, seed 2"
    )
    assert middle(page) == GREY
    assert page.locator("[name=seed]").input_value() == "2", "the button paints this very run"
    for group, name in (("Finish", "glossy"), ("Colour", "red"), ("World", "forest")):
        choose(page, group, name)
    assert page.locator("[name=seed]").input_value() == "1", "there is no other of this car"
    expect(page.locator(".painted-seeds label:visible")).to_have_count(1)
    choose(page, "World", "snow")
    expect(page.locator("painted-before figure")).to_have_attribute("data-state", "none")
    said = page.locator("[data-out=asked]")
    expect(said).to_contain_text("The button paints it")
    expect(said).to_contain_text(page.locator("[name=prompt-a]").input_value())
    expect(page.locator("painted-before img")).to_have_attribute("alt", "")
    assert middle(page) != GREY, "no other car stands in its place"
    expect(page.locator(".painted-seeds label:visible")).to_have_count(0)


def test_a_link_opens_what_was_chosen(opened):
    first = opened().page
    first.get_by_label("seed 2", exact=True).check()
    expect(first).to_have_url(re.compile("#paint.seed-2.steps-30.sampler-DDIM-fresh.words0-0~2~"))
    fragment = first.evaluate("location.hash")
    again = opened(fragment).page
    expect(again.locator("painted-before img")).to_have_attribute(
        "alt", f"Study model: {painted.CHROME}, seed 2"
    )


def test_a_link_to_a_picture_that_was_painted_before_shows_it_again(opened):
    page = opened().page
    link, picture = page.get_by_text("Link to this picture"), page.locator("painted-before img")
    for group, name in (("Finish", "glossy"), ("Colour", "red"), ("World", "forest")):
        choose(page, group, name)
    page.locator("[name=guidance]").evaluate(
        "e => { e.value = 4.5; e.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(picture).to_have_attribute("alt", f"Study model: {painted.RED}, seed 1")
    again = opened(link.evaluate("a => a.hash")).page
    expect(again.locator("painted-before img")).to_have_attribute(
        "alt", f"Study model: {painted.RED}, seed 1"
    )
    expect(again.locator("[name=guidance]")).to_have_value("4.5")
    expect(again.locator("[value=red]")).to_be_checked()
    choose(page, "World", "snow")
    expect(page.locator("painted-before figure")).to_have_attribute("data-state", "none")
    expect(link).to_be_hidden()


def test_a_picture_of_the_list_is_shown_beside_its_choices_and_the_page_stays(opened):
    page = opened().page
    page.locator(".painted-list summary").click()
    page.locator(".painted-list a").last.click()
    expect(page.locator("painted-before img")).to_have_attribute(
        "alt", f"Study model: {painted.RED}, seed 1"
    )
    expect(page.locator("painted-before figure")).to_be_focused()
    expect(page.locator("painted-before img")).to_be_in_viewport()
    expect(page.locator("[name=prompt-a]")).to_have_value(painted.RED)
    expect(page.locator("[data-chip=finish][value=glossy]")).to_be_checked()
    assert page.evaluate("location.hash").endswith("a%20forest%2C%20side%20view")


def test_a_seed_that_is_typed_is_in_the_address_once_its_picture_is_shown(opened):
    page = opened().page
    page.locator(".paint-form .lab-more summary").click()
    page.locator("[name=seed]").fill("2")
    page.locator("[name=seed]").press("Tab")
    expect(page.locator("painted-before img")).to_have_attribute(
        "alt", f"Study model: {painted.CHROME}, seed 2"
    )
    expect(page).to_have_url(re.compile("#paint.seed-2[.]"))


def test_a_run_that_is_kept_step_by_step_was_painted_before_too(visit):
    page = visit("/paint/")
    expect(page.locator("paint-lab.paint-ready")).to_be_visible()
    picture = page.locator("painted-before img")
    choose(page, "View", "side view")
    choose(page, "View", "front three-quarter view")
    expect(picture).to_have_attribute("src", re.compile("/finals/"))  # though that run is kept, too
    choose(page, "View", "side view")
    choose(page, "World", "any")
    expect(picture).to_have_attribute("alt", "Study model: a chrome car, side view, seed 1")
    expect(page.locator("[data-out=asked]")).to_have_text("“a chrome car, side view”.")
    assert picture.evaluate("async image => (await image.decode(), image.naturalWidth)") > 0
    choose(page, "Colour", "gold")
    expect(page.locator("[data-out=asked]")).to_contain_text("no picture from this seed is kept")


@pytest.mark.parametrize("width", [390, 768, 1024, 1440])
def test_a_choice_stays_below_the_pointer_that_takes_it(visit, width):
    """In a browser that does not scroll along, too."""
    page = visit("/paint/", size=(width, 844))
    expect(page.locator("paint-lab.paint-ready")).to_be_visible()
    page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
    chips = page.locator(".paint-form .choices label:visible")
    moved = {}
    for name in [chip.inner_text() for chip in chips.all()]:
        chip = chips.get_by_text(name, exact=True).last
        if chip.count() and name:
            chip.scroll_into_view_if_needed()
            top = chip.bounding_box()["y"]
            chip.click()
            moved[name] = chip.bounding_box()["y"] - top
    assert len(moved) > 15
    assert {name: by for name, by in moved.items() if abs(by) > 1} == {}


def test_on_a_phone_every_choice_is_seen_whole_and_a_thumb_hits_it(visit):
    page = visit("/paint/", size=(390, 844))
    expect(page.locator("paint-lab.paint-ready")).to_be_visible()
    form = page.locator(".paint-form").bounding_box()
    chips = page.locator(".paint-form .choices label:visible").all()
    assert len(chips) > 20
    for box in (chip.bounding_box() for chip in chips):
        assert form["x"] <= box["x"] and box["x"] + box["width"] <= form["x"] + form["width"]
        assert box["height"] >= 44
    rows = page.locator(".paint-form .choices fieldset").all()
    assert all(row.evaluate("e => e.scrollWidth <= e.clientWidth") for row in rows)


def test_the_longest_sampler_is_read_whole(visit):
    page = visit("/paint/", size=(1366, 768))
    page.locator(".paint-form .lab-more summary").click()
    needed = """e => {
        const free = e.cloneNode(true)
        free.style.width = "auto"
        e.after(free)
        const wide = free.offsetWidth
        free.remove()
        return wide
    }"""
    select = page.locator("[name=sampler]")
    assert select.evaluate("e => e.offsetWidth") >= select.evaluate(needed)


def test_a_finger_chooses_by_a_tap_and_none_that_scrolls_changes_anything(visit):
    page = visit("/paint/", **PHONE)
    expect(page.locator("paint-lab.paint-ready")).to_be_visible()
    words, row = page.locator("[name=prompt-a]"), page.locator("fieldset:has([data-chip=world])")
    row.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before, said = page.evaluate("scrollY"), words.input_value()
    drag(page, on(row, 0.5, 0.5), (4, -150))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    assert words.input_value() == said
    row.get_by_text("snow", exact=True).tap()
    expect(words).not_to_have_value(said)
    expect(page.locator("painted-before figcaption")).to_contain_text(words.input_value())


def test_a_slider_of_the_painter_follows_a_finger_and_forgets_one_that_scrolls_the_page(visit):
    page = visit("/paint/", **PHONE)
    expect(page.locator("paint-lab.paint-ready")).to_be_visible()
    page.locator(".paint-form .lab-more summary").tap()
    slider, says = page.locator("[name=guidance]"), page.locator("[data-out=guidance]")
    slider.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before = page.evaluate("scrollY")
    drag(page, on(slider, 0.3, 0.5), (300, 6))
    expect(says).to_have_text("12")
    assert page.evaluate("scrollY") == before
    drag(page, on(slider, 0.1, 0.5), (4, -150))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    expect(slider).to_have_value("12")
    expect(says).to_have_text("12")


def test_without_a_script_every_picture_is_a_link_with_its_words(opened):
    page = opened(java_script_enabled=False).page
    page.locator(".painted-list summary").click()
    expect(page.locator(".painted-list li")).to_have_count(3)
    expect(page.locator(".painted-list li").last).to_contain_text("never seen in training")
    expect(page.locator("painted-before img")).to_be_visible()
