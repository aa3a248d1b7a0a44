"""The body that habit would paint: the mean of a paint in a world, place by place of its box."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from gen.measure.kit.bodies import Box, box
from gen.study.world.scene import Scene

GRID = (16, 32)  # rows and columns of a mean body
ENOUGH = 3  # bodies of one paint in one world: with fewer, any paint of that finish counts
RIDGE = 0.02  # of the mean square of a colour around, added to it: few cars say little


class MeanBodies:
    """Mean bodies by paint and world, over M scenes with their pictures and masks."""

    def __init__(self, scenes: Sequence[Scene], pictures: np.ndarray, masks: np.ndarray):
        cells = [_cells(p, m) for p, m in zip(pictures, masks, strict=True)]
        self.values, self.weights = (np.stack(both) for both in zip(*cells, strict=True))
        self.finish = np.array([s.material.finish for s in scenes])
        self.paint = np.array([_paint(s) for s in scenes])
        self.world = np.array([s.world.name for s in scenes])
        self.around = np.stack([around(p, m) for p, m in zip(pictures, masks, strict=True)])
        self._follow: dict[str, np.ndarray] = {}

    def of(self, wanted: Sequence[tuple[Scene, Scene]], masks: np.ndarray) -> np.ndarray:
        """For each of N pairs of scenes those of their paint and worlds, and mirrored ones.

        (N, 2, H, W, 3) float32, each laid into the box of the car's bodywork (N, H, W).
        """
        bodies = [[self._one(s, m) for s in pair] for pair, m in zip(wanted, masks, strict=True)]
        return np.array(bodies)

    def tinted(
        self, wanted: Sequence[tuple[Scene, Scene]], pictures: np.ndarray, masks: np.ndarray
    ) -> np.ndarray:
        """The same, recoloured by what stands around each car: see `following`.

        Only what lies outside the bodywork of its pictures (N, 2, H, W, 3) is looked at.
        """
        bodies = []
        for pair, both, mask in zip(wanted, pictures, masks, strict=True):
            here = [around(picture, mask) for picture in both]
            bodies.append([self._one(s, mask, a) for s, a in zip(pair, here, strict=True)])
        return np.array(bodies)

    def following(self, finish: str) -> np.ndarray:
        """How a finish's bodies follow the colours around them, place by place: (16, 32, 6, 3).

        Least squares, with a little ridge, over all of that finish: by how much each place leaves
        the mean of its paint and world, from how far the colours around leave theirs.
        """
        if finish not in self._follow:
            mine = np.flatnonzero(self.finish == finish)
            off, left = np.zeros((len(mine), 6)), np.zeros((len(mine), *GRID, 3))
            for n, i in enumerate(mine):
                same = self._same(finish, self.paint[i], self.world[i])
                off[n] = self.around[i] - self.around[same].mean(0)
                own = self.values[i] / np.maximum(self.weights[i], 1e-6)
                left[n] = own - _mean(self.values[same], self.weights[same])
            there = self.weights[mine][..., 0] > 1
            self._follow[finish] = _fitted(off, left, there)
        return self._follow[finish]

    def _same(self, finish: str, paint: str, world: str) -> np.ndarray:
        here = self.world == world
        same = here & (self.paint == paint)
        return same if same.sum() >= ENOUGH else here & (self.finish == finish)

    def _one(self, subject: Scene, mask: np.ndarray, seen: np.ndarray | None = None) -> np.ndarray:
        finish = subject.material.finish
        same = self._same(finish, _paint(subject), subject.world.name)
        cells = _mean(self.values[same], self.weights[same])
        if seen is not None and same.any():
            cells = cells + (seen - self.around[same].mean(0)) @ self.following(finish)
        return _laid(cells.astype(np.float32), box(mask), mask.shape)


def _paint(subject: Scene) -> str:
    return f"{subject.material.finish} {subject.material.colour}"


def around(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Mean colours of what is no bodywork, above its box's middle and below it: (6,) float32."""
    where = box(mask)
    middle = (where.top + where.bottom) // 2
    parts = (slice(0, middle), slice(middle, None))
    means = []
    for rows in parts:
        bare = picture[rows][mask[rows] == 0]
        means.append(bare.mean(0) if len(bare) else picture[rows].mean((0, 1)))
    return np.concatenate(means).astype(np.float32)


def _fitted(off: np.ndarray, left: np.ndarray, there: np.ndarray) -> np.ndarray:
    """(M, 6), (M, 16, 32, 3), (M, 16, 32) -> (16, 32, 6, 3); each car also mirrored."""
    left, there = (
        np.concatenate([left, left[:, :, ::-1]]),
        np.concatenate([there, there[:, :, ::-1]]),
    )
    off, weight = np.concatenate([off, off]), there.astype(np.float64)
    squares = np.einsum("mhw,mi,mj->hwij", weight, off, off)
    products = np.einsum("mhw,mi,mhwc->hwic", weight, off, left)
    ridge = RIDGE * np.trace(squares, axis1=2, axis2=3)[..., None, None] / off.shape[1] + 1e-6
    return np.asarray(np.linalg.solve(squares + ridge * np.eye(off.shape[1]), products))


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
