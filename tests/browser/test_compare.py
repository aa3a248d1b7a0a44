"""The comparison lab and the gallery as a reader meets them: keyboard, touch, link, no script."""

import re
from base64 import b64decode

import pytest
from in_page import REPEATED, SHIFT, TIMES
from playwright.sync_api import Page, expect

TIMEOUT = 60_000  # the machine may be busy with other work
READY = """() => {
    const lab = document.querySelector("compare-lab.lab-ready")
    lab?.scrollIntoView()
    const panes = [...lab?.querySelectorAll("[data-pane=a], [data-pane=b]") ?? []]
    return panes.length === 2 && panes.every(({dataset}) => dataset.state === "ready")
}"""
PIXELS = """(lab, pane) => {
    const {width, height} = lab.panes.get(pane)
    const pen = new OffscreenCanvas(width, height).getContext("2d", {willReadFrequently: true})
    pen.drawImage(lab.panes.get(pane), 0, 0)
    let letters = ""
    for (const byte of pen.getImageData(0, 0, width, height).data)
        letters += String.fromCharCode(byte)
    return btoa(letters)
}"""  # numbers one by one would take seconds to come
# Each side shows its own run's finished picture, as large as that was painted.
STANDS_IN = """() => {
    const lab = document.querySelector("compare-lab")
    return ["a", "b"].every((side) => {
        const canvas = lab.panes.get(side)
        const {finished} = lab.runs[lab.chosen[side]]
        const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")
        pen.drawImage(finished, 0, 0, canvas.width, canvas.height)
        const [one, other] = [pen, canvas.getContext("2d")].map(
            (each) => each.getImageData(0, 0, canvas.width, canvas.height).data)
        return canvas.width === +finished.getAttribute("width")
            && one.some((value, at) => at % 4 < 3 && value > 0)
            && one.every((value, at) => Math.abs(value - other[at]) < 2)
    })
}"""
PLACE = """lab => ({step: lab.step, steps: lab.steps, view: lab.view, ...lab.chosen})"""
PATHS = {name: f"/comparisons/{name}/" for name in ("one-word", "guidance", "seed", "steps")}


class Lab:
    """One page's first comparison lab, ready."""

    def __init__(self, page: Page):
        self.page = page
        page.set_default_timeout(TIMEOUT)
        self.element = page.locator("compare-lab").first
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(READY)

    @property
    def place(self) -> dict:
        return self.element.evaluate(PLACE)

    @property
    def range(self):
        return self.element.get_by_role("slider", name="Step")

    @property
    def wipe(self):
        return self.element.get_by_role("slider", name="Wipe")

    def choice(self, kind: str, number: int):
        return self.element.locator(f"[data-choice={kind}] input").nth(number)

    def out(self, name: str) -> str:
        return self.element.locator(f"[data-out={name}]").inner_text()

    def pixels(self, pane: str) -> bytes:
        return b64decode(self.element.evaluate(PIXELS, pane))


@pytest.fixture
def lab(visit):
    """Opens a comparison's page, by default on a desktop with a mouse."""

    def open_lab(name: str = "one-word", fragment: str = "", **options) -> Lab:
        return Lab(visit(f"{PATHS[name]}{fragment}", **options))

    return open_lab


def test_it_opens_still_on_the_first_and_the_last_run(lab):
    shown = lab()
    place = shown.place
    assert not shown.element.evaluate("lab => lab.playing")
    assert (place["a"], place["b"], place["view"]) == (0, 2, "side")
    assert place["step"] == place["steps"], "as the finished pictures above it"
    text = rf"Step {place['step']} of {place['steps']}, noise level \d+\.\d\d"
    assert re.fullmatch(text, shown.range.get_attribute("aria-valuetext"))
    assert shown.page.evaluate(REPEATED) == []
    assert shown.page.evaluate("document.querySelectorAll('compare-lab mark').length") > 0


def test_the_keyboard_alone_does_it_all(lab):
    shown = lab()
    keyboard = shown.page.keyboard
    before = [shown.pixels(pane) for pane in ("a", "b", "difference")]
    shown.choice("a", 0).focus()
    keyboard.press("ArrowDown")
    assert shown.place["a"] == 1
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("ArrowRight")
    assert shown.place["view"] == "wipe"
    keyboard.press("Tab")
    clip = "lab => getComputedStyle(lab.panes.get('b')).clipPath"
    cut = shown.element.evaluate(clip)
    keyboard.press("Home")
    assert shown.element.evaluate(clip) != cut
    assert shown.wipe.get_attribute("aria-valuetext") == "0 percent A"
    keyboard.press("Tab")
    keyboard.press("End")
    assert shown.place["step"] == shown.place["steps"]
    keyboard.press("Home")
    keyboard.press("Space")
    assert shown.element.evaluate("lab => lab.playing")
    keyboard.press("Space")
    shown.settle()
    after = [shown.pixels(pane) for pane in ("a", "b", "difference")]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False] * 3


