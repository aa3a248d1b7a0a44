"""What a page tells those who hear it: once, when it is so, and not at each key or step."""

import pytest
from playwright.sync_api import Page, expect

PATIENCE = 90_000  # milliseconds: other things may keep the machine busy
pytestmark = pytest.mark.usefixtures("patience")
HEAR = """() => {
    globalThis.heard = []
    new MutationObserver(changes => {
        const live = changes.map(({ target }) => {
            const element = target instanceof Element ? target : target.parentElement
            return element?.closest("[role=status], output, [aria-live=polite]")
        })
        for (const each of new Set(live)) if (each) heard.push(each.textContent)
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
}"""
WORDS = "[name=prompt-a]"


@pytest.fixture
def painter(visit) -> Page:
    page = visit("/paint/")
    page.set_default_timeout(PATIENCE)
    expect(page.locator("paint-lab")).to_have_class("paint-ready")
    return page


def test_words_that_are_typed_are_told_of_once_they_are_whole(painter):
    words = painter.locator(WORDS)
    words.fill("a chrome car")
    expect(painter.locator("[data-out=asked]")).to_contain_text("“a chrome car”")
    painter.evaluate(HEAR)
    words.press("End")
    words.press_sequentially(" at nightfall", delay=30)
    expect(painter.locator("[data-out=asked]")).to_contain_text("at nightfall”")
    words.press("Tab")
    expect(painter.locator("#paint-a-strange")).to_contain_text("“nightfall”")
    heard = painter.evaluate("heard")
    assert len(heard) == 2, heard
    words.press(" ")
    painter.wait_for_timeout(1000)
    assert len(painter.evaluate("heard")) == 2, "nothing is said again"


def test_a_run_says_once_that_it_is_finished_and_its_guidance_never(painter):
    painter.locator(".paint-form .lab-more").evaluate("e => { e.open = true }")
    painter.locator("[name=steps]").fill("2")
    painter.evaluate(HEAR)
    says = painter.locator("[data-out=says]")
    for _ in range(2):
        painter.locator(".paint-go").click()
        expect(says).to_have_text("Your run is finished.")
        expect(painter.locator("[data-run=a] [data-action=pause]")).to_be_hidden()
    said = [each for each in painter.evaluate("heard") if each]
    done = "Your run is finished."
    assert said == ["The model is on its way.", done, done]
