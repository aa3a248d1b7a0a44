"""sources/*.yml -> records. Unknown keys are refused and every error of a file is told at once."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gen.core.errors import BadInput
from gen.core.records import (
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

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=8, le=2048, multiple_of=8)]  # the VAE halves each side three times
Span = Annotated[str, Field(pattern=r"^[1-9][0-9]*-[1-9][0-9]*$")]
Locator = Annotated[str, Field(pattern=r"^[^#]+#L[1-9][0-9]*(-L[1-9][0-9]*)?$")]
Scheduler = Literal["DDIMScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler"]
Varies = Literal["text", "negative", "seed", "steps", "guidance_scale", "scheduler"]


class Given(BaseModel):
    """What a person wrote: nothing is guessed, converted or ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class GivenFact(Given):
    text: Text
    place: Text
    says: Text
    lines: Annotated[int, Field(ge=1)] | Span | None = None
    sha256: Sha256 | None = None
    sentence: Annotated[int, Field(ge=1)] | None = None
    also: list[Locator] = []
    read_in: Text | None = None


class GivenSource(Given):
    kind: Literal["github", "arxiv"]
    title: Text
    url: Text
    revision: Text
    about: Text
    facts: dict[Id, GivenFact]


class GivenDefaults(Given):
    negative: str
    steps: Annotated[int, Field(ge=1, le=1000)]  # the schedule has 1000 levels
    guidance_scale: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    width: Size
    height: Size
    scheduler: Scheduler


class GivenPrompt(GivenDefaults):
    text: Text
    seed: Annotated[int, Field(ge=0, lt=2**63)]  # what torch.Generator takes


class GivenLatentMap(Given):
    prompts: Annotated[list[Text], Field(min_length=1)]
    steps: Annotated[int, Field(ge=1, le=1000)]


class GivenModel(Given):
    title: Text
    where: Annotated[
        dict[Literal["folder", "hub", "file"], Text], Field(min_length=1, max_length=1)
    ]
    revision: Sha256 | None
    required: bool
    defaults: GivenDefaults
    latent_map: GivenLatentMap


class GivenIdea(Given):
    title: Text
    look: Text
    seed: int
    words: Annotated[dict[Id, Text], Field(min_length=1)]


class GivenComparison(Given):
    title: Text
    look: Text
    idea: Id
    varies: Varies
    values: dict[Id, Annotated[list[str | int | float], Field(min_length=2)]]


class GivenPrompts(Given):
    ideas: Annotated[dict[Id, GivenIdea], Field(min_length=1)]
    comparisons: dict[Id, GivenComparison]


