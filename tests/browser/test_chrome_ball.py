"""The chrome that is turned: what a place shows, by pointer, key and link; else stills."""

import io
import re
from itertools import pairwise
from math import hypot

import pytest
from fingers import PHONE, drag, on
from PIL import Image
from playwright.sync_api import expect

PAGE = "/ball/"
SAID, STAGE = ".ball-said", ".ball-stage"
DRAWN = "new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))"
FAR_BELOW = """new MutationObserver(() => {
    const ball = document.querySelector("chrome-ball")
    if (ball) ball.style.marginTop = "400vh"
}).observe(document, { childList: true, subtree: true })"""  # before any script of the page runs

# What is made to draw with, and pictures that were unpacked and are still held.
KEPT = """(() => {
    globalThis.made = { textures: 0, framebuffers: 0, bitmaps: 0 }
    const gl = WebGL2RenderingContext.prototype
    const count = (of, name, more) => {
        const was = of[name]
        of[name] = function (...args) {
            more()
            return was.apply(this, args)
        }
    }
    count(gl, "createTexture", () => made.textures++)
    count(gl, "createFramebuffer", () => made.framebuffers++)
    count(globalThis, "createImageBitmap", () => made.bitmaps++)
    count(ImageBitmap.prototype, "close", () => made.bitmaps--)
})()"""


def test_a_touched_place_says_and_lights_what_it_shows(visit):
    page = visit(PAGE)
    stage, said = page.locator(STAGE), page.locator(SAID)
    expect(said).to_contain_text("The touched place shows the sky")
    page.mouse.move(*on(stage, 0.5, 0.74))
    expect(said).to_contain_text("shows the ground")
    lit = page.locator(".ball-patch").get_attribute("d")
    page.mouse.move(*on(stage, 0.5, 0.5))
    expect(said).to_contain_text("the horizon, right behind you")
    assert page.locator(".ball-patch").get_attribute("d") != lit
    page.mouse.move(*on(stage, 0.02, 0.02))
    expect(said).to_contain_text("the horizon", timeout=2000)


def test_keys_turn_it_and_move_the_place_and_the_link_tells_both(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.locator(STAGE).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page).to_have_url(re.compile("turn-5.tilt-5.x-42.y-30"))
    expect(page.locator("[data-slider=turn]")).to_have_value("5")


