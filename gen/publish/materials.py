"""What pages are made from: sources, prose and records, each read once, then never changed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from itertools import combinations
from operator import itemgetter
from pathlib import Path

from PIL import Image

from gen.core import blueprints, inputs, store
from gen.core.disk import shown
from gen.core.errors import BadInput, MissingRecord
from gen.core.measured import Finals, Measurement, Reference, Staged
from gen.core.records import Blueprint, Capture, LatentColours, Part
from gen.core.sources import Comparison, Idea, Inputs, Prompt
from gen.core.yamlfile import nearest, read_text
from gen.publish import before, claims, differences, glossary, later, machines, painter, synonyms
from gen.publish.html import charts
from gen.publish.jury import Jury, read_jury
from gen.publish.painter import Painter
from gen.publish.synonyms import Synonyms

Files = Mapping[str, bytes]  # the files of a record, by name
INDEX = "index.md"  # of a folder: prose about all that is in it


@dataclass(frozen=True)
class Materials:
    """What pages are made from. One whose record is missing is missing here."""

    root: Path
    inputs: Inputs
    prose: Mapping[str, str] = field(default_factory=dict)  # path under docs/ -> Markdown
    captures: Mapping[str, Capture] = field(default_factory=dict)  # by key
    files: Mapping[str, Files] = field(default_factory=dict)  # of the captures, by key
    machines: Mapping[str, str] = field(default_factory=dict)  # by key: what made it, and with what
    colours: Mapping[str, LatentColours] = field(default_factory=dict)  # by the id of the model
    measurements: Mapping[str, Measurement] = field(default_factory=dict)  # by id
    charts: Mapping[str, str] = field(default_factory=dict)  # SVG, by the measurement's id
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # of measurements' pictures
    references: Mapping[str, Reference] = field(default_factory=dict)  # by the id of the idea
    synonyms: Synonyms = field(default_factory=dict)
    staged: Mapping[str, Staged] = field(default_factory=dict)  # by id
    blueprints: Mapping[str, Blueprint] = field(default_factory=dict)  # by key
    named: frozenset[str] = frozenset()  # the records and their files, by path under docs/
    apart: Mapping[tuple[str, str], float] = field(default_factory=dict)  # two keys -> how far
    finals: Finals | None = None  # small pictures of the required model as it is now pinned
    painter: Painter | None = None  # the required model, where its weights are here
    jury: Jury | None = None  # the judges, where they are here
    preview: bool = False  # a page whose capture is missing says so instead of stopping the build
    site: str = ""  # what the site calls itself
    address: str = ""  # where it will stand, with a slash at the end; "" where nobody knows yet

    @cached_property
    def facts(self) -> claims.Facts:
        """Every fact of the sources, by its two ids."""
        return claims.facts_of(self.inputs.sources)

    @cached_property
    def terms(self) -> Mapping[str, glossary.Term]:
        """Every term of the glossary, by its id."""
        return glossary.terms(self.prose.get(glossary.PATH, ""))

    @cached_property
    def keys(self) -> Mapping[Prompt, str | None]:
        """The key of each prompt's capture; None while its model is not pinned."""
        return {prompt: self.inputs.key(prompt) for prompt in self.inputs.prompts}

    def capture(self, prompt: Prompt) -> Capture | None:
        """A prompt's capture; None where it may be missing. Raises MissingRecord."""
        key = self.keys[prompt]
        if key is not None and key in self.captures:
            return self.captures[key]
        if self.required(prompt) and not self.preview:
            raise MissingRecord(f"{prompt.id}: {self._lack(prompt, key)}")
        return None

    @cached_property
    def awaited(self) -> frozenset[str]:
        """In a preview the prompts that are still to be captured, by name."""
        prompts = self.inputs.prompts if self.preview else ()
        return frozenset(self.name(prompt) for prompt in prompts if self.capture(prompt) is None)

    def prompt(self, page: str, idea: str, model: str | None = None) -> Prompt:
        """The prompt of an idea for a model, the required one unless named. Raises BadInput."""
        known: dict[str, Prompt] = {}
        for prompt in self.inputs.prompts:
            serves = prompt.model == model if model else self.required(prompt)
            if serves:
                known.setdefault(prompt.id, prompt)
        if idea in known:
            return known[idea]
        models = [each.id for each in self.inputs.models]
        if model and model not in models:
            raise BadInput(f"{page}: no model {model}; {nearest(model, models)}")
        who = model or "the required model"
        if idea in {prompt.id for prompt in self.inputs.prompts}:
            raise BadInput(
                f"{page}: {idea} has no words for {who}; add them in sources/prompts.yml"
            )
        raise BadInput(f"{page}: no prompt {idea} for {who}; {nearest(idea, known)}")

    def _lack(self, prompt: Prompt, key: str | None) -> str:
        """Why a capture that the site must have is not there, and the next move."""
        if key is None:
            return f"{prompt.model} has no revision in models.yml; pin it, or do not require it"
        return f"no capture {key}; run python -m gen capture {prompt.id}"

    def required(self, prompt: Prompt) -> bool:
        """Whether the site must have this prompt's capture."""
        return self.inputs.model(prompt.model).required

    def face(self, group: Idea | Comparison) -> Prompt:
        """The prompt whose picture stands for an idea or a comparison."""
        return self.faces(group)[-1]

    def faces(self, group: Idea | Comparison) -> Sequence[Prompt]:
        """The prompts of an idea or a comparison that can stand for it, in their order."""
        return [p for p in group.prompts if self.required(p)] or group.prompts

    def name(self, prompt: Prompt) -> str:
        """What ids on a page call a prompt: the model is named unless it is the required one."""
        return prompt.id if self.required(prompt) else f"{prompt.id}-{prompt.model}"

    def title(self, prompt: Prompt) -> str:
        """The title of the idea that a prompt words."""
        return next(idea.title for idea in self.inputs.ideas if idea.id == prompt.idea)

    def final(self, capture: Capture) -> bytes:
        """The bytes of a capture's final picture, a lossless file."""
        return self.files[capture.key][capture.final]


