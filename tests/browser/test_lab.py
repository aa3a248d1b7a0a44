"""The step lab as a reader meets it: keyboard, mouse, touch, link, paper, and without a script."""

import re
from itertools import combinations, pairwise

import pytest
from in_page import REPEATED, SHIFT, TIMES
from playwright.sync_api import Page

READY = """() => {
    const lab = document.querySelector("step-lab.lab-ready")
    lab?.scrollIntoView()
    const shown = [...lab?.panes ?? []].filter(([, canvas]) => canvas.checkVisibility())
    const wanted = shown.filter(([view]) => view !== "attention" || lab.word)
    const ready = ([, canvas]) => canvas.parentElement.dataset.state === "ready"
    return wanted.length > 0 && wanted.every(ready)
}"""
PICTURES = """() => {
    const panes = [...document.querySelector("step-lab").panes]
    const shown = panes.filter(([, canvas]) => canvas.checkVisibility())
    return Object.fromEntries(shown.map(([view, canvas]) => [view, canvas.toDataURL()]))
}"""
SPREAD = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    const values = data.filter((_, at) => at % 4 !== 3).sort()
    return values.at(-1) - values[0]
}"""
STILL = """() => new Promise(still => {
    let before = scrollY
    const look = () => {
        if (scrollY === before) return still(true)
        before = scrollY
        setTimeout(look, 200)
    }
    setTimeout(look, 200)
})"""
FOCUSED = "(e => e.ariaLabel ?? e.type ?? e.tagName)(document.activeElement)"
WRONG = (
    *(".step-0", ".step-999", ".step-2.word-%3Cb%3E", ".step-", ".x", ".word-%E0%A4%A"),
    *(".step-2.view-x", ".view-constructor", ".constructor", ".half.half"),
)
BOXES = """lab => [...lab.querySelectorAll(".lab-tick")].map(tick => {
    const {left, right, top, bottom} = tick.getBoundingClientRect()
    return {left, right, top, bottom}
})"""
LEFT = "e => parseFloat(getComputedStyle(e, '::after').left) + e.getBoundingClientRect().left"
CELLS = """lab => [...lab.querySelectorAll(".lab-table tbody tr")].map(
    row => [...row.querySelectorAll("[data-figure]")].map(cell => cell.textContent)
)"""


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

    def turn(self, tab: str) -> None:
        """Turns to a tab by its name, and waits for what it shows."""
        radio = self.element.get_by_role("radio", name=tab)
        radio.scroll_into_view_if_needed()  # or a busy machine is still at it when the click falls
        radio.check(force=True)
        self.page.wait_for_function(READY)

    @property
    def shown(self) -> set[str]:
        panes = self.element.locator(".lab-pane:visible")
        return {pane.get_attribute("data-view") for pane in panes.all()}

    def events(self) -> list[tuple[str, int]]:
        """The label and the step of each event's button, as a reader sees them."""
        texts = [button.inner_text() for button in self.element.locator(".lab-event").all()]
        found = [re.fullmatch(r"[ABC]\s+(.+?)\s+step (\d+)", text) for text in texts]
        return [(match[1], int(match[2])) for match in found]

    def figures(self) -> list[list[str]]:
        """Noise level, distance and guidance of each step, as the table has them."""
        return self.element.evaluate(CELLS)


@pytest.fixture
def lab(visit, lab_path):
    """Opens the lab, by default on a desktop with a mouse."""

    def open_lab(fragment: str = "", prefix: str = "", **options) -> Lab:
        return Lab(visit(f"{prefix}{lab_path}{fragment}", **options))

    return open_lab


PAINTING = {"noisy", "clean"}


def test_it_opens_still_on_the_noise(lab):
    shown = lab()
    assert not shown.playing
    assert (shown.step, shown.shown) == (1, PAINTING)
    noise = shown.element.locator("[data-view=noisy] canvas").first
    assert noise.evaluate(SPREAD) > 30
    names = shown.words().all_text_contents()
    assert (names[0], *names[-2:]) == ("start", "end", "padding")
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
    assert shown.changed(before) == PAINTING
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
    assert (shown.step, shown.changed(before)) == (2, PAINTING)
    shown.button("Last step").click()
    shown.button("One step forward").click()
    assert shown.step == shown.steps


