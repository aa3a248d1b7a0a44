"""Where on the bodywork a picture mirrors what: sky, ground, whoever looks."""

from collections.abc import Iterator

import numpy as np

from gen.core.measured import Spot
from gen.study.world.render import Render

SKY, GROUND = 25.0, -8.0  # degrees above the horizon: mirrored from there on, it is surely that
BACK = 4.0  # degrees: what is mirrored from within them of the lens would show the lens


def spots(render: Render, toward: np.ndarray) -> Iterator[Spot]:
    """The places to point at, each the middle of the widest patch that mirrors one thing.

    `toward` (H, W, 3) are the directions from the camera. What else of the car stands in the way
    of a mirrored ray is not looked at.
    """
    mirrored, whole = render.reflection, render.body > 0.99
    above = heights(mirrored)
    patches = {"sky": whole & (above > SKY), "ground": whole & (above < GROUND)}
    yield from (_spot(name, patch) for name, patch in patches.items() if patch.any())
    back = np.where(whole, -(mirrored * toward).sum(-1), -1)
    if back.max() > np.cos(np.radians(BACK)):
        yield _at("camera", np.argwhere(back == back.max())[0], back.shape)


def heights(directions: np.ndarray) -> np.ndarray:
    """Degrees above the horizon of unit directions (..., 3)."""
    return np.degrees(np.arcsin(np.clip(directions[..., 2], -1, 1)))


def _spot(name: str, mask: np.ndarray) -> Spot:
    """The place of a mask that lies furthest from its edges: what is left as it is worn away."""
    left = mask
    while mask.any():
        left, inner = mask, np.pad(mask, 1)
        mask = mask & inner[2:, 1:-1] & inner[:-2, 1:-1] & inner[1:-1, 2:] & inner[1:-1, :-2]
    places = np.argwhere(left)
    return _at(name, places[len(places) // 2], mask.shape)


def _at(name: str, place: np.ndarray, size: tuple[int, ...]) -> Spot:
    """A pixel's middle in shares of the picture's sides."""
    y, x = (np.asarray(place) + 0.5) / size[:2]
    return Spot(name, round(float(x), 4), round(float(y), 4))
