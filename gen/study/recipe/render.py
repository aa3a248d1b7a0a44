"""What a render may show, and the words for it: the study.yml's `render` and `captions`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from gen.core.errors import BadInput
from gen.core.yamlfile import nearest

STRICT = ConfigDict(extra="forbid")  # of dataclasses, which pydantic checks as it does a Schema

# what a recipe may name; the files of study/world/ know how each of these looks
WORLDS = {"studio", "sunset", "city street", "desert", "forest", "snow"}
FINISHES = {"mirror", "brushed", "glossy", "satin", "matte"}
METALS = {"chrome", "gold", "copper", "steel"}
METALLIC = {"mirror", "brushed"}

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True, ge=1)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
# the VAE's 8 times the U-Net's 8
Side = Annotated[int, Field(strict=True, ge=64, le=2048, multiple_of=64)]
Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] > ends[1]:
        raise ValueError("the lower end first")
    return ends


Range = tuple[float, float]
Span = Annotated[tuple[Number, Number], AfterValidator(_rising)]  # from which a value is drawn
Linear = tuple[Share, Share, Share]  # sRGB primaries


@dataclass(frozen=True)
class Finish:
    """How a surface scatters, and its colours; one named twice is drawn twice as often."""

    __pydantic_config__ = STRICT

    weight: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
    roughness: Span
    colours: Words


@dataclass(frozen=True)
class WorldRecipe:
    """How bright a world is shown, and how high its sun stands (degrees; None: no sun)."""

    __pydantic_config__ = STRICT

    exposure: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
    sun: Span | None


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
    body_styles: dict[str, dict[str, Span]]
    finishes: dict[str, Finish]
    paints: dict[str, Linear]
    worlds: dict[str, WorldRecipe]
    views: dict[str, Span]
    held_out: tuple[dict[str, str], ...]
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


def check(recipe: RenderRecipe, place: str) -> None:
    """Raises BadInput for what names nothing that is there, a line for each."""
    problems = [*_names(recipe), *_colours(recipe), *_held_out(recipe)]
    if problems:
        raise BadInput("\n".join(f"{place}: {problem}" for problem in problems))


def _names(recipe: RenderRecipe) -> Iterator[str]:
    """Keys that are missing or that nobody knows."""
    words = recipe.captions
    wanted: list[tuple[str, set[str], Mapping[str, object]]] = [
        ("render > worlds", WORLDS, recipe.worlds),
        ("render > finishes", FINISHES, recipe.finishes),
        *((f"render > body_styles > {s}", RANGED, r) for s, r in recipe.body_styles.items()),
        ("captions > finishes", FINISHES, words.finishes),
        ("captions > bodies", {*recipe.body_styles, "any"}, words.bodies),
        ("captions > worlds", WORLDS, words.worlds),
        ("captions > views", set(recipe.views), words.views),
    ]
    for where, known, mapping in wanted:
        for key in sorted(known - set(mapping)):
            yield f"{where} > {key}: is missing; add it"
        for key in sorted(set(mapping) - known):
            yield f"{where} > {key}: is not known; {nearest(key, known)}"


def _colours(recipe: RenderRecipe) -> Iterator[str]:
    for name, finish in recipe.finishes.items():
        kind, known = ("metal", METALS) if name in METALLIC else ("paint", set(recipe.paints))
        for colour in sorted(set(finish.colours) - known):
            where = f"render > finishes > {name} > colours"
            yield f"{where}: {colour} is not a {kind} that we have; {nearest(colour, known)}"


def _held_out(recipe: RenderRecipe) -> Iterator[str]:
    values = {
        "style": set(recipe.body_styles),
        "finish": set(recipe.finishes),
        "colour": {c for f in recipe.finishes.values() for c in f.colours},
        "world": set(recipe.worlds),
        "view": set(recipe.views),
    }
    for combination in recipe.held_out:
        for kind, value in combination.items():
            if value not in values.get(kind, ()):
                yield f"render > held_out: nothing that is drawn has {kind}: {value}; correct it"
        finish, colour = combination.get("finish"), combination.get("colour")
        if finish in recipe.finishes and colour and colour not in recipe.finishes[finish].colours:
            yield f"render > held_out: no {finish} surface is {colour}; correct it"
