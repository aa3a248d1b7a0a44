"""The step lab as a reader meets it: keyboard, mouse, touch, link, paper, and without a script."""

import re

import pytest
from in_page import REPEATED, SHIFT, TIMES
from playwright.sync_api import Page

READY = """() => {
    const lab = document.querySelector("step-lab.lab-ready")
    lab?.scrollIntoView()
    const wanted = [...lab?.panes ?? []].filter(([view]) => view !== "attention" || lab.word)
    const ready = ([, canvas]) => canvas.parentElement.dataset.state === "ready"
    return wanted.length > 0 && wanted.every(ready)
}"""
PICTURES = """() => {
    const panes = document.querySelector("step-lab").panes
    return Object.fromEntries([...panes].map(([view, canvas]) => [view, canvas.toDataURL()]))
}"""
FOCUSED = "(e => e.ariaLabel ?? e.type ?? e.tagName)(document.activeElement)"
WRONG = (".step-0", ".step-999", ".step-2.word-%3Cb%3E", ".step-", ".x", ".word-%E0%A4%A")


@pytest.fixture(scope="session")
def lab_path(site, paths) -> str:
    """The first idea's page that has a lab with every view."""
    for path in paths:
        text = (site / path.strip("/") / "index.html").read_text(encoding="utf-8")
        if path.startswith("/ideas/") and 'data-view="guidance"' in text:
            return path
    raise AssertionError("no idea has a lab")


class Lab:
    """One page's first lab, ready."""

    def __init__(self, page: Page):
        self.page = page
        self.element = page.locator("step-lab").first
        page.wait_for_function(READY)

    @property
    def range(self):
        return self.element.get_by_role("slider", name="Step")

    @property
    def step(self) -> int:
        return int(self.range.input_value())

    @property
    def steps(self) -> int:
        return int(self.range.get_attribute("max"))

    @property
    def playing(self) -> bool:
        return self.element.evaluate("lab => lab.playing")

    def button(self, name: str):
        return self.element.get_by_role("button", name=name, exact=True)

    def words(self):
        return self.element.locator("button.lab-word")

    def pictures(self) -> dict[str, str]:
        return self.page.evaluate(PICTURES)

    def changed(self, before: dict[str, str]) -> set[str]:
        after = self.pictures()
        return {view for view in after if after[view] != before[view]}


@pytest.fixture
def lab(visit, lab_path):
    """Opens the lab, by default on a desktop with a mouse."""

    def open_lab(fragment: str = "", prefix: str = "", **options) -> Lab:
        return Lab(visit(f"{prefix}{lab_path}{fragment}", **options))

    return open_lab


ALL = {"noisy", "clean", "attention", "guidance"}


def test_it_opens_still_at_a_step_that_shows_something(lab):
    shown = lab()
    assert not shown.playing
    assert 1 < shown.step < shown.steps
    names = shown.words().all_inner_texts()
    assert (names[0], names[-1]) == ("start", "end")
    text = rf"Step {shown.step} of {shown.steps}, noise level \d+\.\d\d"
    assert re.fullmatch(text, shown.range.get_attribute("aria-valuetext"))


def test_the_arrow_keys_move_every_picture(lab):
    shown = lab()
    shown.range.focus()
    shown.page.keyboard.press("Home")
    assert shown.step == 1
    before, seen = shown.pictures(), shown.element.locator(".lab-stage").screenshot()
    shown.page.keyboard.press("ArrowRight")
    assert shown.step == 2
    assert shown.changed(before) == ALL
    assert shown.element.locator(".lab-stage").screenshot() != seen
    shown.page.keyboard.press("End")
    shown.page.keyboard.press("ArrowRight")
    assert shown.step == shown.steps


def test_the_buttons_move_and_stop_at_the_ends(lab):
    shown = lab()
    shown.button("First step").click()
    shown.button("One step back").click()
    assert shown.step == 1
    before = shown.pictures()
    shown.button("One step forward").click()
    assert (shown.step, shown.changed(before)) == (2, ALL)
    shown.button("Last step").click()
    shown.button("One step forward").click()
    assert shown.step == shown.steps


def test_every_control_is_reached_with_the_tab_key(lab):
    shown = lab()
    shown.words().first.focus()
    reached = []
    for _ in range(shown.words().count() + 8):
        reached.append(shown.page.evaluate(FOCUSED))
        shown.page.keyboard.press("Tab")
    controls = ["First step", "One step back", "Play", "One step forward", "Last step"]
    assert [name for name in reached if name in controls] == controls
    assert "range" in reached


def test_playing_ends_at_the_last_step(lab):
    shown = lab()
    shown.range.fill(str(shown.steps - 3))
    shown.button("Play").click()
    assert shown.playing
    assert shown.button("Pause").is_visible()
    shown.page.wait_for_function("() => !document.querySelector('step-lab').playing")
    assert shown.step == shown.steps


def test_space_plays_only_from_inside(lab):
    shown = lab()
    shown.page.keyboard.press("Space")
    assert not shown.playing
    shown.range.focus()
    shown.page.keyboard.press("Space")
    assert shown.playing
    shown.page.keyboard.press("Space")
    assert not shown.playing
    shown.words().first.focus()
    shown.page.keyboard.press("Space")
    assert not shown.playing
    assert shown.words().first.get_attribute("aria-pressed") == "true"


def test_it_stops_where_nobody_looks(lab):
    shown = lab()
    shown.range.fill("1")
    shown.button("Play").click()
    shown.page.evaluate("document.body.style.paddingBottom = '300vh'; scrollTo(0, 1e6)")
    shown.page.wait_for_function("() => !document.querySelector('step-lab').playing")
    assert shown.step < shown.steps


