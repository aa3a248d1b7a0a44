"""The quiz of right and wrong mirrors: what a choice says and counts; without a script, answers."""

import re

import pytest
from playwright.sync_api import expect

PAGE = "/measurements/quiz/"


def test_a_choice_is_told_at_once_counted_once_and_made_by_key(visit):
    page = visit(PAGE)
    pairs = page.locator(".quiz fieldset")
    assert pairs.count() == 10
    expect(page.locator(".quiz fieldset:visible")).to_have_count(1)
    right = pairs.nth(0).locator("[value=right]")
    right.focus()
    page.keyboard.press("Space")
    expect(pairs.nth(0).locator(".quiz-verdict")).to_have_text(re.compile("^Right: [AB] mirrors"))
    expect(page.locator(".quiz-score")).to_have_text("1 right of 1 so far.")
    expect(pairs.nth(0).locator("[value=wrong]")).to_be_disabled()
    for value in ("right", "wrong"):
        name = pairs.nth(0).locator(f"span:has([value={value}])")
        mark = name.evaluate("e => getComputedStyle(e, '::after').content")
        assert f"{value} mirror" in mark, "which picture it was stands on it"
    for number in range(1, 10):
        page.get_by_role("button", name="Next pair").click()
        expect(page.locator(".quiz fieldset:visible")).to_have_count(1)
        pairs.nth(number).locator("[value=wrong]").check()
    expect(page.get_by_role("button", name="Next pair")).to_be_hidden()
    told = pairs.nth(9).locator(".quiz-verdict")
    expect(told).to_have_text(re.compile("^Wrong: [AB] mirrors .*, [AB] (another|its own) place"))
    expect(page.locator(".quiz-score")).to_have_text(re.compile("^1 right of 10. Chance"))
    page.get_by_role("button", name="Play again").click()
    expect(pairs.nth(0).locator("legend")).to_be_focused()
    expect(page.locator(".quiz-score, .quiz-verdict:visible")).to_have_text(["", ""])
    expect(page.locator(".quiz :checked")).to_have_count(0)
    pairs.nth(0).locator("[value=wrong]").check()
    expect(page.locator(".quiz-score")).to_have_text("0 right of 1 so far.")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_arrow_keys_lead_from_picture_to_picture_and_a_key_pressed_on_one_chooses_it(visit, key):
    page = visit(PAGE)
    page.locator(".quiz-ready").wait_for()
    boxes = page.locator(".quiz fieldset:visible [type=radio]")
    said = page.locator(".quiz-verdict:visible")
    boxes.first.focus()
    for number in (1, 0, 1):
        page.keyboard.press("ArrowRight")
        expect(boxes.nth(number)).to_be_focused()
        expect(boxes.nth(number)).to_be_checked()
        expect(said).to_have_text("Enter or Space chooses it.")
    expect(boxes.first).to_be_enabled()
    expect(page.locator(".quiz-score")).to_have_text("")
    page.keyboard.press(key)
    expect(said).to_have_text(re.compile("^(Right|Wrong): [AB] mirrors"))
    expect(boxes.first).to_be_disabled()
    page.get_by_role("button", name="Next pair").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # a press too many
    expect(said).to_have_text("")
    page.keyboard.press("Tab")
    expect(boxes.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    boxes.last.click()  # what an arrow led to needs one press, as the other does
    expect(page.locator(".quiz-score")).to_have_text(re.compile("of 2 so far"))


def test_answers_stand_below_without_a_script(visit):
    page = visit(PAGE, java_script_enabled=False)
    expect(page.locator(".quiz input").first).to_be_hidden()
    expect(page.locator(".quiz fieldset:visible")).to_have_count(10)
    for number, pair in enumerate(page.locator(".quiz fieldset").all(), 1):
        told = [pair.locator("img").nth(i).get_attribute("alt") for i in range(2)]
        assert told == [f"Picture {letter} of pair {number}: a chrome car" for letter in "AB"]
    page.locator(".quiz summary").click()
    answers = page.locator(".quiz details li")
    assert answers.count() == 10
    letters = [text[0] for text in answers.all_inner_texts()]
    assert 2 <= letters.count("A") <= 8, "no side gives it away"
    turned = ["upside down" in text for text in answers.all_inner_texts()]
    assert turned[::2] != [True] * 5 and turned[1::2] != [True] * 5, "nor does its number"


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1366, 768)])
def test_both_pictures_of_a_pair_and_what_is_pressed_fit_into_the_window(visit, size):
    page = visit(PAGE, size=size)
    pair = page.locator(".quiz fieldset").first
    pair.scroll_into_view_if_needed()
    boxes = [box for box in (one.bounding_box() for one in pair.locator("label").all()) if box]
    assert len(boxes) == 2
    high = max(b["y"] + b["height"] for b in boxes) - min(b["y"] for b in boxes)
    header = page.locator(".md-header").evaluate("e => e.getBoundingClientRect().height")
    assert high < size[1] - header
    wide = max(b["x"] + b["width"] for b in boxes) - min(b["x"] for b in boxes)
    article = page.locator("article").evaluate("e => e.getBoundingClientRect().width")
    assert wide > 0.97 * article, "as large as the page bears"


def test_on_a_phone_a_pair_what_is_said_of_it_and_the_way_on_fit_together(visit):
    page = visit(PAGE, size=(390, 844))
    pair = page.locator(".quiz fieldset").first
    pair.locator("label").last.click()
    expect(pair.locator(".quiz-verdict")).not_to_be_empty()
    low = page.get_by_role("button", name="Next pair").bounding_box()
    first = pair.locator("label").first.bounding_box()
    header = page.locator(".md-header").evaluate("e => e.getBoundingClientRect().height")
    assert first["y"] >= header
    assert low["y"] + low["height"] <= 844
    assert first["x"] >= 8 and first["x"] + first["width"] <= 390 - 8


ROOM = """([from, to]) => {
    const ends = [...document.querySelectorAll(from)].map(e => e.getBoundingClientRect().bottom)
    return document.querySelector(to).getBoundingClientRect().top - Math.max(...ends)
}"""


@pytest.mark.parametrize(
    ("path", "size", "most", "answer", "after"),
    [
        (PAGE, (390, 844), 130, ".quiz label", ".quiz details"),
        (PAGE, (1366, 768), 80, ".quiz label", ".quiz details"),
        ("/measurements/where/", (390, 844), 100, ".where-worlds button", ".where-link"),
        ("/measurements/where/", (1366, 768), 60, ".where-stage", ".where-link"),
    ],
)
def test_no_more_room_is_kept_below_an_answer_than_what_comes_takes(
    visit, path, size, most, answer, after
):
    page = visit(path, size=size)
    page.locator(":is(.quiz-ready, .where-ready)").wait_for()
    page.wait_for_timeout(300)
    room = page.evaluate(ROOM, [f"fieldset:not([hidden]) {answer.split()[-1]}", after])
    assert 0 < room <= most
    page.locator("fieldset:visible :is(label, .where-worlds button)").first.click()
    verdict = page.locator("fieldset:visible :is(.quiz-verdict, .where-verdict)")
    expect(verdict).not_to_be_empty()
    now = page.evaluate(ROOM, [f"fieldset:not([hidden]) {answer.split()[-1]}", after])
    assert now == pytest.approx(room, abs=1), "nothing moves"
