"""The path from words to picture as a few stations, and how large each is: for a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from gen.core.records import Capture
from gen.publish.wording import count, percent

SIDE = 56  # units of the square that stands for all


@dataclass(frozen=True)
class Station:
    """One part of the pipeline on the path, its squares' areas its shares of the whole."""

    title: str
    does: str
    parameters: str
    arithmetic: str
    squares: tuple[float, float]  # sides for its parameters and its arithmetic


NAMES = {  # part -> what it is called on the path, what it does there
    "text_encoder": ("Text encoder", "turns words into numbers"),
    "unet": ("U-Net", "names the noise it sees"),
    "vae.decoder": ("Decoder", "turns numbers into pixels"),
}


def stations(capture: Capture) -> tuple[Station, ...]:
    """The three parts that hold all parameters of the path, in the order of the path."""
    parts = [capture.part(name) for name in NAMES]
    whole = sum(part.parameters for part in parts)
    return tuple(
        Station(
            *NAMES[part.name],
            count(part.parameters),
            percent(part.flops_share),
            (_side(part.parameters / whole), _side(part.flops_share)),
        )
        for part in parts
    )


def _side(share: float) -> float:
    """Of a square whose area is a share of the whole's; one too small to see is a dot."""
    return round(max(2.0, SIDE * sqrt(share)), 1)
