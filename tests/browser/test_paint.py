"""Painting in the browser: the very run that made a kept picture, and what can be done with one."""

import io
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
PATH = "/paint/"
PNG = "canvas => canvas.toDataURL().split(',')[1]"
PAINTED = """([name, at]) => {
    const thumbs = document.querySelectorAll(`[data-run=${name}] .paint-film canvas`)
    const thumb = thumbs[at - 1]
    const blank = Object.assign(document.createElement("canvas"), {
        width: thumb?.width, height: thumb?.height
    })
    return thumb && thumb.toDataURL() !== blank.toDataURL()
}"""
PAUSE_AT_ONCE = """() => new MutationObserver((_, watch) => {
    watch.disconnect()
    document.querySelector("[data-run=a] [data-action=pause]").click()
}).observe(document.querySelector("[data-run=a] .paint-film"), { childList: true })"""
# What the button says before and behind the press.
SAYS_PAUSING = """() => new MutationObserver((_, watch) => {
    watch.disconnect()
    const pause = document.querySelector("[data-run=a] [data-action=pause]")
    globalThis.said = [pause.innerText]
    pause.click()
    said.push(pause.innerText)
}).observe(document.querySelector("[data-run=a] .paint-film"), { childList: true })"""
# Presses the button as soon as a picture of a run that goes on is there, and tells what the page
# shows before anything of the new run can have come: its messages are tasks, these are microtasks.
ANEW_MIDWAY = """() => {
    const run = document.querySelector("[data-run=a]")
    const picture = run.querySelector("[data-pane=picture]")
    const bare = picture.toDataURL()
    globalThis.anew = new Promise(tell => new MutationObserver(async (_, watch) => {
        if (picture.toDataURL() === bare) return
        watch.disconnect()
        const going = !run.querySelector("[data-action=pause]").hidden
        document.querySelector(".paint-go").click()
        for (let turn = 0; turn < 50; turn++) await null
        const { state } = run.dataset
        const steps = run.querySelectorAll(".paint-film li").length
        tell([going, state, picture.toDataURL() === bare, steps])
    }).observe(run, { childList: true, subtree: true, characterData: true }))
}"""
# At each change of what a run shows, once its script is through: the step of its picture, of its
# slider, of its way on.
TOLD_TOGETHER = """() => {
    const run = document.querySelector("[data-run=a]")
    const step = run.querySelector("[data-out=step]")
    const go = run.querySelector("[data-action=go]")
    globalThis.told = []
    new MutationObserver(() => {
        const way = go.hidden ? "" : go.textContent.match(/step \\d+ /)[0]
        if (step.textContent)
            told.push([parseInt(step.textContent), +run.querySelector("[name=step]").value, way])
    }).observe(run, { childList: true, subtree: true, characterData: true, attributes: true })
}"""
# How often the keys stand on nothing.
HELD = """() => {
    globalThis.fell = 0
    document.addEventListener("focusout", ({ relatedTarget, target }) => {
        if (!relatedTarget && target.matches("button")) fell++
    })
}"""
PATIENCE = 90_000  # milliseconds
pytestmark = pytest.mark.usefixtures("patience")
BEFORE = "painted before"
NO_SIMD = "WebAssembly.validate = () => false"
LESS = "delete globalThis."
HEAVY = """globalThis.heavy = []
for (const name of ["Instance", "Memory", "Module"])
    WebAssembly[name] = class { constructor() { heavy.push(name) } }
for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"])
    WebAssembly[name] = async () => { heavy.push(name) }
const { fetch } = globalThis
globalThis.fetch = (...asked) => { heavy.push(String(asked[0])); return fetch(...asked) }"""
MOST = 80_000  # bytes of scripts and kernels that paint, before compression


