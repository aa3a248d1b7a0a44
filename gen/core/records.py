"""What passes between the stages: frozen dataclasses, tuples inside; and the key of a capture."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

CAPTURE_FORMAT = 1  # raised when what a capture holds changes; every capture is then stale
MEASUREMENT_FORMAT = 1  # the same for measurements
SHEET_COLUMNS = (
    8  # frames in a row of a sheet: 8 x 256 px stays under 4096, which phones can decode
)
START, END = "<|startoftext|>", "<|endoftext|>"  # CLIP's own names for the tokens around a prompt


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values, equal bytes. Refuses NaN and infinity."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(data: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


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
    another version of the paper than the cited one has neither and says so in `read_in`.
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
class Model:
    """A pipeline that a prompt may name."""

    id: str
    title: str
    kind: str  # folder | hub | file
    location: str  # a folder of this checkout, a hub id, or the model whose shape a file has
    revision: str | None  # sha256 of the weights; None until someone supplies and pins them
    required: bool
    latent_map: LatentMap


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

    def key(self, model: Model) -> str | None:
        """Names the capture of this prompt: a hash of all that was asked; None if unpinned.

        The ids of prompt and idea are left out, so two prompts that ask the same share a capture.
        """
        if model.revision is None:
            return None
        asked = asdict(self)
        del asked["id"], asked["idea"], asked["model"]
        asked |= {
            "format": CAPTURE_FORMAT,
            "revision": model.revision,
            "latent_map": asdict(model.latent_map),
        }
        return digest(canonical(asked))[:16]


@dataclass(frozen=True)
class Idea:
    """One thing to look at, worded for each model."""

    id: str
    title: str
    look: str  # where to look; an invitation, not a claim
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Comparison:
    """Prompts of one idea in which one field differs and all else is equal, for each model."""

    id: str
    title: str
    look: str
    varies: str  # a field of Prompt
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Step:
    """One denoising step as the scheduler really took it."""

    index: int
    timestep: float
    sigma: float  # noise level before the step: sqrt((1 - alpha_bar) / alpha_bar)


@dataclass(frozen=True)
class Part:
    """A component of the loaded pipeline, or a block inside one."""

    name: str  # dotted path, as in the pipeline: "unet.mid_block.attentions.0"
    parent: str | None
    cls: str
    parameters: int
    takes: tuple[tuple[int, ...], ...]  # shapes of the tensors at one call, batch 1 as asked for
    gives: tuple[tuple[int, ...], ...]
    runs: int  # calls while one picture is made
    flops_share: float  # of all counted floating-point operations for one picture, 0 to 1


@dataclass(frozen=True)
class Token:
    """One piece of the prompt as the tokenizer split it; padding is left out."""

    text: str
    word: str  # the word it is a piece of; START or END; a repeated word is numbered: "red (2)"
    position: int


@dataclass(frozen=True)
class View:
    """Something seen at each step, as frames on one sheet, SHEET_COLUMNS to a row."""

    kind: str  # noisy | clean | attention | guidance
    word: str | None
    sheet: str  # a file beside the record
    frames: int
    frame_size: tuple[int, int]  # width, height
    layers: tuple[str, ...] = ()  # the attention layers that were averaged
    scale: tuple[float, float] | None = None  # what black and white stand for; None for pictures

    def place(self, index: int) -> tuple[int, int]:
        """Left and top of a frame on its sheet, in pixels; frames are counted from 0."""
        width, height = self.frame_size
        return index % SHEET_COLUMNS * width, index // SHEET_COLUMNS * height


@dataclass(frozen=True)
class Curve:
    """One figure per step."""

    name: str  # distance | guidance
    unit: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Capture:
    """What one prompt produced, kept under its key."""

    key: str
    prompt: Prompt
    model: Model
    scaling_factor: float
    training_timesteps: int
    final: str  # the final picture, a lossless file beside the record
    steps: tuple[Step, ...]
    parts: tuple[Part, ...]
    tokens: tuple[Token, ...]
    views: tuple[View, ...]
    curves: tuple[Curve, ...]
    digests: tuple[tuple[str, str], ...]  # file name, sha256

    def view(self, kind: str, word: str | None = None) -> View:
        """The view of this kind (and word). Raises KeyError."""
        for view in self.views:
            if (view.kind, view.word) == (kind, word):
                return view
        raise KeyError((kind, word))

    def curve(self, name: str) -> tuple[float, ...]:
        """The values of a curve, one per step. Raises KeyError."""
        for curve in self.curves:
            if curve.name == name:
                return curve.values
        raise KeyError(name)

    def part(self, name: str) -> Part:
        """The part of this name. Raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)


