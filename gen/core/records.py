"""What a capture holds, and what is fitted on a model's own pictures: frozen, tuples inside."""

from collections.abc import Iterable
from dataclasses import dataclass

from gen.core.canonical import added
from gen.core.sources import Model, Prompt

# frames in a row of a sheet: 8 x 256 px stays under 4096, which phones can decode
SHEET_COLUMNS = 8
START, END = "<|startoftext|>", "<|endoftext|>"  # CLIP's own names for the tokens around a prompt
PADDING = "<|padding|>"  # stands for the places after the end together, where a view has a word


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
    word: str | None  # of attention: a token's, or PADDING
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
    """What one prompt produced, stored under its key."""

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
        return part_of(self.parts, name)


@dataclass(frozen=True)
class Split:
    """A text as a shape's tokenizer splits it."""

    text: str
    pieces: tuple[str, ...]  # as its vocabulary has them, start and end tokens included


@dataclass(frozen=True)
class Blueprint:
    """The parts of every model of a shape, worked out without weights, for pictures of one kind."""

    key: str
    shape: str  # the shape's digest
    width: int  # pixels
    height: int
    guided: bool
    evaluations: int  # how often the U-Net is asked for one picture
    scheduler: str  # a diffusers class name
    parts: tuple[Part, ...]
    splits: tuple[Split, ...] = added(())  # of all that is asked of it

    def part(self, name: str) -> Part:
        """The part of this name. Raises KeyError."""
        return part_of(self.parts, name)


def part_of(parts: Iterable[Part], name: str) -> Part:
    """The part of this name. Raises KeyError."""
    for part in parts:
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
