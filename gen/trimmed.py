"""What a page does without: style sheets and scripts of elements that it does not have."""

import re
from collections.abc import Iterable, Mapping

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from gen.errors import BadInput

LOAD = r'\s*<(?:link rel="stylesheet" href|script src)="(?:[^"]*/)?{}"[^>]*>(?:</script>)?'


def trimmed(html: str, only_with: Mapping[str, str]) -> str:
    """A page without the files whose selector finds nothing on it.

    `only_with` gives the selector of each such file, by its path under docs/.
    """
    tree = LexborHTMLParser(html)
    for file, selector in only_with.items():
        if tree.css_first(selector) is None:
            html = re.sub(LOAD.format(re.escape(file)), "", html)
    return html


def check(only_with: Mapping[str, str], loaded: Iterable[str]) -> None:
    """Raises BadInput for a file that no page loads and for a selector that is none."""
    known = set(loaded)
    nothing = LexborHTMLParser("")
    for file, selector in only_with.items():
        place = f"mkdocs.yml: extra.only_with: {file}"
        if file not in known:
            raise BadInput(f"{place}: neither in extra_css nor in extra_javascript; correct it")
        try:
            nothing.css_first(selector)
        except SelectolaxError:
            raise BadInput(f"{place}: {selector!r} is no CSS selector; correct it") from None
