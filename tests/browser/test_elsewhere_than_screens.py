"""What a page is on paper, in a reader's own colours, and in windows where little fits."""

import pytest

PAPER = 660  # pixels between the margins of A4
CONTRAST = 7
DARK_ON_WHITE = """() => {
    const light = text => text.match(/[\\d.]+/g).slice(0, 3).map(part => {
        const c = part / 255
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
    }).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
    return [...document.querySelectorAll("article :is(p, li, td, h1, h2)")]
        .filter(e => e.checkVisibility() && e.textContent.trim())
        .filter(e => !e.matches(".picture-kind")) // on a ground of its own
        .map(e => 1.05 / (light(getComputedStyle(e).color) + 0.05))
}"""
COVERED = """e => {
    const { left, top, width, height } = e.getBoundingClientRect()
    const at = document.elementFromPoint(left + width / 2, top + height / 2)
    return at !== null && at !== e && !e.contains(at) && !at.closest("label")?.contains(e)
}"""


@pytest.mark.parametrize("path", ["/", "/steps/", "/sources/", "/measurements/decided/"])
def test_a_dark_page_is_dark_on_white_when_it_is_printed(visit, path):
    """Grounds are not printed unless a reader asks for them."""
    page = visit(path, color_scheme="dark")
    assert min(page.evaluate(DARK_ON_WHITE)) < CONTRAST
    page.emulate_media(media="print", color_scheme="dark")
    assert min(page.evaluate(DARK_ON_WHITE)) > CONTRAST


@pytest.mark.parametrize("path", ["/workflow/", "/reproduce/", "/sources/", "/models/"])
def test_no_table_is_cut_off_on_paper(visit, path):
    page = visit(path, size=(PAPER, 900))
    page.emulate_media(media="print")
    shown = page.locator("article table:visible")
    wide = shown.evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert wide
    assert max(wide) <= PAPER + 1


def test_on_paper_a_figure_and_what_is_cited_behind_it_have_two_numbers(visit):
    page = visit("/workflow/")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    both = page.locator("article .evidence:is(.measured, .derived) + .cited")
    between = both.evaluate_all("e => e.map(one => getComputedStyle(one, '::before').content)")
    assert set(between) <= {'", "'}
    notes = page.locator(".notes-figure").all_text_contents()
    assert notes
    assert all(note.strip() for note in notes)


def test_marks_of_evidence_are_seen_in_a_reader_s_own_colours(visit):
    """There a ground is left out, and with it what is drawn as one."""
    page = visit("/", forced_colors="active")
    for kind, sign in (("made", "●"), ("ours", "○"), ("sign", "⊢⊣")):
        marks = page.locator(f".answer a.evidence.{kind}, .signs .evidence.{kind}")
        shown = marks.evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content)")
        assert shown
        assert set(shown) == {f'"{sign}"'}


@pytest.mark.parametrize("size", [(320, 256), (844, 390)], ids=["400 percent", "aside"])
def test_in_a_low_window_the_painters_picture_covers_nothing_that_has_the_keys(visit, size):
    page = visit("/paint/", size=size)
    page.locator("[name=prompt-a]").focus()
    for _ in range(12):
        assert not page.locator(":focus").evaluate(COVERED), page.locator(":focus").inner_text()
        page.keyboard.press("Tab")


def test_an_evidence_card_stays_in_a_narrow_window(visit):
    page = visit("/steps/", size=(320, 568), has_touch=True)
    for mark in page.locator("article p > a.cited:visible").all()[:8]:
        mark.tap()
        box = page.locator("#evidence-card").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        page.keyboard.press("Escape")


def test_without_a_script_the_games_figures_stand_under_their_own_heads(visit):
    page = visit("/measurements/where/", java_script_enabled=False)
    shown = "row => [...row.children].filter(cell => cell.checkVisibility()).length"
    counts = page.locator(".where-score tr").evaluate_all(f"rows => rows.map({shown})")
    assert len(set(counts)) == 1, counts
