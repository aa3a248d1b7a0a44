"""Records and prose -> pages. Text only: no disk, network or clock, no address but a source's."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from jinja2 import Template, TemplateError

from gen.core.errors import BadProse
from gen.core.sources import Prompt
from gen.publish import claims as prose
from gen.publish import glossary
from gen.publish.macros import Marks
from gen.publish.materials import Stock
from gen.publish.page import Page

PAPERS = "papers/"  # prose about one paper each
MEASURED = "measurements/"  # prose about one measurement each, named by its id
FIRST = ("index.md", "task.md", "workflow.md", "steps.md")  # prose, as it is read
MODELS = ("models.md", "study-model.md")


@dataclass
class Book:
    """The whole site's pages."""

    stock: Stock
    prose: Mapping[str, str]  # path under docs/ -> Markdown with marks
    claims: Counter[str] = field(default_factory=Counter)  # of the pages made so far, by kind
    _counted: set[str] = field(default_factory=set)
    _templates: dict[str, Template] = field(default_factory=dict)

    def __post_init__(self):
        self.terms = glossary.terms(self.prose.get(glossary.PATH, ""))

    def pages(self) -> Iterator[Page]:
        """Every page. Raises BadProse, UnknownCitation, MissingRecord or BadInput."""
        for path, text in self.prose.items():
            yield self._page(path, text)
        yield self._page("ideas/index.md", self._template("ideas.md.j2"))
        for idea in self.stock.inputs.ideas:
            yield self._page(f"ideas/{idea.id}.md", self._template("idea.md.j2"), idea=idea)
        yield self._page("comparisons/index.md", self._template("comparisons.md.j2"))
        for comparison in self.stock.inputs.comparisons:
            path = f"comparisons/{comparison.id}.md"
            yield self._page(path, self._template("comparison.md.j2"), comparison=comparison)
        yield from self._measurements()
        yield self._page("reproduce.md", self._template("reproduce.md.j2"))
        yield self._page("sources.md", self._template("sources.md.j2"))
        if not self.stock.preview:  # there, a diagram that is missing cites nothing
            self._refuse_uncited()

    def _measurements(self) -> Iterator[Page]:
        """A page for each measurement that no prose tells of, and one for all of them."""
        for measurement, _ in self.stock.measurements.values():
            path = f"{MEASURED}{measurement.id}.md"
            if path not in self.prose:
                text = self._template("measurement.md.j2")
                yield self._page(path, text, measurement=measurement)
        if self.stock.measurements and f"{MEASURED}index.md" not in self.prose:
            yield self._page(f"{MEASURED}index.md", self._template("measurements.md.j2"))

    def nav(self) -> list:
        """The navigation, as mkdocs.yml would hold it: a prompt needs no line there."""
        papers = sorted(path for path in self.prose if path.startswith(PAPERS))
        told = {path for path in self.prose if path.startswith(MEASURED)}
        known = {*FIRST, *MODELS, *papers, *told, glossary.PATH}
        first, models, last = (
            [path for path in paths if path in self.prose]
            for paths in (FIRST, MODELS, (glossary.PATH,))
        )
        measured = [f"{MEASURED}{id}.md" for id in self.stock.measurements]
        given = self.stock.inputs
        sections = {
            "Models": models,
            "Ideas": ["ideas/index.md", *(f"ideas/{idea.id}.md" for idea in given.ideas)],
            "Comparisons": [
                "comparisons/index.md", *(f"comparisons/{c.id}.md" for c in given.comparisons)
            ],
            "Papers": papers,
            "Measurements": [f"{MEASURED}index.md", *measured] if measured else [],
            "Reference": [*last, "sources.md", "reproduce.md"],
        }  # fmt: skip
        return [
            *first,
            *sorted(set(self.prose) - known),
            *({title: pages} for title, pages in sections.items() if pages),
        ]

    def faces(self) -> dict[str, Prompt]:
        """The prompt whose picture stands for a page, where one of its own does."""
        marks, given = Marks(self.stock, ""), self.stock.inputs
        ideas = {f"ideas/{idea.id}.md": marks.face(idea) for idea in given.ideas}
        return ideas | {f"comparisons/{c.id}.md": marks.face(c) for c in given.comparisons}

    def _template(self, name: str) -> str:
        """The text of a page template: rendered like prose, so its claims are checked alike."""
        return self.stock.environment.loader.get_source(self.stock.environment, name)[0]

    def _page(self, path: str, text: str, **given) -> Page:
        prose.check(path, text, self.stock.facts)
        if text not in self._counted:  # the template of many pages claims its things once
            self._counted.add(text)
            self.claims += prose.count(text)
        explained = glossary.explain(path, text, self.terms)
        marks = Marks(self.stock, path)
        try:
            rendered = self._compiled(explained).render(**marks.macros(), **given)
        except TemplateError as error:
            raise BadProse(f"{path}: {error}; correct the {{{{ … }}}} there") from None
        self.stock.titles[path] = title_of(path, rendered)
        return Page(path, rendered, tuple(marks.blocks))

    def _compiled(self, text: str) -> Template:
        """A text as a template, compiled once: every idea's page has the same."""
        if text not in self._templates:
            called = prose.CITATION.sub(r'{{ cite("\1") }}', text)
            self._templates[text] = self.stock.environment.from_string(called)
        return self._templates[text]

    def _refuse_uncited(self) -> None:
        uncited = [":".join(ids) for ids in self.stock.facts if ids not in self.stock.uses]
        if uncited:
            lines = (
                f"sources/sources.yml: {id}: no page cites it; cite or remove it" for id in uncited
            )
            raise BadProse("\n".join(lines))


def title_of(path: str, text: str) -> str:
    """The title in a page's front matter. Raises BadProse if it has none."""
    front = prose.FRONT_MATTER.match(text)
    title = front and (yaml.safe_load(front[0].strip("-\n")) or {}).get("title")
    if not title:
        raise BadProse(f"{path}: has no title; begin the page with ---, title: …, ---")
    return title
