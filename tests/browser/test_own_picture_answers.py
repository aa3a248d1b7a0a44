"""What a reader sees of an answer: a plain verdict, in sight, and the card as it is saved."""

import re

import pytest
from brought import bring, shot
from made_pictures import png, text
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
PHONE = (390, 844)
HEADER = "document.querySelector('.md-header').getBoundingClientRect().bottom"
TOP = "document.activeElement.getBoundingClientRect().top"
CROSSED = """async address => {
    const {drawMarks} = await import(`${address}/assets/js/picture/on-card.js`)
    const canvas = Object.assign(document.createElement("canvas"), {width: 400, height: 400})
    const pen = canvas.getContext("2d")
    const one = {marks: [{label: "1", place: {x: .5, y: .5}}], lines: []}
    const near = {marks: [{label: "1", place: {x: .5, y: .52}}], lines: []}
    const level = [{x: 0, y: .45}, {x: 1, y: .45}], steep = [{x: .5, y: 0}, {x: .56, y: 1}]
    const line = {marks: [], lines: [level, steep]}
    const written = []
    pen.fillText = (name, x, y) => written.push([name, x, y])
    drawMarks(pen, [one, near, line], ["A", "B", "C"], {left: 0, width: 400, height: 400})
    const [, x, y] = written[0]
    const {data} = pen.getImageData(x, y - 18, 12, 22)
    return {written, light: data.filter((each, i) => i % 4 < 3 && each > 200).length}
}"""


def go(page: Page, step: str) -> None:
    page.locator(f".own-steps [data-go={step}]").click()


def ours(page: Page, name: str = "Try our render") -> Page:
    page.get_by_role("button", name=name).click()
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    return page


@pytest.mark.parametrize("size", [(1366, 768), PHONE])
def test_the_keys_that_bring_our_render_go_on_below_the_header(visit, size):
    page = visit(PATH, size=size)
    page.get_by_role("button", name="Try our render").press("Enter")
    expect(page.locator("[data-panel=colours]")).to_be_focused()
    assert page.evaluate(TOP) >= page.evaluate(HEADER)
    page.keyboard.press("Tab")
    expect(page.locator("[data-pick=body]")).to_be_focused()


def test_a_tap_that_moves_nothing_says_why_until_something_is_chosen(visit):
    page = ours(visit(PATH))
    says, canvas = page.locator("[data-out=idle]"), page.locator(".own-stage canvas")
    expect(says).to_be_hidden()
    canvas.click(position={"x": 20, "y": 60})
    expect(says).to_have_text("Nothing moved: all marks stand. Drag one, or choose it and tap.")
    page.locator("[data-pick=around]").click()
    expect(says).to_be_hidden()
    canvas.click(position={"x": 20, "y": 60})
    expect(says).to_be_hidden()
    go(page, "settings")
    canvas.click(position={"x": 20, "y": 60})
    expect(says).to_have_text("Nothing is marked in this step.")
    go(page, "colours")
    expect(says).to_be_hidden()


def test_a_step_of_our_render_is_done_once_the_reader_has_moved_a_mark_of_it(visit):
    page = ours(visit(PATH))
    done, verdict = (
        page.locator("[data-go=colours] [data-done]"),
        page.locator("[data-verdict=colours]"),
    )
    expect(verdict).to_have_text("Fits, as we marked it")
    expect(done).to_be_hidden()
    page.locator("[data-mark=body]").press("ArrowUp")
    expect(verdict).to_have_text("Fits")
    expect(done).to_be_visible()
    page.get_by_text("All marks stand").locator("visible=true").wait_for()


def test_an_answer_begins_with_a_verdict_and_none_is_given_before_the_marks_stand(visit):
    page = bring(visit(PATH), shot())
    verdict = page.locator("[data-verdict=horizon]")
    go(page, "horizon")
    expect(verdict).to_be_hidden()
    marks, canvas = ((30, 60), (200, 60), (100, 60)), page.locator(".own-stage")
    for x, y in marks:
        canvas.click(position={"x": x, "y": y}, force=True)
    expect(verdict).to_have_text("Fits")
    band = page.locator("[data-mark=band]")
    for key, says in (
        ("Shift+ArrowDown", "Cannot be told"),
        ("Shift+ArrowUp", "Fits"),
        ("Shift+ArrowUp", "Odd"),
    ):
        band.press(key)
        expect(verdict).to_have_text(says)
    above = verdict.bounding_box()
    assert above["y"] < page.locator("[data-panel=horizon] [data-find]").bounding_box()["y"]
    go(page, "card")
    expect(page.locator("[data-panel=card] [data-find=horizon]")).to_contain_text(
        "Odd. The band lies above"
    )