class Painter:
    """The page's form and its runs."""

    def __init__(self, page: Page):
        self.page = page
        page.set_default_timeout(PATIENCE)
        self.lab = page.locator("paint-lab")

    def ask(self, **fields: object) -> None:
        settings = self.lab.locator(".paint-form .lab-more")
        settings.evaluate("details => { details.open = true }")
        for name, value in fields.items():
            self.lab.locator(f"[name={name.replace('_', '-')}]").fill(str(value))

    def paint(self) -> None:
        self.lab.locator(".paint-go").click()

    def run(self, name: str = "a"):
        return self.lab.locator(f"[data-run={name}]")

    def rests_at(self, step: int, of: int, name: str = "a") -> None:
        """Waits until a run stands still with this step on show, painted."""
        expect(self.run(name).locator("[data-out=step]")).to_have_text(f"{step} of {of}")
        expect(self.run(name).locator("[data-action=pause]")).to_be_hidden(timeout=90_000)
        self.page.wait_for_function(PAINTED, arg=[name, step])

    def picture(self, name: str = "a") -> np.ndarray:
        """(H, W, 3) as it is shown."""
        return self.pixels("picture", name)

    def pixels(self, pane: str, name: str = "a") -> np.ndarray:
        data = self.run(name).locator(f"[data-pane={pane}]").evaluate(PNG)
        with Image.open(io.BytesIO(b64decode(data))) as picture:
            return np.asarray(picture.convert("RGB")).astype(int)

    def press(self, action: str, name: str = "a") -> None:
        self.run(name).locator(f"[data-action={action}]").click()


@pytest.fixture
def painter(visit):
    """Opens the page."""

    def open_painter(path: str = PATH, **options) -> Painter:
        shown = Painter(visit(path, **options))
        expect(shown.lab).to_have_class("paint-ready")
        return shown

    return open_painter