def test_two_sliders_turn_and_tilt_it_and_say_how_far_in_words(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    turn, tilt = (page.get_by_role("slider", name=name) for name in ("Turn", "Tilt"))
    expect(turn).to_have_attribute("aria-valuetext", "as at first")
    expect(tilt).to_have_attribute("aria-valuetext", "level")
    turn.fill("-40")
    expect(turn).to_have_attribute("aria-valuetext", "40 degrees to the left")
    tilt.press("End")
    expect(tilt).to_have_attribute("aria-valuetext", "30 degrees from above")
    expect(page).to_have_url(re.compile("turn--40.tilt-30"))
    tilt.fill("-5")
    expect(tilt).to_have_attribute("aria-valuetext", "5 degrees from below")
    page.locator(STAGE).press("ArrowDown")
    expect(tilt).to_have_value("0")


def test_two_sliders_move_the_touched_place_over_the_mirror_and_never_off_it(visit):
    page = visit(PAGE)
    said, ring = page.locator(SAID), page.locator(".ball-ring")
    expect(said).to_contain_text("shows the sky")
    page.locator("chrome-ball summary").click()
    across, height = (page.get_by_role("slider", name=name) for name in ("Left", "Low"))
    expect(height).to_have_attribute("aria-valuetext", "73 percent from the bottom")
    height.press("ArrowUp")
    expect(height).to_have_attribute("aria-valuetext", "74 percent from the bottom")
    across.press("ArrowLeft")
    expect(across).to_have_attribute("aria-valuetext", "40 percent from the left")
    expect(page).to_have_url(re.compile("x-40.y-26"))
    for slider, ends in ((height, ("10", "90")), (across, ("50", "50"))):
        for key, percent in zip(("Home", "End"), ends, strict=True):
            slider.press(key)
            expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{percent} percent"))
            expect(ring).to_be_visible()
            expect(said).to_contain_text("The touched place shows")
    page.locator("[value=door]").check()
    expect(said).to_contain_text("Touch the chrome")
    height.press("ArrowDown")
    expect(said).to_contain_text("The touched place shows")
    expect(ring).to_be_visible()


def test_what_is_mirrored_goes_where_a_drag_goes_and_the_touched_place_stays(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    stage = page.locator(STAGE)
    page.mouse.move(*on(stage, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*on(stage, 0.6, 0.55), steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"turn-20.tilt-5.x-50.y-50$"))
    around = page.locator(".ball-around")
    places = []
    for turn in ("0", "20"):  # one place of the surroundings, and where the ball has it
        page.locator("[data-slider=turn]").fill(turn)
        page.mouse.click(*on(around, 0.1, 0.4))
        page.evaluate(DRAWN)
        places.append(float(page.locator(".ball-ring").get_attribute("cx")))
    assert places[0] < places[1], "to the right, as the hand"


def test_a_press_on_the_surroundings_marks_the_place_that_shows_it(visit):
    page = visit(PAGE)
    said = page.locator(SAID)
    expect(said).to_contain_text("shows the sky")
    page.mouse.click(*on(page.locator(".ball-around"), 50 / 360, 0.266))
    expect(said).to_contain_text("The touched place shows the sun")
    page.mouse.click(*on(page.locator(".ball-around"), 0.5, 0.9))
    expect(said).to_contain_text("the ground")
    page.locator("[value=door]").check()
    expect(page.locator("[value=door]")).to_be_checked()
    page.mouse.click(*on(page.locator(".ball-around"), 0.5, 0.45))
    expect(said).not_to_contain_text("straight ahead")


@pytest.mark.parametrize("place", ["", "tilt-30.x-50.y-72", "tilt-20.x-72.y-66"])
def test_the_outline_of_what_is_lit_takes_no_wide_step(visit, place):
    page = visit(f"{PAGE}#ball.world-desert.{place}" if place else PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place shows")
    _, middle, _ = outlines(page)
    if not place:
        assert min(x for x, _ in middle) > 0 and max(x for x, _ in middle) < 360, "in one piece"
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(middle)]
    assert max(steps) < 5


def test_what_holds_a_pole_has_no_upright_line_to_it(visit):
    page = visit(f"{PAGE}#ball.world-desert.x-50.y-20")
    expect(page.locator(SAID)).to_contain_text("the sky overhead")
    assert "Z" not in page.locator(".ball-patch").get_attribute("d")
    _, middle, _ = outlines(page)
    assert abs(middle[-1][0] - middle[0][0]) == pytest.approx(360, abs=1)
    assert page.locator(".ball-dim").get_attribute("d").count("Z") == 4


def outlines(page) -> list[list[tuple[float, float]]]:
    """What is drawn around the lit area, and again over either edge."""
    parts = page.locator(".ball-patch").get_attribute("d").rstrip("Z").split("M")[1:]
    points = [part.rstrip("Z").split("L") for part in parts]
    return [[tuple(map(float, point.split())) for point in some] for some in points]


def test_a_link_leads_to_a_world_a_shape_and_a_side(visit):
    page = visit(f"{PAGE}#ball.world-sunset.shape-door.turn-45.tilt-0.x-50.y-50")
    expect(page.locator("[value=door]")).to_be_checked()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("sunset-around"))
    expect(page.locator("[data-slider=turn]")).to_have_value("45")
    expect(page.locator(SAID)).to_contain_text("The touched place shows")


@pytest.mark.parametrize(
    ("link", "shown", "place"),
    [
        ("turn-9999.tilt-999.x-50.y-72", ("-81", "30"), r"turn--80\.tilt-30\.x-50\.y-72$"),
        ("turn--725.tilt--31.x-999.y--999", ("-5", "-30"), r"turn--5\.tilt--30\.x-100\.y-0$"),
    ],
)
def test_a_link_turns_and_touches_it_no_further_than_a_hand_does(visit, link, shown, place):
    page = visit(f"{PAGE}#ball.{link}")
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("desert-around"))
    expect(page.get_by_text("Link to this view")).to_have_attribute("href", re.compile(place))
    for name, value in zip(("turn", "tilt"), shown, strict=True):
        slider = page.locator(f"[data-slider={name}]")
        expect(slider).to_have_value(value)
        expect(slider).to_have_attribute("aria-valuetext", re.compile(rf"^{value.lstrip('-')} "))


