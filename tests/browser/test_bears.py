"""No painted picture is larger than it bears; pictures and their slider are in one window."""

import pytest
from playwright.sync_api import Page, expect

from gen.publish.wording import bears

# What is painted on a page: its own pixels across, one of many frames on a sheet counted alone, and
# the CSS pixels across which it stands.
PAINTED = """where => [...document.querySelectorAll(where)].flatMap(each => {
    if (!each.checkVisibility()) return []
    const {width} = each.getBoundingClientRect()
    const window = each.closest(".turning-sheet, .frame")
    const cells = window ? Math.round(width / window.getBoundingClientRect().width) : 1
    return [[each.getAttribute("width") / cells, width / cells, each.alt ?? each.ariaLabel]]
})"""
LOADED = "lab => lab.classList.add('paint-ready', 'paint-loaded')"  # as when the model has come
DONE = """() => {
    for (const each of document.querySelectorAll(".where details")) each.open = true
    document.querySelector("where-quiz").classList.add("where-done")
}"""


def a_run(page: Page) -> None:
    page.locator("paint-lab").evaluate(LOADED)


def two_runs(page: Page) -> None:
    a_run(page)
    page.locator("[name=second]").evaluate("e => { e.checked = true }")


def answers(page: Page) -> None:
    page.evaluate(DONE)


def look(how: str):
    def turn(page: Page) -> None:
        page.locator("compare-lab.lab-ready").first.wait_for()
        page.locator(f"compare-lab [value={how}]").first.check()

    return turn


PAGES = {
    "home": ("/", "picture-loop img", None),
    "steps": ("/steps/", ".lab-pane[data-view=clean] canvas", None),
    "before": ("/paint/", "paint-lab img", None),
    "paint": ("/paint/", ".paint-large canvas", a_run),
    "two": ("/paint/", ".paint-large canvas", two_runs),
    "where": ("/measurements/where/", ".where-stage img", None),
    "answers": ("/measurements/where/", ".where-answers img", answers),
    "turning": ("/measurements/turning/", ".turning-sheet img", None),
    "side": ("/comparisons/guidance/", ".compare-stage canvas, .glance img", look("side")),
    "wipe": ("/comparisons/guidance/", ".compare-stage canvas", look("wipe")),
    "difference": ("/comparisons/guidance/", ".compare-stage canvas", look("difference")),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_painted_picture_is_larger_than_it_bears_however_wide_the_window(visit, name):
    path, where, open_up = PAGES[name]
    page = visit(path, size=(1920, 1080))
    page.locator(where.partition(",")[0]).first.wait_for(state="attached")
    if open_up:
        open_up(page)
    for width in (768, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 1080})
        painted = page.evaluate(PAINTED, where)
        assert painted
        assert [each for each in painted if each[1] > bears(round(each[0])) + 1] == [], width


def test_two_pictures_beside_each_other_share_the_whole_width(visit):
    """No page has them now; an author may."""
    page = visit("/models/", size=(1366, 768))
    pair = "<figure class=beside><div>a</div><div>b</div><figcaption>both</figcaption></figure>"
    page.locator("article h1").evaluate("(e, html) => e.insertAdjacentHTML('afterend', html)", pair)
    wide = page.locator("article").evaluate("e => e.clientWidth")
    boxes = [each.bounding_box() for each in page.locator(".beside > div").all()]
    assert all(box["width"] > 0.47 * wide for box in boxes)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".beside > div").first.bounding_box()["width"] > 340


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1366, 768)])
@pytest.mark.parametrize("name", ["side", "wipe", "paint", "turning"])
def test_pictures_and_their_slider_are_in_one_window(visit, name, size):
    path, _, open_up = PAGES[name]
    page = visit(path, size=size)
    if open_up:
        open_up(page)
    lab = page.locator("compare-lab, paint-lab, change-mind").first
    seen = lab.locator(".compare-stage canvas, .paint-large canvas, .turning-sheet:visible").first
    slider = lab.locator(".slider:not(.wipe-slider, [name=guidance])").first
    expect(slider).to_be_visible()
    head = page.locator(".md-header").bounding_box()["height"]
    picture = seen.bounding_box()
    below = slider.bounding_box()
    assert picture["width"] > 140
    foot = max(each["y"] + each["height"] for each in (picture, below))
    assert foot - picture["y"] <= size[1] - head
    slider.focus()
    now = [each.bounding_box() for each in (seen, slider)]
    assert now[0]["y"] >= head - 1, "whoever comes to the slider sees the picture"
    assert max(each["y"] + each["height"] for each in now) <= size[1] + 1
