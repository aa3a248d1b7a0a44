"""What judges are asked of a picture and what they answer: classes, readings, accuracies."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gen.study.recipe.render import RenderRecipe
from gen.study.world import scene

# ---- what can be read ----------------------------------------------------------------------


# No judge told satin from glossy paint at the renders' size better than by chance. They are read
# as one, and a score does not tell them apart either.
ALIKE = {"satin": "glossy"}


def readable(seen: scene.Scene) -> dict[str, str]:
    """What a scene shows, by kind, as judges can tell it."""
    return {kind: ALIKE.get(name, name) for kind, name in seen.meaning().items()}


@dataclass(frozen=True)
class Classes:
    """What each reading chooses from, in the recipe's order."""

    finish: tuple[str, ...]
    colour: tuple[str, ...]
    world: tuple[str, ...]
    view: tuple[str, ...]


KINDS = ("finish", "colour", "world", "view")


def classes(recipe: RenderRecipe) -> Classes:
    """What a render of this recipe can show; one colour of two finishes is one class."""
    colours = dict.fromkeys(c for finish in recipe.finishes.values() for c in finish.colours)
    finishes = dict.fromkeys(ALIKE.get(finish, finish) for finish in recipe.finishes)
    return Classes(tuple(finishes), tuple(colours), tuple(recipe.worlds), tuple(recipe.views))


# ---- what is true of a render --------------------------------------------------------------


def sun_of(seen: scene.Scene) -> float:
    """Degrees from where the camera looks to the sun, clockwise (right is +); NaN without a sun."""
    if seen.world.sun_azimuth is None:
        return float("nan")
    x, y, _ = seen.camera.axes()[2]
    return float((np.degrees(np.arctan2(y, x)) - seen.world.sun_azimuth + 180) % 360 - 180)


def horizon_of(seen: scene.Scene, aspect: float) -> float:
    """Its height, 0 at the top edge and 1 at the bottom; NaN where walls stand before it."""
    return float("nan") if seen.world.sun_azimuth is None else seen.camera.horizon(aspect)


def labels(scenes: Iterable[scene.Scene], known: Classes) -> np.ndarray:
    """The place of each scene's finish, colour, world and view among the classes: (N, 4)."""
    return np.array(
        [[getattr(known, kind).index(readable(s)[kind]) for kind in KINDS] for s in scenes]
    )


def sky(scenes: Iterable[scene.Scene], aspect: float) -> np.ndarray:
    """(N, 2) float32: sun in degrees and horizon, as sun_of and horizon_of say."""
    return np.array([(sun_of(s), horizon_of(s, aspect)) for s in scenes], np.float32)


# ---- what was read ------------------------------------------------------------------------


@dataclass(frozen=True)
class WorldReading:
    """What a part of each picture says of its surroundings.

    `sun` and `horizon` mean nothing in a world that has none: ask `world` first.
    """

    world: np.ndarray  # (N,) names
    probabilities: dict[str, np.ndarray]  # (N, classes) of each kind that is read
    sun: np.ndarray  # (N,) degrees right of where the camera looks, -180..180
    horizon: np.ndarray  # (N,) height in the picture: 0 its top edge, 1 its bottom edge
    features: np.ndarray  # (N, features) float32


@dataclass(frozen=True)
class Readings(WorldReading):
    """What each whole picture shows."""

    mask: np.ndarray  # (N, H, W) uint8, 255 where surely bodywork: as in renders
    finish: np.ndarray  # (N,) names
    colour: np.ndarray
    view: np.ndarray


# ---- how well ----------------------------------------------------------------------------

NEEDED = {"share": 0.90, "IoU": 0.85}  # below this a judge is not used


@dataclass(frozen=True)
class Accuracy:
    """How well one thing is read, on which pictures, with a 95 % interval."""

    name: str  # mask, a kind, body_world, background_world, sun, horizon, sun_error, horizon_error
    of: str  # all | window | a finish
    unit: str  # share | IoU | degrees | height (of the picture)
    value: float  # a share, or a mean
    low: float
    high: float
    n: int

    @property
    def usable(self) -> bool:
        """Whether it reaches what is needed; an error is for the reader to weigh."""
        return self.unit not in NEEDED or self.value >= NEEDED[self.unit]