def test_a_link_to_the_view_of_a_ball_restores_all_that_is_shown(visit, address):
    page = visit(f"{PAGE}#ball.world-city.shape-door")
    said, link = page.locator(SAID), page.get_by_text("Link to this view")
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("city-around"))
    for name, value in (("turn", "-115"), ("tilt", "20")):
        page.locator(f"[data-slider={name}]").fill(value)
    page.mouse.move(*on(page.locator(STAGE), 0.4, 0.6))
    expect(said).to_contain_text("The touched place shows")
    expect(link).to_have_attribute("href", re.compile("turn--115.tilt-20.x-40.y-60"))
    again = visit(link.get_attribute("href").removeprefix(address))
    expect(again.locator(SAID)).to_have_text(said.inner_text())
    expect(again.locator(".ball-around img")).to_have_attribute("src", re.compile("city-around"))
    expect(again.locator("[value=door]")).to_be_checked()
    for name, value in (("turn", "-115"), ("tilt", "20")):
        expect(again.locator(f"[data-slider={name}]")).to_have_value(value)


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
    page.add_init_script(FAR_BELOW)
    page.goto(page.url + "ball/")
    page.wait_for_function("() => customElements.get('chrome-ball')")
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(seen => requestAnimationFrame(() => setTimeout(seen)))")
    assert page.locator("chrome-ball").bounding_box()["y"] > 4 * 900
    assert [url for url in page.watch.requests if "-around.webp" in url] == []
    page.evaluate("document.querySelector('chrome-ball').scrollIntoView()")
    expect(page.locator(SAID)).to_contain_text("The touched place shows")
    (fetched,) = {url for url in page.watch.requests if "-around.webp" in url}
    assert "desert" in fetched


def test_no_part_of_it_turns_black_below_the_head_of_the_site(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.locator(STAGE).evaluate("e => scrollTo(0, e.getBoundingClientRect().top + 60)")
    page.wait_for_timeout(500)  # what a scrolled window shows comes a few frames later
    box = page.locator(STAGE).bounding_box()
    strip = {"x": box["x"] + 20, "y": box["y"] + box["height"] - 50, "width": 40, "height": 40}
    shot = Image.open(io.BytesIO(page.screenshot(clip=strip))).convert("L")
    assert shot.getextrema()[0] > 60, "the ground of the desert, in daylight"


def test_ball_and_surroundings_fit_into_a_laptops_window_together(visit):
    page = visit(PAGE, size=(1366, 768))
    expect(page.locator(SAID)).to_contain_text("The touched place")
    stage, around = (page.locator(f"chrome-ball {name}") for name in (STAGE, ".ball-around"))
    for shown in (stage, around):
        expect(shown).to_be_in_viewport(ratio=1)
    left, right = (shown.bounding_box() for shown in (stage, around))
    assert left["x"] + left["width"] < right["x"] and abs(left["y"] - right["y"]) < 1
    assert abs(left["height"] - right["height"]) < 2
    for name in ("[data-slider=turn]", "[data-slider=tilt]", SAID):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)


def test_ball_sliders_and_surroundings_fit_into_a_phones_window_together(visit):
    page = visit(PAGE, **PHONE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.locator("chrome-ball summary").tap()
    for slider in page.locator("chrome-ball .slider").all():
        assert slider.bounding_box()["height"] >= 44
    page.locator("chrome-ball summary").tap()
    head = page.locator(".md-header").bounding_box()["height"]
    top = page.locator(STAGE).bounding_box()["y"]
    around = page.locator(".ball-around").bounding_box()
    assert around["y"] + around["height"] - top <= 844 - head


def test_a_world_that_does_not_come_is_told_and_comes_with_the_next_tap(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.context.set_offline(True)
    for chosen, what in (("sunset", "The sunset"), ("door", "The door")):
        page.locator(f"chrome-ball [value={chosen}]").click()
        expect(page.locator("chrome-ball .late")).to_contain_text(f"{what} did not come")
        expect(page.locator(f"chrome-ball [value={chosen}]")).not_to_be_checked()
        expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("desert"))
    page.context.set_offline(False)
    page.locator("chrome-ball [value=sunset]").click()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("sunset"))
    expect(page.locator("chrome-ball .late")).to_be_empty()
    page.watch.problems.clear()  # the console tells of what did not come


def test_worlds_that_come_and_go_leave_nothing_behind(visit):
    page = visit("/sources/")
    page.add_init_script(KEPT)
    page.goto(page.url.removesuffix("/sources/") + PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.wait_for_function("() => made.bitmaps === 0")
    before = page.evaluate("made")
    for world in ("sunset", "city", "desert"):
        page.locator(f"chrome-ball [value={world}]").click()
        expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile(world))
    page.wait_for_function("() => made.bitmaps === 0")
    assert page.evaluate("made") == before
    page.evaluate("""() => {
        for (const world of ["sunset", "city"])
            document.querySelector(`chrome-ball [value=${world}]`).click()
    }""")
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("city"))
    page.wait_for_function("() => made.bitmaps === 0")
    assert page.evaluate("made") == before