def test_every_control_is_reached_with_the_tab_key(lab):
    shown = lab()
    shown.turn("words")
    shown.range.focus()
    reached = []
    for _ in range(shown.words().count() + 12):
        reached.append(shown.page.evaluate(FOCUSED))
        shown.page.keyboard.press("Tab")
    assert reached[:3] == ["range", "Play", "radio"]
    controls = ["First step", "One step back", "One step forward", "Last step"]
    assert [name for name in reached if name in controls] == controls
    last = reached.index("Last step")
    assert reached[3 : reached.index("First step")].count("button") == shown.words().count()
    assert reached[last + 1 :].count("button") == len(shown.events()) == 3


def test_on_a_phone_the_keyboard_goes_down_the_lab_as_the_eye_does(lab):
    shown = lab(size=(390, 844))
    shown.range.focus()
    reached = []
    for _ in range(11):
        shown.page.keyboard.press("Tab")
        box = shown.page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
        reached.append(round(box))
    assert all(below >= above - 4 for above, below in pairwise(reached)), "in a row, nearly level"


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
    shown.turn("words")
    shown.words().first.focus()
    shown.page.keyboard.press("Space")
    assert not shown.playing
    assert shown.words().first.get_attribute("aria-pressed") == "true"


def test_space_that_is_held_down_plays_once(lab):
    shown = lab()
    shown.range.focus()
    for _ in range(4):  # the second and later are told as repeats
        shown.page.keyboard.down(" ")
    assert shown.playing


def test_space_plays_a_lab_that_was_folded_too(visit):
    page = visit("/comparisons/fresh-noise/")
    page.locator(".lab-folded > summary").first.click()
    slider = page.locator(".lab-folded step-lab").first.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Space")
    assert page.locator(".lab-folded step-lab").first.evaluate("lab => lab.playing")
    page.keyboard.press("Space")
    assert not page.locator(".lab-folded step-lab").first.evaluate("lab => lab.playing")


def test_a_lab_that_plays_writes_nothing_over_where_a_link_leads(lab):
    shown = lab()
    shown.range.fill("1")
    shown.button("Play").click()
    shown.page.evaluate("location.hash = '#elsewhere'; scrollTo(0, 1e6)")
    shown.page.wait_for_function("() => !document.querySelector('step-lab').playing")
    shown.page.wait_for_timeout(500)  # an address is written late
    assert shown.page.evaluate("location.hash") == "#elsewhere"


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


def test_the_events_are_where_the_curves_have_them(lab):
    shown = lab()
    _, distance, guidance = zip(*shown.figures(), strict=True)
    first = float(distance[0])
    steps = dict(shown.events())
    for label, share in (("half-way there", 0.5), ("nine tenths there", 0.1)):
        after = [float(value) for value in distance[steps[label] - 1 :]]
        assert max(after) <= share * first + 0.001  # the table is rounded
        assert float(distance[steps[label] - 2]) >= share * first - 0.001
    after = [float(value) for value in guidance[steps["pull halved"] - 1 :]]
    assert max(after) <= float(guidance[0]) / 2 + 0.001
    assert float(guidance[0]) == max(map(float, guidance)), "the words pull most at the start"
    assert [step for _, step in shown.events()] == sorted(steps.values())


def test_a_button_or_a_tick_leads_to_its_event_and_names_it(lab):
    shown = lab()
    for number, (label, step) in enumerate(shown.events()):
        button = shown.element.locator(".lab-event").nth(number)
        button.focus()
        shown.page.keyboard.press("Enter")
        assert shown.step == step
        assert shown.range.get_attribute("aria-valuetext").endswith(f", {label}")
        assert button.get_attribute("aria-current") == "step"
        about = shown.page.locator(f"[id='{button.get_attribute('aria-describedby')}']")
        assert f"step {step}: " in about.text_content()
        shown.button("First step").click()
        assert button.get_attribute("aria-current") == "false"
        shown.element.locator(".lab-tick").nth(number).click()
        assert shown.step == step