def read(root: Path, site: str = "", address: str = "", preview: bool = False) -> Materials:
    """Everything below a project's root that pages are made from.

    Raises BadInput for a source that is wrong and BrokenRecord for a record that is.
    """
    sources = inputs.read(root)
    captures = dict(_captures(root, sources))
    measured = {id: store.read_measurement_whole(root, id) for id in store.measured(root)}
    colours, references = dict(_colours(root, sources)), dict(_references(root, sources))
    staged = {id: store.read_staged(root, id) for id in store.staged.ids(root)}
    required = next(m for m in sources.models if m.required)
    finals = before.read(root, required)
    drawn = blueprints.read_all(root, sources)
    return Materials(
        root,
        sources,
        dict(_prose(root / "docs", measured)),
        {key: capture for key, (capture, _) in captures.items()},
        {key: files for key, (_, files) in captures.items()},
        machines={key: machines.machine(root, key) for key in captures},
        colours=colours,
        measurements={id: measurement for id, (measurement, _) in measured.items()},
        charts={id: _chart(root, id, files) for id, (_, files) in measured.items()},
        sizes=dict(size for _, files in measured.values() for size in _sizes(files)),
        references=references,
        synonyms=synonyms.read(root),
        staged=staged,
        blueprints=drawn,
        named=frozenset(
            (
                *store.captures.named({key: files for key, (_, files) in captures.items()}),
                *store.colours.named({store.model_id(c.key): () for c in colours.values()}),
                *store.measurements.named({id: files for id, (_, files) in measured.items()}),
                *store.pictured.named({id: dict(r.digests) for id, r in references.items()}),
                *(store.finals.named({finals.id: dict(finals.digests)}) if finals else ()),
                *store.staged.named({id: dict(s.digests) for id, s in staged.items()}),
                *blueprints.shelf.named(dict.fromkeys(drawn, ())),
            )
        ),
        apart=dict(_apart(sources, captures)),
        finals=finals,
        painter=painter.read(root, required),
        jury=read_jury(root),
        preview=preview,
        site=site,
        address=address,
    )


def _prose(docs: Path, measured: Container[str]) -> Iterator[tuple[str, str]]:
    """Every page that people wrote; one about a measurement waits until that is made.

    MkDocs takes no file for a page whose name, or whose folder's, begins with a dot.
    """
    for path in sorted(path for path in docs.rglob("*.md") if shown(path, docs)):
        place = path.relative_to(docs).as_posix()
        about = path.parent == docs / store.MEASUREMENTS.name and path.name != INDEX
        if not about or path.stem in measured:
            yield place, read_text(path, f"docs/{place}")


def _captures(root: Path, sources: Inputs) -> Iterator[tuple[str, tuple[Capture, Files]]]:
    """The captures of the prompts, each with its files; the page that needs another says so.

    What a model is called was not captured: it is what models.yml calls it now.
    """
    models = {sources.key(prompt): sources.model(prompt.model) for prompt in sources.prompts}
    alike: dict[tuple[Part, ...], tuple[Part, ...]] = {}  # of one model at one size: held once
    for key, model in sorted(((k, m) for k, m in models.items() if k), key=itemgetter(0)):
        try:
            capture, files = store.read_whole(root, key)
        except MissingRecord:
            continue
        store.decode(root, capture, files)
        parts = alike.setdefault(capture.parts, capture.parts)
        yield key, (replace(capture, model=model, parts=parts), later.stored(root, capture))


def _colours(root: Path, sources: Inputs) -> Iterator[tuple[str, LatentColours]]:
    """The fitted latent colours of every model that has captures, by the model's id."""
    for model in sources.models:
        try:
            yield model.id, store.read_colours(root, model)
        except MissingRecord:
            continue


def _chart(root: Path, id: str, files: Files) -> str:
    """A measurement's chart, as it will stand in its page. Raises BrokenRecord."""
    name = f"{id}.svg"
    fault = charts.fault(files[name]) if name in files else "is not among its files"
    if fault:
        raise store.measurements.broken(root, id, name, fault.partition(";")[0], id)
    return files[name].decode()


def _sizes(files: Files) -> Iterator[tuple[str, tuple[int, int]]]:
    """Width and height of every picture among a measurement's files, by the file's name."""
    pictures = (name for name in files if name.endswith(".webp"))
    return ((name, Image.open(BytesIO(files[name])).size) for name in pictures)


def _references(root: Path, sources: Inputs) -> Iterator[tuple[str, Reference]]:
    """The references by their idea, where that still says the same words."""
    words = {(prompt.id, prompt.text) for prompt in sources.prompts}
    for id in store.references(root):
        reference = store.read_reference(root, id)
        if (id, reference.prompt) in words:
            yield id, reference


def _apart(
    sources: Inputs, captures: Mapping[str, tuple[Capture, Files]]
) -> Iterator[tuple[tuple[str, str], float]]:
    """How far the final pictures of a comparison's runs lie apart, by the keys of two runs."""
    for comparison in sources.comparisons:
        keys = map(sources.key, comparison.prompts)
        runs = [captures[key] for key in keys if key is not None and key in captures]
        for (one, files), (other, others) in combinations(runs, 2):
            if one.model == other.model:
                yield (one.key, other.key), differences.apart(files[one.final], others[other.final])
