"""Bodywork of different cars laid over one another, box on box, and its bands by height."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from gen.study.world.scene import Scene

GRID = (16, 32)  # rows and columns of a mean body
ENOUGH = 3  # bodies of one paint in one world: with fewer, any paint of that finish counts
BIN, FURTHEST = 3.0, 45.0  # degrees: of a profile, and of a shift tried
GROWN = 0.15  # of its height, by which bodywork's box is enlarged: wheels and shadow lie in it
LEAST = 20  # pixels of a bin that counts
COMMON = 5  # bins that two profiles must share


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


class MeanBodies:
    """Mean bodies by paint and world, over M scenes with their pictures and masks."""

    def __init__(self, scenes: Sequence[Scene], pictures: np.ndarray, masks: np.ndarray):
        cells = [_cells(p, m) for p, m in zip(pictures, masks, strict=True)]
        self.values, self.weights = (np.stack(both) for both in zip(*cells, strict=True))
        self.finish = np.array([s.material.finish for s in scenes])
        self.paint = np.array([_paint(s) for s in scenes])
        self.world = np.array([s.world.name for s in scenes])

    def of(self, wanted: Sequence[tuple[Scene, Scene]], masks: np.ndarray) -> np.ndarray:
        """For each of N pairs of scenes those of their paint and worlds, and mirrored ones.

        (N, 2, H, W, 3) float32, each laid into the box of the car's bodywork (N, H, W).
        """
        bodies = [[self._one(s, m) for s in pair] for pair, m in zip(wanted, masks, strict=True)]
        return np.array(bodies)

    def _one(self, subject: Scene, mask: np.ndarray) -> np.ndarray:
        here = self.world == subject.world.name
        same = here & (self.paint == _paint(subject))
        if same.sum() < ENOUGH:
            same = here & (self.finish == subject.material.finish)
        return _laid(_mean(self.values[same], self.weights[same]), box(mask), mask.shape)


def _paint(subject: Scene) -> str:
    return f"{subject.material.finish} {subject.material.colour}"


def _cells(picture: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of bodywork's colours over the cells of its box (16, 32, 3), and of its share."""
    where = box(mask)
    rows, columns = slice(where.top, where.bottom), slice(where.left, where.right)
    share = mask[rows, columns, None].astype(np.float32) / 255
    stacked = np.concatenate([picture[rows, columns] * share, share], axis=-1)
    height, width = GRID
    at = (
        np.arange(stacked.shape[0]) * height // stacked.shape[0],
        np.arange(stacked.shape[1]) * width // stacked.shape[1],
    )
    sums = np.zeros((*GRID, 4), np.float32)
    np.add.at(sums, (at[0][:, None], at[1][None]), stacked)
    return sums[..., :3], sums[..., 3:]


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(M, 16, 32, 3) and (M, 16, 32, 1) -> the mean body, also mirrored (16, 32, 3)."""
    if not len(values):
        return np.full((*GRID, 3), 128, np.float32)
    total, weight = values.sum(0), weights.sum(0)
    total, weight = total + total[:, ::-1], weight + weight[:, ::-1]
    overall = total.sum((0, 1)) / np.maximum(weight.sum(), 1e-6)
    return np.where(weight > 1, total / np.maximum(weight, 1e-6), overall)


def _laid(cells: np.ndarray, where: Box, shape: tuple[int, ...]) -> np.ndarray:
    """The mean body stretched over a box: (H, W, 3) float32; its mean colour elsewhere."""
    whole = np.empty((*shape, 3), np.float32)
    whole[:] = cells.mean((0, 1))
    size = (where.right - where.left, where.bottom - where.top)
    for channel in range(3):
        plane = Image.fromarray(np.ascontiguousarray(cells[..., channel], np.float32))
        whole[where.top : where.bottom, where.left : where.right, channel] = np.asarray(
            plane.resize(size)
        )
    return whole


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
