"""Blocks stand aside from the prose and come back where they were."""

import pytest

from gen.core.errors import BadProse
from gen.publish.html import placeholders


def test_each_block_comes_back_to_its_place():
    page = f"<p>a</p>\n{placeholders.mark(1)}\n<p>b</p>\n{placeholders.mark(0)}"
    assert (
        placeholders.put_back("x.md", page, ("<b>\\1</b>", "<i></i>"))
        == "<p>a</p>\n<i></i>\n<p>b</p>\n<b>\\1</b>"
    )


def test_a_block_in_a_note_stands_in_no_paragraph():
    page = f"<details><p>a</p>\n<p>{placeholders.mark(0)}</p></details>"
    put_back = placeholders.put_back("x.md", page, ["<figure></figure>"])
    assert put_back == "<details><p>a</p>\n<figure></figure></details>"


def test_a_page_without_blocks_stays():
    assert placeholders.put_back("x.md", "<div></div>", ()) == "<div></div>"


@pytest.mark.parametrize("page", ["<p>a</p>", '<pre>&lt;div data-aside="0"&gt;</pre>'])
def test_a_block_that_lost_its_place_is_named_with_its_page(page):
    with pytest.raises(BadProse, match=r"^docs/x\.md: <b>lab</b>… has no place; give it"):
        placeholders.put_back("x.md", page, ("<b>lab</b>",))
