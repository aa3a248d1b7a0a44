"""All that a reader can do stands on one page, and nothing there leads nowhere."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish import book, tries

LINE = ("paint.md", "Paint", "A line.", "chrome-desert")


def test_all_that_is_tried_has_its_card(built):
    cards = LexborHTMLParser("".join(built.pages["try.md"].blocks)).css(".tries a")
    there = {card.attributes["href"] for card in cards}
    wanted = {path.removesuffix(".md") for path in book.TRIED if path != "try.md"}
    assert {f"../{path}/" for path in wanted} <= there
    assert all(card.css_first("img") for card in cards)


@pytest.mark.parametrize(
    ("at", "says"),
    [(0, r"tries: no page pain.md; did you mean paint.md"), (3, r"no prompt pain")],
)
def test_a_card_without_its_page_or_picture_is_refused(draft, at, says):
    card = (*LINE[:at], "pain.md"[: 7 - 3 * (at == 3)], *LINE[at + 1 :])
    with pytest.raises(BadInput, match=says):
        tries.tries(draft, LINE, card)