@dataclass(frozen=True)
class LatentColours:
    """A model's fitted map, rgb = matrix @ latents + bias (rgb in 0 to 1), and how well it fits."""

    key: str
    matrix: tuple[tuple[float, ...], ...]  # 3 rows of one number per latent channel
    bias: tuple[float, ...]
    rmse: float  # root mean square error on the pictures it was fitted on, rgb in 0 to 1
    pixels: int


@dataclass(frozen=True)
class Reference:
    """What light would do: a scene that an idea's words describe, path-traced without a model."""

    id: str  # the idea's
    key: str  # of words and recipe: it is stale once those have another
    prompt: str
    seed: int  # of the scene: the first that shows what the words say
    scene: tuple[tuple[str, str], ...]  # what it shows, kind and name, sorted
    width: int  # pixels
    height: int
    samples: int  # paths a pixel
    digests: tuple[tuple[str, str], ...]  # file name, sha256


@dataclass(frozen=True)
class Row:
    """One figure of a measurement with its 95 % interval; None where it could not be measured."""

    name: str  # unique in its measurement: prose asks for it by this
    panel: str  # the part of the chart that it stands in; "" where it is in the table alone
    label: str  # its place there: a category, or a number where all of a panel's are numbers
    series: str  # what it is told from others by: generated, rendered, floor, …
    value: float | None
    low: float | None
    high: float | None
    n: int  # how many were looked at: pictures, unless the measurement's method says otherwise
    unit: str
    note: str = ""  # why there is no figure, or why not to lean on it


@dataclass(frozen=True)
class Measurement:
    """What was measured, on what and how, with uncertainty; kept under its id."""

    id: str
    key: str  # of what it was made from: it is stale once that has another
    question: str
    method: str  # a sentence or two: what is counted, against what
    model: str  # the title of the model measured; "" where no model took part
    inputs: tuple[tuple[str, str], ...]  # name, key or digest, sorted by name
    rows: tuple[Row, ...]
    digests: tuple[tuple[str, str], ...]  # of the files beside the record: name, sha256

    def row(self, name: str) -> Row:
        """The row of this name. Raises KeyError."""
        return {row.name: row for row in self.rows}[name]


def measurement_key(id: str, inputs: tuple[tuple[str, str], ...]) -> str:
    """Names what a measurement is made from: a hash of its inputs' own keys."""
    asked = {"format": MEASUREMENT_FORMAT, "id": id, "inputs": [list(pair) for pair in inputs]}
    return digest(canonical(asked))[:16]


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
        groups = (*self.ideas, *self.comparisons)
        return tuple(prompt for group in groups for prompt in group.prompts)

    def model(self, id: str) -> Model:
        """The model of this id. Raises KeyError."""
        return {model.id: model for model in self.models}[id]

    def key(self, prompt: Prompt) -> str | None:
        """The key of a prompt's capture, or None while its model is not pinned."""
        return prompt.key(self.model(prompt.model))


@dataclass(frozen=True)
class Page:
    """A page of the site, as Markdown."""

    path: str  # under docs/
    text: str
    blocks: tuple[str, ...] = ()  # HTML that stands aside from the text