def test_marks_never_stand_on_one_another_on_a_small_phone(visit, site, paths):
    marked = 0
    for path in paths:
        if "lab-tick" not in (site / path.strip("/") / "index.html").read_text(encoding="utf-8"):
            continue
        page = visit(path, size=(320, 640))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for lab in page.locator("step-lab").all():
            boxes = lab.evaluate(BOXES)
            marked += len(boxes)
            for one, other in combinations(boxes, 2):
                beside = one["right"] <= other["left"] or other["right"] <= one["left"]
                assert beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
        page.close()
    assert marked > 50


def test_a_tick_stands_below_the_thumb_at_its_step_and_the_cursor_above_it(lab):
    shown = lab()
    box = shown.range.bounding_box()
    for number, (_, step) in enumerate(shown.events()):
        shown.range.fill(str(step))
        thumb = 28  # pixels: 1.4rem
        middle = box["x"] + thumb / 2 + (step - 1) / (shown.steps - 1) * (box["width"] - thumb)
        tick = shown.element.locator(".lab-tick").nth(number).bounding_box()
        assert abs(tick["x"] + tick["width"] / 2 - middle) < 1
        for drawn in shown.element.locator(".lab-draw").all():
            assert abs(drawn.evaluate(LEFT) - middle) < 1


def test_the_curves_tell_the_step_and_a_click_or_drag_on_them_moves_it(lab):
    shown = lab()
    plot = shown.element.locator(".lab-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    y = box["y"] + box["height"] * 0.8
    before = shown.pictures()
    shown.page.mouse.click(box["x"] + box["width"] * 0.5, y)
    assert abs(shown.step - (shown.steps + 1) / 2) <= 1
    assert shown.changed(before) == PAINTING
    shown.page.mouse.move(box["x"] + box["width"] * 0.2, y)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=4)
    assert abs(shown.step - (1 + 0.7 * (shown.steps - 1))) <= 1
    shown.page.mouse.up()
    shown.page.mouse.move(box["x"], y)
    assert shown.step > 0.6 * shown.steps
    _, distance, guidance = shown.figures()[shown.step - 1]
    assert shown.element.locator("[data-out=distance]").inner_text() == distance
    assert shown.element.locator("[data-out=guidance]").inner_text() == guidance


def test_a_finger_taps_the_curves_but_scrolls_the_page_across_them(lab):
    shown = lab(has_touch=True, is_mobile=True, size=(390, 844))
    shown.range.fill("2")
    plot = shown.element.locator(".lab-plot")
    assert plot.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    box = plot.bounding_box()
    x, y = box["x"] + box["width"] * 0.9, box["y"] + 50
    to = shown.page.context.new_cdp_session(shown.page)
    for kind, up in (("touchStart", 0), ("touchMove", 40), ("touchMove", 90), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y - up}]
        to.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert shown.step == 2
    shown.page.wait_for_function(STILL)
    plot.tap(position={"x": box["width"] * 0.9, "y": 50})
    assert shown.step > 0.8 * shown.steps


def test_without_guidance_the_distance_stands_alone(visit):
    page = visit("/comparisons/guidance/")
    page.locator(".lab-folded > summary").first.click()
    alone = page.locator("step-lab").filter(has=page.get_by_text(", guidance 1", exact=False))
    lab = alone.first
    lab.scroll_into_view_if_needed()
    assert lab.locator(".lab-draw").count() == 1
    labels = lab.locator(".lab-what").all_inner_texts()
    assert labels == ["half-way there", "nine tenths there"]
    lab.locator(".lab-event").first.click()
    assert ", half-way there" in lab.get_by_role("slider").get_attribute("aria-valuetext")


