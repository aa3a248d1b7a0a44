"""The steps of a reader's own picture: when they open, what leads on, what is done and refused."""

import re

import pytest
from brought import bring, shot
from in_page import WRITTEN
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
STEPS = ("colours", "horizon", "light", "white", "letters", "twins", "settings", "card")
LOOK = """async ([address, step, places, outline, ratio]) => {
    const {misplaced} = await import(`${address}/assets/js/picture/misplaced.js`)
    const at = name => ({x: places[name][0], y: places[name][1]})
    return misplaced(step, at, {ratio, outlined: outline})
}"""
BODY = {
    f"edge-{n}": place
    for n, place in enumerate(
        ((0.2, 0.4), (0.5, 0.3), (0.8, 0.4), (0.8, 0.7), (0.5, 0.8), (0.2, 0.7)), 1
    )
}
HORIZON = {"left": (0.1, 0.4), "right": (0.9, 0.42), "band": (0.5, 0.55)}
LIGHT = {"tip": (0.2, 0.9), "caster": (0.3, 0.5), "spot": (0.6, 0.4), "facing": (0.5, 0.5)}
RIGHT = {
    "colours": {"body": (0.5, 0.5), "around": (0.5, 0.1)},
    "horizon": HORIZON,
    "light": LIGHT,
    "white": BODY,
    "twins": {"one": (0.3, 0.6), "other": (0.7, 0.6)},
}
WRONG = {
    "one-colour": ("colours", {"body": (0.5, 0.5), "around": (0.51, 0.5)}, "stand on one place"),
    "body-beside": (
        "colours",
        {"body": (0.5, 0.05), "around": (0.9, 0.1)},
        "Mark 1 stands outside",
    ),
    "around-on-it": (
        "colours",
        {"body": (0.5, 0.5), "around": (0.5, 0.6)},
        "put it beside the metal",
    ),
    "steep": ("horizon", {"left": (0.4, 0.1), "right": (0.6, 0.9)}, "tilted by 69 degrees"),
    "at-45": ("horizon", {"left": (0.2, 0.1), "right": (0.6, 0.7)}, "tilted by 45 degrees"),
    "upright": ("horizon", {"left": (0.5, 0.1), "right": (0.5, 0.9)}, "tilted by 90 degrees"),
    "swapped": ("horizon", {"left": (0.9, 0.4), "right": (0.1, 0.4)}, "put 1 on the left"),
    "short": ("horizon", {"left": (0.5, 0.4), "right": (0.55, 0.4)}, "too close together"),
    "band-beside": ("horizon", {"band": (0.5, 0.05)}, "Mark 3 stands outside"),
    "no-shadow": ("light", {"caster": (0.2, 0.905)}, "stand on one place"),
    "spot-beside": ("light", {"spot": (0.05, 0.05)}, "Mark 3 stands outside"),
    "facing-beside": ("light", {"facing": (0.5, 0.95)}, "Mark 4 stands outside"),
    "crossed": ("white", {"edge-1": (0.8, 0.4), "edge-3": (0.2, 0.4)}, "crosses itself"),
    "no-body": ("white", dict.fromkeys(BODY, (0.5, 0.5)), "hardly any of the picture"),
    "one-twin": ("twins", {"other": (0.3, 0.61)}, "Both marks stand on one place"),
}


def press(page: Page, *places: tuple[float, float]) -> None:
    for x, y in places:
        box = page.locator(".own-stage").bounding_box()
        at = {"x": x * box["width"], "y": y * box["height"]}
        page.locator(".own-stage").click(position=at, force=True)


def says(page: Page, step: str):
    return page.locator(f"[data-panel={step}] [data-find={step}]")


def test_the_steps_wait_for_a_picture_and_say_so(visit):
    page = visit(PATH)
    steps = page.locator(".own-steps button")
    expect(
        page.get_by_text("First choose a picture: then you can take these steps on it.")
    ).to_be_visible()
    assert steps.evaluate_all("all => all.map(e => e.disabled)") == [True] * len(STEPS)
    assert page.locator("[data-panel]:visible :is(button, output):visible").count() == 0
    bring(page, shot())
    assert steps.evaluate_all("all => all.map(e => e.disabled)") == [False] * len(STEPS)
    expect(page.get_by_text("First choose a picture")).to_be_hidden()


