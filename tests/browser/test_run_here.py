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
