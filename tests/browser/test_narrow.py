"""What is wider than a phone: a table of sentences is read down, commands are wrapped, none cut."""

import pytest

PHONE = (390, 844)
# As WCAG 2.2, SC 1.4.12 has it; and what then is cut off, or pushed out of the window.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }"""
LOST = """() => [...document.querySelectorAll("article *")].filter(each => {
    if (!each.checkVisibility() || !each.textContent.trim()) return false
    const {overflowX, clipPath} = getComputedStyle(each)
    if (clipPath !== "none" || each.closest("svg, [popover], .evidence-label")) return false
    const own = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    const held = each.closest(".lab-scroll, .rows-scroll, .tiles-scroll, pre, .highlight")
    const out = own && !held && each.getBoundingClientRect().right > innerWidth + 1
    const cut = ["hidden", "clip"].includes(overflowX) && each.scrollWidth > each.clientWidth + 1
    return out || cut
}).map(each => `${each.localName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`)"""
CUT = "e => e.scrollWidth - e.clientWidth"


@pytest.mark.parametrize("size", [PHONE, (1280, 900)], ids=["phone", "laptop"])
def test_the_works_are_read_without_scrolling_and_say_what_each_cell_is(visit, size):
    page = visit("/sources/", size=size)
    table = page.get_by_role("table").first
    assert table.evaluate(CUT) <= 0
    assert table.get_by_role("columnheader").count() == 3
    cell = table.get_by_role("cell").first
    says = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert ("What of the answer" in says) == (size == PHONE)
    assert cell.evaluate("e => e.clientWidth") > 240


def test_a_command_goes_on_in_the_next_line(visit):
    page = visit("/reproduce/", size=PHONE)
    blocks = page.locator("pre > code")
    assert blocks.count() > 3
    assert [blocks.nth(at).evaluate(CUT) for at in range(blocks.count())] == [0] * blocks.count()


def test_the_titles_of_the_pages_before_and_after_are_read_whole(visit):
    titles = visit("/workflow/", size=(320, 640)).locator(".md-footer__title .md-ellipsis")
    assert titles.count() == 2
    for title in titles.all():
        assert title.is_visible() and len(title.inner_text()) > 5
        assert title.evaluate(CUT) <= 0


def test_what_the_site_is_called_is_read_whole(visit):
    title = visit("/", size=(320, 640)).locator(".md-header__topic .md-ellipsis").first
    assert title.is_visible() and title.evaluate(CUT) <= 0


@pytest.mark.parametrize(("width", "path"), [(390, "/"), (320, "/sources/")])
def test_every_section_stands_below_the_header_and_the_open_one_is_in_sight(visit, width, path):
    page = visit(path, size=(width, 844))
    tabs = page.get_by_role("navigation", name="Tabs").get_by_role("link")
    assert [tab.is_visible() for tab in tabs.all()] == [True] * 5
    assert tabs.first.bounding_box()["height"] >= 44
    box = page.locator(".md-tabs__item--active").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_a_phone_has_all_sections_in_one_row(visit):
    page = visit("/", size=PHONE)
    row = page.locator(".md-tabs__list")
    for width in (390, 375, 360):
        page.set_viewport_size({"width": width, "height": 844})
        assert row.evaluate(CUT) <= 0, width


def test_on_the_narrowest_phone_the_row_fades_out_where_it_goes_on_and_ends_whole(visit):
    page = visit("/", size=(320, 640))
    row = page.locator(".md-tabs__list")
    assert row.evaluate(CUT) > 0
    fade = row.evaluate("e => parseFloat(getComputedStyle(e, '::after').width)")
    assert row.evaluate("e => getComputedStyle(e, '::after').backgroundImage").startswith("linear")
    row.evaluate("e => e.scrollTo(e.scrollWidth, 0)")
    words = """e => {
        const words = new Range()
        words.selectNodeContents(e)
        return words.getBoundingClientRect().right
    }"""
    assert page.locator(".md-tabs__link").last.evaluate(words) <= 320 - fade


def test_a_long_title_makes_no_page_wider_than_its_window_without_a_script(visit):
    page = visit("/workflow/", size=(320, 640), is_mobile=True, java_script_enabled=False)
    waits = page.locator(".md-header__topic").last
    waits.evaluate("e => e.querySelector('.md-ellipsis').textContent = 'A title '.repeat(20)")
    assert waits.bounding_box()["x"] + waits.bounding_box()["width"] > 320
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_sheets_of_many_tiles_move_sideways_in_a_frame_that_says_so(visit):
    page = visit("/measurements/means/", size=PHONE)
    frame = page.get_by_role("region", name="Above: the guess at steps")
    assert frame.locator(".tiles-row").first.evaluate("e => e.clientWidth") >= 7 * 100
    assert frame.evaluate(CUT) > 0
    assert frame.evaluate("e => e.tabIndex") == 0
    assert frame.get_by_text("Step 24").count() == 1
    assert page.locator(".tiles-hint").is_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    assert frame.evaluate(CUT) <= 0
    assert not page.locator(".tiles-hint").is_visible()


def test_a_chart_of_lines_takes_a_phone_s_width_and_its_pictures_stand_once(visit):
    page = visit("/measurements/shape/", size=PHONE)
    wide = page.locator(".plot-field > svg").first.evaluate("e => e.getBoundingClientRect().width")
    assert wide > 0.8 * page.locator("article").evaluate("e => e.clientWidth")
    assert page.locator(".plot-pictures").count() == 1
    caption = page.locator("figure.measurement > figcaption").first
    assert "grey broken lines are floors" in caption.inner_text()


def test_the_stages_are_read_on_a_phone_without_scrolling(visit):
    table = visit("/workflow/", size=(320, 640)).get_by_role("table", name="The stages")
    assert table.locator("..").evaluate(CUT) <= 0
    assert table.get_by_role("columnheader").count() == 7
    cells = table.get_by_role("cell").all()
    assert all(cell.bounding_box()["x"] + cell.bounding_box()["width"] <= 320 for cell in cells)


@pytest.mark.parametrize("path", ["/reproduce/", "/study-model/", "/ideas/chrome-studio/"])
def test_tables_of_short_cells_are_read_down_on_a_phone(visit, path):
    page = visit(path, size=(320, 640))
    tables = page.locator(".rows-scroll > table")
    assert tables.count()
    for table in tables.all():
        assert table.locator("..").evaluate(CUT) <= 0
        heads = table.get_by_role("columnheader")
        if heads.count():
            row = table.get_by_role("row").nth(1)
            told = row.get_by_role("cell").evaluate_all("all => all.map(e => e.dataset.label)")
            assert told == heads.all_text_contents()[1:]


@pytest.mark.parametrize("path", ["/steps/", "/ideas/chrome-studio/", "/comparisons/guidance/"])
def test_nothing_is_cut_off_where_a_reader_spaces_the_letters(visit, path):
    page = visit(path, size=PHONE)
    page.evaluate(
        """css => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets = [sheet]
    }""",
        SPACED,
    )
    assert (
        page.locator("article p").first.evaluate("e => getComputedStyle(e).letterSpacing")
        != "normal"
    )
    assert page.evaluate(LOST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
