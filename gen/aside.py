"""Blocks of HTML that stand aside while prose is read: labs, diagrams, charts, tables.

Markdown would read every letter of them twice more and leave it as it is, and the search would
list each of their figures. So a page holds a mark in their place until the theme has drawn it.
"""

import re
from collections.abc import Sequence

MARK = re.compile(r'<div data-aside="(\d+)"></div>')


def mark(number: int) -> str:
    """What stands in the place of a page's block, counted from 0."""
    return f'<div data-aside="{number}"></div>'


def back(html: str, blocks: Sequence[str]) -> str:
    """A drawn page with its blocks where their marks stood."""
    return MARK.sub(lambda found: blocks[int(found[1])], html)
