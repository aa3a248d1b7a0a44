"""A page while its template is rendered: what its marks read, and what they leave behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gen.core.errors import BadInput
from gen.core.measured import Measurement
from gen.core.records import Capture
from gen.core.sources import Fact, Prompt, Source
from gen.core.yamlfile import nearest
from gen.publish import claims, page, templating
from gen.publish.claims import FactIds
from gen.publish.elements import ELEMENTS
from gen.publish.html import placeholders
from gen.publish.materials import Materials
from gen.publish.page import Ledger, Page, ledger_of

ID = re.compile(r'\sid="([^"]+)"')


@dataclass
class Draft:
    """One page in the making."""

    materials: Materials
    path: str
    ledger: Ledger = field(default_factory=lambda: ledger_of(()))  # of the pages before this one
    blocks: list[str] = field(default_factory=list)  # HTML that stands aside from the prose
    facts: set[FactIds] = field(default_factory=set)
    strips: set[str] = field(default_factory=set)
    loops: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)  # of its elements: none may stand twice
    notes: dict[FactIds, int] = field(default_factory=dict)  # the number of each fact cited
    found: set[tuple[str, str]] = field(default_factory=set)  # panels that stand alone above others
    marked: bool = False  # whether some mark of evidence stands on it

    def finished(self, text: str, title: str) -> Page:
        """The page, once its template is rendered as `text`."""
        shows = (frozenset(self.strips), frozenset(self.loops), frozenset(self.elements))
        return Page(self.path, text, title, tuple(self.blocks), frozenset(self.facts), *shows)

    @property
    def up(self) -> str:
        """From this page's address to the top of the site."""
        return page.up(self.path)

    def to(self, path: str) -> str:
        """A page's path as seen from this page's file, for Markdown to check."""
        return "../" * (len(PurePosixPath(self.path).parts) - 1) + path

    def folder(self, capture: Capture) -> str:
        """A capture's folder as seen from this page."""
        return f"{self.up}captures/{capture.key}/"

    def find(self, idea: str, model: str | None = None) -> tuple[Prompt, Capture | None]:
        """The prompt of an idea for a model, the required one unless named, and its capture."""
        prompt = self.materials.prompt(self.path, idea, model)
        return prompt, self.materials.capture(prompt)

    def measurement(self, mark: str, id: str) -> Measurement:
        """The measurement that a mark names. Raises BadInput."""
        known = self.materials.measurements
        if id not in known:
            raise BadInput(f"{self.path}: {mark}: no measurement {id}; {nearest(id, known)}")
        return known[id]

    def sheet_of(self, mark: str, measurement: Measurement, name: str) -> str:
        """The file of a sheet that a measurement keeps, by the end of its name. Raises BadInput."""
        file, stored = f"{measurement.id}-{name}.webp", dict(measurement.digests)
        if file not in stored:
            says = f"{measurement.id} keeps no {file}; {nearest(file, stored)}"
            raise BadInput(f"{self.path}: {mark}: {says}")
        return file

    def use(self, ids: FactIds, place: str = "") -> tuple[Source, Fact]:
        """The fact of these ids, noted as cited on this page; `place` names them, else the page."""
        source, fact = claims.find(place or self.path, ids, self.materials.facts)
        self.facts.add(ids)
        return source, fact

    def note(self, ids: FactIds) -> int:
        """The number of a fact's note, from 1: facts are counted as the page first cites them."""
        self.marked = True
        return self.notes.setdefault(ids, len(self.notes) + 1)

    def element(self, kind: str, /, **arguments: object) -> str:
        """One of ELEMENTS as HTML; the page will load what it declares."""
        element = ELEMENTS[kind]
        self.elements.add(kind)
        if element.states:
            arguments["states"] = tuple(element.states(**arguments))
        html = templating.html(element.template, **arguments)
        ids = ID.findall(html)
        if self.ids.intersection(ids):
            raise BadInput(f"{self.path}: {kind}: stands on this page already; remove one")
        self.ids.update(ids)
        return html

    def aside(self, kind: str, /, **arguments: object) -> str:
        """One of ELEMENTS, for eyes and not for the search: a mark, its HTML stands aside."""
        return self.put_aside(self.element(kind, **arguments))

    def put_aside(self, html: str) -> str:
        """HTML for eyes and not for the search: a mark in its place."""
        self.blocks.append(html)
        return placeholders.mark(len(self.blocks) - 1)

    def missing(self, prompt: Prompt) -> str:
        """A sentence in the place of a capture that has not been made."""
        model = self.materials.inputs.model(prompt.model)
        return templating.html("missing.html.j2", prompt=prompt, model=model)
