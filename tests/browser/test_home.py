"""Home answers before anything is scrolled, its clip obeys the reader, and the story has an end."""

import gzip
import posixpath
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

WINDOWS = [(390, 844), (1366, 768)]
CLIP = "picture-loop img"
SHIFTS = """window.shifted = 0; new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shifted += entry.value
}).observe({type: "layout-shift", buffered: true})"""


@pytest.mark.parametrize("size", WINDOWS, ids=["phone", "laptop"])
def test_the_whole_answer_stands_above_the_fold(visit, size):
    page = visit("/", size=size)
    answer = page.locator("p.answer")
    assert answer.evaluate("e => e.getBoundingClientRect().bottom") < size[1]
    assert page.locator("h1").evaluate("e => e.getBoundingClientRect().bottom") < size[1] * 0.4
    assert answer.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 20


def test_the_picture_takes_the_full_measure_and_says_what_it_mirrors_in_words_or_numbers(visit):
    page = visit("/", size=WINDOWS[1])
    wide = page.locator(".staged-picture > svg > text")
    assert "the sky" in wide.all_text_contents()
    assert all(label.is_visible() for label in wide.all())
    share = "e => e.clientWidth / e.closest('article').clientWidth"
    assert page.locator(".staged img").evaluate(share) > 0.97
    page.set_viewport_size({"width": 390, "height": 844})
    assert not any(label.is_visible() for label in wide.all())
    assert page.locator(".staged-spots li").count() == wide.count()
    assert page.locator(".staged-spots").is_visible()


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900), (1920, 1080), (1100, 800)])
def test_a_wide_window_shows_both_bands_of_the_mirror_before_anything_is_scrolled(visit, size):
    page = visit("/", size=size)
    spots = page.locator(".staged-picture > svg > circle").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().bottom)"
    )
    assert len(spots) == 3 and max(spots) < size[1]
    picture, sky = page.locator(".staged-picture"), page.get_by_text("the sky", exact=True).first
    assert picture.bounding_box()["y"] < sky.bounding_box()["y"]  # not cut with the sky


OVER = """figure => {
    const pill = figure.querySelector(".picture-kind").getBoundingClientRect()
    return [...figure.querySelectorAll("svg text, svg circle")].filter(each => {
        const {left, right, top, bottom} = each.getBoundingClientRect()
        return right > pill.left && left < pill.right && bottom > pill.top && top < pill.bottom
    }).map(each => each.textContent)
}"""


def test_what_kind_of_picture_it_is_covers_no_call_out_at_any_width(visit):
    page = visit("/check/")
    for width in (320, 390, 720, 790, 960, 1100, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".staged").evaluate(OVER) == [], width


@pytest.mark.parametrize("size", WINDOWS, ids=["phone", "laptop"])
def test_home_is_light(visit, site, size):
    page = visit("/", size=size, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    paths = (site / urlsplit(url).path[1:] for url in page.watch.requests)
    files = [path / "index.html" if path.is_dir() else path for path in paths]
    data = [path.read_bytes() for path in files]
    assert sum(min(len(gzip.compress(held, mtime=0)), len(held)) for held in data) <= 300_000
    assert ("desert-800.webp" in {file.name for file in files}) == (size[0] < 800)


def test_a_render_and_a_painting_say_which_they_are_on_the_picture_itself(visit):
    for width in (320, 390, 720, 1366):
        page = visit("/", size=(width, 800))
        kinds = page.locator(".picture-kind")
        render, painted = kinds.all_inner_texts()
        assert render == "For comparison, not painted by AI" and painted.startswith("Painted by")
        for picture in (".staged img", CLIP):
            inner = page.locator(picture).bounding_box()
            pill = kinds.nth(int(picture == CLIP)).bounding_box()
            assert inner["x"] <= pill["x"], width
            assert pill["x"] + pill["width"] <= inner["x"] + inner["width"], width


def test_the_clip_plays_in_view_and_stops_at_the_button_for_good(visit):
    page = visit("/", reduced_motion="no-preference")
    still = page.locator(CLIP).get_attribute("src")
    page.locator(CLIP).scroll_into_view_if_needed()
    page.get_by_role("button", name="Stop").click()
    assert page.locator(CLIP).evaluate("e => e.src").endswith(still.removeprefix("."))
    page.evaluate("scrollTo(0, 0)")
    page.locator(CLIP).scroll_into_view_if_needed()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(CLIP)).to_have_attribute("src", re.compile("loop.webp$"))


