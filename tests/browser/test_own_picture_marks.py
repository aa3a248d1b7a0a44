"""Marks on a reader's own picture: whose turn it is, and what a picture begins with."""

import re

import pytest
from brought import bring, shot
from made_settings import png, text
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
PHONE = {"size": (390, 844), "has_touch": True}
SETTINGS = "a car\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64"


def go(page: Page, step: str) -> None:
    page.locator(f".own-steps [data-go={step}]").click()


def tap(page: Page, *places: tuple[float, float]) -> None:
    stage = page.locator(".own-stage")
    for x, y in places:
        stage.scroll_into_view_if_needed()
        box = stage.bounding_box()
        at = {"x": x * box["width"], "y": y * box["height"]}
        stage.click(position=at, force=True)


def at(page: Page, mark: str) -> list[int]:
    """Where a mark stands, in percent."""
    told = page.locator(f"[data-mark={mark}]").get_attribute("aria-label")
    return [int(number) for number in re.findall(r"\d+", told.partition(":")[2])]


def says(page: Page, step: str):
    return page.locator(f"[data-panel={step}] [data-find={step}]")


def test_two_marks_are_put_closer_than_a_finger_is_wide(visit):
    page = bring(visit(PATH, **PHONE), shot())
    go(page, "twins")
    tap(page, (0.5, 0.5), (0.54, 0.5))
    assert (at(page, "one"), at(page, "other")) == ([50, 50], [54, 50])
    expect(page.locator(".own-waits:visible")).to_have_count(0)


def test_a_tap_where_another_mark_waits_puts_the_one_whose_turn_it_is(visit):
    page = bring(visit(PATH, **PHONE), shot())
    tap(page, (0.5, 0.12))  # where mark 2 stands at first
    assert at(page, "body") == [50, 12]
    expect(says(page, "colours")).to_have_text("Still to put in place: mark 2.")
    expect(page.locator("[data-pick=around]")).to_have_attribute("aria-pressed", "true")


def test_a_mark_that_is_dragged_out_of_turn_is_put_and_the_one_that_waits_keeps_its_turn(visit):
    page = bring(visit(PATH), shot())
    mark, stage = page.locator("[data-mark=around]"), page.locator(".own-stage")
    stage.scroll_into_view_if_needed()
    box, whole = mark.bounding_box(), stage.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(whole["x"] + 0.8 * whole["width"], whole["y"] + 0.2 * whole["height"], steps=4)
    page.mouse.up()
    assert (at(page, "body"), at(page, "around")) == ([42, 56], [80, 20])
    expect(says(page, "colours")).to_have_text("Still to put in place: mark 1.")
    expect(page.locator("[data-pick=body]")).to_have_attribute("aria-pressed", "true")


def test_when_all_marks_stand_a_tap_moves_none_that_was_not_chosen(visit):
    page = bring(visit(PATH), shot())
    tap(page, (0.3, 0.6), (0.6, 0.1), (0.9, 0.9))
    assert (at(page, "body"), at(page, "around")) == ([30, 60], [60, 10])
    expect(page.locator("[data-turn=none]:visible")).to_have_count(1)
    page.locator("[data-mark=around]").click()  # chosen on the picture
    tap(page, (0.8, 0.2))
    assert (at(page, "body"), at(page, "around")) == ([30, 60], [80, 20])


def test_marks_that_nobody_put_in_place_are_dashed_and_asked_to_be_moved(visit):
    page = bring(visit(PATH), shot())
    expect(says(page, "colours")).to_have_text("Move the marks to their places first.")
    ring = "e => getComputedStyle(e, '::before').borderTopStyle"
    rings = [page.locator(f"[data-mark={name}]") for name in ("body", "around")]
    assert [mark.evaluate(ring) for mark in rings] == ["dashed", "dashed"]
    tap(page, (0.3, 0.6))
    assert [mark.evaluate(ring) for mark in rings] == ["solid", "dashed"]


