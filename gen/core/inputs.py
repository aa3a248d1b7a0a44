"""sources/*.yml -> records. Unknown keys are refused; every error of a file comes at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from gen.core import shapes, yamlfile
from gen.core.errors import BadInput
from gen.core.schema import (
    ComparisonEntry,
    FactEntry,
    Id,
    IdeaEntry,
    ModelEntry,
    PromptEntry,
    PromptsFile,
    QuestionEntry,
    SourceEntry,
)
from gen.core.sources import (
    Comparison,
    Fact,
    Idea,
    Inputs,
    LatentMap,
    Lines,
    Model,
    Prompt,
    Question,
    Source,
)
from gen.core.yaml_lines import lines_told
from gen.core.yamlfile import checked, nearest

Shape = TypeVar("Shape")


def read(root: Path) -> Inputs:
    """All of sources/*.yml under a project's root. Raises BadInput, one line per error."""
    with lines_told(root):
        return _read(root)


def _read(root: Path) -> Inputs:
    sources = tuple(_sources(_file(root, "sources", dict[Id, SourceEntry])))
    entries = _file(root, "models", dict[Id, ModelEntry])
    models = tuple(_model(root, id, entry) for id, entry in entries.items())
    if not any(model.required for model in models):
        raise BadInput("sources/models.yml: no model is required; set required: true for one")
    prompts = _file(root, "prompts", PromptsFile)
    _reserved(prompts)
    ideas = tuple(_idea(id, entry, entries) for id, entry in prompts.ideas.items())
    by_id = {idea.id: idea for idea in ideas}
    comparisons = tuple(_comparison(id, c, by_id) for id, c in prompts.comparisons.items())
    question = _question(_file(root, "question", QuestionEntry), {s.id for s in sources})
    groups: tuple[Idea | Comparison, ...] = (*ideas, *comparisons)
    _unique([id for group in groups for id in {prompt.id for prompt in group.prompts}])
    return Inputs(question, sources, models, ideas, comparisons)


def _file(root: Path, name: str, shape: type[Shape]) -> Shape:
    """One file, checked against its shape."""
    place = f"sources/{name}.yml"
    return yamlfile.read(root / place, place, shape)


def _sources(entries: dict[str, SourceEntry]) -> Iterator[Source]:
    for id, source in entries.items():
        place = f"sources/sources.yml: {id} > facts"
        facts = tuple(_fact(place, key, fact, source.kind) for key, fact in source.facts.items())
        plain = source.model_dump(exclude={"facts"})
        yield Source(id=id, facts=facts, **plain)


def _fact(place: str, id: str, entry: FactEntry, kind: str) -> Fact:
    where = f"{place} > {id}"
    located = {
        "github": entry.lines is not None and entry.sha256 is not None,
        "arxiv": entry.sentence is not None or entry.read_in is not None,
    }[kind]
    if not located:
        needs = {"github": "lines and sha256", "arxiv": "sentence, read_in or both"}[kind]
        raise BadInput(f"{where}: has no locator; give {needs}")
    return Fact(
        id=id,
        text=entry.text,
        place=entry.place,
        says=entry.says,
        lines=None if entry.lines is None else _span(where, entry.place, str(entry.lines)),
        lines_sha256=entry.sha256,
        sentence=entry.sentence,
        also=tuple(_locator(where, text) for text in entry.also),
        read_in=entry.read_in,
    )


def _span(place: str, path: str, text: str) -> Lines:
    first, _, last = text.partition("-")
    lines = Lines(path, int(first), int(last or first))
    if lines.last < lines.first:
        raise BadInput(f"{place}: lines {text} end before they begin; write the first one first")
    return lines


def _locator(place: str, text: str) -> Lines:
    """A path with lines as GitHub writes them: README.md#L66-L76."""
    path, _, lines = text.partition("#")
    return _span(f"{place} > also", path, lines.replace("L", ""))


def _model(root: Path, id: str, entry: ModelEntry) -> Model:
    ((kind, location),) = entry.where.items()
    named = location if kind == "file" else entry.shape
    return Model(
        id=id,
        title=entry.title,
        kind=kind,
        location=location,
        revision=entry.revision,
        required=entry.required,
        latent_map=LatentMap(tuple(entry.latent_map.prompts), entry.latent_map.steps),
        shape=None if named is None else shapes.read(root, named, f"sources/models.yml: {id}"),
        vae=entry.vae,
    )


def _idea(id: str, entry: IdeaEntry, models: dict[str, ModelEntry]) -> Idea:
    place = f"sources/prompts.yml: ideas > {id}"
    _check_seen(place, entry)
    prompts = []
    for model, text in entry.words.items():
        if model not in models:
            raise BadInput(
                f"{place} > words: no model {model} in models.yml; {nearest(model, models)}"
            )
        fields = models[model].defaults.model_dump() | {"text": text, "seed": entry.seed}
        prompts.append(_prompt(f"{place} > {model}", fields, id, id, model))
    return Idea(id, entry.title, entry.look, tuple(prompts), entry.seen, entry.seen_in)


def _check_seen(place: str, entry: IdeaEntry | ComparisonEntry) -> None:
    if (entry.seen is None) != (entry.seen_in is None):
        move = "say what is seen, and in seen_in how the key of each capture begins"
        raise BadInput(f"{place}: has one of seen and seen_in; {move}")


def _prompt(place: str, fields: dict[str, object], id: str, idea: str, model: str) -> Prompt:
    entry = checked(place, PromptEntry, fields)
    return Prompt(id=id, idea=idea, model=model, **entry.model_dump())


def _comparison(id: str, entry: ComparisonEntry, ideas: dict[str, Idea]) -> Comparison:
    place = f"sources/prompts.yml: comparisons > {id}"
    _check_seen(place, entry)
    if entry.idea not in ideas:
        raise BadInput(f"{place} > idea: no idea {entry.idea}; {nearest(entry.idea, ideas)}")
    bases = {prompt.model: prompt for prompt in ideas[entry.idea].prompts}
    prompts: list[Prompt] = []
    for model, values in entry.values.items():
        if model not in bases:
            raise BadInput(f"{place} > values: {entry.idea} has no words for {model}; add them")
        if len(set(values)) < len(values):
            raise BadInput(f"{place} > values > {model}: a value stands twice; remove one")
        prompts += _varied(place, id, entry.varies, bases[model], values)
    told = entry.says, entry.seen, tuple(entry.seen_in or ())
    return Comparison(id, entry.title, entry.look, entry.varies, tuple(prompts), *told)


def _varied(
    place: str, id: str, field: str, base: Prompt, values: Sequence[object]
) -> Iterator[Prompt]:
    """Prompts that equal the base but for one field."""
    fields = {name: getattr(base, name) for name in PromptEntry.model_fields}
    for number, value in enumerate(values, start=1):
        where = f"{place} > values > {base.model} > {number}"
        varied = fields | {field: value}
        if field == "scheduler":
            varied["eta"] = 0.0  # others than DDIM do not take it, and one thing alone differs
        yield _prompt(where, varied, f"{id}-{number}", base.idea, base.model)


def _question(entry: QuestionEntry, sources: set[str]) -> Question:
    named = {"model": entry.model}
    named |= {f"papers > {number}": id for number, id in enumerate(entry.papers, start=1)}
    for where, id in named.items():
        if id not in sources:
            raise BadInput(f"sources/question.yml: {where}: no source {id}; {nearest(id, sources)}")
    return Question(entry.text, tuple(entry.asks), entry.model, tuple(entry.papers))


def _reserved(prompts: PromptsFile) -> None:
    """Raises BadInput for an id that is the page of all ideas, or of all comparisons."""
    for kind in ("ideas", "comparisons"):
        if "index" in getattr(prompts, kind):
            raise BadInput(f"sources/prompts.yml: {kind} > index: is the page of all; rename it")


def _unique(ids: list[str]) -> None:
    for id in sorted(id for id, count in Counter(ids).items() if count > 1):
        raise BadInput(
            f"sources/prompts.yml: {id} names two prompts; rename the idea or comparison"
        )
