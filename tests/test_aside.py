"""Blocks stand aside from the prose and come back where they were."""

from gen import aside


def test_each_block_comes_back_to_its_place():
    page = f"<p>a</p>\n{aside.mark(1)}\n<p>b</p>\n{aside.mark(0)}"
    assert aside.back(page, ("<b>\\1</b>", "<i></i>")) == "<p>a</p>\n<i></i>\n<p>b</p>\n<b>\\1</b>"


def test_a_page_without_blocks_stays():
    assert aside.back("<div></div>", ()) == "<div></div>"