def kept(idea: str, materials) -> tuple[object, np.ndarray]:
    """A capture and its final picture (H, W, 3)."""
    prompt = materials.prompt("x.md", idea)
    capture = materials.captures[materials.keys[prompt]]
    with Image.open(io.BytesIO(materials.final(capture))) as picture:
        return capture, np.asarray(picture.convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def materials():
    from gen.publish import materials as reading

    return reading.read(ROOT)


def test_nothing_of_the_engine_or_the_model_comes_before_the_click(painter, visit):
    page = painter().page
    expect(page.locator(".paint-before img").first).to_be_visible()
    asked = " ".join(page.watch.requests)
    for late in ("kernels.wasm", "worker.js", ".safetensors", "unet.js"):
        assert late not in asked
    assert "/live/" not in " ".join(visit("/").watch.requests)


def test_on_a_phone_picture_and_button_stand_above_the_choices(painter):
    shown = painter(size=(390, 844))
    bottom = "e => e.getBoundingClientRect().bottom"
    assert shown.lab.locator("painted-before img").evaluate(bottom) < 844
    assert shown.lab.locator(".paint-go").evaluate(bottom) < 844
    assert shown.lab.locator(".choices").evaluate("e => e.clientHeight") < 600  # in one window
    for chosen in shown.lab.locator("label:has([data-chip]:checked)").all():
        box = chosen.bounding_box()
        assert box["x"] > 0 and box["x"] + box["width"] < 390


def test_a_kept_picture_is_painted_again(painter, materials):
    shown, (capture, picture) = painter(), kept("chrome-desert", materials)
    assert capture.prompt.text == shown.lab.locator("[name=prompt-a]").input_value()
    shown.paint()
    shown.rests_at(len(capture.steps), len(capture.steps))
    says = shown.run().locator(".paint-large figcaption")
    expect(says).to_have_text("Finished: step 30 of 30", use_inner_text=True)
    apart = np.abs(shown.picture() - picture)
    assert apart.max() <= 1
    assert (apart > 0).mean() < 0.001
    expect(shown.lab.locator(".paint-before")).to_be_hidden()
    assert len([1 for url in shown.page.watch.requests if url.endswith(".safetensors")]) == 3


def test_the_page_leaves_all_work_to_workers_so_none_of_it_blocks(watched, address):
    """No clock: what the page's own thread would call or load to work itself, it never does."""
    watch = watched()
    watch.context.add_init_script(HEAVY)
    shown = Painter(watch.context.new_page())
    shown.page.goto(f"{address}{PATH}")
    shown.ask(steps=2)
    shown.paint()
    shown.rests_at(2, 2)
    shown.press("read")
    expect(shown.run().locator("[data-out=reading] table")).to_be_visible()
    assert shown.page.evaluate("heavy") == []
    assert len([name for name in watch.requests if name.endswith(".safetensors")]) == 4
    watch.context.close()


def test_all_that_paints_is_small_and_judges_come_when_they_are_asked(painter, site):
    shown = painter()
    shown.ask(steps=2)
    shown.paint()
    shown.rests_at(2, 2)
    others = "evidence|endnotes|painted-before|come|share-link"
    ours = re.compile(rf"/(assets/js/(?!{others}).*\.(?:js|wasm))$")
    names = {found[1] for url in shown.page.watch.requests if (found := ours.search(url))}
    assert {"assets/js/live/unet.js", "assets/js/live/kernels.wasm"} <= names
    assert not {"assets/js/live/judged.js", "assets/js/live/jury.js"} & names
    assert sum((site / name).stat().st_size for name in names) <= MOST


def test_words_change_on_the_way_and_a_link_brings_the_same_run_back(painter, address):
    shown = painter()
    shown.ask(steps=4, seed=7, prompt_a="a gold car at sunset")
    shown.paint()
    shown.rests_at(4, 4)
    whole = shown.picture()
    shown.run().locator("[data-at='1']").click()
    shown.ask(prompt_a="a matte red car in the snow")
    shown.press("go")
    shown.rests_at(4, 4)
    changed = shown.picture()
    assert np.abs(changed - whole).max() > 20
    plan = shown.run().locator("[data-out=plan]")
    expect(plan).to_have_text(
        "“a gold car at sunset”, from step 3 on “a matte red car in the snow”"
    )
    shown.press("link")
    link = shown.run().locator("[data-action=link]")
    expect(link).to_have_text(re.compile("Link copied|in the address bar"))
    again = painter(shown.page.url.removeprefix(address))
    again.paint()
    again.rests_at(4, 4)
    assert (again.picture() == changed).all()


def test_a_second_run_stands_in_the_address_until_it_is_taken_away(painter, address):
    shown = painter()
    shown.ask(steps=2, seed=7, guidance=2, prompt_a="a gold car")
    second = shown.lab.get_by_label("a second run from the same noise")
    second.check()
    shown.ask(prompt_b="a matte red car in the snow")
    shown.paint()
    for name in "ab":
        shown.rests_at(2, 2, name)
    beside = shown.picture("b")
    both = re.compile(
        r"words0-0~2~a%20gold%20car\.second0-0~2~a%20matte%20red%20car%20in%20the%20snow$"
    )
    expect(shown.page).to_have_url(both)
    again = painter(shown.page.url.removeprefix(address))
    expect(again.lab.locator("[name=second]")).to_be_checked()
    again.paint()
    for name in "ab":
        again.rests_at(2, 2, name)
    assert (again.picture("b") == beside).all()
    again.press("link")
    said = again.run().locator("[data-action=link]")
    expect(said).to_have_text(re.compile("copied|address bar"))  # and may have moved the other
    expect(again.page).to_have_url(both)
    again.press("link", "b")
    swapped = re.compile(r"words0-0~2~a%20matte.*\.second0-0~2~a%20gold%20car$")
    expect(again.page).to_have_url(swapped)
    again.ask()  # opens the settings
    again.lab.locator("[name=second]").uncheck()
    expect(again.page).to_have_url(re.compile(r"words0-0~2~a%20gold%20car$"))


def test_a_second_run_that_a_link_brings_changes_its_words_and_one_that_begins_late_is_none(
    painter,
):
    second = "second0-0~2~a%20red%20car.second1-1~2~a%20blue%20car"
    shown = painter(f"{PATH}#paint.seed-7.steps-4.sampler-DDIM.words0-0~2~a%20gold%20car.{second}")
    says = shown.lab.locator("[data-out=says]")
    expect(says).to_contain_text("it changes its words at step 2 to “a blue car”")
    expect(shown.lab.locator("[name=prompt-b]")).to_have_value("a red car")
    late = painter(f"{PATH}#paint.seed-7.steps-4.sampler-DDIM.words0-0~2~x.second0-1~2~y")
    expect(late.lab.locator("[name=prompt-a]")).to_have_value("x")
    expect(late.lab.locator("[name=second]")).not_to_be_checked()


def test_a_run_whose_words_change_shows_at_each_step_the_words_that_hold_there(painter):
    words = "words0-0~4~a%20gold%20car.words1-2~4~a%20red%20hatchback"
    shown = painter(f"{PATH}#paint.seed-7.steps-4.sampler-DDIM.{words}")
    expect(shown.lab.locator("[data-out=says]")).to_have_text(
        "A link brought this run: it changes its words at step 3 to “a red hatchback”."
    )
    shown.paint()
    shown.rests_at(4, 4)
    chips, mapped = shown.run().locator("[data-word]"), shown.run().locator("[data-out=word]")
    for at, there in ((1, ["a", "gold", "car"]), (2, ["a", "red", "hatchback"])):
        shown.run().locator(f"[data-at='{at}']").click()
        expect(chips).to_have_text(there)
        expect(mapped).to_have_text(f"places that read “{there[1]}”")
        assert shown.pixels("word").max() == 255


def test_slider_caption_and_way_on_tell_one_step_the_one_on_show(painter):
    """Whatever comes first: at each change of the caption, which step slider and button tell."""
    shown = painter()
    shown.ask(steps=10, guidance=1, prompt_a="a gold car")
    shown.page.evaluate(TOLD_TOGETHER)
    shown.page.evaluate(PAUSE_AT_ONCE)
    shown.paint()
    go = shown.run().locator("[data-action=go]")
    expect(go).to_have_text(re.compile("^Go on from step .+ with “a gold car”$"))
    shown.ask(prompt_a="a red car")
    expect(go).to_have_text(re.compile("with “a red car”$"))
    shown.press("go")
    shown.rests_at(10, 10)
    told = shown.page.evaluate("told")
    assert all(picture == slider for picture, slider, _ in told)
    assert any(way_on for *_, way_on in told)
    assert all(way_on in ("", f"step {slider + 1} ") for _, slider, way_on in told)


def test_keys_stay_on_a_button_that_is_there(painter):
    shown = painter()
    shown.ask(steps=2, guidance=1)
    paint = shown.lab.locator(".paint-go")
    paint.focus()
    shown.page.evaluate(HELD)
    shown.page.keyboard.press("Enter")
    shown.rests_at(2, 2)
    expect(shown.run()).to_be_focused()
    expect(shown.run()).to_be_in_viewport()
    shown.page.keyboard.press("Tab")
    expect(shown.run().locator("[name=step]")).to_be_focused()
    shown.page.keyboard.press("Tab")
    expect(shown.run().locator("[data-action=save]")).to_be_focused()
    shown.ask(steps=10)
    shown.page.evaluate(
        PAUSE_AT_ONCE.replace(".click()", ".focus(), document.activeElement.click()")
    )
    paint.click()
    go = shown.run().locator("[data-action=go]")
    expect(go).to_be_focused()
    shown.page.keyboard.press("Enter")
    shown.rests_at(10, 10)
    expect(shown.run().locator("[data-action=save]")).to_be_focused()
    assert shown.page.evaluate("fell") == 0


def test_on_a_phone_nothing_lies_over_the_picture_that_stays_in_sight(painter):
    shown = painter(size=(390, 844))
    picture = shown.lab.locator("painted-before img")
    shown.lab.locator(".choices").evaluate(
        "choices => scrollTo(0, choices.getBoundingClientRect().top + scrollY - 120)"
    )
    over = picture.evaluate(
        """picture => {
            const { left, top, bottom } = picture.getBoundingClientRect()
            const seen = new Set()
            for (let y = Math.max(top, 60) + 2; y < bottom - 2; y += 4)
                seen.add(document.elementFromPoint(left + 20, y) === picture)
            return [...seen]
        }"""
    )
    assert over == [True]


def test_two_runs_from_one_noise_differ_by_their_words_alone(painter):
    shown = painter()
    shown.ask(steps=2)
    shown.lab.locator("[name=second]").check()
    shown.paint()
    for name in ("a", "b"):
        shown.rests_at(2, 2, name)
    assert (shown.picture("a") == shown.picture("b")).all()
    shown.ask(prompt_b="a gold car in the desert")
    shown.paint()
    for name in ("a", "b"):
        shown.rests_at(2, 2, name)
    assert not (shown.picture("a") == shown.picture("b")).all()


def test_a_run_pauses_and_goes_on_to_the_same_picture(painter):
    shown = painter()
    shown.ask(steps=10, guidance=1)
    shown.page.evaluate(PAUSE_AT_ONCE)
    shown.paint()
    go = shown.run().locator("[data-action=go]")
    expect(go).to_be_visible()
    said = go.text_content()
    shown.page.wait_for_timeout(500)
    assert go.text_content() == said, "no step comes behind the pause"
    shown.press("go")
    shown.rests_at(10, 10)
    paused = shown.picture()
    shown.paint()
    expect(shown.run().locator("[data-action=pause]")).to_be_visible()
    shown.rests_at(10, 10)
    assert (shown.picture() == paused).all()


def test_painting_anew_leaves_nothing_of_the_run_before_and_another_has_other_noise(painter):
    shown = painter()
    another = shown.lab.get_by_text("Another, from the next seed")
    shown.ask(steps=10, guidance=1, seed=7)
    shown.page.evaluate(ANEW_MIDWAY)
    shown.paint()
    going, state, bare, steps = shown.page.evaluate("anew")
    assert going
    assert (state, bare, steps) == ("waits", True, 0), (
        "nothing of the run before stands over the new one's words"
    )
    shown.rests_at(10, 10)
    assert shown.run().locator(".paint-film li").count() == 10
    before = shown.picture()
    another.click()
    expect(shown.lab.locator("[name=seed]")).to_have_value("8")
    shown.rests_at(10, 10)
    assert (shown.picture() != before).any()
    assert ".seed-8." in shown.page.url


def test_the_address_is_that_of_the_run_on_show_whatever_was_pressed(painter):
    shown = painter()
    shown.ask(steps=3, seed=7, prompt_a="a gold car")
    shown.paint()
    shown.rests_at(3, 3)
    assert shown.page.url.endswith(
        "#paint.seed-7.steps-3.sampler-DDIM-fresh.words0-0~2~a%20gold%20car"
    )
    shown.run().locator("[data-at='1']").click()
    shown.ask(prompt_a="a matte red car")
    shown.press("go")
    shown.rests_at(3, 3)
    changed = ".words0-0~2~a%20gold%20car.words1-2~2~a%20matte%20red%20car"
    assert shown.page.url.endswith(f"#paint.seed-7.steps-3.sampler-DDIM-fresh{changed}")


def test_a_second_run_that_nobody_began_does_not_say_that_it_is_on_its_way(painter):
    shown = painter()
    shown.ask(steps=2)
    shown.paint()
    shown.rests_at(2, 2)
    shown.lab.locator("[name=second]").check()
    says = shown.run("b").locator("[data-out=state]")
    expect(says).to_have_text(re.compile("^Nothing yet: “Paint” begins it"), use_inner_text=True)
    expect(shown.run("b").locator("[name=step]")).to_be_hidden()
    expect(shown.run("b").locator("[data-pane=word]")).to_be_hidden()
    shown.paint()
    shown.rests_at(2, 2, "b")
    expect(says).to_have_text("Finished: step 2 of 2", use_inner_text=True)


def test_a_run_that_is_to_pause_says_so_until_it_goes_on(painter):
    shown = painter()
    shown.ask(steps=10, guidance=1)
    shown.page.evaluate(SAYS_PAUSING)
    shown.paint()
    expect(shown.run().locator("[data-action=go]")).to_be_visible()
    assert shown.page.evaluate("said") == ["Pause", "Pausing after the step that it is at"]
    shown.press("go")
    shown.run().locator(".paint-film li").nth(9).wait_for()
    assert not shown.run().locator(".paint-paused").is_visible()
    shown.rests_at(10, 10)


def test_a_finish_without_the_colour_that_was_says_which_it_has_now(painter):
    shown = painter()
    shown.lab.locator("[data-chip=finish][value=mirror]").check()
    shown.lab.locator("[data-chip=colour][value=chrome]").check()
    became = shown.lab.locator("[data-out=became]")
    expect(became).to_be_empty()
    shown.lab.locator("[data-chip=finish][value=matte]").check()
    expect(became).to_have_text(re.compile(r"no chrome there: now \w+"))


def test_a_page_that_is_loaded_again_stays_where_it_was(painter):
    shown = painter(size=(390, 844))
    shown.lab.locator("[data-chip=finish][value=matte]").check()
    top = shown.lab.bounding_box()["y"]
    assert shown.page.url.count("#paint.")
    shown.page.reload()
    expect(shown.lab).to_have_class("paint-ready")
    shown.page.wait_for_timeout(500)
    assert abs(shown.lab.bounding_box()["y"] - top) < 60


def test_a_word_is_read_somewhere_and_a_saved_picture_tells_its_run(painter):
    shown = painter()
    shown.ask(steps=2, seed=5)
    shown.paint()
    shown.rests_at(2, 2)
    shown.run().locator("[data-word=car]").click()
    expect(shown.run().locator("[data-out=word]")).to_have_text("places that read “car”")
    read = shown.pixels("word")
    assert (read.min(), read.max()) == (0, 255)
    with shown.page.expect_download() as download:
        shown.press("save")
    with Image.open(download.value.path()) as picture:
        assert (np.asarray(picture.convert("RGB")) == shown.picture()).all()
        told = picture.text["parameters"]
    assert told.splitlines()[0] == shown.lab.locator("[name=prompt-a]").input_value()
    how = "Steps: 2, Sampler: DDIM, Eta DDIM: 1, CFG scale: 2, Seed: 5, Model: Study model"
    assert how in told


def test_chips_write_the_words_and_words_that_were_never_seen_are_marked(painter):
    shown = painter()
    words = shown.lab.locator("[name=prompt-a]")
    for chip in ("matte", "blue", "hatchback", "snow", "front three-quarter view"):
        shown.lab.get_by_role("radio", name=chip, exact=True).check()
    expect(words).to_have_value("a matte blue hatchback in the snow, front three-quarter view")
    expect(shown.lab.get_by_role("radio", name="copper", exact=True)).to_be_hidden()
    words.fill("a chrome bicycle")
    words.press("Tab")
    expect(shown.lab.locator("#paint-a-strange")).to_contain_text("“bicycle”")
    expect(shown.lab.get_by_role("radio", name="mirror")).to_be_checked()
    words.fill("a chrome car")
    words.press("Tab")
    expect(shown.lab.locator("#paint-a-strange")).to_be_empty()


def test_judges_read_a_finished_picture_and_what_they_read_goes_when_it_changes(painter):
    shown = painter()
    shown.ask(steps=3, prompt_a="a satin blue car in the snow")
    shown.paint()
    shown.rests_at(3, 3)
    assert "/live/judges/" not in " ".join(shown.page.watch.requests)
    button = shown.run().locator("[data-action=read]")
    expect(button).to_have_text(re.compile(r"Read this picture \(judges, [\d.]+ MB\)"))
    button.click()
    rows = shown.run().locator("[data-out=reading] tbody tr")
    expect(rows.nth(0)).to_contain_text("judges know no satin")
    expect(rows.nth(2)).to_contain_text(re.compile(r"Worldsnow\w+.*, (not )?as asked"))
    expect(rows.nth(3)).to_contain_text("Viewnothing")
    says = re.compile("^(Bodywork and background are read|Left out is)")
    expect(shown.run().locator("[data-out=judging]")).to_have_text(says)
    shown.run().locator("[data-at='1']").click()
    shown.press("go")
    expect(rows).to_have_count(0)
    expect(shown.run().locator("[data-out=judging]")).to_be_empty()


def test_judges_that_do_not_come_are_told_and_can_be_called_again(watched, address):
    watch = watched()
    shown = Painter(watch.context.new_page())
    shown.page.goto(f"{address}{PATH}")
    shown.ask(steps=2)
    shown.paint()
    shown.rests_at(2, 2)
    watch.context.route("**/judging.safetensors", cut)
    shown.press("read")
    says = shown.run().locator("[data-out=judging]")
    expect(says).to_contain_text("The judges did not come whole")
    watch.context.unroute("**/judging.safetensors")
    shown.press("read")
    expect(shown.run().locator("[data-out=reading] table")).to_be_visible()
    watch.context.close()


@pytest.mark.parametrize("lack", [f"{LESS}WebAssembly", f"{LESS}Worker", NO_SIMD])
def test_a_browser_that_cannot_says_so_in_a_sentence_beside_the_pictures(watched, address, lack):
    watch = watched()
    watch.context.add_init_script(lack)
    page = watch.context.new_page()
    page.goto(f"{address}{PATH}")
    expect(page.locator("[data-out=says]")).to_contain_text(BEFORE)
    expect(page.locator(".paint-go")).to_be_hidden()
    expect(page.locator(".paint-before img").first).to_be_visible()
    assert watch.problems == []
    watch.context.close()


def test_from_a_file_the_pictures_stand_alone(site, browser):
    page = browser.new_page()
    page.goto(f"file://{site}/paint/index.html")
    expect(page.locator("[data-out=says]")).to_contain_text("a page that comes from a server")
    expect(page.locator(".paint-go")).to_be_hidden()
    page.close()


def cut(route) -> None:
    answer = route.fetch()
    route.fulfill(status=200, body=answer.body()[:100_000])


def no_memory(route) -> None:
    text = route.fetch().text()
    put = "this.#memory.grow("
    assert put in text
    route.fulfill(body=text.replace(put, "throw new RangeError("), content_type="text/javascript")


@pytest.mark.parametrize(
    ("files", "fault", "says"),
    [
        ("**/unet/*.safetensors", lambda route: route.abort(), "did not come whole"),
        ("**/vae/*.safetensors", lambda route: route.fulfill(status=404), "did not come whole"),
        ("**/unet/*.safetensors", cut, "did not come whole"),
        ("**/live/memory.js", no_memory, "too little free memory"),
    ],
)
def test_what_goes_wrong_on_the_way_is_said_and_can_be_tried_again(
    watched, address, files, fault, says
):
    watch = watched()
    shown = Painter(watch.context.new_page())
    shown.page.goto(f"{address}{PATH}")
    watch.context.route(files, fault)
    shown.ask(steps=2)
    shown.paint()
    expect(shown.lab.locator("[data-out=says]")).to_contain_text(says)
    expect(shown.lab.locator(".paint-before img").first).to_be_visible()
    watch.context.unroute(files)
    shown.paint()
    shown.rests_at(2, 2)
    watch.context.close()


def test_words_of_a_second_run_open_below_its_box_and_a_link_shows_them(visit):
    page = visit(PATH, size=(390, 844))
    page.locator("#paint-form .lab-more > summary").click()
    page.locator("[name=second]").check()
    box, words = page.locator(".paint-second"), page.locator("[name=prompt-b]")
    expect(words).to_be_in_viewport()
    below = box.bounding_box()["y"] + box.bounding_box()["height"]
    assert 0 <= words.bounding_box()["y"] - below < 60
    asked = "seed-7.steps-4.sampler-DDIM.words0-0~2~a%20gold%20car.words1-2~2~a%20red%20car"
    linked = visit(f"{PATH}#paint.{asked}.second0-0~2~a%20car", size=(390, 844))
    expect(linked.locator("[name=prompt-b]")).to_be_visible()
    expect(linked.locator("[data-out=says]")).to_contain_text("changes its words")
    expect(linked.locator("[data-out=says]")).to_be_in_viewport()


def test_words_of_a_second_run_that_is_put_away_do_not_hold_the_form(visit):
    page = visit(PATH)
    page.locator("#paint-form .lab-more > summary").click()
    second, words = page.locator("[name=second]"), page.locator("[name=prompt-b]")
    second.check()
    words.fill("")
    valid = "form => form.checkValidity()"
    assert not page.locator("#paint-form").evaluate(valid)
    second.uncheck()
    assert page.locator("#paint-form").evaluate(valid)


@pytest.mark.parametrize("size", [(1280, 900), (390, 844), (320, 640)])
def test_words_are_read_whole_however_narrow_their_field_is(visit, size):
    words = visit(PATH, size=size).locator("[name=prompt-a]")
    for text in ("a red car", "a brushed copper hatchback in the city, rear three-quarter view"):
        words.fill(text)
        cut = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
        assert max(words.evaluate(cut)) <= 0


@pytest.mark.parametrize("by", ["the button", "Enter"])
def test_a_setting_that_is_folded_in_and_wrong_is_opened_and_nothing_is_loaded(visit, by):
    page = visit(PATH)
    more = page.locator("#paint-form .lab-more")
    more.locator("summary").click()
    page.locator("[name=steps]").fill("100")
    more.locator("summary").click()
    words = page.locator("[name=prompt-a]")
    typed = words.input_value()
    if by == "Enter":
        words.press("Enter")
    else:
        page.locator(".paint-go").click()
    expect(words).to_have_value(typed)
    expect(more).to_have_attribute("open", "")
    assert not [url for url in page.watch.requests if url.endswith(".safetensors")]


SETTINGS = """async other => {
    const {settings, states} = await import("/assets/js/live/settings.js")
    const plan = [{at: 0, guidance: 2, prompt: "a car"}]
    const run = {seed: 1, steps: 20, sampler: "DDIMScheduler", plan, negative: ""}
    return settings(states(run, {...run, ...other}), "second") !== null
}"""


@pytest.mark.parametrize(
    ("other", "taken"),
    [({}, True), ({"seed": 2}, False), ({"steps": 30}, False), ({"sampler": "DDIMFresh"}, False)],
)
def test_a_link_takes_a_second_run_along_that_shares_its_settings_alone(visit, other, taken):
    assert visit(PATH).evaluate(SETTINGS, other) is taken


@pytest.mark.parametrize(
    "run",
    [
        "seed-x.steps-4.sampler-DDIM.words0-0~4~x",
        "seed-7.steps-4.sampler-DDIM.words0-1~4~x",
        "seed-7.steps-4.sampler-DDIM.words0-0~4~x.words1--1~4~y",
        "seed-7.steps-4.sampler-DDIM.words0-0~4~x.words1-0~4~y",
        "seed-7.steps-4.sampler-DDIM.words0-0~4~x.words1-2~4~y.words2-2~4~z",
        "seed-7.steps-4.sampler-DDIM.words0-0~4~x.words1-2~4~y.words2-1~4~z",
        "seed-7.steps-4.sampler-DDIM.words0-0~4~x.words1-4~4~y",
        "seed-7.steps-90.sampler-DDIM.words0-0~4~x.words1-60~4~y",
    ],
)
def test_a_link_that_names_no_run_changes_nothing(painter, run):
    shown = painter(f"{PATH}#paint.{run}")
    expect(shown.lab.locator("[name=seed]")).to_have_value("1")
    expect(shown.lab.locator("[data-out=says]")).to_be_empty()


def test_the_click_that_ends_what_was_typed_is_not_missed(painter):
    """Of a strange word it is told once the field is left, and what stands below moves down."""
    shown = painter()
    page = shown.page
    page.context.route("**/*.safetensors", lambda route: route.abort())
    words = page.locator("[name=prompt-a]")
    words.fill("a purple boat on the moon")
    box = page.locator(".paint-go").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 6)
    page.mouse.down()
    page.wait_for_timeout(50)
    assert page.locator(".paint-go").bounding_box()["y"] == box["y"]
    page.mouse.up()
    expect(page.locator("#paint-a-strange")).to_contain_text("boat")
    expect(shown.lab.locator("[data-out=says]")).not_to_be_empty()


