"""The check of a reader's own picture: what is found on known pictures, and that none is sent."""

import base64
import io
import re

import pytest
from brought import give, there
from fingers import PHONE, drag, on
from in_page import WRITTEN
from made_pictures import png, saved, text
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
LINE = "Steps: 9, Sampler: Euler a, CFG scale: 3, Seed: 77, Size: 64x64"
HOSTILE = f"<img src=x onerror=\"document.title = 'theirs'\"> {'chrome ' * 80}\n{LINE}"
DROP = """(element, [encoded, kind]) => {
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], "x.png", {type: "image/png"}))
    const event = kind === "drop"
        ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
        : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    element.dispatchEvent(event)
}"""


# The bytes of the last columns of a card that tells a word.
MARGIN = """async word => {
    const {card} = await import(new URL("../assets/js/picture/card.js", document.baseURI))
    const picture = Object.assign(document.createElement("canvas"), {width: 8, height: 1})
    const words = {title: "A card", site: "", foot: ""}
    const made = card(picture, [{title: "Words", says: word, marks: [], lines: []}], words)
    const below = 200 // what the picture covers
    return [...made.getContext("2d").getImageData(1160, below, 40, made.height - below).data]
        .filter((_, at) => at % 4 === 0)
}"""


SEND = """() => new Promise(done => {
    const refused = []
    addEventListener("securitypolicyviolation", ({effectiveDirective}) => {
        refused.push(effectiveDirective)
        if (refused.length === 2) done(refused)
    })
    new Image().src = "http://192.0.2.1/"
    fetch("http://192.0.2.1/", {method: "POST", body: "x"}).catch(() => {})
})"""


def scene(width: int = 400, height: int = 300) -> bytes:
    """Sky above, sand below, a body that shows the sky, with a white square in it."""
    picture = Image.new("RGB", (width, height), (120, 160, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 2, width, height), fill=(190, 150, 100))
    draw.rectangle((100, 100, 299, 249), fill=(110, 150, 210))
    draw.rectangle((100, 100, 199, 174), fill=(255, 250, 240))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def check(visit):
    """Opens the page and gives it a picture."""

    def open_check(
        file: bytes | None = None, path: str = PATH, kind: str = "png", **options
    ) -> Page:
        page = visit(path, **options)
        expect(page.locator("your-picture")).to_have_class(re.compile("own-ready"))
        if file is not None:
            give(page, file, kind)
        return page

    return open_check


def put(page: Page, mark: str, x: float, y: float) -> None:
    """Taps the picture with a mark chosen."""
    page.locator(f"[data-pick={mark}]:visible").click()
    tap(page, x, y)


