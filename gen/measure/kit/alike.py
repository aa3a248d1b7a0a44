"""A part of a picture's background that has as much to show as its bodywork has."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from gen.study.training.dataset import means

SIDE = 8  # pixels of a square: what one place of the latents stands for


def squares(area: np.ndarray) -> np.ndarray:
    """Which squares (H/8, W/8) lie wholly in an area (H, W) bool: bool."""
    return np.asarray(_squared(area.astype(np.float32)) == 1)


def contrast(picture: np.ndarray) -> np.ndarray:
    """How far each square of a picture (H, W, 3) lies from its mean colour: mean square (h, w).

    It is what a guess of that one colour for all would be off by there.
    """
    return _squared(((picture - picture.mean((0, 1))) ** 2).mean(-1))


def _squared(values: np.ndarray) -> np.ndarray:
    """Means (H/8, W/8) over whole squares of values (H, W)."""
    height, width = (side - side % SIDE for side in values.shape)
    return means(values[None, :height, :width, None], SIDE)[0, ..., 0]


def alike(
    picture: np.ndarray, body: np.ndarray, background: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Squares of body and of background, one for one, that have as much to show: (H, W) bool each.

    Areas (H, W) bool. Pairs are those of all that differ least in the logarithm of their contrast;
    where one part has fewer squares, as many of the other are left out.
    """
    values = np.log1p(contrast(picture))
    here, there = (np.flatnonzero(squares(area)) for area in (body, background))
    flat = values.ravel()
    first, second = linear_sum_assignment(np.abs(flat[here][:, None] - flat[there][None]))
    return _area(here[first], picture.shape), _area(there[second], picture.shape)


def _area(chosen: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    rows, columns = (side // SIDE for side in shape[:2])
    small = np.zeros(rows * columns, bool)
    small[chosen] = True
    area = np.zeros(shape[:2], bool)
    grown = small.reshape(rows, columns).repeat(SIDE, 0).repeat(SIDE, 1)
    area[: rows * SIDE, : columns * SIDE] = grown
    return area
