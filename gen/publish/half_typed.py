"""Marks that were typed by half: Markdown and Jinja would let them stand as the text they are."""

import re
from collections.abc import Collection, Iterator

from gen.core.errors import BadProse
from gen.publish import blanks, macros
from gen.publish.blanks import blank
from gen.publish.claims import CITATION, MACRO
from gen.publish.faults import place
from gen.publish.glossary import MARK

RULE = re.compile(r"^---[ \t]*$", re.MULTILINE)  # before the front matter, and after it
TITLE = r"""(?:"(?:\\.|[^"\n])*"|'(?:\\.|[^'\n])*'|\((?:\\.|[^)\n])*\))"""
# Behind the words of a link.
TARGET = re.compile(
    rf"\]\(\s*(?:<[^<>\n]*>|[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*)(?:\s+{TITLE})?\s*\)"
)
LINK, TERM = "write [words](page.md)", "write [[word]] or [[words|term]]"
CITED = "write [@source:fact], or [@source:fact; @source:fact]"
LEFT = (  # what is a mark's part and stands in none; how it is written
    (re.compile(r"\[\[[^\[\]\n]*\n[^\[\]\n]*\]\]"), "keep [[words]] on one line"),
    (re.compile(r"\[\[[^\[\]|\n]+\|[^\[\]\n]*\]\]"), "an id has a-z, 0-9 and hyphens"),
    (re.compile(r"\[\[[^\s\[\]]{0,30}|\S{0,30}\]\]"), TERM),
    (re.compile(r"\{\{.{0,30}|.{0,30}\}\}"), "write {{ mark() }}"),
    (re.compile(r"\{%.{0,30}|.{0,30}%\}"), "write {% … %}"),
    (re.compile(r"\{#.{0,30}"), "write { #id } with its space, or {# note #}"),
    (re.compile(r"\]\([^\s)]{0,30}\)?"), LINK),
    (re.compile(r"\[[^\[\]()\n]*\([\w./-]{1,30}\.md(?:#[\w-]*)?\)"), LINK),
)


def refuse(path: str, text: str, sources: Collection[str]) -> None:
    """Raises BadProse for what was to be a mark or a link and is none: the first of each line.

    `sources` are the ids by which facts are cited.
    """
    if RULE.match(text) and len(RULE.findall(text)) == 1:
        raise BadProse(f"{place(path, text)}: front matter without its end; write --- below it")
    told: dict[str, str] = {}
    found, reached = _faults(_bare(text), sources), 0
    for (first, last), move in sorted(found, key=lambda one: (one[0][0], -one[0][1])):
        if first < reached:
            continue  # a part of the one before
        reached = last
        quoted = " ".join(text[first:last].split())
        told.setdefault(place(path, text, first), f"{quoted!r} is half a mark; {move}")
    if told:
        raise BadProse("\n".join(f"{here}: {says}" for here, says in told.items()))


def _faults(text: str, sources: Collection[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """From where to where a mark was typed by half, and what is to be done about it."""
    names, ids = ("|".join(sorted(some)) for some in (macros.PROSE | macros.TEMPLATES, sources))
    called = (re.compile(rf"(?:\{{ ?)?\b(?:{names})\((?=[)\"'])\S{{0,30}}"), "write {{ mark() }}")
    cited = (re.compile(rf"\[\s*(?:{ids}):[\w-]+|[\[(]?(?<!\w)@ ?(?:{ids})\b[:\w-]*"), CITED)
    for pattern, move in (*LEFT, called, cited) if ids else (*LEFT, called):
        for found in pattern.finditer(text):
            yield found.span(), move


def _bare(text: str) -> str:
    """A text without what is whole: what a mark gives is a word, of a link its words stay."""
    text = CITATION.sub(blank, blanks.prose_of(text))
    text = MACRO.sub(lambda macro: blank(macro, by="x"), text)
    return _without_links(MARK.sub(blank, text))


def _without_links(text: str) -> str:
    """A text without what makes words a link; one whose words do not begin stays."""
    letters = list(text)
    for target in TARGET.finditer(text):
        opened = _opening(letters, target.start())
        if opened is not None:
            letters[opened] = " "
            letters[slice(*target.span())] = blank(target)
    return "".join(letters)


def _opening(letters: list[str], end: int) -> int | None:
    """Where the bracket stands that the one at `end` closes, in the same paragraph."""
    depth = 0
    for at in range(end - 1, -1, -1):
        if letters[at] == "\n" and letters[at - 1 : at] == ["\n"]:
            break
        depth += (letters[at] == "]") - (letters[at] == "[")
        if depth < 0:
            return at
    return None
