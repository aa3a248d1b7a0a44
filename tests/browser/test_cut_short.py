"""What comes in part, late or never: each says what it is, and what is pressed next."""

import base64
import re

import pytest
from brought import bring, shot
from made_pictures import packed, png
from playwright.sync_api import Page, expect

CUT = """async kind => {
    const {bytes, json, NotLoaded} = await import("/assets/js/live/files.js")
    const body = new ReadableStream({pull(to) {
        to.enqueue(new Uint8Array(9))
        to.error(new TypeError("terminated"))
    }})
    const fetched = window.fetch
    window.fetch = async () => new Response(body)
    const come = kind === "json" ? json("http://host/unet/config.json") : bytes("http://host/unet/part")
    const why = await come.catch(error => error)
    window.fetch = fetched
    return [why instanceof NotLoaded, why.message]
}"""
GONE = """async () => {
    const {opened, NotOpened} = await import("/assets/js/picture/opened.js")
    const gone = () => Promise.reject(new DOMException("gone", "NotFoundError"))
    const why = await opened({slice: () => ({arrayBuffer: gone})}).catch(error => error)
    return [why instanceof NotOpened, why.message]
}"""
READ = """encoded => setTimeout(async () => {
    const {read} = await import("/assets/js/settings/read.js")
    window.told = await read(Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0)))
})"""
LONG = {  # texts of nearly four million letters in files of a few thousand bytes
    "noughts before a letter": (b"\0" * 3_900_000 + b"x", ""),
    "quotes without end": (b"a car\nSteps: 20, " + b'a:"x,' * 780_000, "20"),
}
BALL, OWN = "/ball/", "/your-picture/"
LATE = "chrome-ball .late"


@pytest.mark.parametrize(("kind", "name"), [("json", "unet/config.json"), ("bytes", "unet/part")])
def test_a_file_of_the_model_whose_body_breaks_off_did_not_come_whole(visit, kind, name):
    assert visit("/paint/").evaluate(CUT, kind) == [True, f"{name} came in part"]


def test_a_file_that_cannot_be_read_is_not_called_a_lost_connection(visit):
    known, says = visit(OWN).evaluate(GONE)
    assert known and says.startswith("This cannot be read: is it a file, and still where it was?")


@pytest.mark.parametrize(("text", "steps"), LONG.values(), ids=list(LONG))
def test_a_small_hostile_picture_does_not_hold_the_page(visit, text, steps):
    page = visit(OWN)
    file = png(packed("parameters", text))
    assert len(file) < 20_000
    page.evaluate(READ, base64.b64encode(file).decode())
    page.wait_for_function("() => window.told")  # for as long as any test waits; hours before
    assert page.evaluate("told.settings.steps ?? ''") == steps


def broken_off(page: Page) -> None:
    """Whoever asks for our render from here on gets a body that ends too early."""
    page.evaluate("""() => {
        const body = () => new ReadableStream({pull: to => to.error(new TypeError("cut"))})
        window.fetch = async () => new Response(body())
    }""")


def test_a_picture_of_ours_that_breaks_off_is_told(visit):
    page = visit(OWN)
    broken_off(page)
    page.get_by_role("button", name="Try our render").click()
    expect(page.locator("[data-out=says]")).to_contain_text("Our picture did not come.")


def test_the_first_world_can_be_asked_for_again(visit):
    """Its choice is made already, so that choosing it again would do nothing."""
    page = visit("/")
    page.context.route("**/*-around.webp", lambda route: route.fulfill(status=500))
    page.goto(page.url + "ball/")
    expect(page.locator(LATE)).to_contain_text("The desert did not come.")
    page.context.unroute("**/*-around.webp")
    page.locator(LATE).get_by_role("button", name="Try again").click()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("desert"))
    expect(page.locator(LATE)).to_be_empty()
    page.watch.problems.clear()  # the console tells of what did not come


def test_a_world_that_fails_late_does_not_take_back_the_next_choice(visit):
    page, held = visit(BALL), []
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("desert"))
    page.context.route("**/*-around.webp", lambda route: held.append(route))
    for chosen in ("sunset", "city"):
        with page.expect_request("**/*-around.webp"):
            page.locator(f"chrome-ball [value={chosen}]").click()
    for _ in range(200):  # a request is told of before it is held
        if len(held) < 2:
            page.wait_for_timeout(20)
    failed, came = held
    with page.expect_event("requestfailed"):
        failed.abort()
    page.evaluate("new Promise(seen => setTimeout(seen, 200))")  # its catch has run
    page.context.unroute("**/*-around.webp")
    came.continue_()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("city"))
    expect(page.locator("chrome-ball [value=city]")).to_be_checked()
    expect(page.locator(LATE)).to_be_empty()
    page.watch.problems.clear()


def test_our_render_pressed_again_keeps_the_marks_that_were_moved(visit):
    page = visit(OWN)
    ours = page.get_by_role("button", name="Try our render")
    ours.click()
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    page.wait_for_url(re.compile(r"\.body-"))
    before = page.url
    page.locator("[data-mark=body]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => location.href !== before", arg=before)
    moved = page.url
    with page.expect_response(f"**/{ours.get_attribute('data-src').split('/')[-1]}"):
        ours.click()
    expect(page.locator("[data-out=says]")).to_have_text("")
    page.wait_for_timeout(500)  # an address is written late
    assert page.url == moved


def test_our_render_pressed_again_once_all_marks_are_put_back_has_ours(visit):
    page = visit(OWN)
    ours = page.get_by_role("button", name="Try our render")
    ours.click()
    page.wait_for_url(re.compile(r"\.body-"))
    page.locator("[data-go=card]").click()
    page.locator("[data-action=reset]").click()
    page.wait_for_url(re.compile(r"of-render$"))
    ours.click()
    page.wait_for_url(re.compile(r"\.body-"))
    bring(page, shot())  # and another picture begins without any
    page.wait_for_url(re.compile(r"\.of-[0-9a-f]{8}$"))