def tap(page: Page, x: float, y: float) -> None:
    stage = page.locator(".own-stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    stage.click(position={"x": x * box["width"], "y": y * box["height"]}, force=True)


def found(page: Page, step: str):
    return page.locator(f"[data-panel={step}] [data-find={step}]")


def go(page: Page, step: str) -> None:
    page.locator(f".own-steps [data-go={step}]").click()


def link(page: Page, marks: str) -> str:
    """A link to marks on the picture that is open, which the address names once one is put."""
    tap(page, 0.5, 0.5)
    page.wait_for_url("**/*of-*")
    of = re.search(r"of-[0-9a-f]{8}", page.url)[0]
    return f"#your-picture.{of}.{marks}"


def test_a_picture_is_never_sent_and_its_reader_comes_only_with_it(check):
    page = check()
    assert "/settings/" not in " ".join(page.watch.requests)
    sent = []
    page.on("request", lambda asked: sent.append((asked.method, asked.post_data_buffer, asked.url)))
    give(page, scene())
    there(page)
    put(page, "body", 0.6, 0.6)
    assert sent, "the reader of settings was asked for"
    for method, body, url in sent:
        assert (method, body) == ("GET", None)
        assert re.search(r"/assets/(js/(settings|picture)/[\w-]+\.js|mark\.svg)$", url)


def test_the_policy_of_the_page_lets_nothing_out(watched, address):
    watch = watched()
    page = watch.context.new_page()
    page.goto(f"{address}{PATH}")
    assert sorted(page.evaluate(SEND)) == ["connect-src", "img-src"]
    assert not [problem for problem in watch.problems if problem.startswith("outside")]
    watch.context.close()


def test_two_colours_are_named_and_parted_as_an_eye_does(check):
    page = check(scene())
    expect(found(page, "colours")).to_have_text("Move the marks to their places first.")
    put(page, "body", 0.6, 0.6)
    tap(page, 0.5, 0.1)  # the next mark's turn
    says = found(page, "colours")
    expect(says).to_contain_text(
        "The metal is blue, and so are the surroundings: a difference that shows only side by"
        " side. The colours lie 3.8 apart: 0 is the same colour, 100 is black beside white."
    )
    put(page, "around", 0.9, 0.9)
    expect(says).to_contain_text("the surroundings are tan")
    expect(says).to_contain_text("The tint differs")
    shown = page.locator("[data-swatch=around]").evaluate("e => e.style.background")
    assert shown.startswith("rgb(190, 150, 100)")


def test_the_share_of_white_is_that_of_the_marked_body(check):
    page = check(scene())
    go(page, "white")
    corners = (
        (0.25, 1 / 3),
        (0.5, 1 / 3),
        (0.75, 1 / 3),
        (0.75, 5 / 6),
        (0.5, 5 / 6),
        (0.25, 5 / 6),
    )
    places = ".".join(
        f"edge-{n}-{round(1000 * x)}-{round(1000 * y)}" for n, (x, y) in enumerate(corners, 1)
    )
    page.evaluate("hash => { location.hash = hash }", link(page, f"white.{places}"))
    expect(found(page, "white")).to_contain_text("25 percent of the marked body is near white")
    expect(found(page, "white")).to_contain_text(
        "More of it is pure white than on our rendered mirrors"
    )


def test_a_band_on_the_line_meets_it_and_one_below_tells_how_the_metal_leans(check):
    page = check(scene())
    go(page, "horizon")
    put(page, "left", 0.1, 0.5)
    tap(page, 0.9, 0.5)
    tap(page, 0.5, 0.5)
    expect(found(page, "horizon")).to_contain_text("The band meets your line")
    put(page, "band", 0.5, 0.7)
    expect(found(page, "horizon")).to_contain_text("below your line, by 20 percent of the picture")
    expect(found(page, "horizon")).to_contain_text("leans back")


def test_shadow_and_highlight_name_a_side_each(check):
    page = check(scene())
    go(page, "light")
    for x, y in ((0.2, 0.95), (0.5, 0.2), (0.1, 0.2), (0.8, 0.8)):
        tap(page, x, y)
    expect(found(page, "light")).to_contain_text(
        "the shadow puts the light on the right, the highlight", ignore_case=True
    )
    page.locator("[data-action=brightest]").click()
    spot = page.locator("[data-mark=spot]")
    expect(spot).to_have_attribute("aria-label", re.compile(r"highlight: (2\d|3\d|4\d) percent"))


def test_a_mark_moves_by_keys_and_a_link_brings_it_all_back(check, address):
    page = check(scene())
    mark = page.locator("[data-mark=body]")
    mark.focus()
    before = mark.get_attribute("aria-label")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    label = mark.get_attribute("aria-label")
    assert label != before
    go(page, "twins")
    tap(page, 0.3, 0.5)
    tap(page, 0.7, 0.5)
    page.locator("[name=own-twins][value=unlike]").check()
    expect(found(page, "twins")).to_contain_text("You answered that the two differ.")
    page.wait_for_url("**/*twins-unlike*")
    again = check(scene(), page.url.removeprefix(address))
    there(again)
    expect(again.locator("[data-panel=twins]")).to_be_visible()
    expect(again.locator("[data-mark=body]")).to_have_attribute("aria-label", label)
    expect(found(again, "twins")).to_contain_text("You answered that the two differ.")


@pytest.mark.parametrize("hand", [PHONE, {}], ids=["finger", "mouse"])
def test_a_mark_is_dragged_by_a_finger_or_a_mouse(check, hand):
    page = check(scene(), **hand)
    there(page)
    mark, stage = page.locator("[data-mark=around]"), page.locator(".own-stage")
    stage.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before, start, end = page.evaluate("scrollY"), on(mark, 0.5, 0.5), on(stage, 0.25, 0.75)
    if hand:
        drag(page, start, (end[0] - start[0], end[1] - start[1]))
    else:
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end)
        page.mouse.up()
    expect(mark).to_have_attribute(
        "aria-label", "What it should show: 25 percent from the left, 75 from above"
    )
    expect(found(page, "colours")).to_have_text("Still to put in place: mark 1.")
    assert page.evaluate("scrollY") == before, "the page stays where it is"