def test_a_digit_or_a_tab_turns_to_a_view_and_the_link_keeps_it(lab):
    shown = lab()
    shown.page.keyboard.press("2")
    assert shown.shown == PAINTING
    shown.range.focus()
    both = {"2": {"clean", "attention"}, "3": {"clean", "guidance"}, "1": PAINTING}
    for key, views in both.items():
        shown.page.keyboard.press(f"Control+{key}")
        assert shown.shown != views
        shown.page.keyboard.press(key)
        assert shown.shown == views
    shown.page.keyboard.press("9")
    shown.turn("pull")
    assert shown.shown == both["3"]
    shown.page.wait_for_function("() => location.hash.endsWith('.view-guidance')")
    assert lab(shown.page.evaluate("location.hash")).shown == both["3"]
    name, word = shown.element.get_attribute("id"), shown.words().nth(1).get_attribute("data-word")
    assert lab(f"#{name}.word-{word}").shown == both["2"]


def test_it_opens_with_a_word_that_looks_at_the_car_and_says_why_others_do_not(lab):
    shown = lab()
    shown.turn("words")
    assert shown.element.locator("[data-out=word]").inner_text() == "“car”"
    hint = shown.element.locator(".lab-hint")
    assert "beside what they name" in hint.inner_text()
    assert "where the word is read, not where it works" in hint.inner_text()
    assert (
        hint.get_by_role("link")
        .evaluate("e => new URL(e.href).pathname")
        .endswith("/measurements/word/")
    )


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1366, 768), (320, 568), (1920, 1080)])
def test_pictures_play_and_slider_are_in_one_window_and_no_picture_is_too_large(lab, size):
    shown = lab(size=size)
    for tab in ("painting", "words", "pull"):
        shown.turn(tab)
        shown.element.locator(".lab-stage").evaluate("stage => stage.scrollIntoView()")
        header = shown.page.locator(".md-header").bounding_box()
        pictures = [
            c.bounding_box() for c in shown.element.locator(".lab-pane > canvas:visible").all()
        ]
        low = shown.range.bounding_box(), shown.button("Play").bounding_box()
        assert min(box["y"] for box in pictures) >= header["y"] + header["height"] - 1
        assert max(box["y"] + box["height"] for box in (*pictures, *low)) <= size[1]
        assert max(box["width"] for box in pictures) <= 512
        assert min(box["width"] for box in pictures) >= 180


def test_the_finished_picture_is_there_before_the_sheets_are(visit, lab_path):
    page = visit("/404.html")
    page.route(
        "**/*.webp", lambda route: None if "clean" in route.request.url else route.continue_()
    )
    # a sheet that never comes holds the page's own "load" up, where it is asked for before that
    page.goto(page.url.replace("/404.html", lab_path), wait_until="commit")
    canvas = page.locator("step-lab [data-view=clean] canvas").first
    page.wait_for_function("() => document.querySelector('step-lab.lab-ready')")
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert canvas.locator("..").get_attribute("data-state") == "loading"
    assert canvas.evaluate(SPREAD) > 10
    page.unroute_all(behavior="ignoreErrors")


def test_no_map_of_one_word_stands_over_the_name_of_another(visit, lab_path):
    page = visit(lab_path)
    shown = Lab(page)
    shown.turn("words")
    gone = shown.element.locator("button.lab-word[aria-pressed=false]").nth(3)
    sheet = gone.get_attribute("data-sheet").rpartition("/")[2]
    before = shown.pictures()["attention"]
    shown.element.locator(".lab-word[aria-pressed=true]").click()
    grey = shown.pictures()["attention"]
    page.route(f"**/{sheet}", lambda route: route.abort())
    gone.click()
    pane = shown.element.locator("[data-view=attention]")
    page.wait_for_function(
        "() => document.querySelector('[data-view=attention]').dataset.state === 'failed'"
    )
    assert pane.is_visible()
    assert shown.pictures()["attention"] == grey != before
    page.watch.problems.clear()  # the refusal


def test_a_scroll_that_begins_on_the_slider_does_not_move_it(lab):
    shown = lab(has_touch=True, is_mobile=True, size=(390, 844))
    shown.range.fill("28")
    shown.range.scroll_into_view_if_needed()
    box = shown.range.bounding_box()
    x, y = box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2
    to = shown.page.context.new_cdp_session(shown.page)
    for kind, up in (("touchStart", 0), ("touchMove", 30), ("touchMove", 90), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y - up}]
        to.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    shown.page.wait_for_timeout(200)
    assert shown.step == 28


