"""Where bodywork lies, turned and laid over another's; its bands by height, its brightest place."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from gen.measure.kit.pictures import luminance

BIN, FURTHEST = 1.0, 45.0  # degrees: of a profile, and of a shift tried
GROWN = 0.15  # of its height, by which bodywork's box is enlarged: wheels and shadow lie in it
LEAST = 20  # pixels of a bin that counts
COMMON = 15  # bins that two profiles must share
BRIGHT = 0.02  # share of the bodywork that is its brightest


class Box(NamedTuple):
    """Where bodywork lies: rows top..bottom and columns left..right, the ends left out."""

    top: int
    bottom: int
    left: int
    right: int


def box(mask: np.ndarray) -> Box:
    """The box of bodywork (H, W), the whole picture where there is none."""
    rows, columns = np.flatnonzero(mask.max(1) >= 128), np.flatnonzero(mask.max(0) >= 128)
    if not len(rows):
        return Box(0, mask.shape[0], 0, mask.shape[1])
    return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def grown(mask: np.ndarray) -> Box:
    """The box of bodywork (H, W), enlarged to take in the car, within the picture."""
    where, (height, width) = box(mask), mask.shape
    more = round(GROWN * (where.bottom - where.top))
    top, left = max(0, where.top - more), max(0, where.left - more)
    return Box(top, min(height, where.bottom + more), left, min(width, where.right + more))


def turned(pair: np.ndarray, where: Box) -> np.ndarray:
    """Pictures (2, H, W, 3) with what lies in the box upside down."""
    again = pair.copy()
    rows, columns = slice(where.top, where.bottom), slice(where.left, where.right)
    again[:, rows, columns] = pair[:, rows, columns][:, ::-1]
    return again


def moved(picture: np.ndarray, of: Box, into: Box, onto: np.ndarray | None = None) -> np.ndarray:
    """A picture (H, W, 3) uint8 whose box `into` holds what its box `of` held, stretched.

    The rest is its own, or that of the picture `onto`.
    """
    cut = Image.fromarray(picture[of.top : of.bottom, of.left : of.right])
    size = (into.right - into.left, into.bottom - into.top)
    again = (picture if onto is None else onto).copy()
    again[into.top : into.bottom, into.left : into.right] = np.asarray(cut.resize(size))
    return again


# ---- bands by height ------------------------------------------------------------------------


def shift(heights: np.ndarray, made: np.ndarray, true: np.ndarray) -> float:
    """Degrees, without a sign, by which made bands lie wrong: (P,), (P, 3), (P, 3).

    Both bodies' mean colours by the height of the mirrored direction; one is shifted until it fits
    the other best. NaN where too few heights are seen.
    """
    edges = np.arange(-90, 90 + BIN, BIN)
    at = np.digitize(heights, edges)
    count = np.bincount(at, minlength=len(edges) + 1)
    seen = count >= LEAST
    ours, theirs = _profile(at, made, count), _profile(at, true, count)
    steps = int(FURTHEST / BIN)
    misfits = {n: _misfit(ours, theirs, seen, n) for n in range(-steps, steps + 1)}
    fits = [(misfit, abs(n)) for n, misfit in misfits.items() if not np.isnan(misfit)]
    return BIN * min(fits)[1] if fits else np.nan


def _profile(at: np.ndarray, colours: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Mean colours (B, 3) of the bins that pixels fall into."""
    sums = [np.bincount(at, colours[:, channel], len(count)) for channel in range(3)]
    return np.stack(sums, 1) / np.maximum(count, 1)[:, None]


def _misfit(made: np.ndarray, true: np.ndarray, seen: np.ndarray, by: int) -> float:
    """Mean squared difference of two profiles (B, 3), the made one shifted by some bins."""
    rolled, there = np.roll(made, by, 0), np.roll(seen, by)
    common = seen & there
    if common.sum() < max(COMMON, seen.sum() // 2):
        return np.nan
    return float(((rolled - true)[common] ** 2).mean())


def brightest(directions: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """The direction in which the brightest fiftieth of a mirror looks: (P, 3), (P, 3) -> (3,).

    A unit vector; NaN where too little is seen, or where it looks every way.
    """
    if len(colours) < LEAST / BRIGHT:
        return np.full(3, np.nan)
    light = luminance(colours)
    mean = directions[light >= np.quantile(light, 1 - BRIGHT)].mean(0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length) if length > 1e-3 else np.full(3, np.nan)


def degrees_between(one: np.ndarray, other: np.ndarray) -> float:
    """Between two unit vectors (3,)."""
    return float(np.degrees(np.arccos(np.clip(one @ other, -1, 1))))
