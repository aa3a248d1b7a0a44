"""A mark of evidence and its card: by mouse, keys, touch and switch, without a script, on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script
CITED = "article p > a.cited"
CARD = "#evidence-card"
COVERED = """() => [...document.querySelectorAll("p > a.cited:has(+ a.cited)")].filter(mark => {
    mark.scrollIntoView({block: "center"})
    const {top, bottom, right} = mark.getClientRects()[0]
    const there = document.elementFromPoint(right - 2, (top + bottom) / 2)
    return there && !mark.contains(there)
}).map(mark => mark.outerHTML.slice(0, 60))"""
BOXES = """() => [...document.querySelectorAll("article a.evidence")].filter(mark => {
    const {borderTopWidth, borderTopStyle, backgroundColor} = getComputedStyle(mark)
    const edged = borderTopStyle !== "none" && borderTopWidth !== "0px"
    return edged || backgroundColor !== "rgba(0, 0, 0, 0)"
}).length"""


ALONE = """() => [...document.querySelectorAll("article p > a.evidence:is(.ours, .made)")]
    .filter(mark => {
        const {left, height} = mark.getBoundingClientRect()
        return height && left - mark.parentElement.getBoundingClientRect().left < 14
    }).map(mark => mark.parentElement.textContent.slice(-60))"""


def test_no_line_begins_with_a_mark_or_the_full_stop_before_it(visit):
    page = visit("/measurements/places/")
    for width in (1366, *range(320, 480, 12)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(ALONE) == [], width


def test_no_mark_is_a_box_and_a_pointer_that_rests_on_one_opens_what_it_says(visit):
    page = visit("/steps/")
    assert page.evaluate(BOXES) == 0
    mark = page.locator(CITED).first
    note = page.locator(f"#note-{mark.get_attribute('data-note')}")
    mark.hover()
    page.locator(CARD).wait_for()
    assert page.locator(CARD).inner_text().split() == note.text_content().split()
    page.locator(CARD).hover()  # on the way to its link it stays
    page.wait_for_timeout(400)
    assert page.locator(CARD).is_visible()
    page.locator("h1").hover()
    page.locator(CARD).wait_for(state="detached")


def test_the_keyboard_opens_a_card_and_escape_closes_it(visit):
    page = visit("/steps/")
    first, second = page.locator(CITED).nth(0), page.locator(CITED).nth(1)
    page.keyboard.press("Tab")  # from here on the focus shows
    first.focus()
    assert page.locator(CARD).is_visible()
    assert first.get_attribute("aria-describedby") == CARD[1:]
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    assert first.evaluate("mark => mark === document.activeElement")
    second.focus()
    assert page.locator(CARD).count() == 1


def test_a_mark_and_a_heading_cost_the_keyboard_no_second_stop(visit):
    page = visit("/steps/")
    page.locator("article a.evidence").nth(3).focus()
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.closest('.evidence-card, .headerlink')"))
    assert stops == [None] * 25
    assert page.locator(CARD).count() <= 1
    assert page.locator(".headerlink").first.get_attribute("tabindex") == "-1"


def test_on_paper_figures_are_numbered_and_told_at_the_end_and_nothing_open_is_printed(visit):
    page = visit("/", reduced_motion="no-preference")
    clip = page.locator("picture-loop img")
    still = clip.get_attribute("src")
    clip.scroll_into_view_if_needed()
    page.get_by_role("button", name="Stop").wait_for()
    page.locator("button.term").first.click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert clip.evaluate("e => e.src").endswith(still.removeprefix("."))
    assert not page.locator(".term-card:popover-open").is_visible()
    mark = page.locator("article p > a.measured").first
    assert mark.evaluate("e => getComputedStyle(e, '::after').content") == (
        f'"{mark.get_attribute("data-note")}"'
    )
    note = page.locator(".notes-list li").nth(int(mark.get_attribute("data-note")) - 1)
    assert note.inner_text() == mark.get_attribute("data-says")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".notes-figure").count() == 0
    assert page.get_by_role("button", name="Stop", include_hidden=True).count() == 1


@pytest.mark.parametrize("path", ["/measurements/means/", "/steps/"])
def test_what_is_printed_below_a_page_is_gone_again_and_what_stood_there_stays_in_place(
    visit, path
):
    """The first of these pages cites nothing, so its list is there only on paper."""
    page = visit(path)
    notes = page.locator(".notes")
    if page.locator(".notes-list").count():
        notes.evaluate("e => e.append(document.createElement('p'))")
    before = notes.evaluate("e => e.innerHTML")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".notes > .notes-list > .notes-figure").count() > 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert notes.evaluate("e => e.innerHTML") == before


def test_a_tap_opens_a_card_in_the_window_and_does_not_leave_the_page(visit):
    page = visit("/steps/", size=(320, 640), has_touch=True, is_mobile=True)
    for mark in page.locator(CITED).all()[:4]:
        mark.tap()
        box = page.locator(CARD).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert 0 <= box["y"] <= 640 - box["height"]
    assert page.url.endswith("/steps/")
    page.touchscreen.tap(310, 5)
    assert page.locator(CARD).count() == 0


def test_a_card_opens_over_a_term_s_card_and_leaves_it_open(visit):
    page = visit("/steps/")
    page.locator("button.term").first.click()
    term = page.locator(".term-card:popover-open")
    term.locator("a.cited").first.hover()
    page.locator(CARD).wait_for()
    assert page.locator(".term-card:popover-open").count() == 2


def test_a_mark_does_not_cover_the_one_before_it(visit):
    page = visit("/workflow/")
    assert page.locator("article p > a.cited + a.cited").count() > 1
    assert page.evaluate(COVERED) == []


def test_a_measured_figure_leads_to_its_row_in_the_open_table(visit):
    page = visit("/steps/")
    mark = page.locator("article p > a.measured[href*=decided]").first
    row = mark.get_attribute("href").partition("#")[2]
    mark.click()
    page.wait_for_url(f"**/measurements/decided/#{row}")
    assert page.locator(f"[id='{row}']").is_visible()
    assert page.locator("details:has(:target)").get_attribute("open") is not None
    page.goto("about:blank")


def test_one_switch_shows_all_sources_on_this_page_and_the_next(visit):
    page = visit("/steps/")
    label = page.locator("article p > .cited .evidence-label").first
    notes = page.locator(".notes-list")
    assert label.bounding_box()["width"] <= 1
    assert not notes.is_visible()
    page.get_by_label("Show all sources").check()
    assert label.bounding_box()["width"] > 40
    assert notes.is_visible()
    page.goto(page.url.replace("/steps/", "/task/"))
    assert page.get_by_label("Show all sources").is_checked()
    assert page.locator(".notes-list").is_visible()
    page.get_by_label("Show all sources").uncheck()
    page.reload()
    assert not page.locator(".notes-list").is_visible()


def test_without_a_script_and_on_paper_the_notes_are_there(visit):
    page = visit("/steps/", java_script_enabled=False)
    assert page.locator(".notes-list").is_visible()
    assert not page.get_by_label("Show all sources").is_visible()
    assert "/blob/" in page.locator(CITED).first.get_attribute("href")
    page = visit("/steps/")
    page.emulate_media(media="print")
    assert page.locator(".notes-list").is_visible()
    assert not page.get_by_label("Show all sources").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_a_card_open_and_with_all_sources_shown(visit, scheme):
    page = visit("/task/", color_scheme=scheme)
    page.locator(CITED).first.hover()
    page.locator(CARD).wait_for()
    page.evaluate(AXE)
    run = "axe.run('article').then(r => r.violations.map(v => v.id))"
    assert page.evaluate(run) == []
    page.get_by_label("Show all sources").check()
    assert page.evaluate(run) == []


def test_a_link_to_a_passage_opens_the_passages_of_its_work_and_no_other(visit):
    page = visit("/sources/")
    assert page.evaluate("document.documentElement.scrollHeight") < 6000, "closed, it is short"
    page = visit("/sources/#sd-eight-bit")
    page.locator("#sd-eight-bit").wait_for(state="visible")
    assert page.locator("details.facts-all[open]").count() == 1