@pytest.mark.parametrize("keys", [False, True])
def test_each_step_leads_on_to_the_next_one_which_comes_into_sight(visit, keys):
    page = visit(PATH, size=(390, 844))
    bring(page, shot())
    for next_ in STEPS[1:]:
        onward = page.locator("[data-onward]:visible")
        if keys:
            onward.press("Enter")
        else:
            onward.click()
        panel = page.locator(f"[data-panel={next_}]")
        expect(panel).to_be_focused()
        box = panel.bounding_box()
        assert 0 <= box["y"] < 500, "its first words are in sight"
    assert page.locator("[data-onward]:visible").count() == 0
    page.wait_for_url(re.compile(r"#your-picture\.card"))


def test_a_link_leads_to_a_step_and_takes_no_mark_along_nor_out_of_the_address(visit):
    page = visit(PATH)
    link = page.locator("your-picture [data-out=link]")
    expect(link).to_be_hidden()
    bring(page, shot())
    page.locator(".own-steps [data-go=light]").click()
    stage = page.locator(".own-stage canvas")
    stage.click(position={"x": 60, "y": 60})
    page.wait_for_url("**/*#your-picture.light.of-*")
    link.click()
    expect(page.locator("your-picture [data-out=says]")).to_be_empty()
    assert ".tip-" in page.url, "they come back with the picture"
    assert link.evaluate("a => a.hash") == "#your-picture.light"
    again = bring(visit(f"{PATH}#your-picture.light"), shot(90))
    expect(again.locator("[data-panel=light]")).to_be_visible()
    expect(again.locator(".own-steps [data-go=light]")).to_have_attribute("aria-current", "step")


def test_a_step_is_done_once_all_its_marks_are_laid_and_no_longer_when_they_are_put_back(visit):
    page = visit(PATH)
    bring(page, shot())
    done = page.get_by_role("button", name="Two colours done")
    press(page, (0.5, 0.6))
    expect(says(page, "colours")).to_have_text("Still to put in place: mark 2.")
    expect(done).to_be_hidden()
    press(page, (0.5, 0.1))
    expect(done).to_be_visible()
    page.locator("[data-go=white]").click()
    press(page, (0.2, 0.4), (0.5, 0.3))
    expect(says(page, "white")).to_have_text("Still to put in place: marks 3, 4, 5 and 6.")
    page.locator("[data-go=letters]").click()
    page.locator("[name=own-letters][value=none]").check()
    expect(page.get_by_role("button", name="Letters done")).to_be_visible()
    page.locator("[data-go=card]").click()
    page.locator("[data-action=reset]").click()
    expect(done).to_be_hidden()
    expect(page.get_by_role("button", name="Letters done")).to_be_hidden()


def test_a_mark_that_stands_right_from_the_first_is_pressed_where_it_is(visit):
    page = visit(PATH)
    bring(page, shot())
    page.locator("[data-mark=body]").press("Enter")
    expect(says(page, "colours")).to_have_text("Still to put in place: mark 2.")
    page.locator("[data-mark=around]").click()
    expect(says(page, "colours")).to_contain_text("The metal is")


def test_a_key_on_the_name_of_a_mark_leads_to_the_mark_which_keys_move(visit):
    page = visit(PATH)
    bring(page, shot())
    page.locator("[data-onward]:visible").press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-pick=left]")).to_be_focused()
    page.keyboard.press("Enter")
    mark = page.locator("[data-mark=left]")
    expect(mark).to_be_focused()
    before = mark.get_attribute("aria-label")
    page.keyboard.press("Shift+ArrowDown")
    assert mark.get_attribute("aria-label") != before
    page.locator("[data-pick=right]").click()
    expect(page.locator("[data-pick=right]")).to_be_focused()