def test_the_noisy_latents_stand_there_at_their_true_size_too(lab):
    shown = lab()
    size = shown.element.locator("[data-view=noisy] canvas").first.get_attribute("data-size")
    true = shown.element.locator(".lab-true")
    box = true.bounding_box()
    assert (box["width"], box["height"]) == tuple(float(side) for side in size.split())
    drawn = "canvas => canvas.toDataURL()"
    assert true.evaluate(drawn) == shown.pictures()["noisy"]
    before = true.evaluate(drawn)
    shown.button("One step forward").click()
    assert true.evaluate(drawn) != before


def test_pictures_are_described_from_what_was_measured(lab):
    shown = lab()
    shown.range.fill("3")
    for tab in ("words", "pull"):
        shown.turn(tab)
    level, distance, guidance = shown.figures()[2]
    start = f"{shown.element.get_attribute('data-model')}, step 3 of {shown.steps}: "
    told = {
        "noisy": f"noisy latents, noise level {level}",
        "clean": f"expected clean picture, {distance} from the final one",
        "attention": f"places that read {shown.element.locator('[data-out=word]').text_content()}",
        "guidance": f"where guidance acts, changing the guess by {guidance}; black: hardly",
    }
    for view, text in told.items():
        canvas = shown.element.locator(f"[data-view={view}] canvas").first
        assert canvas.get_attribute("aria-label") == start + text


def test_the_last_step_shows_the_finished_picture_itself_and_says_so(lab):
    shown = lab()
    pane = shown.element.locator("[data-view=clean]").first
    shown.range.fill(str(shown.steps - 1))
    assert pane.locator("figcaption").inner_text() == "What it guesses"
    shown.range.fill(str(shown.steps))
    assert pane.locator("figcaption").inner_text() == "What it painted"
    canvas = pane.locator("canvas")
    assert "the finished picture; the last guess lay" in canvas.get_attribute("aria-label")
    assert (
        canvas.evaluate("""async (canvas) => {
        const finished = canvas.closest("step-lab").querySelector(".lab-head img")
        await finished.decode()
        if (canvas.width !== +finished.getAttribute("width")) return "not as large"
        const other = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")
        other.imageSmoothingQuality = "high"
        other.drawImage(finished, 0, 0, canvas.width, canvas.height)
        const [one, two] = [other, canvas.getContext("2d")].map((pen) =>
            pen.getImageData(0, 0, canvas.width, canvas.height).data)
        return one.reduce((most, value, at) => Math.max(most, Math.abs(value - two[at])), 0)
    }""")
        == 0
    )


def test_a_word_changes_its_own_picture_alone(lab):
    shown = lab()
    shown.turn("words")
    before = shown.pictures()
    waiting = shown.element.locator("button.lab-word[aria-pressed=false]")
    chosen = waiting.nth(2).get_attribute("data-word")
    waiting.nth(2).click()
    shown.page.wait_for_function(READY)
    assert (
        shown.element.locator(".lab-word[aria-pressed=true]").get_attribute("data-word") == chosen
    )
    assert shown.changed(before) == {"attention"}
    shown.element.locator(".lab-word[aria-pressed=true]").click()
    assert shown.element.locator(".lab-word[aria-pressed=true]").count() == 0


def test_a_thumb_can_use_it(lab):
    shown = lab(has_touch=True, is_mobile=True, size=(390, 844))
    shown.turn("words")
    buttons = shown.element.locator(".lab-live :is(button, .lab-tab)")
    sizes = [button.bounding_box() for button in buttons.all()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    assert shown.range.bounding_box()["height"] >= 44
    before = shown.pictures()
    shown.button("One step forward").tap()
    assert shown.changed(before) == {"clean", "attention"}
    shown.element.evaluate("lab => lab.scrollIntoView()")  # the button is below the words
    box = shown.range.bounding_box()
    shown.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.7)
    assert shown.step > 0.8 * shown.steps
    shown.words().nth(1).tap()
    assert shown.words().nth(1).get_attribute("aria-pressed") == "true"


