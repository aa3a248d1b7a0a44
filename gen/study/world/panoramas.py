"""The worlds: what a mirror shows."""

from functools import lru_cache

import numpy as np

from gen.study.world import built, outdoors
from gen.study.world.scene import Pane, World
from gen.study.world.sky import DIP, PIXEL, UPPER, edge, whole_sky
from gen.study.world.surroundings import Surroundings

__all__ = ["PANORAMAS", "PIXEL", "UPPER", "Surroundings", "room", "surroundings"]

PANORAMAS = {
    "studio": built.studio,
    "sunset": outdoors.sunset,
    "city street": built.city,
    "desert": outdoors.desert,
    "forest": outdoors.forest,
    "snow": outdoors.snow,
}

# their ground ends before the horizon: what is below it shows
OPEN = {"studio", "city street", "forest"}


THROUGH = 10.0  # degrees under the painted rows that a fading floor lets through


@lru_cache(maxsize=1)  # one world around several paints, one picture after another
def surroundings(world: World) -> Surroundings:
    """The world's panorama, ground and sunlight."""
    around = PANORAMAS[world.name](np.random.default_rng(world.seed), whole_sky(), world)
    h, w = UPPER
    painted = h + (DIP if world.name in OPEN else 0)
    whole = np.zeros((2 * h, w, 3), np.float32)  # where the ground hides it no ray need be sent
    whole[:painted] = around.panorama[:painted]
    spare = 2 if around.fade is None else round(THROUGH / PIXEL)
    whole[painted : painted + spare] = whole[
        painted - 1
    ]  # the sky is read between rows, to the horizon
    return around._replace(panorama=whole)


def room(pane: Pane, d: np.ndarray) -> np.ndarray:
    """Lamps, a bright doorway and shelves behind us, in directions d (right, up, backward)."""
    rng = np.random.default_rng(pane.seed)
    a, h = np.degrees(np.arctan2(d[..., 0], d[..., 2])), np.degrees(np.arcsin(d[..., 1]))
    light = 0.10 + 0.10 * edge(np.abs((h + 40) % 7 - 3.5), 2.6, 0.4) * edge(h, 2, 1)  # shelves
    light = light[..., None] * np.array([1.0, 0.8, 0.6])
    door = edge(np.abs(a - rng.uniform(-25, 25)), rng.uniform(3, 6), 0.4) * edge(
        np.abs(h + 3), 9, 0.4
    )
    light = light + door[..., None] * np.array([3.2, 3.6, 4.2])
    for _ in range(rng.integers(2, 6)):
        centre, size = (rng.uniform(-38, 38), rng.uniform(2, 11)), rng.uniform(0.7, 1.8)
        lamp = edge(np.hypot(a - centre[0], h - centre[1]), size, 0.4)
        light = light + lamp[..., None] * np.array([18, 13, 7.0])
    return light