def test_a_link_sets_the_guidance_and_what_stands_beside_it(painter):
    shown = painter()
    shown.page.evaluate("location.hash = 'paint.seed-5.steps-10.sampler-DDIM.words0-0~7~x'")
    expect(shown.page.locator("[name=guidance]")).to_have_value("7")
    expect(shown.page.locator("[data-out=guidance]")).to_have_text("7")


def test_coming_back_all_that_is_set_and_all_that_is_said_agree(painter):
    shown = painter()
    page = shown.page
    shown.ask(guidance=3)
    page.get_by_text("Beside it, a second run").click()
    page.goto(page.url.partition("#")[0].replace("/paint/", "/steps/"))
    page.go_back()
    expect(shown.lab).to_have_class("paint-ready")
    page.wait_for_timeout(300)
    guidance = page.locator("[name=guidance]").input_value()
    expect(page.locator("[data-out=guidance]")).to_have_text(guidance)
    second = page.locator("[name=second]").is_checked()
    assert page.locator("[name=prompt-b]").is_enabled() == second


def test_a_network_s_own_page_in_place_of_a_file_is_one_that_did_not_come(visit):
    page = visit(PATH)
    page.context.route("**/x.json", lambda route: route.fulfill(status=200, body="<html>"))
    said = page.evaluate("""async () => {
        const {json} = await import(new URL("../assets/js/live/files.js", document.baseURI))
        const fault = await json(new URL("x.json", document.baseURI)).catch(error => error)
        return [fault.constructor.name, fault.message]
    }""")
    assert said == ["NotLoaded", "paint/x.json is not what came"]