def test_the_link_to_a_step_is_copied_and_says_so(lab):
    shown = lab(permissions=["clipboard-read", "clipboard-write"])
    shown.range.fill("7")
    link = shown.element.get_by_role("link", name="Link to this step")
    link.click()
    shown.element.get_by_role("link", name="Link copied").wait_for()
    copied = shown.page.evaluate("navigator.clipboard.readText()")
    assert copied == shown.page.url
    assert copied.endswith(".step-7")
    link.wait_for()  # what it was called, again


def test_no_value_is_cut_off_on_the_narrowest_phone(lab):
    shown = lab(size=(320, 640))
    for reading in shown.element.locator(".lab-reading").all():
        assert reading.evaluate("p => p.scrollWidth <= p.clientWidth")
        value, line = reading.locator("strong").bounding_box(), reading.bounding_box()
        assert value["x"] + value["width"] <= line["x"] + line["width"] + 1


def test_a_link_leads_back_to_the_same_step_and_word(lab):
    first = lab()
    length = first.page.evaluate("history.length")
    first.turn("words")
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


def test_a_link_in_the_text_moves_the_lab_and_back_returns_to_it(lab):
    shown = lab()
    name = shown.element.get_attribute("id")
    link = f"""lab => {{
        const link = Object.assign(document.createElement("a"), {{
            href: "#{name}.settled.word-end", textContent: "when it settles"
        }})
        document.querySelector("h1").after(link)
    }}"""
    shown.element.evaluate(link.replace("word-end", "word-endoftext"))
    shown.page.evaluate("scrollTo(0, 0)")
    shown.range.fill("2")
    shown.page.wait_for_timeout(400)
    before = shown.page.evaluate("location.hash")
    shown.page.evaluate("scrollTo(0, 0)")
    shown.page.get_by_role("link", name="when it settles").click()
    settled = dict(shown.events())["nine tenths there"]
    shown.page.wait_for_function(f"() => document.querySelector('step-lab').step === {settled}")
    end = shown.words().filter(has_text="end").last
    assert end.get_attribute("aria-pressed") == "true"
    shown.button("One step back").click()
    shown.page.wait_for_timeout(400)
    assert shown.page.evaluate("location.hash").endswith(f".step-{settled - 1}.word-endoftext")
    shown.page.go_back()
    assert shown.page.evaluate("location.hash") == before
    shown.page.wait_for_function("() => scrollY === 0")


@pytest.mark.parametrize(
    ("chosen", "says"), [(True, []), (False, ["The link is in the address bar"])]
)
def test_on_a_phone_a_link_is_handed_to_whom_the_reader_shares_it_with(lab, chosen, says):
    """Whoever is chosen gets the address of what is on show; else it stays with the reader."""
    shown = lab(has_touch=True, is_mobile=True, size=(390, 844))
    shown.range.fill("7")
    link = shown.element.locator("[data-out=link]")
    told = link.evaluate(
        """async (link, chosen) => {
            const shared = [], said = []
            const seen = new MutationObserver(() => said.push(link.textContent))
            seen.observe(link, {childList: true})
            const asked = new Promise((done) => {
                setTimeout(done, 5000)  // never asked
                navigator.share = async (what) => {
                    shared.push(what)
                    setTimeout(done, 100)  // a task: what is said of it is said by then
                    if (!chosen) throw new DOMException("nobody was chosen", "AbortError")
                }
            })
            link.click()
            await asked
            return {shared, said}
        }""",
        chosen,
    )
    assert told["said"] == says
    assert [each["url"] for each in told["shared"]] == [shown.page.url]
    assert shown.page.url.endswith(".step-7")
    assert told["shared"][0]["title"] == shown.page.title()