def test_settings_are_told_as_text_each_beside_what_is_known_of_it(check):
    page = check(png(text("parameters", HOSTILE), size=(64, 64)))
    go(page, "settings")
    panel = page.locator("[data-panel=settings]")
    expect(panel.locator("[data-out=file]")).to_contain_text(
        "PNG, 64 × 64. Settings as a Stable Diffusion web UI"
    )
    expect(panel.locator("[data-setting=seed] output")).to_have_text("77")
    expect(panel.locator("[data-setting=prompt] output")).to_contain_text("<img src=x onerror")
    expect(panel.locator("[data-setting=prompt] [data-yours]")).to_contain_text(
        "its end lies beyond them"
    )
    expect(panel.locator("[data-setting=sampler] [data-yours]")).to_have_text(
        "Of this sampler our sources do not say."
    )
    expect(panel.locator("[data-setting=vae]")).to_be_hidden()
    assert panel.locator("img").count() == 0
    assert page.title() != "theirs"


def test_each_kind_of_picture_is_shown_and_what_is_none_is_told_in_a_line(check):
    page = check()
    for kind in ("jpeg", "webp", "avif"):
        give(page, saved(kind.upper()), kind)
        there(page)
        assert page.locator(".own-stage canvas").evaluate("e => [e.width, e.height]") == [12, 8]
    says = page.locator("[data-out=says]")
    give(page, b"no picture")
    expect(says).to_contain_text("This is no PNG, JPEG, WebP or AVIF: bring")
    give(page, png(size=(30_000, 30_000)))
    expect(says).to_contain_text("more than a page can unpack")
    give(page, scene()[:200])
    expect(says).to_contain_text("Your browser cannot open this PNG: is the file whole?")
    give(page, scene())
    expect(says).to_be_empty()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_can_be_dropped_or_pasted(check, kind):
    page = check()
    page.locator("your-picture").evaluate(DROP, [base64.b64encode(scene()).decode(), kind])
    there(page)


def test_our_own_pictures_can_be_tried(check):
    page = check()
    for button in page.locator("[data-action=ours]").all():
        button.click()
        there(page)
        expect(page.locator("[data-out=says]")).to_be_empty()
        go(page, "settings")
        line = page.locator("[data-out=file]")
        of = button.get_attribute("data-of")
        expect(line).to_contain_text("our own render" if of == "render" else "own pictures.")
        expect(line).to_contain_text("this site")
        expect(page.locator(".own-settings")).to_be_visible(visible=of == "painted")
        if of == "render":
            go(page, "card")
            expect(page.locator("[data-kept]")).to_contain_text("It is our own render")
    expect(page.locator("[data-setting=seed] output")).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator("[data-setting=sampler] [data-yours]")).to_be_empty()


def test_a_card_holds_what_was_looked_at_and_nothing_else(check):
    page = check(scene())
    go(page, "card")
    page.locator("[data-action=save]").click()
    expect(page.locator("[data-out=says]")).to_contain_text("Nothing has been marked yet")
    go(page, "light")
    tap(page, 0.2, 0.95)
    go(page, "horizon")
    for x, y in ((0.1, 0.5), (0.9, 0.5), (0.5, 0.5)):
        tap(page, x, y)
    go(page, "card")
    outs = page.locator("[data-panel=card] [data-find]").all_inner_texts()
    assert [bool(text) for text in outs] == [False, True, False, False, False, False]
    with page.expect_download() as saving:
        page.locator("[data-action=save]").click()
    with Image.open(saving.value.path()) as card:
        assert card.info == {}
        assert card.format == "PNG"
        assert card.width == 1200
        assert card.height > 900
        assert card.convert("RGB").getpixel((600, 20)) == (120, 160, 220)


def test_a_file_without_settings_shows_one_line_and_no_table(check):
    page = check(scene())
    go(page, "settings")
    expect(page.locator("[data-out=file]")).to_contain_text("The file keeps no settings")
    expect(page.locator(".own-settings")).to_be_hidden()
    assert page.locator("[data-setting]:visible").count() == 0