def test_the_difference_is_that_of_the_two_pictures_brightened(lab):
    shown = lab()
    shown.range.fill("20")
    shown.choice("view", 2).check()
    pane = shown.element.locator("[data-pane=difference] canvas")
    assert pane.is_visible()
    assert not shown.element.locator("[data-pane=a]").is_visible()
    factor = int(shown.out("factor"))
    one, other, both = (shown.pixels(pane) for pane in ("a", "b", "difference"))
    assert one != other
    wanted = [min(255, factor * abs(a - b)) for a, b in zip(one, other, strict=True)]
    off = [abs(w - g) for at, (w, g) in enumerate(zip(wanted, both, strict=True)) if at % 4 < 3]
    assert max(off) <= factor
    assert max(g for at, g in enumerate(both) if at % 4 < 3) > 50


AS_FINISHED = """pane => {
    const drawn = pane.querySelector("canvas")
    const mine = Object.assign(document.createElement("canvas"), {
        width: drawn.width, height: drawn.height
    })
    const on = mine.getContext("2d")
    on.imageSmoothingQuality = "high"
    const finished = document.querySelector("compare-lab .side-by-side img")
    on.drawImage(finished, 0, 0, mine.width, mine.height)
    return mine.toDataURL() === drawn.toDataURL()
}"""


def test_at_the_last_step_the_finished_picture_itself_is_shown(lab):
    """Its frame on the sheet is smaller, and softer."""
    shown = lab()
    pane = shown.element.locator("[data-pane=a]")
    shown.range.press("End")
    assert pane.evaluate(AS_FINISHED)
    shown.range.press("ArrowLeft")
    assert not pane.evaluate(AS_FINISHED)


def test_what_is_measured_comes_from_the_table(lab):
    shown = lab()
    rows = shown.element.locator("tr[data-pair]")
    figures = {
        row.get_attribute("data-pair"): row.locator("td").last.text_content() for row in rows.all()
    }
    assert set(figures) == {"0 1", "0 2", "1 2"}
    assert shown.out("apart") == figures["0 2"]
    shown.choice("b", 1).check()
    assert shown.out("apart") == figures["0 1"]
    assert 0 < float(figures["0 1"]) < 1


def test_the_two_sides_never_show_the_same_run(lab):
    shown = lab()
    shown.choice("a", 2).check()
    assert (shown.place["a"], shown.place["b"]) == (2, 0)
    assert shown.choice("b", 0).is_checked()


def test_the_curve_is_drawn_and_nothing_is_said_of_where_runs_part(lab):
    """Whatever differs shows in the first guess already: a step at which they part is not there."""
    shown = lab()
    points = shown.element.locator("polyline").get_attribute("points").split()
    assert len(points) == shown.place["steps"]
    assert len({point.partition(",")[2] for point in points}) > 3
    assert "part at" not in shown.element.inner_text()
    panes = shown.element.locator(".compare-pane canvas:visible")
    assert panes.count() == 2, "step labs on the same page hide nothing of it"


def test_no_picture_of_one_run_stands_over_the_name_of_another(visit, site):
    html = (site / "comparisons" / "seed" / "index.html").read_text(encoding="utf-8")
    sheet = re.findall(r'<li data-sheet="[./]*(captures/[^"]+)"', html)[1]
    page = visit("/404.html")
    page.route(f"**/{sheet}", lambda route: route.abort())
    page.goto(page.url.replace("404.html", PATHS["seed"][1:]))
    shown = Lab(page)
    shown.choice("a", 1).check()
    failed = "() => document.querySelector('[data-pane=a]').dataset.state === 'failed'"
    page.wait_for_function(failed)
    assert max(shown.pixels("a")) == max(shown.pixels("difference")) == 0
    assert max(shown.pixels("b")) > 0
    again = page.locator("compare-lab .late").get_by_role("button", name="Try again")
    page.unroute_all(behavior="ignoreErrors")
    again.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(failed.replace("failed", "ready"))
    assert max(shown.pixels("a")) > 0
    expect(again).to_have_count(0)
    page.watch.problems.clear()  # the refusal


