"""A reader's own picture beside its text: how much of a screen it takes, whose the marks are."""

import io
import re

import pytest
from brought import bring
from PIL import Image
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
MARKS = "body-566-352.around-500-100"
PHONE = (390, 844)


def picture(width: int, height: int, red: int = 120) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (red, 160, 220)).save(file, "JPEG")
    return file.getvalue()


def finding(page: Page):
    return page.locator("[data-panel=colours] [data-find]")


@pytest.mark.parametrize("size", [(3024, 4032), (3, 900), (900, 3)])
def test_on_a_phone_a_picture_of_any_shape_leaves_half_of_the_screen_to_the_text(visit, size):
    page = visit(PATH, size=PHONE)
    bring(page, picture(*size), "jpeg")
    page.locator(".own-panel:visible p").last.scroll_into_view_if_needed()
    left, stage = (page.locator(name).bounding_box() for name in (".own-left", ".own-stage"))
    assert left["height"] < 0.45 * PHONE[1]
    assert stage["width"] >= 24 and stage["height"] >= 24
    behind = page.locator(".own-left").evaluate("e => getComputedStyle(e).backgroundColor")
    assert behind.startswith("rgb("), "what scrolls below it does not show through"
    assert page.locator(".own-left p").count() == 0


def test_another_picture_begins_without_the_marks_of_the_one_before(visit):
    page = visit(PATH)
    bring(page, picture(90, 60), "jpeg")
    page.locator(".own-stage").click(position={"x": 30, "y": 40}, force=True)
    expect(finding(page)).to_have_text("Still to put in place: mark 2.")
    page.locator(".own-stage").click(position={"x": 60, "y": 10}, force=True)
    expect(finding(page)).to_contain_text("The metal is")
    page.wait_for_url(re.compile("body-"))
    bring(page, picture(90, 60, red=20), "jpeg")
    expect(finding(page)).to_have_text("Move the marks to their places first.")
    page.wait_for_url(re.compile(r"#your-picture\.colours\.of-[0-9a-f]{8}$"))


def test_marks_of_a_link_hold_for_the_picture_they_were_made_on_alone(visit, address):
    page = visit(f"{PATH}#your-picture.colours.{MARKS}")
    bring(page, picture(90, 60), "jpeg")
    expect(finding(page)).to_have_text("Move the marks to their places first.")
    expect(page.locator("[data-out=says]")).to_contain_text("made on another picture")
    for x, y in ((30, 40), (60, 10)):
        page.locator(".own-stage").click(position={"x": x, "y": y}, force=True)
    page.wait_for_url(re.compile("of-[0-9a-f]{8}.*body-.*around-"))
    again = visit(page.url.removeprefix(address))
    expect(again.locator("[data-out=says]")).to_contain_text("bring the same one again")
    bring(again, picture(90, 60), "jpeg")
    expect(finding(again)).to_contain_text("The metal is")


def test_a_picture_of_ours_that_comes_late_does_not_replace_one_that_was_brought_since(visit):
    page = visit(PATH)
    held = []
    page.route("**/staged/desert.webp", lambda route: held.append(route))
    page.get_by_role("button", name="Try our render").click()
    bring(page, picture(90, 60), "jpeg")
    with page.expect_request_finished(lambda asked: asked.url.endswith("desert.webp")):
        held[0].continue_()
    page.wait_for_timeout(400)  # long enough for it to be drawn, were it taken
    size = page.locator(".own-stage canvas").evaluate("e => [e.width, e.height]")
    assert size == [90, 60]


def test_a_link_to_marks_on_a_picture_of_ours_opens_that_picture(visit):
    page = visit(f"{PATH}#your-picture.colours.of-painted.{MARKS}")
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    expect(finding(page)).to_contain_text("The metal is")
    expect(page.locator("[data-mark=body]")).to_have_attribute(
        "aria-label", re.compile("57 percent from the left, 35 from above")
    )


def test_a_file_that_is_dropped_anywhere_does_not_replace_the_page(visit):
    page = visit(PATH)
    dropped = """() => {
        const data = new DataTransfer()
        data.items.add(new File(["no picture"], "x.png", {type: "image/png"}))
        return ["dragover", "drop"].map(kind => {
            const event = new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})
            return document.querySelector("h1").dispatchEvent(event)
        })
    }"""
    assert page.evaluate(dropped) == [False, False]
    expect(page.locator("[data-out=says]")).to_contain_text("no PNG")


@pytest.mark.parametrize("of", ["Try our render", "Try a painted car"])
def test_a_picture_of_ours_begins_with_a_finding_and_all_steps_are_in_sight_on_a_phone(visit, of):
    page = visit(PATH, size=PHONE)
    page.get_by_role("button", name=of).click()
    expect(finding(page)).to_contain_text("The metal is")
    for step in page.locator(".own-steps button").all():
        box = step.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]
    line = page.locator("g.own-shown polygon")
    assert len(set(line.evaluate_all("all => all.map(e => e.getAttribute('points'))"))) == 1
    dark, light = line.evaluate_all("all => all.map(e => getComputedStyle(e).stroke)")
    assert (dark, light) == ("rgb(13, 15, 18)", "rgb(255, 255, 255)")
