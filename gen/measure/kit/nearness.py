"""How near pictures come to known ones: as a whole, in what surrounds the car, in the car alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from gen.measure.kit.bodies import box, grown
from gen.measure.kit.pictures import luminance
from gen.study.training.dataset import means

SMALL = 8  # the side's divisor: what is a little shifted is still near
CAR = (32, 16)  # columns and rows of cells into which each car's box is brought
COMMON = 0.5  # of the larger one's cells that two pictures must share to be compared
ENOUGH = 40  # distances of a world: with fewer, all worlds' together give its bound


@dataclass(frozen=True)
class Described:
    """N pictures as values and how much each of these counts: (N, D) float32 each."""

    values: np.ndarray
    weights: np.ndarray


def whole(pictures: np.ndarray, bodies: np.ndarray) -> Described:
    """Small pictures, every pixel."""
    values = means(pictures, SMALL).reshape(len(pictures), -1)
    return Described(values, np.ones_like(values))


def surroundings(pictures: np.ndarray, bodies: np.ndarray) -> Described:
    """Small pictures outside of the car's box."""
    outside = np.stack([_outside(body) for body in bodies])[..., None]
    weights = np.repeat(means(outside, SMALL), 3, -1).reshape(len(pictures), -1)
    lit = np.stack([p * o for p, o in zip(pictures, outside, strict=True)])  # float32
    values = means(lit, SMALL).reshape(len(pictures), -1)
    return Described(values / np.maximum(weights, 1e-6), weights)


def car(pictures: np.ndarray, bodies: np.ndarray) -> Described:
    """Bodywork in cells of its box, its brightness alone, in standard deviations from its mean.

    So another paint or place leaves it as it is, as far as it is the same lights and darks.
    """
    lights, shares = [], []
    for picture, body in zip(pictures, bodies, strict=True):
        where = box(body)
        rows, columns = slice(where.top, where.bottom), slice(where.left, where.right)
        lights.append(_cells(luminance(picture[rows, columns])))
        shares.append(_cells((body[rows, columns] >= 128).astype(np.float32)))
    return Described(_standardized(np.stack(lights), np.stack(shares)), np.stack(shares))


def _outside(body: np.ndarray) -> np.ndarray:
    """(H, W) float32: 1 outside of the enlarged box of bodywork."""
    where, outside = grown(body), np.ones(body.shape, np.float32)
    outside[where.top : where.bottom, where.left : where.right] = 0
    return outside


def _cells(plane: np.ndarray) -> np.ndarray:
    """A plane (h, w) float32 as means over CAR's cells: (cells,)."""
    return np.asarray(Image.fromarray(plane).resize(CAR, Image.Resampling.BOX)).ravel()


def _standardized(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    total = np.maximum(weights.sum(1, keepdims=True), 1e-6)
    middle = (values * weights).sum(1, keepdims=True) / total
    spread = (weights * (values - middle) ** 2).sum(1, keepdims=True) / total
    return (values - middle) / np.sqrt(np.maximum(spread, 1e-6))


# ---- distances -----------------------------------------------------------------------------


def apart(ours: Described, known: Described) -> np.ndarray:
    """Root mean square differences (N, M) of what both show; infinite where that is too little."""
    a, w = ours.values.astype(float), ours.weights.astype(float)
    b, v = known.values.astype(float), known.weights.astype(float)
    squares = (w * a**2) @ v.T - 2 * (w * a) @ (v * b).T + w @ (v * b**2).T
    shared = w @ v.T
    least = COMMON * np.maximum(w.sum(1)[:, None], v.sum(1)[None])
    mean = squares.clip(0) / np.maximum(shared, 1e-9)
    return np.where(shared >= least, np.sqrt(mean), np.inf)


@dataclass(frozen=True)
class Nearest:
    """Of N pictures the place of the nearest known one, if it is mirrored, how far it is: (N,)."""

    places: np.ndarray
    mirrored: np.ndarray
    distances: np.ndarray


def nearest(as_is: np.ndarray, turned: np.ndarray) -> Nearest:
    """From distances (N, M) to known pictures, of pictures as they are and of their mirror images.

    Where a picture is one of the known ones its own place is to hold infinity in both.
    """
    mirrored = turned.min(1) < as_is.min(1)
    places = np.where(mirrored, turned.argmin(1), as_is.argmin(1))
    return Nearest(places, mirrored, np.minimum(turned.min(1), as_is.min(1)))


class Bounds:
    """How near by chance one in so many known pictures comes to another, world by world.

    What a picture of a world of dark and like skies comes near to says little: each world has its
    own bound, that of the known picture which is the nearest.
    """

    def __init__(self, among: Nearest, worlds: Sequence[str], share: float):
        self.worlds = np.array(worlds)
        met = self.worlds[among.places]
        self.every = float(np.quantile(among.distances, share))
        self.by_world = {
            world: float(np.quantile(among.distances[met == world], share))
            for world in dict.fromkeys(worlds)
            if (met == world).sum() >= ENOUGH
        }

    def relative(self, near: Nearest) -> np.ndarray:
        """Distances in their world's bound (N,): at most 1 is too near."""
        bounds = [self.by_world.get(world, self.every) for world in self.worlds[near.places]]
        return near.distances / np.maximum(bounds, 1e-9)