@pytest.mark.parametrize("name", WRONG)
def test_marks_that_stand_as_they_cannot_are_refused_in_a_sentence(visit, address, name):
    step, wrong, reason = WRONG[name]
    outline = step in ("colours", "horizon", "light") and (
        "outside" in reason or "put it beside" in reason
    )
    places = BODY | RIGHT[step] | wrong
    told = visit(PATH).evaluate(LOOK, [address, step, places, outline, 1.5])
    assert reason in told
    assert re.fullmatch(r"[A-Z][^.\n]+: [^.\n]+\.", told), "one sentence, with what to do"


@pytest.mark.parametrize("step", RIGHT)
def test_marks_that_stand_as_they_can_are_not_refused(visit, address, step):
    page = visit(PATH)
    for outlined in (False, True):
        told = page.evaluate(LOOK, [address, step, BODY | RIGHT[step], outlined, 1.5])
        assert told == ""
    tilted = HORIZON | {"right": (0.9, 0.9)}  # 23 degrees
    assert page.evaluate(LOOK, [address, "horizon", tilted, False, 1.5]) == ""


def test_what_is_refused_is_not_done_and_the_card_says_why(visit):
    page = visit(PATH)
    bring(page, shot())
    press(page, (0.3, 0.5))
    page.locator("[data-go=horizon]").click()
    press(page, (0.4, 0.05), (0.6, 0.95), (0.5, 0.5))
    expect(says(page, "horizon")).to_contain_text("which no horizon is")
    expect(page.get_by_role("button", name="The horizon done")).to_be_hidden()
    page.locator("[data-go=card]").click()
    line = page.locator("[data-panel=card] [data-find=horizon]")
    expect(line).to_contain_text("Marks not usable: Your line is tilted by")
    before = "e => getComputedStyle(e, '::before').content"
    lines = page.locator(".own-findings dd").evaluate_all(f"all => all.map({before})")
    assert lines[:3] == ['"its marks are not in place yet"', "none", '"not looked at"']
    page.evaluate(WRITTEN)
    with page.expect_download():
        page.locator("[data-action=save]").click()
    assert "The horizon: Marks not usable: Your line" in " ".join(page.evaluate("written"))


@pytest.mark.parametrize("of", ["render", "painted"])
def test_the_marks_that_a_picture_of_ours_begins_with_are_all_right(visit, of):
    page = visit(f"{PATH}#your-picture.card.of-{of}")
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    expect(page.locator("[data-panel=card] [data-find=white]")).to_contain_text("near white")
    begun = page.locator(f"[data-of={of}]").get_attribute("data-marks")
    for step, mark in (("colours", "body"), ("horizon", "band"), ("white", "edge")):
        verdict = page.locator(f"[data-verdict={step}]")
        text = re.compile(", as we marked it$") if f"{mark}-" in begun else ""
        expect(verdict).to_have_text(text)
    assert page.locator("[data-done]:visible").count() == 0, "the reader has done nothing"


def test_going_back_says_that_the_picture_is_to_be_brought_again_and_keeps_nothing_else(visit):
    page = visit(PATH)
    bring(page, shot())
    press(page, (0.5, 0.6), (0.5, 0.1))
    page.locator("[data-go=twins]").click()
    page.locator("[name=own-twins][value=unlike]").check()
    page.wait_for_url(re.compile("twins-unlike"))
    for other in (False, True):
        page.goto(page.url.partition("your-picture/")[0] + "check/")
        page.go_back()
        line = page.locator("[data-out=says]")
        expect(line).to_have_text(
            "This page keeps no picture: bring the same one again, and its marks come back."
        )
        assert page.locator("your-picture :checked").count() == 0
        bring(page, shot(red=20 if other else 120))
        if other:
            expect(line).to_contain_text("made on another picture")
        checked = page.locator("[name=own-twins]:checked")
        expect(checked).to_have_count(0 if other else 1)
        expect(page.locator("[data-go=colours] [data-done]")).to_be_visible(visible=not other)


def test_going_back_without_marks_says_so_too(visit):
    page = visit(PATH)
    bring(page, shot())
    page.wait_for_url(re.compile("of-"))
    page.reload()
    expect(page.locator("[data-out=says]")).to_have_text(
        "This page keeps no picture: bring yours again."
    )
    bring(page, shot(red=20))
    expect(page.locator("[data-out=says]")).to_be_empty()