def test_it_is_slower_for_readers_who_want_less_motion(lab):
    shown = lab(reduced_motion="reduce")
    shown.range.fill("1")
    shown.button("Play").click()
    shown.page.wait_for_timeout(500)
    assert shown.step == 1
    shown.page.wait_for_function("() => document.querySelector('step-lab').step === 2")


def test_a_word_changes_its_own_picture_alone(lab):
    shown = lab()
    before = shown.pictures()
    waiting = shown.element.locator("button.lab-word[aria-pressed=false]")
    chosen = waiting.nth(2).get_attribute("data-word")
    waiting.nth(2).click()
    shown.page.wait_for_function(READY)
    assert shown.element.locator("[aria-pressed=true]").get_attribute("data-word") == chosen
    assert shown.changed(before) == {"attention"}
    shown.element.locator("[aria-pressed=true]").click()
    assert shown.element.locator("[aria-pressed=true]").count() == 0


def test_a_thumb_can_use_it(lab):
    shown = lab(has_touch=True, is_mobile=True, size=(390, 844))
    buttons = shown.element.locator(".lab-live button")
    sizes = [button.bounding_box() for button in buttons.all()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 40
    assert shown.range.bounding_box()["height"] >= 40
    before = shown.pictures()
    shown.button("One step forward").tap()
    assert shown.changed(before) == ALL
    box = shown.range.bounding_box()
    shown.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.7)
    assert shown.step > 0.8 * shown.steps
    shown.words().nth(1).tap()
    assert shown.words().nth(1).get_attribute("aria-pressed") == "true"


def test_a_link_leads_back_to_the_same_step_and_word(lab):
    first = lab()
    length = first.page.evaluate("history.length")
    first.range.fill("4")
    first.words().nth(1).click()
    first.page.wait_for_function(
        "() => location.hash === document.querySelector('[data-out=link]').hash"
    )
    fragment = first.page.evaluate("location.hash")
    assert ".step-4.word-" in fragment
    assert first.page.evaluate("history.length") == length
    link = first.element.get_by_role("link", name="Link to this step")
    assert link.evaluate("link => link.href") == first.page.url
    cite = first.element.locator("[data-out=cite]")
    assert cite.evaluate("link => link.href") == first.page.url
    assert cite.inner_text().endswith(fragment)
    second = lab(fragment)
    assert second.step == 4
    assert second.words().nth(1).get_attribute("aria-pressed") == "true"
    assert second.pictures() == first.pictures()
    second.page.evaluate("location.hash = location.hash.replace('step-4', 'step-2')")
    second.page.wait_for_function("() => document.querySelector('step-lab').step === 2")


def test_a_wrong_link_does_no_harm(lab):
    shown = lab()
    name = shown.element.get_attribute("id")
    for fragment in WRONG:
        shown.page.evaluate("hash => location.hash = hash", name + fragment)
        shown.page.wait_for_timeout(20)
        assert 1 <= shown.step <= shown.steps


def test_it_works_below_a_version(lab):
    shown = lab(prefix="/1.0")
    assert set(shown.pictures()) == ALL


def test_it_asks_for_few_files_and_a_words_sheet_only_when_chosen(lab):
    shown = lab()
    sheets = {url for url in shown.page.watch.requests if "/captures/" in url}
    assert len([url for url in sheets if "attention" in url]) == 1
    assert len(sheets) <= 8
    shown.element.locator("button.lab-word[aria-pressed=false]").first.click()
    shown.page.wait_for_function(READY)
    after = {url for url in shown.page.watch.requests if "/captures/" in url}
    assert len(after) == len(sheets) + 1


def test_nothing_moves_while_it_loads(lab):
    shown = lab(size=(390, 844))
    assert shown.page.evaluate(SHIFT) < 0.01


def test_the_next_picture_is_there_within_a_frame(lab):
    shown = lab()
    times = shown.element.evaluate(TIMES)
    assert sorted(times)[len(times) // 2] < 16


def test_labs_on_one_page_do_not_disturb_each_other(visit, site, paths):
    count = {p: (site / p.strip("/") / "index.html").read_text().count("<step-lab") for p in paths}
    path = max(count, key=count.get)
    assert count[path] > 1
    page = visit(path)
    first, second = page.locator("step-lab").nth(0), page.locator("step-lab").nth(1)
    before = second.get_by_role("slider").input_value()
    first.get_by_role("slider").fill("2")
    assert first.get_by_role("slider").input_value() == "2"
    assert second.get_by_role("slider").input_value() == before
    assert page.evaluate(REPEATED) == []


def test_without_a_script_the_key_steps_and_all_numbers_are_there(visit, lab_path):
    page = visit(lab_path, java_script_enabled=False)
    lab = page.locator("step-lab").first
    assert not lab.locator(".lab-live").is_visible()
    pictures = lab.locator(".lab-sheet img")
    assert 12 <= pictures.count() <= 16
    assert len({lab.locator(".lab-frame").nth(at).screenshot() for at in range(4)}) == 4
    for picture in pictures.all():
        assert re.search(r", step \d+ of \d+: ", picture.get_attribute("alt"))
    steps = int(lab.locator("input[type=range]").get_attribute("max"))
    assert lab.locator(".lab-table tbody tr").count() == steps


def test_on_paper_the_key_steps_stand_in_for_the_controls(lab):
    shown = lab()
    shown.page.emulate_media(media="print")
    assert shown.element.locator(".lab-sheet").is_visible()
    assert not shown.element.locator(".lab-live").is_visible()


def test_a_chosen_word_shows_in_a_readers_own_colours(lab):
    shown = lab(forced_colors="active")
    ground = "e => getComputedStyle(e).backgroundColor"
    chosen = shown.element.locator("[aria-pressed=true]").evaluate(ground)
    assert chosen != shown.element.locator("button[aria-pressed=false]").first.evaluate(ground)
