"""What is wider than a phone: a table of sentences is read down, commands are wrapped, none cut."""

import pytest

PHONE = (390, 844)
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


def test_the_next_page_s_title_is_read_whole(visit):
    title = visit("/measurements/quiz/", size=(320, 640)).locator(".md-footer__title .md-ellipsis")
    assert len(title.last.inner_text()) > 20
    assert title.last.evaluate(CUT) <= 0
