"""A kept capture, painted once more in the browser, beside its step lab."""

import re

import pytest
from playwright.sync_api import expect

PATIENCE = 120_000  # milliseconds: other things may keep the machine busy
pytestmark = pytest.mark.usefixtures("patience")
PAGE = "/steps/"


@pytest.fixture
def lab(visit):
    """A step lab whose button has not been pressed."""
    page = visit(PAGE)
    page.set_default_timeout(PATIENCE)
    expect(page.locator("run-here")).to_have_class("here-ready")
    return page.locator("run-here")


def test_the_kept_picture_comes_out_again_and_the_badge_says_within_what(lab):
    assert not [url for url in lab.page.watch.requests if "/js/live/" in url or "/live/" in url]
    lab.get_by_role("button", name="Run it here").click()
    badge = lab.locator("[data-out=here]")
    expect(badge).to_contain_text("Painted here")
    said = badge.text_content()
    apart = re.fullmatch(
        r"Painted here: equal to the kept picture (?:in every value\.|"
        r"within 1 of 255; (0\.0\d\d) % of the values differ\.)",
        said,
    )
    assert apart, said
    expect(lab.locator("canvas")).to_have_count(2)
    expect(lab.locator("canvas").last).to_be_visible()


def test_what_goes_wrong_is_said_and_the_button_can_be_pressed_again(watched, address):
    watch = watched()
    page = watch.context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}{PAGE}")
    watch.context.route("**/vae/*.safetensors", lambda route: route.abort())
    lab = page.locator("run-here")
    lab.get_by_role("button").click()
    said = lab.locator("[data-out=here]")
    expect(said).to_contain_text("did not come whole")
    expect(lab.get_by_role("button")).to_be_enabled()
    expect(lab.locator(".here-pictures")).to_be_hidden()
    watch.context.close()


def test_the_keys_stay_on_its_button_and_no_step_is_read_out(lab):
    button = lab.get_by_role("button", name="Run it here")
    button.focus()
    lab.evaluate(
        """lab => {
            globalThis.heard = []
            const says = lab.querySelector("[role=status]")
            new MutationObserver(() => heard.push(says.textContent)).observe(
                says, { childList: true, subtree: true, characterData: true })
        }"""
    )
    lab.page.keyboard.press("Enter")
    expect(lab).to_contain_text(re.compile(r"Step \d+ of \d+"))
    expect(button).to_be_focused()
    lab.page.keyboard.press("Enter")
    said = lab.locator("[data-out=here]")
    expect(said).to_contain_text("Painted here")
    expect(button).to_be_focused()
    assert lab.page.evaluate("heard") == [
        "The model is on its way.",
        "It paints.",
        said.text_content(),
    ]


@pytest.mark.parametrize("lost", ["**/js/live/once.js", "**/captures/**/final.png"])
def test_what_did_not_come_is_told_in_a_sentence(watched, address, lost):
    watch = watched()
    page = watch.context.new_page()
    page.set_default_timeout(PATIENCE)
    watch.context.route(lost, lambda route: route.abort())
    page.goto(f"{address}{PAGE}")
    lab = page.locator("run-here.here-ready")
    lab.get_by_role("button").click()
    said = lab.locator("[data-out=here]")
    expect(said).to_have_text(
        "What that takes did not come. Is there a connection? Press it again."
    )
    watch.context.unroute(lost)
    lab.get_by_role("button").click()
    expect(said).to_contain_text("Painted here")
    expect(lab.locator("img")).to_have_js_property("complete", True)
    assert lab.locator("img").evaluate("image => image.naturalWidth") > 0
    watch.context.close()
