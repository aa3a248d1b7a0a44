"""Marks that were typed by half: Markdown and Jinja would let them stand as the text they are."""

import re
from collections.abc import Iterator

from gen.core.errors import BadProse
from gen.publish import macros
from gen.publish.claims import CITATION, FENCE, FRONT_MATTER, MACRO
from gen.publish.faults import place
from gen.publish.glossary import MARK

RULE = "---\n"  # before the front matter, and after it
NOTE = re.compile(r"\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"(`+)[^`].*?\1|<code>.*?</code>", re.DOTALL)
WORDS = r"(?:[^\[\]\n]|\n(?!\n))*"  # of a link, without brackets of their own
TARGET = r"<?[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)?>?"
LINK = re.compile(rf'\[{WORDS}\]\({TARGET}(?:\s+"[^"]*")?\)')
WHOLE = (
    FRONT_MATTER,
    FENCE,
    CODE,
    NOTE,
    CITATION,
    MACRO,
    MARK,
    LINK,
    LINK,
)  # one can hold a picture
LEFT = (  # what is a mark's part and stands in none; how it is written
    (re.compile(r"\[\[[^\s\[\]]{0,30}|\S{0,30}\]\]"), "write [[word]] or [[words|term]]"),
    (re.compile(r"[\[(]?@[\w-]+:[\w-]*"), "write [@source:fact]"),
    (re.compile(r"\{\{.{0,30}|.{0,30}\}\}"), "write {{ mark() }}"),
    (re.compile(r"\{%.{0,30}|.{0,30}%\}"), "write {% … %}"),
    (re.compile(r"\]\([^\s)]{0,30}\)?"), "write [words](page.md)"),
    (re.compile(r"\(?[\w./-]{1,30}\.md(?:#[\w-]*)?\)"), "write [words](page.md)"),
)


def refuse(path: str, text: str) -> None:
    """Raises BadProse for what was to be a mark or a link and is none: the first of each line."""
    if text.startswith(RULE) and text.count(f"\n{RULE}") == 0:
        raise BadProse(f"{place(path, text)}: front matter without its end; write --- below it")
    rest = text
    for whole in WHOLE:
        rest = whole.sub(_blank, rest)
    told: dict[str, str] = {}
    for at, says in sorted(_faults(rest)):
        told.setdefault(place(path, text, at), says)
    if told:
        raise BadProse("\n".join(f"{here}: {says}" for here, says in told.items()))


def _faults(text: str) -> Iterator[tuple[int, str]]:
    """Where a mark was typed by half, and what is to be done about it."""
    names = "|".join(sorted(macros.PROSE | macros.TEMPLATES))
    called = (re.compile(rf"\{{?\s?\b(?:{names})\(\S{{0,30}}"), "write {{ mark() }}")
    for pattern, move in (*LEFT, called):
        for found in pattern.finditer(text):
            yield found.start(), f"{found[0].strip()!r} is half a mark; {move}"


def _blank(whole: re.Match[str]) -> str:
    """As long as it is, on as many lines, and nothing to be found; what a mark gives is a word."""
    return re.sub(r"[^\n]", "x" if whole[0].startswith("{{") else " ", whole[0])
