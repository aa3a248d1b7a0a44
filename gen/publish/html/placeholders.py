"""Blocks of HTML that stand aside while prose is read: labs, diagrams, charts, tables.

Markdown would read every letter of them twice more and leave it as it is, and the search would
list each of their figures. So a page holds a mark in their place until the theme has made the page.
"""

import re
from collections.abc import Sequence

from gen.core.errors import BadProse

MARK = re.compile(r'<div data-aside="(\d+)"></div>')
ALONE = re.compile(rf"<p>({MARK.pattern})</p>")  # so Markdown has it in a note


def mark(number: int) -> str:
    """What stands in the place of a page's block, counted from 0."""
    return f'<div data-aside="{number}"></div>'


def put_back(path: str, html: str, blocks: Sequence[str]) -> str:
    """A page as the theme made it, its blocks where their marks stood; `path` is under docs/.

    Raises BadProse for a block whose mark did not come through once.
    """
    for number, block in enumerate(blocks):
        if html.count(mark(number)) != 1:
            what = " ".join(block.split())[:60]
            raise BadProse(
                f"docs/{path}: {what}… has no place; give it a line of its own, not in code"
            )
    return MARK.sub(lambda place: blocks[int(place[1])], ALONE.sub(r"\1", html))
