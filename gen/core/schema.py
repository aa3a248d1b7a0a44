"""The shapes of sources/*.yml, as people write them; see yamlfile.py."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from gen.core import refused
from gen.core.yamlfile import Schema, like, visible

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1), AfterValidator(visible)]
Sha256 = Annotated[str, like(r"[0-9a-f]{64}", "a SHA-256 digest: 64 of 0-9 and a-f")]
Size = Annotated[int, Field(ge=8, le=2048, multiple_of=8)]  # the VAE halves each side three times
Span = Annotated[str, like(r"[1-9][0-9]*-[1-9][0-9]*", 'the first and the last, as "12-15"')]
Locator = Annotated[
    str, like(r"[^#]+#L[1-9][0-9]*(-L[1-9][0-9]*)?", "a file and its lines, as README.md#L3-L7")
]
Words = Annotated[str, AfterValidator(visible), AfterValidator(refused.plain_words)]
Varies = Literal[
    "text", "negative", "seed", "steps", "guidance_scale", "scheduler", "karras", "clip_skip", "eta"
]


class FactEntry(Schema):
    text: Text
    place: Text
    says: Text
    lines: Annotated[int, Field(ge=1)] | Span | None = None
    sha256: Sha256 | None = None
    sentence: Annotated[int, Field(ge=1)] | None = None
    also: list[Locator] = Field(default_factory=list)
    read_in: Text | None = None


class SourceEntry(Schema):
    kind: Literal["github", "arxiv"]
    title: Text
    url: Text
    revision: Text
    about: Text
    carries: Text
    leaves: Text
    facts: dict[Id, FactEntry]


class DefaultsEntry(Schema):
    negative: Words
    steps: Annotated[int, Field(ge=1, le=999)]  # of 1000 levels, see schedulers.steps_apart
    guidance_scale: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    width: Size
    height: Size
    scheduler: Annotated[str, AfterValidator(refused.scheduler)]
    karras: bool = False
    clip_skip: Annotated[int, Field(ge=1, le=12)] = 1
    eta: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0

    @model_validator(mode="after")
    def _spaced(self) -> Self:
        if self.karras and self.scheduler not in refused.KARRAS:
            known = ", ".join(refused.KARRAS)
            raise ValueError(f"karras: false, or one of the schedulers that have it: {known}")
        if self.eta and self.scheduler != refused.FRESH:
            raise ValueError(f"eta: 0, or {refused.FRESH}, which alone takes it")
        return self


class PromptEntry(DefaultsEntry):
    text: Annotated[Words, Field(min_length=1)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]  # what torch.Generator takes


class LatentMapEntry(Schema):
    prompts: Annotated[list[Annotated[Words, Field(min_length=1)]], Field(min_length=1)]
    steps: Annotated[int, Field(ge=1, le=999)]


class ModelEntry(Schema):
    title: Text
    where: Annotated[
        dict[Literal["folder", "hub", "file"], Text], Field(min_length=1, max_length=1)
    ]
    revision: Sha256 | None
    shape: Id | None = None
    vae: Sha256 | None = None
    required: bool
    defaults: DefaultsEntry
    latent_map: LatentMapEntry
    loras: refused.Merged = None
    embeddings: refused.Worded = None
    textual_inversions: refused.Worded = None
    hypernetworks: refused.Merged = None


KeyBegins = Annotated[str, like(r"[0-9a-f]{8}", "how a capture's key begins: 8 of 0-9 and a-f")]


class IdeaEntry(Schema):
    title: Text
    look: Text
    seen: Text | None = None
    seen_in: KeyBegins | None = None
    seed: int
    words: Annotated[dict[Id, Text], Field(min_length=1)]


Values = Annotated[list[str | bool | int | float], Field(min_length=2)]


class ComparisonEntry(Schema):
    title: Text
    look: Text
    seen: Text | None = None
    seen_in: Annotated[list[KeyBegins], Field(min_length=2)] | None = None
    says: Text | None = None
    idea: Id
    varies: Varies
    values: Annotated[dict[Id, Values], Field(min_length=1)]


class PromptsFile(Schema):
    ideas: Annotated[dict[Id, IdeaEntry], Field(min_length=1)]
    comparisons: dict[Id, ComparisonEntry]


class QuestionEntry(Schema):
    text: Text
    asks: Annotated[list[Text], Field(min_length=3, max_length=3)]  # a page answers each
    model: Id
    papers: list[Id]