def test_the_finished_pictures_are_there_before_the_sheets_are(visit):
    page = visit("/404.html")
    page.route(
        "**/*.webp", lambda route: None if "clean" in route.request.url else route.continue_()
    )
    page.goto(page.url.replace("404.html", PATHS["seed"][1:]), wait_until="commit")
    page.locator("compare-lab.lab-ready").wait_for(timeout=TIMEOUT)
    page.locator("compare-lab").scroll_into_view_if_needed()
    page.wait_for_function(STANDS_IN, timeout=TIMEOUT)
    states = page.locator("compare-lab [data-state]").evaluate_all(
        "e => e.map(x => x.dataset.state)"
    )
    assert states == ["loading", "loading"]
    page.unroute_all(behavior="ignoreErrors")


def test_runs_of_different_lengths_go_by_the_noise(lab):
    shown = lab("steps")
    assert shown.place["steps"] == 60
    assert "step nearest to it" in shown.out("unequal")
    shown.range.fill("1")
    assert shown.out("each") == "A step 1 of 5, B step 1 of 60"
    shown.range.fill("60")
    assert "A step 5 of 5, B step 60 of 60" in shown.range.get_attribute("aria-valuetext")
    shown.choice("b", 1).check()
    shown.settle()
    assert (shown.place["step"], shown.place["steps"]) == (10, 10)


def test_a_link_leads_back_to_the_same_view(lab):
    first = lab()
    length = first.page.evaluate("history.length")
    first.choice("b", 1).check()
    first.choice("view", 1).check()
    first.range.fill("7")
    first.page.wait_for_function("() => location.hash.endsWith('.a-0.b-1.step-7.view-wipe')")
    assert first.page.evaluate("history.length") == length
    link = first.element.get_by_role("link", name="Link to this view")
    assert link.evaluate("link => link.href") == first.page.url
    second = lab(fragment=first.page.evaluate("location.hash"))
    assert second.place == first.place
    assert second.pixels("b") == first.pixels("b")


def test_a_wrong_link_does_no_harm(lab):
    shown = lab()
    wrong = (".a-1.b-1", ".a-9.b-0", ".step-0", ".step-999", ".view-none", ".view-", ".x")
    for fragment in wrong:
        shown.page.evaluate("hash => location.hash = hash", "compare-one-word" + fragment)
        shown.page.wait_for_timeout(20)
        place = shown.place
        assert (place["a"], place["b"], place["view"]) == (0, 2, "side")
        assert 1 <= place["step"] <= place["steps"]


def test_a_thumb_can_use_it_on_the_narrowest_phone(lab):
    shown = lab(has_touch=True, is_mobile=True, size=(320, 640))
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320
    controls = shown.element.locator(".lab-live :is(label:has(input), .lab-button)")
    assert min(control.bounding_box()["height"] for control in controls.all()) >= 44
    shown.element.locator("[data-choice=view] label").nth(1).tap()
    assert shown.place["view"] == "wipe"
    shown.wipe.scroll_into_view_if_needed()
    box = shown.wipe.bounding_box()
    shown.page.touchscreen.tap(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5)
    assert int(shown.wipe.input_value()) > 70
    shown.range.scroll_into_view_if_needed()
    box = shown.range.bounding_box()
    shown.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.7)
    assert shown.place["step"] > 0.8 * shown.place["steps"]


def test_it_is_slower_for_readers_who_want_less_motion(lab):
    shown = lab(reduced_motion="reduce")
    shown.range.fill("1")
    shown.element.evaluate("""lab => {
        lab.times = []
        const go = lab.go.bind(lab)
        lab.go = step => { lab.times.push(performance.now()); go(step) }
    }""")
    shown.element.get_by_role("button", name="Play").click()
    shown.page.wait_for_function("() => document.querySelector('compare-lab').times.length > 2")
    times = shown.element.evaluate("lab => lab.times")
    assert times[-1] - times[-2] > 400


def test_it_stops_at_the_last_step(lab):
    shown = lab()
    shown.range.fill(str(shown.place["steps"] - 2))
    shown.element.get_by_role("button", name="Play").click()
    shown.page.wait_for_function("() => !document.querySelector('compare-lab').playing")
    assert shown.place["step"] == shown.place["steps"]


