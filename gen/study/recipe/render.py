"""What a render may show, and the words for it: the study.yml's `render` and `captions`."""

from dataclasses import dataclass, fields
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

STRICT = ConfigDict(extra="forbid")  # of dataclasses, which pydantic checks as it does a Schema

# what a recipe may name; the files of study/world/ know how each of these looks
WORLDS = {"studio", "sunset", "city street", "desert", "forest", "snow"}
FINISHES = {"mirror", "brushed", "glossy", "satin", "matte"}
METALS = {"chrome", "gold", "copper", "steel"}
METALLIC = {"mirror", "brushed"}

Whole = Annotated[int, Field(strict=True, ge=1)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
# metres, or fractions of a length
Length = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Height = Annotated[float, Field(strict=True, ge=0, le=90)]  # degrees above the horizon
Turn = Annotated[float, Field(strict=True, ge=0, le=180)]  # degrees round the car
# the VAE's 8 times the U-Net's 8
Side = Annotated[int, Field(strict=True, ge=64, le=2048, multiple_of=64)]
Combinations = Annotated[
    tuple[Annotated[dict[str, str], Field(min_length=1)], ...], Field(min_length=1)
]
Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] > ends[1]:
        raise ValueError("the lower end first")
    return ends


Range = tuple[float, float]  # from which a value is drawn
Lengths = Annotated[tuple[Length, Length], AfterValidator(_rising)]
Alphas = Annotated[tuple[Share, Share], AfterValidator(_rising)]
Heights = Annotated[tuple[Height, Height], AfterValidator(_rising)]
Turns = Annotated[tuple[Turn, Turn], AfterValidator(_rising)]
Linear = tuple[Share, Share, Share]  # sRGB primaries


@dataclass(frozen=True)
class Finish:
    """How a surface scatters, and its colours; one named twice is drawn twice as often."""

    __pydantic_config__ = STRICT

    weight: Positive
    roughness: Alphas
    colours: Words


@dataclass(frozen=True)
class WorldRecipe:
    """How bright a world is shown, and how high its sun stands (degrees; None: no sun)."""

    __pydantic_config__ = STRICT

    exposure: Positive
    sun: Heights | None


@dataclass(frozen=True)
class Grammar:
    """Sentences with slots, the wordings of each slot, and how often a slot is left out."""

    __pydantic_config__ = STRICT

    sentences: Words
    omit: dict[str, Share]
    finishes: dict[str, Words]
    bodies: dict[str, Words]
    worlds: dict[str, Words]
    views: dict[str, Words]
    window: Words


@dataclass(frozen=True)
class RenderRecipe:
    """The `render` section, and `captions`. Its JSON is part of the keys of renders and samples."""

    __pydantic_config__ = STRICT

    format: Whole
    width: Side
    height: Side
    samples: Whole
    full_every: Whole
    window: Share
    body_styles: dict[str, dict[str, Lengths]]
    finishes: dict[str, Finish]
    paints: dict[str, Linear]
    worlds: dict[str, WorldRecipe]
    views: dict[str, Turns]
    held_out: Combinations
    captions: Grammar


@dataclass(frozen=True)
class Body:
    """A car's shape: metres, and places along it as fractions of its length from the nose."""

    style: str
    spokes: int
    length: float
    width: float
    height: float
    wheelbase: float
    front_overhang: float
    wheel_radius: float
    clearance: float
    nose_height: float
    cowl: float  # fraction: where bonnet and windscreen meet
    cowl_height: float
    roof_front: float  # fraction
    roof_rear: float  # fraction
    deck: float  # fraction: where rear window and boot meet
    deck_height: float
    belt: float  # height of the side windows' lower edge
    flare: float  # how far the fenders swell

    @property
    def axles(self) -> Range:
        """Where the wheels stand along x, front and rear; x = 0 is the middle of the car."""
        front = self.length / 2 - self.front_overhang
        return front, front - self.wheelbase


RANGED = {f.name for f in fields(Body)} - {"style", "spokes"}  # what a recipe gives ranges for
