"""A world drawn out, as the tracer takes it."""

from typing import NamedTuple

import numpy as np

from gen.study.world.grounds import Coat
from gen.study.world.terrain import Shape


class Surroundings(NamedTuple):
    """Light from far away, the ground's shape and colours, the sun's light."""

    panorama: np.ndarray  # (1024, 2048, 3) radiance; rows from zenith to nadir
    coats: dict[str, Coat]  # of the layers near, mid, far: those that the land has
    land: dict[str, Shape]
    gloss: float | None  # roughness of a glossy ground
    sun: np.ndarray | None  # (3,) irradiance
    fade: np.ndarray | None = None  # metres from the car where the ground goes over into the wall
