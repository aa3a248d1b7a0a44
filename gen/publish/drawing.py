"""One page: its text checked, its terms explained, its macros called, its title read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from jinja2 import TemplateError

from gen.core.errors import BadProse
from gen.publish import blocks, comparing, evidence, glossary, listings, macros, templating
from gen.publish import claims as marks
from gen.publish.draft import Draft
from gen.publish.materials import Materials
from gen.publish.page import Ledger, Page, ledger_of

VOCABULARY = (evidence, blocks, listings, comparing)  # whose functions fill the registry of macros


@dataclass(frozen=True)
class Plan:
    """A page that will be: what its text is, and what its template is about."""

    path: str  # under docs/
    text: str  # Markdown with marks
    template: str = ""  # the page template that the text is; "" for prose by people
    subject: Mapping[str, object] = field(default_factory=dict)  # the template's arguments


def draw(plan: Plan, materials: Materials, ledger: Ledger | None = None) -> Page:
    """A planned page. `ledger` is that of the pages before it.

    Raises BadProse, UnknownCitation, MissingRecord or BadInput.
    """
    marks.check(plan.path, plan.text, materials.facts)
    text = glossary.explain(plan.path, plan.text, materials.terms)
    draft = Draft(materials, plan.path, ledger or ledger_of(()))
    names = {**macros.bound(draft, bool(plan.template)), **plan.subject}
    try:
        rendered = templating.compiled(plan.template or plan.path, text).render(names)
    except TemplateError as error:
        raise BadProse(f"{plan.path}: {error}; correct the {{{{ … }}}} there") from None
    return draft.finished(rendered, title_of(plan.path, rendered))


def title_of(path: str, text: str) -> str:
    """The title in a page's front matter. Raises BadProse if it has none."""
    front = marks.FRONT_MATTER.match(text)
    fields = yaml.safe_load(front[0].strip("-\n")) if front else None
    title = (fields or {}).get("title")
    if not title:
        raise BadProse(f"{path}: has no title; begin the page with ---, title: …, ---")
    return str(title)
