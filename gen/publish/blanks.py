"""What of a page's text is no prose: put out of sight, letter for letter, so that places stay."""

import re

from gen.publish.claims import FRONT_MATTER

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


def blank(found: re.Match[str], by: str = " ") -> str:
    """As long as what was found, on as many lines, each letter `by` one that tells nothing."""
    return re.sub(r"[^\n]", by, found[0])