class GivenQuestion(Given):
    text: Text
    asks: Annotated[list[Text], Field(min_length=1)]
    model: Id
    papers: list[Id]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # the C one is ten times as quick
    """A safe loader that refuses a key given twice, which YAML's own would let the last one win."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.MarkedYAMLError(problem=f"line {line}: {key!r} is given twice")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read(root: Path) -> Inputs:
    """All of sources/*.yml under a project's root. Raises BadInput, one line per error."""
    sources = tuple(_sources(_file(root, "sources", dict[Id, GivenSource])))
    given_models = _file(root, "models", dict[Id, GivenModel])
    models = tuple(_model(id, given) for id, given in given_models.items())
    prompts = _file(root, "prompts", GivenPrompts)
    ideas = tuple(_idea(id, given, given_models) for id, given in prompts.ideas.items())
    by_id = {idea.id: idea for idea in ideas}
    comparisons = tuple(_comparison(id, c, by_id) for id, c in prompts.comparisons.items())
    question = _question(_file(root, "question", GivenQuestion), {s.id for s in sources})
    _unique([p.id for group in (*ideas, *comparisons) for p in _first_model(group.prompts)])
    return Inputs(question, sources, models, ideas, comparisons)


def nearest(name: str, known: Mapping | set | list | tuple) -> str:
    """A "did you mean" for a name that is not among the known ones, or how many there are."""
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]}?" if close else f"known are: {', '.join(sorted(known))}"


def _file(root: Path, name: str, shape):
    """One file, checked against its shape."""
    place = f"sources/{name}.yml"
    try:
        loaded = yaml.load((root / place).read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise BadInput(f"{place}: cannot be read ({error.strerror}); restore it from git") from None
    except UnicodeDecodeError:
        raise BadInput(f"{place}: is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise BadInput(f"{place}: not YAML: {said}; correct it there") from None
    return _checked(place, shape, loaded)


def _checked(place: str, shape, value: object):
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as errors:
        raise BadInput("\n".join(_lines(place, errors))) from None


def _lines(place: str, errors: ValidationError) -> Iterator[str]:
    """One line per error: the place, the value, the next move."""
    joint = " > " if ": " in place else ": "
    for error in errors.errors(include_url=False):
        where = joint + " > ".join(str(part) for part in error["loc"] if part != "[key]")
        if error["type"] == "missing":
            yield f"{place}{where}: is missing; add it"
        elif error["type"] == "extra_forbidden":
            yield f"{place}{where}: unknown key; remove it or correct its name"
        elif error["type"] == "string_pattern_mismatch" and error["loc"][-1:] == ("[key]",):
            value = error["input"]
            yield f"{place}{where}: an id has a-z, 0-9 and single hyphens; rename {value!r}"
        else:
            said = error["msg"].removeprefix("Input should be ")
            yield f"{place}{where}: {_short(error['input'])}: give {said}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _sources(given: dict[str, GivenSource]) -> Iterator[Source]:
    for id, source in given.items():
        place = f"sources/sources.yml: {id} > facts"
        facts = tuple(_fact(place, key, fact, source.kind) for key, fact in source.facts.items())
        yield Source(
            id, source.kind, source.title, source.url, source.revision, source.about, facts
        )


def _fact(place: str, id: str, given: GivenFact, kind: str) -> Fact:
    located = {
        "github": given.lines is not None and given.sha256 is not None,
        "arxiv": (given.sentence is not None) != (given.read_in is not None),
    }[kind]
    if not located:
        needs = {"github": "lines and sha256", "arxiv": "either sentence or read_in"}[kind]
        raise BadInput(f"{place} > {id}: has no locator; give {needs}")
    return Fact(
        id=id,
        text=given.text,
        place=given.place,
        says=given.says,
        lines=None if given.lines is None else _span(given.place, str(given.lines)),
        lines_sha256=given.sha256,
        sentence=given.sentence,
        also=tuple(_locator(text) for text in given.also),
        read_in=given.read_in,
    )


def _span(path: str, text: str) -> Lines:
    first, _, last = text.partition("-")
    return Lines(path, int(first), int(last or first))


def _locator(text: str) -> Lines:
    """A path with lines as GitHub writes them: README.md#L66-L76."""
    path, _, lines = text.partition("#")
    return _span(path, lines.replace("L", ""))


def _model(id: str, given: GivenModel) -> Model:
    ((kind, location),) = given.where.items()
    map_ = LatentMap(tuple(given.latent_map.prompts), given.latent_map.steps)
    return Model(id, given.title, kind, location, given.revision, given.required, map_)


def _idea(id: str, given: GivenIdea, models: dict[str, GivenModel]) -> Idea:
    place = f"sources/prompts.yml: ideas > {id}"
    prompts = []
    for model, text in given.words.items():
        if model not in models:
            raise BadInput(
                f"{place} > words: no model {model} in models.yml; {nearest(model, models)}"
            )
        asked = models[model].defaults.model_dump() | {"text": text, "seed": given.seed}
        prompts.append(_prompt(f"{place} > {model}", asked, id=id, idea=id, model=model))
    return Idea(id, given.title, given.look, tuple(prompts))


def _prompt(place: str, asked: dict, **names: str) -> Prompt:
    checked = _checked(place, GivenPrompt, asked)
    return Prompt(**checked.model_dump(), **names)


def _comparison(id: str, given: GivenComparison, ideas: dict[str, Idea]) -> Comparison:
    place = f"sources/prompts.yml: comparisons > {id}"
    if given.idea not in ideas:
        raise BadInput(f"{place} > idea: no idea {given.idea}; {nearest(given.idea, ideas)}")
    bases = {prompt.model: prompt for prompt in ideas[given.idea].prompts}
    prompts = []
    for model, values in given.values.items():
        if model not in bases:
            raise BadInput(f"{place} > values: {given.idea} has no words for {model}; add them")
        if len(set(values)) < len(values):
            raise BadInput(f"{place} > values > {model}: a value stands twice; remove one")
        prompts += _varied(place, id, given.varies, bases[model], values)
    return Comparison(id, given.title, given.look, given.varies, tuple(prompts))


def _varied(place: str, id: str, field: str, base: Prompt, values: list) -> Iterator[Prompt]:
    """Prompts that equal the base but for one field."""
    asked = {name: getattr(base, name) for name in GivenPrompt.model_fields}
    for number, value in enumerate(values, start=1):
        where = f"{place} > values > {base.model} > {number}"
        varied = asked | {field: value}
        names = {"id": f"{id}-{number}", "idea": base.idea, "model": base.model}
        yield _prompt(where, varied, **names)


def _question(given: GivenQuestion, sources: set[str]) -> Question:
    for id in (given.model, *given.papers):
        if id not in sources:
            raise BadInput(f"sources/question.yml: no source {id}; {nearest(id, sources)}")
    return Question(given.text, tuple(given.asks), given.model, tuple(given.papers))


def _first_model(prompts: tuple[Prompt, ...]) -> list[Prompt]:
    return [prompt for prompt in prompts if prompt.model == prompts[0].model]


def _unique(ids: list[str]) -> None:
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        raise BadInput(
            f"sources/prompts.yml: {id} names two prompts; rename the idea or comparison"
        )
