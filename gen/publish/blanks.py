"""What of a page's text is no prose: put out of sight, letter for letter, so that places stay."""

import re
from collections.abc import Callable

FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)
FENCE = re.compile(r"^([ \t>]*)(```+|~~~+).*?^\1\2[ \t]*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
ELEMENT = re.compile(r"<(code|kbd|pre|style|script)\b.*?</\1>|<!--.*?-->", re.DOTALL)
RAW = re.compile(r"\{% *raw *%\}.*?\{% *endraw *%\}", re.DOTALL)
NOTE = re.compile(r"\{#(?![\w-]+ *\}).*?#\}", re.DOTALL)
ESCAPED = re.compile(r"\\[\[\]`{}]")
UNREAD = (FRONT_MATTER, FENCE, RAW, NOTE, ELEMENT, ESCAPED, CODE)


def prose_of(text: str) -> str:
    """The text, with spaces for front matter, code, comments and what a backslash takes back."""
    for kind in UNREAD:
        text = kind.sub(blank, text)
    return text


def replaced(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], text: str) -> str:
    """The text with what a pattern finds in its prose replaced; code and comments stay."""
    at, parts = 0, []
    for found in pattern.finditer(prose_of(text)):
        whole = pattern.match(text, found.start(), found.end()) or found  # its words may be code
        parts += [text[at : found.start()], by(whole)]
        at = found.end()
    return "".join(parts) + text[at:]


def blank(found: re.Match[str], by: str = " ") -> str:
    """As long as what was found, on as many lines, each letter `by` one that tells nothing."""
    return re.sub(r"[^\n]", by, found[0])
