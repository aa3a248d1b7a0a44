"""The network is gone after a page has come: what waits says so, and comes with the next tap."""

import re

import pytest
from made_pictures import png
from playwright.sync_api import Page, expect

SAID = "A picture did not come. Is there a connection?"
SHOWN = "[...e.querySelectorAll('img')].filter(one => one.getClientRects().length)"
EAGER = f"e => {{ for (const one of {SHOWN}) one.loading = 'eager' }}"
ASKED = f"name => (e => {SHOWN}.every(one => one.complete))(document.querySelector(name))"
THERE = "e => [...e.querySelectorAll('img')].every(one => !one.complete || one.naturalWidth)"
PLACES = {
    "painted-before": "/paint/",
    "picture-wipe": "/measurements/repaint/",
    "idea-gallery": "/ideas/",
    "mirror-quiz": "/measurements/quiz/",
}


def lost(visit, element: str) -> Page:
    """A page whose pictures do not come, at the element that has some of them."""
    page = visit("/glossary/")
    page.route(re.compile(r"\.(webp|png)$"), lambda route: route.abort())
    page.goto(re.sub("/glossary/$", PLACES[element], page.url))
    page.locator(element).first.evaluate("e => (e.firstElementChild ?? e).scrollIntoView()")
    return page


@pytest.mark.parametrize("element", PLACES)
def test_pictures_that_do_not_come_are_told_and_come_with_the_next_tap(visit, element):
    page = lost(visit, element)
    line = page.locator(f"{element} .late").first
    expect(line).to_contain_text(SAID)
    page.locator(element).first.evaluate(EAGER)
    line.get_by_role("button", name="Try again").click()
    page.wait_for_function(ASKED, arg=element)  # all of them failed again
    page.unroute_all()
    expect(line).to_contain_text(SAID)
    line.get_by_role("button", name="Try again").press("Enter")
    expect(line).to_be_empty()
    assert page.locator(element).first.evaluate(THERE)
    page.watch.problems.clear()  # the console tells of what did not come


def test_another_painted_picture_comes_once_the_network_is_back(visit):
    page = visit(PLACES["painted-before"])
    page.locator("painted-before img").evaluate("image => image.decode()")
    page.context.set_offline(True)
    page.get_by_role("radio", name="matte").check()
    line = page.locator("painted-before .late")
    expect(line).to_contain_text(SAID)
    page.context.set_offline(False)
    expect(line).to_be_empty()
    assert page.locator("painted-before").evaluate(THERE)
    page.watch.problems.clear()


def test_a_gallery_says_nothing_of_pictures_that_nobody_has_come_near(visit):
    page = visit("/ideas/", size=(390, 844))
    page.wait_for_load_state("networkidle")
    expect(page.locator("idea-gallery .late")).to_be_empty()


def test_a_clip_that_does_not_come_leaves_its_still_and_comes_with_the_next_press(visit):
    page = visit("/", reduced_motion="reduce")
    clip = page.locator("picture-loop img")
    clip.scroll_into_view_if_needed()
    clip.evaluate("image => image.decode()")
    page.context.set_offline(True)
    play = page.locator("picture-loop button")
    play.click()
    line = page.locator("picture-loop .late")
    expect(line).to_have_text(
        "The clip did not come. Is there a connection? Press Play to try again."
    )
    assert not clip.get_attribute("src").endswith("loop.webp")
    page.context.set_offline(False)
    play.click()
    expect(clip).to_have_attribute("src", re.compile("loop.webp$"))
    expect(line).to_be_empty()
    expect(play).to_have_text("Stop")
    page.watch.problems.clear()


@pytest.mark.parametrize("how", ["tap", "keys", "network"])
def test_a_words_places_that_do_not_come_are_told_and_come_again(visit, how):
    page = visit("/steps/")
    lab = page.locator("step-lab").first
    lab.scroll_into_view_if_needed()
    guess = lab.locator("[data-view=clean]").first
    expect(guess).to_have_attribute("data-state", "ready")
    lab.locator("[type=radio][value=attention]").check(force=True)
    page.context.set_offline(True)
    word = lab.locator("button.lab-word[aria-pressed=false]").last
    word.click()
    pane = lab.locator("[data-view=attention][data-state]")
    expect(pane).to_have_attribute("data-state", "failed")
    says = pane.evaluate("e => getComputedStyle(e, '::after').content")
    assert says == '"did not come"'
    line = lab.locator(".late")
    expect(line).to_have_text("A picture did not come. Is there a connection? Try again")
    if how != "network":
        page.evaluate("addEventListener('online', e => e.stopImmediatePropagation(), true)")
    if how == "tap":
        pane.click()
        expect(pane).to_have_attribute("data-state", "failed")
    if how == "keys":
        line.get_by_role("button").focus()
    page.context.set_offline(False)
    if how == "tap":
        pane.click()
    if how == "keys":
        page.keyboard.press("Enter")
    expect(pane).to_have_attribute("data-state", "ready")
    expect(line).to_be_empty()
    if how == "keys":
        expect(lab.get_by_role("slider")).to_be_focused()
    page.watch.problems.clear()


def test_a_painter_whose_script_does_not_come_blames_no_browser(visit):
    page = visit("/paint/")
    page.context.set_offline(True)
    load = page.get_by_role("button", name="Load the model")
    load.click()
    said = page.get_by_text("did not come whole; check the connection and try again")
    expect(said).to_be_visible()
    expect(page.get_by_text("This browser cannot run it")).to_have_count(0)
    page.route("**/*.bin", lambda route: route.abort())  # its weights need not come here
    page.route("**/*.safetensors", lambda route: route.abort())
    page.context.set_offline(False)
    with page.expect_request(re.compile("loop-worker")):
        load.click()
    page.watch.problems.clear()


def test_ones_own_picture_brought_without_a_network_opens_when_it_is_brought_again(visit):
    page = visit("/your-picture/")
    page.context.set_offline(True)
    chosen = {"name": "x.png", "mimeType": "image/png", "buffer": png(size=(90, 60))}
    page.locator("your-picture [type=file]").set_input_files(chosen)
    line = page.locator("[data-out=says]")
    expect(line).to_contain_text("Our script did not come. Is there a connection? Bring it again")
    page.context.set_offline(False)
    page.locator("your-picture [type=file]").set_input_files(chosen)
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    page.watch.problems.clear()


def test_ones_own_picture_whose_script_did_not_come_opens_with_the_next_try(visit):
    page = visit("/your-picture/")
    page.context.set_offline(True)
    line = page.locator("[data-out=says]")
    ours = page.get_by_role("button", name="Try our render")
    ours.click()
    expect(line).to_contain_text("did not come")
    page.context.set_offline(False)
    ours.click()
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    expect(line).to_be_empty()
    page.context.set_offline(True)
    page.locator("[data-go=card]").click()
    with page.expect_download():
        page.locator("[data-action=save]").click()
    page.watch.problems.clear()
