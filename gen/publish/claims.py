"""The marks in prose: what a paragraph cites, and whether it shows evidence for what it says."""

import re
from collections import Counter
from collections.abc import Iterator
from textwrap import dedent

from gen.core.errors import BadProse, UnknownCitation
from gen.core.sources import Fact, Source
from gen.core.yamlfile import closest
from gen.publish.blanks import FRONT_MATTER, prose_of
from gen.publish.faults import of_block

# Pandoc's: [@sd:a; @acp:b]
CITATION = re.compile(r"\[(@[\w-]+:[\w-]+(?:\s*;\s*@[\w-]+:[\w-]+)*)\]")
EVIDENCE = re.compile(r"\{\{\s*(measured|shown|derived|made|ours|guide)\(")
KINDS = {  # how the evidence of a claim is counted, and what the footer calls it
    "cited": "from the sources",
    "derived": "from the sources",  # by arithmetic
    "measured": "measured",
    "made": "about what we made",
    "ours": "our own reading",
}
MACRO = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Digits in a name claim nothing.
NAMES = re.compile(r"SD 1\.5|Stable Diffusion (?:1\.5|v1)|\bv1-\d|ViT-L/14")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.DOTALL | re.MULTILINE)
ADDRESS = r"\[[^\]\n]+\]:[ \t]+\S+(?:[ \t]+\"[^\"\n]*\")?[ \t]*(?:\n|\Z)"  # [words]: page.md
# How such a block starts, or all of it.
NOT_PROSE = re.compile(rf"#|\||<|!!!|\?\?\?|===|\*\[|\{{%|\{{\{{[^{{}}]*\}}\}}$|(?:{ADDRESS})+\Z")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+", re.MULTILINE)

FactIds = tuple[str, str]  # of a source and of one of its facts
Facts = dict[FactIds, tuple[Source, Fact]]


def facts_of(sources: tuple[Source, ...]) -> Facts:
    """Every fact with its source, by the two ids that a citation names."""
    return {(source.id, fact.id): (source, fact) for source in sources for fact in source.facts}


def citations(mark: str) -> list[FactIds]:
    """The (source, fact) ids of one citation mark, without its brackets."""
    parts = (part.strip().removeprefix("@").partition(":") for part in mark.split(";"))
    return [(source, fact) for source, _, fact in parts]


def find(place: str, ids: FactIds, facts: Facts) -> tuple[Source, Fact]:
    """The fact that these ids name. Raises UnknownCitation with the nearest name."""
    if ids not in facts:
        name = ":".join(ids)
        like = closest(name, sorted(":".join(key) for key in facts))
        move = f"did you mean {like}?" if like else "see that file"
        raise UnknownCitation(f"{place}: [@{name}] is not in sources/sources.yml; {move}")
    return facts[ids]


def paragraphs(text: str) -> Iterator[str]:
    """The blocks and list items that a reader reads as sentences."""
    text = FENCE.sub("", FRONT_MATTER.sub("", text))
    for block in re.split(r"\n\s*\n", text):
        block = dedent(block.strip("\n")).strip()
        if ITEM.match(block):
            yield from (item.strip() for item in ITEM.split(block) if item.strip())
        elif block and not NOT_PROSE.match(block):
            yield block


def check(path: str, text: str, facts: Facts) -> None:
    """Refuses a paragraph without evidence, and one with a number that its facts do not give.

    Raises BadProse with one line per paragraph, or UnknownCitation.
    """
    blocks = ((of_block(path, text, block), block) for block in paragraphs(text))
    problems = [problem for here, block in blocks for problem in _problems(here, block, facts)]
    if problems:
        raise BadProse("\n".join(problems))


def check_one(place: str, text: str, facts: Facts) -> None:
    """The same of one paragraph that stands on no page by people, told at its place."""
    if problems := list(_problems(place, text, facts)):
        raise BadProse("\n".join(problems))


def count(text: str) -> Counter[str]:
    """How many claims a text makes, by the kind of their evidence: a mark is a claim."""
    counts: Counter[str] = Counter()
    for block in paragraphs(text):
        prose = prose_of(block)
        counts["cited"] += len(CITATION.findall(prose))
        marks = ("measured" if mark == "shown" else mark for mark in EVIDENCE.findall(prose))
        counts.update(mark for mark in marks if mark in KINDS)
    return counts


def in_a_line(counts: Counter[str]) -> str:
    """The claims of the whole site in a line; a kind that it has none of is left out."""
    told: Counter[str] = Counter()
    for kind, says in KINDS.items():
        told[says] += counts[kind]
    kinds = ", ".join(f"{n} {says}" for says, n in told.items() if n)
    return f"What this site claims, counted: {kinds}" if kinds else ""


def _problems(place: str, block: str, facts: Facts) -> Iterator[str]:
    prose = prose_of(block)
    cited = [find(place, ids, facts) for mark in CITATION.findall(prose) for ids in citations(mark)]
    start = " ".join(block.split())[:50]
    if not cited and not EVIDENCE.search(prose):
        move = "cite a fact, or say measured, made, ours or guide"
        yield f'{place}: "{start}…" shows no evidence; {move}'
    in_facts = {number for _, fact in cited for number in NUMBER.findall(fact.text)}
    for number in NUMBER.findall(_typed(block)):
        if number not in in_facts:
            yield f'{place}: "{start}…": {number} stands in no fact cited there; cite one'


def _typed(block: str) -> str:
    """What a person typed as words: without marks, link targets, code and names."""
    for pattern in (MACRO, CITATION, NAMES, re.compile(r"\]\([^)]*\)"), re.compile(r"`[^`]*`")):
        block = pattern.sub(" ", block)
    return block
