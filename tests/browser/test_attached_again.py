"""An element that is taken from its page and put back does what it did, once."""

import re
from pathlib import Path

import pytest
from brought import bring, shot
from playwright.sync_api import Page, expect
from test_own_picture_marks import at, tap

SCRIPTS = Path(__file__).parents[2] / "docs" / "assets" / "js"
PATHS = {
    "change-mind": "/measurements/turning/",
    "chrome-ball": "/ball/",
    "compare-lab": "/comparisons/steps/",
    "idea-gallery": "/ideas/",
    "level-diagram": "/workflow/",
    "mirror-quiz": "/measurements/quiz/",
    "paint-lab": "/paint/",
    "painted-before": "/paint/",
    "picture-loop": "/",
    "picture-wipe": "/study-model/",
    "run-here": "/steps/",
    "step-lab": "/steps/",
    "where-quiz": "/measurements/where/",
    "your-picture": "/your-picture/",
}
WHOLE_PAGE = ("evidence.js", "endnotes.js")  # what all pages load, of no element
# What listens, where, by the script that asked for it.
HEARD = """(() => {
    const listeners = []
    const add = EventTarget.prototype.addEventListener
    EventTarget.prototype.addEventListener = function (type, listener, options) {
        const target = this ?? globalThis
        const [, script] = /assets\\/js\\/([\\w/-]+\\.js)/.exec(new Error().stack) ?? []
        if (script) listeners.push({ target, type, script, options })
        return add.call(target, type, listener, options)
    }
    const isThere = target => !(target instanceof Node) || document.contains(target)
    globalThis.heard = () => listeners
        .filter(({ target, options }) => isThere(target) && !options?.signal?.aborted)
        .map(({ type, script }) => `${script}: ${type}`)
        .sort()
})()"""
TAKE = """names => {
    globalThis.taken = [...document.querySelectorAll(names)].map(element => {
        const place = document.createComment("")
        element.replaceWith(place)
        return [place, element]
    })
}"""
PUT_BACK = "() => { for (const [place, element] of taken) place.replaceWith(element) }"
DRAWN = """(() => {
    globalThis.drawn = 0
    const draw = WebGL2RenderingContext.prototype.drawArrays
    WebGL2RenderingContext.prototype.drawArrays = function (...args) {
        drawn++
        return draw.apply(this, args)
    }
})()"""
PATIENCE = 90_000  # milliseconds


def opened(visit, path: str, script: str = HEARD, **options) -> Page:
    """The page, whose own scripts came behind this one."""
    page = visit("/sources/", **options)
    page.add_init_script(script)
    page.goto(page.url.removesuffix("/sources/") + path)
    return page


def again(page: Page, names: str) -> None:
    """Takes elements away and puts them back."""
    page.evaluate(TAKE, names)
    page.evaluate(PUT_BACK)


def test_there_is_a_page_for_each_element():
    texts = [path.read_text("utf-8") for path in SCRIPTS.glob("*.js")]
    defined = re.findall(r'customElements\.define\("([\w-]+)"', "".join(texts))
    assert sorted(defined) == sorted(PATHS)


@pytest.mark.parametrize("path", sorted(set(PATHS.values())))
def test_what_is_away_hears_nothing_and_back_on_its_page_it_hears_each_thing_once(visit, path):
    page = opened(visit, path)
    for name in (name for name, its in PATHS.items() if its == path):
        page.wait_for_function("name => customElements.get(name)", arg=name)
        assert page.locator(name).count()
    page.wait_for_load_state("networkidle")
    before = page.evaluate("heard()")
    page.evaluate(TAKE, ", ".join(PATHS))
    assert [line for line in page.evaluate("heard()") if not line.startswith(WHOLE_PAGE)] == []
    page.evaluate(PUT_BACK)
    assert page.evaluate("heard()") == before


def test_a_ball_that_is_back_turns_and_shows_another_world(visit):
    page = opened(visit, "/ball/#ball.world-desert", DRAWN)
    said = page.locator(".ball-said")
    expect(said).to_contain_text("The touched place shows")
    again(page, "chrome-ball")
    page.wait_for_timeout(500)
    before = page.evaluate("drawn")
    page.locator("[data-slider=turn]").fill("-90")
    page.wait_for_function("before => drawn > before", arg=before)
    page.locator("[value=sunset]").check()
    expect(page.locator(".ball-around img")).to_have_attribute("src", re.compile("sunset"))


def test_a_ball_and_a_lab_that_are_gone_write_no_address(visit):
    for path, element, slider in (
        ("/ball/", "chrome-ball", "[data-slider=turn]"),
        ("/steps/", "step-lab", ".lab-track input"),
    ):
        page = visit(path)
        page.wait_for_load_state("networkidle")
        page.locator(slider).first.fill("9")
        page.evaluate("name => document.querySelector(name).remove()", element)
        page.wait_for_timeout(600)
        assert "#" not in page.url


def test_marks_on_a_picture_stay_and_each_tap_puts_one(visit):
    page = bring(visit("/your-picture/"), shot())
    tap(page, (0.3, 0.6))
    again(page, "your-picture")
    assert at(page, "body") == [30, 60]
    tap(page, (0.8, 0.2))
    assert (at(page, "body"), at(page, "around")) == ([30, 60], [80, 20])


def test_a_pair_of_the_quiz_that_was_on_show_takes_its_answer(visit):
    page = opened(visit, "/measurements/quiz/")
    quiz = page.locator("mirror-quiz.quiz-ready")
    quiz.locator("fieldset:visible label").first.click()
    quiz.get_by_role("button", name="Next").click()
    legend = quiz.locator("fieldset:visible legend").inner_text()
    again(page, "mirror-quiz")
    assert quiz.locator("fieldset:visible legend").inner_text() == legend
    quiz.locator("fieldset:visible label").first.click()
    expect(quiz.locator("fieldset:visible .quiz-verdict")).to_contain_text(
        re.compile("Right|Wrong")
    )
    expect(quiz.locator(".quiz-score")).to_contain_text("of 2 so far")


def test_a_clip_that_is_back_is_still_on_paper_and_stays_stopped(visit):
    page = opened(visit, "/", reduced_motion="no-preference")
    clip, button = page.locator("picture-loop img"), page.locator("picture-loop button")
    still = clip.evaluate("e => e.src")
    clip.scroll_into_view_if_needed()
    expect(button).to_have_text("Stop")
    again(page, "picture-loop")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert clip.evaluate("e => e.src") == still
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(button).to_have_text("Stop")
    button.click()
    expect(button).to_have_text("Play")
    again(page, "picture-loop")
    clip.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    expect(button).to_have_text("Play")


@pytest.mark.usefixtures("patience")
def test_a_painter_that_was_away_while_its_model_came_paints(visit):
    page = opened(visit, "/paint/")
    lab = page.locator("paint-lab.paint-ready")
    lab.locator(".paint-form .lab-more").evaluate("details => { details.open = true }")
    lab.locator("[name=steps]").fill("2")
    for _ in range(2):  # on its way; there
        lab.locator(".paint-go").click()
        expect(lab).to_have_class(re.compile("paint-load"))
        again(page, "paint-lab")
        expect(lab).not_to_have_class(re.compile("paint-load"))
        lab.locator(".paint-go").click()
        expect(lab.locator("[data-run=a] [data-out=step]")).to_have_text("2 of 2")
