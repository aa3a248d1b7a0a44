"""One page: its text checked, its terms explained, its macros called, its title read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError

from gen.core.errors import BadProse, BuildError
from gen.core.yamlfile import closest, load_text
from gen.publish import (
    ball,
    blanks,
    blocks,
    close_ups,
    comparing,
    evidence,
    examples,
    findings,
    glossary,
    half_typed,
    listings,
    macros,
    own_picture,
    painting,
    quiz,
    templating,
    tries,
    turning,
    where,
)
from gen.publish import claims as marks
from gen.publish.draft import Draft
from gen.publish.faults import WRONG, line_in, of_block, place
from gen.publish.html import placeholders
from gen.publish.materials import Materials
from gen.publish.page import Ledger, Page, ledger_of

UNKNOWN = re.compile(r"'(\w+)' is undefined")
VOCABULARY = (
    evidence,
    blocks,
    findings,
    listings,
    comparing,
    painting,
    own_picture,
    quiz,
    turning,
    ball,
    where,
    close_ups,
    examples,
    tries,
)  # whose functions fill the registry of macros


@dataclass(frozen=True)
class Plan:
    """A page that will be: what its text is, and what its template is about."""

    path: str  # under docs/
    text: str  # Markdown with marks
    template: str = ""  # the page template that the text is; "" for prose by people
    subject: Mapping[str, object] = field(default_factory=dict)  # the template's arguments


def draw(plan: Plan, materials: Materials, ledger: Ledger | None = None) -> Page:
    """A planned page. `ledger` is that of the pages before it.

    Raises BadProse, UnknownCitation, MissingRecord or BadInput, each with the place in docs/.
    """
    half_typed.refuse(plan.path, plan.text, {source for source, _ in materials.facts})
    marks.check(plan.path, plan.text, materials.facts)
    text = glossary.explain(plan.path, plan.text, materials.terms)
    draft = Draft(materials, plan.path, ledger or ledger_of(()))
    rendered = _rendered(plan, text, draft)
    _refuse_inside(plan, rendered)
    whole = evidence.noted(draft, rendered)
    return draft.finished(whole, title_of(plan.path, whole))


def title_of(path: str, text: str) -> str:
    """The title in a page's front matter. Raises BadProse if it has none."""
    front = blanks.FRONT_MATTER.match(text)
    fields = _front_matter(path, front[0]) if front else {}
    title = fields.get("title")
    if not title:
        raise BadProse(f"{place(path)}: has no title; begin the page with ---, title: …, ---")
    for name in ("title", "description"):
        if not isinstance(fields.get(name, ""), str):
            says = f"{name}: {fields[name]!r} is no text; put it in quotation marks"
            raise BadProse(f"{of_block(path, text, f'{name}:')}: {says}")
    return str(title)


def _front_matter(path: str, text: str) -> dict[str, object]:
    """What stands between the first two lines of three hyphens."""
    fields = load_text(text.strip("- \t\n"), place(path), first=2)
    if not isinstance(fields, dict):
        raise BadProse(f"{place(path)}: its front matter is no list of names; give title: …")
    return fields


def _rendered(plan: Plan, text: str, draft: Draft) -> str:
    """A page's text with its marks called. Raises BuildError with their line."""
    name, here = plan.template or plan.path, place(plan.path)
    names = {**macros.bound(draft, bool(plan.template)), **plan.subject}
    try:
        return templating.compiled(name, text).render(names)
    except TemplateSyntaxError as error:
        raise BadProse(f"{here}:{error.lineno}: {_move(error)}") from None
    except BuildError as error:
        if plan.template:
            raise
        kind, says = type(error), _on_one_line(str(error).removeprefix(f"{plan.path}: "))
        raise kind(f"{here}:{line_in(error.__traceback__)}: {says}") from None
    except WRONG as error:
        raise BadProse(f"{here}:{line_in(error.__traceback__)}: {_move(error)}") from error


def _move(error: Exception) -> str:
    """What a mark brought about, on one line, and the next move."""
    says = _on_one_line(str(error).replace(").", ")")) or type(error).__name__
    unknown = UNKNOWN.fullmatch(says)
    close = unknown and closest(unknown[1], macros.PROSE)
    move = f"did you mean {close}?" if close else "correct the {{ … }} there"
    return f"{says.rstrip('.')}; {move}"


def _on_one_line(says: str) -> str:
    """What a mark's argument quotes may hold a line's end."""
    return " ".join(says.split())


def _refuse_inside(plan: Plan, rendered: str) -> None:
    """Raises BadProse for a lab or a chart inside a sentence: it is a block of its own."""
    for line in rendered.splitlines():
        mark = placeholders.MARK.search(line)
        if mark and line.strip() != mark[0]:
            words = (line[: mark.start()].strip() or line[mark.end() :].strip())[:30]
            says = f'"{words}": a block stands on its line; give that a line of its own'
            raise BadProse(f"{of_block(plan.path, plan.text, words)}: {says}")