def test_the_card_carries_its_title_the_site_and_the_settings_where_the_file_kept_them(check):
    page = check(png(text("parameters", HOSTILE), size=(64, 64)))
    page.evaluate(WRITTEN)
    go(page, "card")
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("Seed: 77; Steps: 9; Sampler: Euler a; Guidance (CFG scale): 3")
    for file, settings in ((None, True), (scene(), False)):
        if file:
            give(page, file)
            go(page, "letters")
            page.locator("[name=own-letters][value=none]").check()
            go(page, "card")
        page.evaluate("written.length = 0")
        with page.expect_download():
            page.locator("[data-action=save]").click()
        words = " ".join(page.evaluate("written"))
        assert "A picture, and what its reflections obey" in words
        assert "How AI paints chrome · Nothing here proves" in words
        assert ("Steps: 9; Sampler: Euler a;" in words) == settings
        assert ("Prompt: <img src=x onerror" in words) == settings
        assert ("You answered that it shows no letters." in words) != settings
    expect(kept).to_have_text("The file keeps none that we can read.")


def test_the_card_shows_the_marks_of_what_was_found_and_no_others(check):
    marks = "left-100-500.right-900-500.band-500-700.badge-800-200.tip-200-900"
    page = check(scene(), f"{PATH}{link(check(scene()), f'card.{marks}.letters-read')}")
    there(page)
    with page.expect_download() as saving:
        page.locator("[data-action=save]").click()
    with Image.open(saving.value.path()) as saved_card:
        card = saved_card.convert("RGB")
    white = (255, 255, 255)
    assert card.getpixel((1000, 450)) == white, "the line, from edge to edge"
    assert card.getpixel((1000, 452)) == (13, 15, 18), "dark beside it"
    for x, y in ((600, 630), (960, 180)):
        assert card.getpixel((x - 13, y)) == white, "a ring"
        assert card.getpixel((x, y)) != white, "its middle is free"
    plain = Image.open(io.BytesIO(scene())).convert("RGB").resize((1200, 900))
    for x, y in ((504, 491), (504, 517), (600, 95), (600, 121)):  # where other marks would be
        assert card.getpixel((x, y)) == plain.getpixel((x, y))


def test_what_is_pasted_into_words_is_no_picture(check):
    """Office programs put a picture of the text beside it."""
    page = check()
    page.locator("[data-md-component=search-query]").evaluate(
        DROP, [base64.b64encode(scene()).decode(), "paste"]
    )
    page.wait_for_timeout(300)
    expect(page.locator("your-picture")).not_to_have_class(re.compile("own-open"))
    assert not page.locator(".own-stage").is_visible()


def test_keys_of_the_browser_move_no_mark(check):
    mark = check(scene()).locator("[data-mark=body]")
    mark.focus()
    before = mark.get_attribute("aria-label")
    for key in ("Control", "Meta", "Alt"):
        mark.dispatch_event(
            "keydown",
            {
                "key": "ArrowUp",
                "shiftKey": True,
                f"{key.lower()}Key".replace("control", "ctrl"): True,
            },
        )
    assert mark.get_attribute("aria-label") == before
    mark.press("Shift+ArrowUp")
    assert mark.get_attribute("aria-label") != before


@pytest.mark.parametrize("word", ["W" * 200, "車" * 120])
def test_a_word_that_is_longer_than_a_card_is_wide_is_broken(check, word):
    margin = check().evaluate(MARGIN, word)
    assert len(set(margin)) == 1, "letters stand in the margin"


def test_without_a_script_all_steps_and_settings_stand_there_and_nothing_to_press(visit):
    page = visit(PATH, java_script_enabled=False)
    for name in ("colours", "horizon", "light", "white", "letters", "twins", "settings"):
        expect(page.locator(f"[data-panel={name}]")).to_be_visible()
    expect(page.locator("[data-setting=seed]")).to_contain_text("random numbers")
    assert page.locator("your-picture :is(button, input, output):visible").count() == 0


def test_a_link_of_ours_may_name_each_step(visit):
    page = visit(PATH)
    states = page.locator("your-picture").get_attribute("data-states").split()
    for state in states:
        page.evaluate("hash => { location.hash = hash }", f"#your-picture.{state}")
        expect(page.locator(f"[data-panel={state}]")).to_be_visible()
        assert page.locator("[data-panel]:visible").count() == 1