def test_all_marks_of_a_step_are_put_by_keys_as_a_line_says(visit):
    page = bring(visit(PATH), shot())
    page.locator("[data-onward]:visible").press("Enter")
    line = page.get_by_text("arrows move it, Enter takes the next")
    expect(line.locator("visible=true")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for mark in ("left", "right", "band"):
        expect(page.locator(f"[data-mark={mark}]")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    expect(says(page, "horizon")).to_contain_text("That needs metal that leans back")
    for mark in ("left", "right", "band", "left"):  # all stand: Enter goes round
        expect(page.locator(f"[data-mark={mark}]")).to_be_focused()
        page.keyboard.press("Enter")


def test_a_pair_is_answered_of_two_places_and_anew_when_one_moves(visit):
    page = bring(visit(PATH), shot())
    go(page, "twins")
    yes = page.locator("[name=own-twins][value=alike]")
    yes.check()
    expect(says(page, "twins")).to_have_text("First put marks 1 and 2 in place, then answer.")
    expect(page.get_by_role("button", name="Left and right done")).to_be_hidden()
    tap(page, (0.3, 0.5), (0.3, 0.5))
    expect(says(page, "twins")).to_contain_text("Both marks stand on one place")
    yes.check()
    expect(says(page, "twins")).to_contain_text("Both marks stand on one place")
    page.locator("[data-pick=other]").click()
    tap(page, (0.7, 0.5))
    expect(yes).not_to_be_checked()
    expect(says(page, "twins")).to_be_empty()
    yes.check()
    expect(says(page, "twins")).to_have_text("You answered that the two are alike.")
    page.locator("[data-mark=one]").click()  # chosen, not moved
    expect(yes).to_be_checked()
    page.locator("[data-mark=one]").press("ArrowUp")
    expect(yes).not_to_be_checked()
    expect(says(page, "twins")).to_be_empty()


def test_letters_are_answered_of_a_place_and_what_is_said_is_the_readers_answer(visit):
    page = bring(visit(PATH), shot())
    go(page, "letters")
    page.locator("[name=own-letters][value=read]").check()
    expect(says(page, "letters")).to_have_text("First put mark 1 in place, then answer.")
    page.locator("[name=own-letters][value=none]").check()
    expect(says(page, "letters")).to_have_text("You answered that it shows no letters.")
    tap(page, (0.4, 0.5))
    page.locator("[name=own-letters][value=read]").check()
    expect(says(page, "letters")).to_have_text("You answered that its letters can be read.")


def test_a_horizon_that_stands_upright_is_drawn_so_and_refused_at_once(visit):
    page = bring(visit(PATH), shot())
    go(page, "horizon")
    tap(page, (0.5, 0.2), (0.5, 0.8))
    expect(says(page, "horizon")).to_contain_text("tilted by 90 degrees")
    points = page.locator("g.own-shown polygon").last.get_attribute("points")
    top, foot = [[float(one) for one in point.split(",")] for point in points.split()]
    assert (top[0], top[1], foot[1]) == (foot[0], 0, 1000)


def test_our_render_begins_with_metal_that_shows_what_the_second_mark_touches(visit):
    page = visit(PATH)
    page.get_by_role("button", name="Try our render").click()
    expect(page.locator("[data-turn=given]:visible")).to_contain_text("the answer shows at once")
    expect(says(page, "colours")).to_contain_text(
        re.compile("shows only side by side|as good as the same")
    )


def test_a_new_picture_begins_with_the_first_step_or_with_the_settings_of_its_file(visit):
    page = bring(visit(PATH), shot())
    go(page, "card")
    bring(page, shot())
    expect(page.locator("[data-panel=card]")).to_be_visible()  # the very same picture
    bring(page, shot(red=20))
    expect(page.locator("[data-panel=colours]")).to_be_visible()
    bring(page, png(text("parameters", SETTINGS), size=(64, 64)))
    expect(page.locator("[data-panel=settings]")).to_be_visible()
    page.get_by_role("button", name="Try a painted car").click()
    expect(page.locator("[data-panel=colours]")).to_be_visible()


@pytest.mark.parametrize("ours", [False, True])
def test_a_picture_that_was_brought_comes_into_sight_on_a_phone(visit, ours):
    page = visit(PATH, **PHONE)
    page.locator(".own-choose").evaluate("e => e.scrollIntoView({block: 'end'})")
    if ours:
        page.get_by_role("button", name="Try our render").click()
    else:
        bring(page, shot())
    expect(page.locator(".own-stage")).to_be_in_viewport(ratio=1)


def test_the_picture_covers_neither_settings_nor_card_and_the_way_on_stands_below(visit):
    page = bring(visit(PATH, **PHONE), png(text("parameters", SETTINGS), size=(64, 64)))
    held = "e => getComputedStyle(e).position"
    for step, position in (("settings", "static"), ("card", "static"), ("colours", "sticky")):
        go(page, step)
        assert page.locator(".own-left").evaluate(held) == position
    go(page, "settings")
    onward = page.locator("[data-panel=settings] [data-onward]").bounding_box()
    last = page.locator(".own-settings").bounding_box()
    assert onward["y"] >= last["y"] + last["height"]