def test_the_clip_stands_still_where_less_motion_is_asked_for_until_it_is_played(visit):
    page = visit("/", reduced_motion="reduce")
    page.locator(CLIP).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert not any(url.endswith("loop.webp") for url in page.watch.requests)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(CLIP)).to_have_attribute("src", re.compile("loop.webp$"))


def test_without_a_script_the_clip_is_a_still_picture_to_take_along(visit):
    page = visit("/", java_script_enabled=False)
    assert page.locator(CLIP).is_visible()
    assert not page.locator("picture-loop button").is_visible()
    assert page.get_by_role("link", name="Save this clip").get_attribute("download")


def test_a_painted_picture_stands_no_larger_than_it_bears(visit):
    page = visit("/", size=WINDOWS[1])
    painted, bears = page.locator(CLIP).evaluate("e => [e.clientWidth, e.width && e.style.cssText]")
    assert painted <= 512 and f"{painted}px" in bears


def test_off_the_story_pages_lead_on_through_their_own_room_however_deep(site):
    def onward(path, side):
        page = LexborHTMLParser((site / path / "index.html").read_bytes())
        link = page.css_first(f".md-footer__link--{side}")
        return link and posixpath.normpath(posixpath.join(path, link.attributes["href"]))

    assert onward("measurements/copied", "next") == "measurements/means"
    assert onward("measurements/mixing", "next") is None, "the last of all measurements"
    assert onward("papers", "previous") is None


def test_the_next_page_is_the_storys_until_it_ends_with_what_to_check(site):
    folder, seen = site, []
    while len(seen) < 20:
        page = LexborHTMLParser((folder / "index.html").read_text(encoding="utf-8"))
        onward = page.css_first(".md-footer__link--next")
        if onward is None:
            break
        folder = (folder / onward.attributes["href"]).resolve()
        seen.append(folder.name)
    assert (seen[0], *seen[-2:]) == ("task", "measurements", "check")
    tried = ["try", "paint", "ball", "where", "turning", "your-picture"]
    assert seen[1:-2] == ["steps", "workflow", *tried, "ideas"]


def test_what_can_be_tried_is_reached_from_its_tab(visit):
    page = visit("/paint/", size=WINDOWS[1])
    beside = page.get_by_role("navigation", name="Navigation")
    for title in ("Where does this car stand?", "How late can it change its mind?"):
        beside.get_by_role("link", name=title).click()
        expect(page.locator(".md-tabs__item--active")).to_have_text("Try it")


@pytest.mark.parametrize(
    ("path", "most"), [("/", 3), ("/measurements/decided/", 6), ("/workflow/", 7)]
)
def test_a_page_takes_few_sheets_of_paper_where_nothing_in_it_was_opened(visit, path, most):
    page = visit(path)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=paper))) <= most, paper


@pytest.mark.parametrize("path", ["/steps/", "/ideas/chrome-studio/", "/comparisons/guidance/"])
def test_no_heading_stands_alone_at_the_foot_of_a_sheet_of_paper(visit, path):
    page = visit(path)
    page.emulate_media(media="print")
    headings = page.locator("article :is(h2, h3)")
    breaks = headings.evaluate_all("all => all.map(each => getComputedStyle(each).breakAfter)")
    assert breaks and set(breaks) == {"avoid"}


def test_the_drawn_path_stands_in_one_row_with_the_way_back_over_its_loop(visit):
    page = visit("/workflow/", size=WINDOWS[1])
    stations = [each.bounding_box() for each in page.locator(".path-stations > li").all()]
    assert len(stations) == 5
    assert len({round(box["y"]) for box in stations}) == 1
    lefts = [box["x"] for box in stations]
    assert lefts == sorted(lefts) and len(set(lefts)) == 5
    loop, track = (page.locator(w).bounding_box() for w in (".path-loop", ".path-track"))
    assert track["height"] > 10 and track["width"] > 0.9 * loop["width"]
    assert track["y"] < loop["y"] and track["x"] >= loop["x"] - 1


@pytest.mark.parametrize("path", ["/", "/paint/", "/your-picture/"])
@pytest.mark.parametrize("size", WINDOWS, ids=["phone", "laptop"])
def test_nothing_moves_while_a_page_comes_and_is_read(visit, path, size):
    page = visit(path, size=size)
    page.wait_for_load_state("networkidle")
    page.evaluate(SHIFTS)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifted") == 0