def test_on_a_phone_the_answer_stands_in_sight_and_keys_are_told_of_only_to_who_uses_some(visit):
    page = ours(visit(PATH, size=PHONE))
    for step in ("light", "white", "colours"):
        go(page, step)
        answer = page.locator(f"[data-panel={step}] [data-find]")
        expect(answer).to_be_in_viewport(ratio=1)
        assert (
            answer.bounding_box()["y"]
            < page.locator("[data-pick]:visible").first.bounding_box()["y"]
        )
        expect(page.locator(".own-keys:visible")).to_have_count(0)
    page.locator("[data-pick=body]").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".own-keys:visible")).to_have_count(1)


@pytest.mark.parametrize("step", ["light", "settings"])
def test_beside_a_long_step_the_picture_stays_in_sight(visit, step):
    page = ours(visit(PATH, size=(1366, 768)), "Try a painted car")
    go(page, step)
    page.locator(f"[data-panel={step}] > :last-child").evaluate(
        "e => e.scrollIntoView({block: 'end'})"
    )
    expect(page.locator(".own-stage")).to_be_in_viewport(ratio=1)
    assert page.locator(".own-left").bounding_box()["y"] >= page.evaluate(HEADER) - 1


def test_the_card_is_shown_as_it_will_be_saved_once_something_was_found(visit):
    page = bring(visit(PATH), shot())
    go(page, "card")
    card = page.locator("[data-out=preview] canvas")
    expect(card).to_have_count(0)
    expect(page.locator(".own-stage")).to_be_visible()
    go(page, "letters")
    page.locator("[name=own-letters][value=none]").check()
    go(page, "card")
    expect(card).to_be_visible()
    expect(page.locator(".own-stage")).to_be_hidden()
    size = card.evaluate("e => [e.width, e.height]")
    with page.expect_download() as saving:
        page.locator("[data-action=save]").click()
    assert saving.value.suggested_filename == "my-picture-checked.png"
    assert size[0] == 1200


def test_on_a_card_no_line_crosses_a_name_out_and_no_name_covers_another(visit, address):
    drawn = visit(PATH).evaluate(CROSSED, address)
    (one, x, y), (other, u, v) = drawn["written"]
    assert (one, other) == ("A", "B")
    assert abs(x - u) >= 28 or abs(y - v) >= 28
    assert drawn["light"] == 0, "the dark behind a name is whole"


def test_the_brightest_place_is_looked_for_on_the_metal_where_it_is_outlined(visit):
    page = ours(visit(PATH))
    go(page, "light")
    expect(page.locator("[data-mark=spot]")).to_have_attribute(
        "aria-label", re.compile("60 percent from the left, 64")
    )
    go(page, "white")
    for n, (x, y) in enumerate(
        ((600, 600), (650, 600), (700, 610), (700, 740), (650, 740), (620, 740)), 1
    ):
        page.evaluate(
            "hash => { location.hash = hash }", f"#your-picture.white.of-render.edge-{n}-{x}-{y}"
        )
    go(page, "light")
    page.locator("[data-action=brightest]").click()
    label = page.locator("[data-mark=spot]").get_attribute("aria-label")
    across, down = (int(number) for number in re.findall(r"(\d+) (?:percent|from above)", label))
    assert 60 <= across <= 70 and 59 <= down <= 74


@pytest.mark.parametrize("hires", [True, False])
def test_a_second_pass_at_a_larger_size_is_not_told_as_a_picture_that_was_handed_in(visit, hires):
    more = ", Hires upscale: 2, Hires steps: 10" if hires else ""
    line = f"a car\nSteps: 20, Sampler: Euler a, Seed: 1, Denoising strength: 0.4{more}"
    page = bring(visit(PATH), png(text("parameters", line), size=(64, 64)))
    says = page.locator("[data-setting=strength] [data-yours]")
    if hires:
        expect(says).to_contain_text("then no picture need have been handed in")
    else:
        expect(says).to_be_empty()