def test_links_in_the_text_name_places_that_stand_in_the_page(site, lab_path):
    text = (site / lab_path.strip("/") / "index.html").read_text(encoding="utf-8")
    name = re.search(r'<step-lab id="(lab-[\w-]+)"', text)[1]
    for place in ("half", "settled", "guidance-half", "step-1"):
        assert text.count(f'id="{name}.{place}"') == 1


@pytest.mark.parametrize("size", [(390, 664), (320, 640), (1366, 657)])
def test_the_picture_and_its_slider_are_seen_together_wherever_a_link_leads(visit, lab_path, size):
    name = lab_path.strip("/").rpartition("/")[2]
    page = visit(f"{lab_path}#lab-{name}.half", size=size)
    page.locator("step-lab.lab-ready").wait_for()
    header, picture, slider = (
        page.locator(where).first.bounding_box()
        for where in (".md-header", ".lab-panes canvas", "step-lab input")
    )
    assert header["height"] - 1 <= picture["y"] - header["y"]
    assert slider["y"] + slider["height"] <= size[1]


def test_on_paper_every_step_is_in_the_table(lab):
    shown = lab()
    shown.element.locator(".lab-more summary").click()
    shown.page.emulate_media(media="print")
    rows = shown.element.locator(".lab-table tbody tr")
    frame = shown.element.locator(".lab-scroll").bounding_box()
    last = rows.last.bounding_box()
    assert last["y"] + last["height"] <= frame["y"] + frame["height"] + 1


def test_a_wrong_link_does_no_harm(lab):
    shown = lab()
    name = shown.element.get_attribute("id")
    for fragment in WRONG:
        shown.page.evaluate("hash => location.hash = hash", name + fragment)
        shown.page.wait_for_timeout(20)
        assert 1 <= shown.step <= shown.steps
        assert shown.element.locator(".lab-pane:visible").count() == 2


def test_it_works_below_a_version(lab):
    shown = lab(prefix="/1.0")
    assert set(shown.pictures()) == PAINTING


def test_it_asks_for_few_files_and_a_words_sheet_only_when_chosen(lab):
    shown = lab()
    sheets = {url for url in shown.page.watch.requests if "/captures/" in url}
    assert not [url for url in sheets if "attention" in url or "guidance" in url]
    assert len(sheets) <= 8
    shown.turn("words")
    sheets = {url for url in shown.page.watch.requests if "/captures/" in url}
    assert len([url for url in sheets if "attention" in url]) == 1
    shown.element.locator("button.lab-word[aria-pressed=false]").first.click()
    shown.page.wait_for_function(READY)
    after = {url for url in shown.page.watch.requests if "/captures/" in url}
    assert len(after) == len(sheets) + 1


def test_nothing_moves_while_it_loads(lab):
    shown = lab(size=(390, 844))
    assert shown.page.evaluate(SHIFT) == 0


def test_the_next_picture_is_there_within_a_frame(lab):
    shown = lab()
    times = shown.element.evaluate(TIMES)
    assert sorted(times)[len(times) // 2] < 16


def test_labs_on_one_page_do_not_disturb_each_other(visit, site, paths):
    count = {p: (site / p.strip("/") / "index.html").read_text().count("<step-lab") for p in paths}
    path = max(count, key=count.get)
    assert count[path] > 1
    page = visit(path)
    page.evaluate("for (const shut of document.querySelectorAll('details')) shut.open = true")
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
    assert len({lab.locator(".frame").nth(at).screenshot() for at in range(4)}) == 4
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
    shown.turn("words")
    ground = "e => getComputedStyle(e).backgroundColor"
    chosen = shown.element.locator(".lab-word[aria-pressed=true]").evaluate(ground)
    waiting = shown.element.locator("button.lab-word[aria-pressed=false]").first
    assert chosen != waiting.evaluate(ground)
    mark = shown.element.locator(".lab-tick").first
    assert mark.evaluate(ground) != mark.evaluate("e => getComputedStyle(e).color")
    lines = shown.element.locator(".lab-draw polyline")
    drawn = lines.first.evaluate("e => getComputedStyle(e).stroke")
    assert drawn != shown.element.evaluate(ground)
