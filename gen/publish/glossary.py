"""The glossary: what each term means, and the marks in prose that explain it on the spot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from gen.core.errors import BadProse
from gen.core.yamlfile import nearest
from gen.publish.blanks import prose_of, replaced
from gen.publish.faults import place

PATH = "glossary.md"  # the one place of all definitions, under docs/
CARD = 50  # words: more are no explanation on the spot
MARK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([a-z0-9-]+))?\]\]")  # [[U-Net]], [[latents|latent]]
NOTED = r"(?: ?\[@[^\]\n]+\]| ?\{\{ *(?:shown|made|ours)\([^}\n]*\) *\}\})"  # its marks of evidence
BOUND = re.compile(rf"{MARK.pattern}(?:{NOTED}+[.,;:!?)]*|[.,;:!?)]+)")
HEADING = re.compile(r"^#.*", re.MULTILINE)
TERM = re.compile(r"^##(?!#) *(?P<words>.*)", re.MULTILINE)
ENTRY = re.compile(
    r"^## (?P<title>[^\n{]+?) *\{ +#(?P<id>[a-z0-9-]+) *\}[ \t]*\n+"
    r"(?P<text>[^#\n].*?)(?=\n[ \t]*\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Term:
    """A term and the paragraph that says what it means, its evidence included."""

    id: str
    title: str
    text: str  # Markdown with marks


def terms(text: str) -> dict[str, Term]:
    """Every term of the glossary, by its id. Raises BadProse, a line each, for what is no entry."""
    entries = {entry.start(): entry for entry in ENTRY.finditer(text)}
    known: dict[str, Term] = {}
    problems = []
    for heading in TERM.finditer(text):
        here, entry = place(PATH, text, heading.start()), entries.get(heading.start())
        if entry is None:
            move = "write it as ## Term { #term }, and below it what it means"
            problems.append(f"{here}: {heading['words'].strip()}: is no entry; {move}")
        elif entry["id"] in known:
            problems.append(f"{here}: {entry['title']}: #{entry['id']} stands above too; rename it")
        else:
            words = " ".join(entry["text"].split())
            known[entry["id"]] = Term(entry["id"], entry["title"], words)
    if problems:
        raise BadProse("\n".join(problems))
    return known


def refuse_unfit(prose: Mapping[str, str]) -> None:
    """Raises BadProse, a line each, for a term out of order, too long for a card, or never marked.

    `prose` are the pages by people, by path; of the glossary what stands there.
    """
    text = prose.get(PATH, "")
    rest = [words for path, words in prose.items() if path != PATH]
    marked = {_id(mark) for words in rest for mark in MARK.finditer(prose_of(words))}
    last, problems = "", []
    for entry in ENTRY.finditer(text):
        here, title = place(PATH, text, entry.start()), entry["title"]
        order, length = title.lower().replace("-", " "), len(entry["text"].split())
        if order < last:
            problems.append(f"{here}: {title}: out of the alphabet's order; move it up")
        if length > CARD:
            problems.append(f"{here}: {title}: {length} words; its card holds {CARD}, cut it")
        if entry["id"] not in marked:
            move = f"write [[{title.lower()}|{entry['id']}]] where a page first uses it"
            problems.append(f"{here}: {title}: no page marks it; {move}, or remove it")
        last = max(last, order)
    if problems:
        raise BadProse("\n".join(problems))


def _id(mark: re.Match[str]) -> str:
    """The term that a mark explains."""
    return mark[2] or mark[1].strip().lower().replace(" ", "-")


def explain(path: str, text: str, known: Mapping[str, Term]) -> str:
    """A page whose marked terms explain themselves. Raises BadProse.

    A term is explained once on a page, where it first appears; in the glossary a mark is a link, in
    code it is what it is.
    """
    seen: set[str] = set()
    prose = prose_of(text)
    for mark in MARK.finditer(prose):
        here, id = place(path, text, mark.start()), _id(mark)
        if id not in known:
            raise BadProse(f"{here}: {mark[0]}: not in docs/{PATH}; {nearest(id, known)}")
        if id in seen and path != PATH:
            raise BadProse(f"{here}: {mark[0]}: explained above already; write {mark[1]}")
        seen.add(id)
    for heading in HEADING.finditer(prose):
        if inside := MARK.search(heading[0]):
            here = place(path, text, heading.start())
            raise BadProse(f"{here}: {inside[0]}: in a heading; explain it in the text below")
    # A line could break behind a button, and would begin with a full stop or a mark.
    if path == PATH:
        return replaced(MARK, lambda mark: f"[{mark[1]}](#{_id(mark)})", text)
    text = replaced(BOUND, lambda mark: f'<span class="term-bound">{mark[0]}</span>', text)
    return replaced(MARK, lambda mark: _card(mark[1], known[_id(mark)]), text)


def _card(words: str, term: Term) -> str:
    """A button and the card that it opens: the browser's own popover, so that no script is needed.

    A pointer, a thumb and a keyboard open it alike, Escape closes it, and it is read where it
    stands. The search leaves it out: the glossary has the same words.
    """
    says = MARK.sub(r"\1", term.text)
    more = f'<a href="{{{{ up }}}}glossary/#{term.id}" data-search-exclude>Glossary</a>'
    id = f"term-{term.id}"
    return (
        f'<button class="term" type="button" popovertarget="{id}">{escape(words)}</button>'
        f'<span class="term-card" id="{id}" popover="auto" data-search-exclude>'
        f"<strong>{escape(term.title)}</strong> {says} {more}</span>"
    )
