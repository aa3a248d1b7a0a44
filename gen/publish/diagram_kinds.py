"""What the diagram calls each class of part, and the fact that each kind of box stands on."""

from __future__ import annotations

from gen.core.records import END, START, Part
from gen.publish.wording import shape

LAST = "</w>"  # how a word's last piece ends in a vocabulary
FACTS = {  # kind of box -> the fact of the repository that it stands on
    "prompt": "task",
    "model": "whole-path",
    "image": "eight-bit",
    "tokenizer": "prompt-length",
    "text_encoder": "frozen-text-encoder",
    "noise": "noise-start",
    "unet": "noise-target",
    "guidance": "guidance",
    "scheduler": "clean-estimate",
    "vae": "latent-size",
    "stage": "unet-shape",
    "attention": "block-order",
    "self_attention": "self-attention",
    "cross_attention": "words-answer",
    "feed_forward": "block-order",
    "queries": "words-answer",
    "answers": "text-as-context",
    "sum": "block-order",
}
KINDS = {  # class -> the kind of its box, what it is called, and what we say where no fact does
    "TimestepEmbedding": ("time", "noise level", "Tells the U-Net how noisy this step is."),
    "ResnetBlock2D": ("residual", "residual block", "Looks at each place and those next to it."),
    "Transformer2DModel": ("attention", "attention", ""),
    "Attention": ("self_attention", "self-attention", ""),
    "FeedForward": ("feed_forward", "feed-forward", ""),
    "Downsample2D": ("downsample", "shrinking", "Makes the grid coarser."),
    "Upsample2D": ("upsample", "enlarging", "Makes the grid finer."),
}
CONVOLUTIONS = {  # likewise, by the last word of the part's name
    "conv_in": ("first layer", "Gives each place of the grid more numbers to work with."),
    "conv_out": ("last layer", "Leads back to as many numbers a place as the latents have."),
    "proj_in": ("way in", "Prepares the numbers of each place for the block."),
    "proj_out": ("way out", "Brings what the block found back to the grid."),
}


def kind_of(part: Part) -> tuple[str, str, str]:
    """The kind of a part's box, its title, and our words for it; an unknown one has its class."""
    short = part.name.rpartition(".")[2]
    if short in CONVOLUTIONS:
        return ("convolution", *CONVOLUTIONS[short])
    return KINDS.get(part.cls, ("part", part.cls, ""))


def spelled(pieces: tuple[str, ...]) -> str:
    """A prompt's pieces side by side; one that a word goes on behind ends in a hyphen.

    No line begins with what stands between them.
    """
    ends = {START: "start", END: "end"}
    return "\u00a0· ".join(ends.get(piece) or _piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    return piece.removesuffix(LAST) if piece.endswith(LAST) else f"{piece}-"


def named(sizes: tuple[tuple[int, ...], ...]) -> str:
    """Shapes in words: the first is what flows; the others say what they are by their rank."""
    first, *others = sizes
    says = {2: "noise level", 3: "words", 4: "across"}
    return ", ".join([shape(first), *(f"{says[len(size)]} {shape(size)}" for size in others)])
