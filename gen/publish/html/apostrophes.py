"""Apostrophes are round in all text of a page: in prose Markdown sets them, elsewhere this."""

import re

from gen.publish.wording import rounded

# What is no text, whole: a comment, what is shown or run letter by letter, a tag with its values.
LITERAL = re.compile(
    r"(<!--.*?-->|<(script|style|code|pre|textarea|kbd)\b.*?</\2>"
    r"""|</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""",
    re.S | re.I,
)


def set_round(html: str) -> str:
    """The page with its text's apostrophes round; tags, code and scripts as they were."""
    pieces = LITERAL.split(html)  # text, what is none, the name of that where it holds something
    pieces[::3] = map(rounded, pieces[::3])
    del pieces[2::3]
    return "".join(pieces)
