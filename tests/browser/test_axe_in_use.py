"""What a reader tries, as axe judges it after use: in the light, in the dark, on a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from brought import there
from in_page import FINGER
from playwright.sync_api import Page, expect

AXE = Axe().axe_script
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FOUND = """options => axe.run("article", options).then(({violations}) => violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)
))"""
# A mark stands where it was put, however near to another; a button below chooses it, too: both are
# exceptions of WCAG 2.5.8, "essential" and "equivalent".
MARK = re.compile(r'target-size: <button type="button" class="own-mark')
SETTLED = "Promise.allSettled(document.getAnimations().map(each => each.finished))"
States = Iterator[str]  # what has been done, each once it is on show


def where(page: Page) -> States:
    game = page.locator("where-quiz")
    for done in range(count := game.locator("fieldset").count()):
        game.locator(".where-worlds button:visible").first.click()
        expect(game.locator(".where-whole.where-seen:visible")).to_be_visible()
        if done == 0:
            yield "answered"
        if done + 1 < count:
            game.locator("[data-action=next]").click()
            expect(game.locator("fieldset").nth(done + 1)).to_be_visible()
        if done == 0:
            yield "next round"
    expect(game).to_have_class(re.compile("where-done"))
    yield "all rounds answered"
    page.locator("where-quiz ~ details summary").first.click()
    yield "answers open"


def quiz(page: Page) -> States:
    for done in range(count := page.locator(".quiz fieldset").count()):
        page.locator(".quiz [value=right]:visible").check()
        if done == 0:
            yield "answered"
        if done + 1 < count:
            page.get_by_role("button", name="Next pair").click()
    expect(page.locator("mirror-quiz")).to_have_class(re.compile("quiz-done"))
    yield "all pairs answered"


def turning(page: Page) -> States:
    slider = page.locator("change-mind [type=range]")
    slider.press("ArrowRight")
    yield "moved"
    slider.press("End")
    yield "no step left"
    *_, last = page.locator("change-mind [type=radio]").all()  # one template writes them all
    last.check()
    expect(page.locator("change-mind [data-pair]:visible")).to_have_count(1)
    yield "another pair"


def own(page: Page) -> States:
    page.locator("[data-action=ours]").first.click()
    there(page)
    expect(page.locator("[data-out=says]")).not_to_have_text("Reading…")
    yield "a picture is there"
    for step in page.locator(".own-steps button").all():
        step.click()
        expect(step).to_have_attribute("aria-current", "step")
        yield f"at {step.text_content()}"
    page.locator("[data-go=letters]").click()
    page.locator("[name=own-letters]").first.check()
    yield "told where a mark is missing"
    page.locator("[data-mark=badge]").press("ArrowRight")
    yield "answered"


def ball(page: Page) -> States:
    stage, said = page.locator(".ball-stage"), page.locator(".ball-said")
    expect(said).to_contain_text("The touched place")
    stage.press("ArrowRight")
    stage.press("ArrowDown")
    yield "turned"
    for kind in ("world", "shape"):
        for choice in page.locator(f"chrome-ball [name$=-{kind}]").all()[1:]:
            choice.check()
            expect(said).to_contain_text("The touched place")
            yield f"{kind} {choice.get_attribute('value')}"
    page.locator(".ball-sliders summary").click()
    yield "all sliders"


def paint(page: Page) -> States:
    chips = page.locator(".paint-form .choices label:visible")
    for name in ("matte", "mirror"):
        chips.filter(has_text=re.compile(f"^{name}$")).first.click()
        yield f"{name} is chosen"
    page.locator("[name=prompt-a]").fill("a zebra in space")
    expect(page.locator("painted-before figure")).to_have_attribute("data-state", "none")
    yield "words of no picture"
    for summary in page.locator("paint-lab details:visible > summary").all():
        summary.click()
    yield "all is open"


USED: dict[str, tuple[str, Callable[[Page], States]]] = {
    "where": ("/measurements/where/", where),
    "quiz": ("/measurements/quiz/", quiz),
    "turning": ("/measurements/turning/", turning),
    "own": ("/your-picture/", own),
    "ball": ("/ball/", ball),
    "paint": ("/paint/", paint),
}


@pytest.mark.parametrize("moment", USED)
def test_axe_finds_nothing_after_use(visit, moment):
    path, use = USED[moment]
    page = visit(path, color_scheme="light", reduced_motion="reduce")
    page.evaluate(AXE)
    found = [f"{state}, {wrong}" for state in use(page) for wrong in judged(page)]
    assert found == []


def judged(page: Page) -> list[str]:
    """What axe finds in what is on show, which stays as it is."""
    wrong = [f"light: {each}" for each in axe(page)]
    page.emulate_media(color_scheme="dark")
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    wrong += [f"dark: {each}" for each in axe(page, runOnly=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    page.locator("body[data-md-color-scheme=default]").wait_for()
    page.set_viewport_size(PHONE)
    wrong += [f"phone: {each}" for each in axe(page, **FINGER)]
    page.set_viewport_size(WIDE)
    return wrong


def axe(page: Page, **options) -> list[str]:
    page.evaluate(SETTLED)
    return [each for each in page.evaluate(FOUND, options) if not MARK.match(each)]
