"""The chrome that is turned: what a place shows, by pointer, key and link; else stills."""

import re

from playwright.sync_api import expect

PAGE = "/ball/"
SAID, STAGE = ".ball-said", ".ball-stage"


def at(stage, x: float, y: float) -> tuple[float, float]:
    """A place of the picture on the screen."""
    box = stage.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_a_touched_place_says_and_lights_what_it_shows(visit):
    page = visit(PAGE)
    stage, said = page.locator(STAGE), page.locator(SAID)
    expect(said).to_contain_text("The touched place shows the sky")
    page.mouse.move(*at(stage, 0.5, 0.74))
    expect(said).to_contain_text("shows the ground")
    lit = page.locator(".ball-patch").get_attribute("d")
    page.mouse.move(*at(stage, 0.5, 0.5))
    expect(said).to_contain_text("the horizon, right behind you")
    assert page.locator(".ball-patch").get_attribute("d") != lit
    page.mouse.move(*at(stage, 0.02, 0.02))
    expect(said).to_contain_text("the horizon", timeout=2000)


def test_keys_turn_it_and_move_the_place_and_the_link_tells_both(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.locator(STAGE).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page).to_have_url(re.compile("turn-5.tilt-5.x-50.y-30"))
    expect(page.locator(".ball-turn input")).to_have_value("5")


def test_a_drag_turns_it(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    stage = page.locator(STAGE)
    page.mouse.move(*at(stage, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*at(stage, 0.6, 0.5), steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile("turn--20"))


def test_a_link_leads_to_a_world_a_shape_and_a_side(visit):
    page = visit(f"{PAGE}#ball.world-sunset.shape-door.turn-45.tilt-0.x-50.y-50")
    expect(page.locator("[value=door]")).to_be_checked()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("sunset-around"))
    expect(page.locator(".ball-turn input")).to_have_value("45")
    expect(page.locator(SAID)).to_contain_text("The touched place shows")


def test_stills_say_it_without_a_script_and_where_nothing_can_be_drawn(visit):
    plain = visit(PAGE, java_script_enabled=False)
    expect(plain.locator(".ball-stills figure").first).to_be_visible()
    expect(plain.locator(STAGE)).to_be_hidden()
    page = visit("/")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(page.url + "ball/")
    expect(page.locator(".ball-stills figure").first).to_be_visible()
    expect(page.locator(STAGE)).to_be_hidden()


def test_nothing_of_it_is_loaded_before_it_comes_near(visit):
    page = visit("/")
    assert not [url for url in page.watch.requests if "ball" in url]