def test_a_finger_that_taps_touches_aside_turns_and_upward_scrolls_the_page_alone(visit):
    page = visit(PAGE, **PHONE)
    expect(page.locator(SAID)).to_contain_text("shows the sky")
    stage, turn = page.locator(STAGE), page.locator("[data-slider=turn]")
    stage.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before = page.evaluate("scrollY")
    drag(page, on(stage, 0.7, 0.6), (-120, 8))
    expect(page).to_have_url(re.compile("turn--6[0-9].tilt-0"))
    assert page.evaluate("scrollY") == before
    turned, said = turn.input_value(), page.locator(SAID).inner_text()
    drag(page, on(stage, 0.5, 0.7), (4, -150))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    assert turn.input_value() == turned and page.locator(SAID).inner_text() == said
    page.touchscreen.tap(*on(stage, 0.5, 0.3))
    expect(page.locator(SAID)).to_contain_text("shows the sky")


def test_a_slider_of_it_follows_a_finger_and_forgets_one_that_scrolls_the_page(visit):
    page = visit(PAGE, **PHONE)
    expect(page.locator(SAID)).to_contain_text("shows the sky")
    tilt = page.locator("[data-slider=tilt]")
    tilt.evaluate("e => e.scrollIntoView({ block: 'center' })")
    drag(page, on(tilt, 0.5, 0.5), (100, 6))
    expect(tilt).to_have_attribute("aria-valuetext", re.compile("degrees from above"))
    tilted, before = tilt.input_value(), page.evaluate("scrollY")
    drag(page, on(tilt, 0.1, 0.5), (4, -150))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    expect(tilt).to_have_value(tilted)


def test_what_is_told_to_do_can_be_done(visit):
    page = visit("/")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(page.url + "ball/")
    expect(page.get_by_text("so it stands still")).to_be_visible()
    assert (
        page.get_by_text(re.compile("Turn it|Touch the chrome")).locator("visible=true").count()
        == 0
    )


def test_the_page_says_in_a_sentence_that_it_is_the_world_that_turns(visit):
    said = visit(PAGE).locator(".ball-live").inner_text()
    (sentence,) = [one for one in re.split(r"(?<=[.?!])\s", said) if "from everywhere" in one]
    assert "A ball looks the same from everywhere" in sentence
    assert "what you see turn is the world in it" in sentence


def test_what_a_mouse_passes_over_and_a_finger_that_scrolls_leave_the_address(visit):
    page = visit(f"{PAGE}#how-to", **PHONE)
    said, stage = page.locator(SAID), page.locator(STAGE)
    expect(said).to_contain_text("The touched place")
    stage.evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.mouse.move(*on(stage, 0.5, 0.74))
    expect(said).to_contain_text("shows the ground")
    drag(page, on(stage, 0.5, 0.7), (4, -150))
    page.wait_for_timeout(400)  # longer than an address rests
    assert page.url.endswith("#how-to")


def test_its_sliders_do_nothing_before_its_surroundings_are_there(visit):
    page = visit("/404.html")
    page.context.route("**/*-around.webp", lambda route: None)
    page.goto(page.url.replace("/404.html", PAGE))
    page.get_by_text("Move the touched place by sliders").click()
    page.get_by_role("slider", name="Left to right").fill("3")
    page.wait_for_timeout(100)  # a fault would be told: visit looks for it


def test_a_door_that_does_not_come_is_what_is_told_whatever_world_comes_with_it(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    broken = {"status": 200, "body": "no picture"}
    page.context.route("**/*normals.webp", lambda route: route.fulfill(**broken))
    page.evaluate("location.hash = '#ball.world-sunset.shape-door'")
    expect(page.locator("chrome-ball .late")).to_contain_text("The door did not come")


def test_graphics_that_were_lost_come_back(visit):
    page = visit(PAGE)
    expect(page.locator(SAID)).to_contain_text("The touched place")
    page.evaluate("""() => {
        const gl = document.querySelector("chrome-ball canvas").getContext("webgl2")
        globalThis.lost = gl.getExtension("WEBGL_lose_context")
        lost.loseContext()
    }""")
    ball = page.locator("chrome-ball")
    expect(ball).to_have_class(re.compile("ball-flat"))
    page.evaluate("lost.restoreContext()")
    expect(ball).not_to_have_class(re.compile("ball-flat"))
