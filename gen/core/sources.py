"""What sources/*.yml say, as records: works and their facts, models, prompts, the question."""

from dataclasses import asdict, dataclass
from functools import cached_property

from gen.core.canonical import added, canonical, digest, written

STUDY = "study"  # the model that is measured: trained here, in a world that is known
CAPTURE_FORMAT = 3  # raised when what a capture holds changes; every capture is then stale


@dataclass(frozen=True)
class Lines:
    """Lines of a file in a cited repository, counted from 1, both ends included."""

    path: str
    first: int
    last: int


@dataclass(frozen=True)
class Fact:
    """What one source says in one place, in our words.

    A repository fact has `lines` and their sha256; an abstract fact has `sentence`; one read in
    another version of the paper than the cited one says so in `read_in`, be it a sentence or not.
    """

    id: str
    text: str
    place: str  # a path in the repository, "abstract", or a section of the version in `read_in`
    says: str  # the key phrase: occurs letter for letter inside one cited line or sentence
    lines: Lines | None = None
    lines_sha256: str | None = None  # of the cited lines joined by newlines
    sentence: int | None = None
    also: tuple[Lines, ...] = ()
    read_in: str | None = None


@dataclass(frozen=True)
class Source:
    """One of the four works that the site may cite."""

    id: str
    kind: str  # github | arxiv
    title: str
    url: str
    revision: str  # the pinned commit, or the version that the address names
    about: str  # one sentence: what it is
    facts: tuple[Fact, ...]
    carries: str = ""  # the part of the answer that rests on it
    leaves: str = ""  # what it does not speak of

    def url_of(self, where: Fact | Lines) -> str:
        """The exact address of a fact: a permalink to lines, or the paper as cited."""
        lines = where.lines if isinstance(where, Fact) else where
        if lines is None:
            return self.url
        plain = "?plain=1" if lines.path.endswith(".md") else ""  # GitHub renders Markdown
        ends = f"#L{lines.first}" + (f"-L{lines.last}" if lines.last > lines.first else "")
        return f"{self.url}/blob/{self.revision}/{lines.path}{plain}{ends}"


@dataclass(frozen=True)
class LatentMap:
    """What a model's 4-to-3 linear map from latents to colours is fitted on: its own pictures."""

    prompts: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class Shape:
    """What a single file of weights leaves out, as kept in sources/shapes: configs, vocabulary."""

    id: str
    revision: str  # sha256 of all its files


@dataclass(frozen=True)
class Model:
    """A pipeline that a prompt may name."""

    id: str
    title: str
    kind: str  # folder | hub | file
    location: str  # a folder of this checkout, a hub id, or the id of the shape that a file has
    revision: str | None  # sha256 of the weights; None until someone supplies and pins them
    required: bool
    latent_map: LatentMap
    shape: Shape | None = added(None)  # of one whose weights may come as a single file
    vae: str | None = added(None)  # sha256 of a file that replaces the weights' own VAE

    @property
    def committed(self) -> bool:
        """Whether the checkout must hold its weights, just as they are pinned."""
        return self.required and self.kind == "folder" and self.revision is not None

    @property
    def made_of(self) -> dict[str, object]:
        """All of the model that its pictures follow from, as keys are made of it."""
        parts = {
            "revision": self.revision,
            "latent_map": asdict(self.latent_map),
            "shape": self.shape and self.shape.revision,
            "vae": self.vae,
        }
        return {name: part for name, part in parts.items() if part is not None}


@dataclass(frozen=True)
class Prompt:
    """Everything that is asked of a model for one picture."""

    id: str
    idea: str
    text: str
    negative: str
    seed: int
    steps: int
    guidance_scale: float
    width: int  # pixels
    height: int
    scheduler: str  # a diffusers class name
    model: str
    karras: bool = added(False)  # whether its noise levels are spaced as Karras et al. do
    clip_skip: int = added(1)  # the text encoder's layer that is read, counted from its last
    eta: float = added(0.0)  # how much of the noise that DDIM puts back is drawn anew: 0 to 1

    @property
    def evaluations(self) -> int:
        """How often the U-Net is asked: PNDM takes its second step twice, to begin with."""
        return self.steps + (self.scheduler == "PNDMScheduler" and self.steps > 1)

    def key(self, model: Model) -> str | None:
        """Names the capture of this prompt: a hash of all its fields; None if unpinned.

        The ids of prompt and idea are left out, so two prompts that ask the same share a capture.
        """
        if model.revision is None:
            return None
        fields = written(self)
        del fields["id"], fields["idea"], fields["model"]
        fields |= {"format": CAPTURE_FORMAT, **model.made_of}
        return digest(canonical(fields))[:16]

    def pinned_key(self, model: Model) -> str:
        """The key for a model that is pinned, as every one is whose weights are loaded."""
        key = self.key(model)
        assert key is not None, f"{model.id} is not pinned"
        return key


@dataclass(frozen=True)
class Idea:
    """One thing to look at, worded for each model."""

    id: str
    title: str
    look: str  # where to look; an invitation, not a claim
    prompts: tuple[Prompt, ...]
    seen: str | None = None  # what one picture shows there, written by eye
    seen_in: str | None = None  # how the key of its capture begins: said of no other


@dataclass(frozen=True)
class Comparison:
    """Prompts of one idea in which one field differs and all else is equal, for each model."""

    id: str
    title: str
    look: str
    varies: str  # a field of Prompt
    prompts: tuple[Prompt, ...]
    says: str | None = None  # what sources say of it, cited as prose cites
    seen: str | None = None  # what the required model's pictures show, as the page's heading
    seen_in: tuple[str, ...] = ()  # how the keys of its captures begin: said of no others


@dataclass(frozen=True)
class Question:
    """What the person asked, and which of the four works answers what."""

    text: str
    asks: tuple[str, ...]
    model: str  # id of the recommended model's source
    papers: tuple[str, ...]  # ids of sources


@dataclass(frozen=True)
class Inputs:
    """All of sources/*.yml."""

    question: Question
    sources: tuple[Source, ...]
    models: tuple[Model, ...]
    ideas: tuple[Idea, ...]
    comparisons: tuple[Comparison, ...]

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt of every idea and comparison, in order."""
        groups: tuple[Idea | Comparison, ...] = (*self.ideas, *self.comparisons)
        return tuple(prompt for group in groups for prompt in group.prompts)

    def model(self, id: str) -> Model:
        """The model of this id. Raises KeyError."""
        return {model.id: model for model in self.models}[id]

    def key(self, prompt: Prompt) -> str | None:
        """The key of a prompt's capture, or None while its model is not pinned."""
        return prompt.key(self.model(prompt.model))
