"""A term and its card: by mouse, keyboard and touch, without a script, and as axe judges it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script
TERM = "button.term[popovertarget=term-diffusion]"
CARD = "#term-diffusion"


def test_a_click_opens_a_card_and_a_click_elsewhere_closes_it(visit):
    page = visit("/")
    assert not page.locator(CARD).is_visible()
    page.locator(TERM).click()
    assert page.locator(CARD).is_visible()
    assert "noise" in page.locator(CARD).inner_text()
    page.locator("button.term[popovertarget=term-step]").click()
    assert not page.locator(CARD).is_visible()
    page.locator("h1").click()
    assert page.locator(".term-card:popover-open").count() == 0


def test_the_keyboard_opens_it_reads_on_into_it_and_comes_back(visit):
    page = visit("/")
    page.locator(TERM).focus()
    page.keyboard.press("Enter")
    assert page.locator(CARD).is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.activeElement.closest('{CARD}') !== null")
    page.keyboard.press("Escape")
    assert not page.locator(CARD).is_visible()
    assert page.evaluate(f"document.activeElement.matches('{TERM}')")


@pytest.mark.parametrize("script", [True, False])
def test_a_thumb_opens_it_in_the_window_and_goes_on_to_the_glossary(visit, script):
    page = visit(
        "/", size=(320, 640), has_touch=True, is_mobile=True, java_script_enabled=script
    )  # fmt: skip
    page.locator(TERM).tap()
    box = page.locator(CARD).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 640
    page.locator(CARD).get_by_role("link", name="Glossary").tap()
    page.wait_for_url("**/glossary/#diffusion")


@pytest.mark.parametrize("size", [(1280, 900), (390, 664)])
def test_it_lies_beside_its_word_and_inside_the_window(visit, size):
    page = visit("/steps/", size=size)
    for term in page.locator("button.term").all():
        term.click()
        word, card = term.bounding_box(), page.locator(".term-card:popover-open").bounding_box()
        assert card["x"] >= 0
        assert card["x"] + card["width"] <= size[0]
        gap = max(card["y"] - word["y"] - word["height"], word["y"] - card["y"] - card["height"])
        assert 0 <= gap < 20
        page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_card(visit, scheme):
    page = visit("/", color_scheme=scheme)
    page.locator(TERM).click()
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run('{CARD}').then(r => r.violations.map(v => v.id))")
    assert found == []


def test_a_card_prints_nothing_and_repeats_nothing_to_the_search(visit):
    page = visit("/")
    page.emulate_media(media="print")
    assert not page.locator(CARD).is_visible()
    text = page.evaluate("fetch('search/search_index.json').then(r => r.text())")
    assert text.count("taking named noise away") == 1