def test_it_asks_for_the_sheets_of_the_two_runs_alone(lab):
    shown = lab("seed", size=(1280, 500))  # the step labs of the other runs stay far below
    sheets = "lab => [...lab.querySelectorAll('li[data-sheet]')].map(li => li.dataset.sheet)"
    keys = [sheet.split("/")[-2] for sheet in shown.element.evaluate(sheets)]
    asked = {key for key in keys for url in shown.page.watch.requests if f"{key}/clean.webp" in url}
    assert asked == {keys[0], keys[3]}


@pytest.mark.parametrize("name", ["one-word", "steps"])
def test_nothing_moves_while_it_loads(lab, name):
    shown = lab(name, size=(390, 844))
    assert shown.page.evaluate(SHIFT) == 0


def test_the_next_picture_is_there_within_a_frame(lab):
    shown = lab()
    times = shown.element.evaluate(TIMES)
    assert sorted(times)[len(times) // 2] < 16


def test_a_choice_shows_in_a_readers_own_colours(lab):
    shown = lab(forced_colors="active")
    outline = "input => getComputedStyle(input.closest('label')).outlineStyle"
    assert shown.choice("a", 0).evaluate(outline) == "solid"
    assert shown.choice("a", 1).evaluate(outline) == "none"


def test_without_a_script_all_final_pictures_and_all_figures_are_there(visit):
    page = visit(PATHS["guidance"], java_script_enabled=False)
    compared = page.locator("compare-lab").first
    assert not compared.locator(".lab-live").is_visible()
    pictures = compared.locator(".side-by-side img")
    assert pictures.count() == 4
    assert all(picture.is_visible() for picture in pictures.all())
    compared.locator("summary").click()
    assert compared.locator("tr[data-pair]").count() == 6
    assert compared.locator("tr[data-pair]").first.is_visible()


def test_on_paper_the_final_pictures_stand_in_for_the_controls(lab):
    shown = lab()
    assert not shown.element.locator(".side-by-side").is_visible()
    shown.page.emulate_media(media="print")
    assert shown.element.locator(".side-by-side").is_visible()
    assert not shown.element.locator(".lab-live").is_visible()


# the gallery


def boxes(page: Page, kind: str):
    return page.locator(f"#gallery [data-kind={kind}]")


def opened(page: Page) -> Page:
    """With what narrows the gallery down in sight."""
    page.locator(".gallery-kinds > summary").click()
    return page


def visible(page: Page) -> int:
    return page.locator("#gallery .cards > li:visible").count()


def test_choices_narrow_the_gallery_down_and_stand_in_the_address(visit):
    page = opened(visit("/ideas/"))
    page.set_default_timeout(TIMEOUT)
    every = page.locator("#gallery .cards > li").count()
    assert visible(page) == every
    count = page.locator("#gallery [data-out=count]")
    boxes(page, "finish").first.focus()
    page.keyboard.press("Space")
    first = visible(page)
    assert 0 < first < every
    assert count.inner_text() == str(first)
    boxes(page, "finish").nth(1).check()
    assert first < visible(page) < every  # of one kind, either
    boxes(page, "world").first.check()
    both = visible(page)
    assert both < every  # of two kinds, both
    fragment = page.evaluate("location.hash")
    assert fragment.startswith("#gallery.finish-")
    again = visit(f"/ideas/{fragment}")
    assert visible(again) == both
    assert boxes(again, "world").first.is_checked()
    page.get_by_role("button", name="Show all").click()
    assert visible(page) == every
    assert page.evaluate("location.hash") == "#gallery"
    assert page.evaluate("document.activeElement.matches('.gallery-kinds > summary')")


def test_on_a_phone_two_pictures_stand_beside_each_other_in_the_first_window(visit):
    page = visit("/ideas/", size=(390, 844))
    first, second = [page.locator("#gallery .cards img").nth(n).bounding_box() for n in (0, 1)]
    assert first["y"] == second["y"] and second["y"] + second["height"] < 844
    assert not boxes(page, "finish").first.is_visible()


def test_each_value_says_how_many_it_would_show(visit):
    page = opened(visit("/ideas/"))
    left = (
        "[...document.querySelectorAll('[data-kind=KIND] ~ span small')].map(e => +e.textContent)"
    )
    finishes, worlds = (left.replace("KIND", kind) for kind in ("finish", "world"))
    before = page.evaluate(finishes)
    boxes(page, "finish").nth(2).check()
    assert page.evaluate(finishes) == before, "another finish may be chosen beside it"
    assert sum(page.evaluate(worlds)) == visible(page) == before[2]
    boxes(page, "world").nth(page.evaluate(worlds).index(0)).check()
    assert visible(page) == 0


def test_the_count_stays_in_sight_while_something_is_chosen(visit):
    page = opened(visit("/ideas/", size=(390, 360)))
    boxes(page, "finish").first.check()
    page.evaluate("document.querySelector('#gallery fieldset').scrollIntoView()")
    box = page.locator(".gallery-count").bounding_box()
    assert box["y"] > 0 and box["y"] + box["height"] <= 360


def test_a_choice_that_nothing_has_says_so(visit):
    page = visit("/ideas/#gallery.finish-brushed.world-city.world-nowhere")
    assert visible(page) == 0
    assert page.get_by_text("No car has all of these").is_visible()
    assert page.locator("#gallery [data-out=count]").inner_text() == "0"


def test_a_gallery_of_many_shows_a_page_at_a_time(visit):
    """Of five, to have some: the address keeps the page, and a choice begins anew."""
    page = visit("/ideas/#gallery.page-2")
    every = visible(page)
    page.evaluate("""() => {
        const gallery = document.querySelector("idea-gallery");
        gallery.dataset.page = 5;
        gallery.parentElement.append(gallery);  // begins again
    }""")
    bar = page.locator(".gallery-pages")
    last = -(-every // 5)
    assert bar.locator("[role=status]").inner_text() == f"Page 2 of {last}"
    assert visible(page) == min(5, every - 5)
    page.get_by_role("button", name="Previous").click()
    assert page.evaluate("location.hash") == "#gallery"
    assert page.get_by_role("button", name="Previous").is_disabled()
    assert page.evaluate("document.activeElement.matches('.cards > li:not([hidden]) > a')")
    page.get_by_role("button", name="Next").click()
    assert page.evaluate("location.hash") == "#gallery.page-2"
    boxes(opened(page), "finish").first.check()
    assert "page-" not in page.evaluate("location.hash")


def test_without_a_script_every_idea_is_shown_and_no_filter(visit):
    page = visit("/ideas/", java_script_enabled=False)
    assert visible(page) == page.locator("#gallery .cards > li").count() > 0
    assert not page.locator("#gallery .choices").is_visible()


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_every_lab_of_a_comparison_holds_its_pictures(visit, width):
    page = visit("/comparisons/guidance/", size=(width, 768))
    for fold in page.locator(".lab-folded > summary").all():
        fold.click()
    page.wait_for_selector("step-lab.lab-ready", timeout=TIMEOUT, state="attached")
    outside = page.evaluate(
        """() => [...document.querySelectorAll("step-lab, compare-lab")].flatMap((lab) => {
            const box = lab.getBoundingClientRect()
            return [...lab.querySelectorAll("canvas")]
                .map((canvas) => canvas.getBoundingClientRect())
                .filter(({width}) => width > 0)
                .filter(({left, right}) => left < box.left - 1 || right > box.right + 1)
                .map(({left, right}) => [lab.localName, box.left, box.right, left, right])
        })"""
    )
    assert outside == []


def test_a_comparison_begins_with_its_pictures_which_lead_to_labs_that_open_on_demand(visit):
    page = visit("/comparisons/guidance/", size=(1366, 768))
    first = page.locator(".glance img").first
    assert first.bounding_box()["y"] + first.bounding_box()["height"] < 768
    assert page.locator(".glance .evidence").count() == 2
    assert page.locator("step-lab:visible").count() == 0
    page.locator(".glance a").nth(1).click()
    page.locator("step-lab:visible").wait_for()
    assert page.locator("details.lab-folded").nth(1).evaluate("e => e.open")


def test_the_link_of_a_folded_labs_state_opens_it(visit):
    page = visit("/comparisons/guidance/")
    lab = page.locator("step-lab").nth(2).get_attribute("id")
    visited = visit(f"/comparisons/guidance/#{lab}.step-3")
    visited.locator(f"#{lab}").wait_for()
    assert visited.locator(f"#{lab}").evaluate("e => e.step") == 3


def test_without_a_script_the_labs_of_a_comparison_open_too(visit):
    page = visit("/comparisons/guidance/", java_script_enabled=False)
    page.locator(".lab-folded > summary").first.click()
    assert page.locator(".lab-folded .lab-sheet").first.is_visible()
