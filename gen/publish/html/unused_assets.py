"""What a page does without: style sheets and scripts of elements that it does not have."""

from collections.abc import Iterable, Mapping

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from gen.core.errors import BadInput

END = "</script>"


def trimmed(html: str, tree: LexborHTMLParser, only_with: Mapping[str, str]) -> str:
    """A page, `tree` as parsed, without the files whose selector finds nothing on it.

    `only_with` gives the selector of each such file, by its path under docs/.
    """
    for file, selector in only_with.items():
        if tree.css_first(selector) is None:
            html = _without(html, file)
    return html


def _without(html: str, file: str) -> str:
    """A page without the tag that loads a file, where it has one."""
    named = next((at for mark in '/"' if (at := html.find(f'{mark}{file}"')) >= 0), -1)
    if named < 0:
        return html
    begin, end = html.rindex("<", 0, named), html.index(">", named) + 1
    end += len(END) * html.startswith(END, end)
    return html[:begin].rstrip() + html[end:]


def check(only_with: Mapping[str, str], loaded: Iterable[str]) -> None:
    """Raises BadInput for a file that no page loads and for a selector that is none."""
    if not isinstance(only_with, Mapping):
        raise BadInput(f"mkdocs.yml: extra.only_with: {only_with!r}; give a selector for each file")
    known = set(loaded)
    nothing = LexborHTMLParser("")
    for file, selector in only_with.items():
        place = f"mkdocs.yml: extra.only_with: {file}"
        if file not in known:
            raise BadInput(f"{place}: neither in extra_css nor in extra_javascript; correct it")
        try:
            nothing.css_first(selector)
        except (SelectolaxError, TypeError):
            raise BadInput(f"{place}: {selector!r} is no CSS selector; correct it") from None
