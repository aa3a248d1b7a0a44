"""Painted pictures beside their truth: some from the worst to the best, and one to lay over it."""

from collections.abc import Sequence

import numpy as np

from gen.measure.kit.pictures import sheet

SHOWN = 6  # on the sheet, from the worst to the best


def shown(true: np.ndarray, painted: np.ndarray, fits: np.ndarray) -> dict[str, bytes]:
    """WebP files by name: a sheet, and of the middle one truth, paint and difference, each world's.

    `true` (N, 2, H, W, 3) in two worlds, `painted` (N, K, 2, H, W, 3) of which the first noise is
    shown, uint8; `fits` (N,) says how well each was painted.
    """
    order = np.argsort(fits, kind="stable")
    chosen = order[np.unique(np.linspace(0, len(order) - 1, SHOWN).round().astype(int))]
    columns = zip(*(_column(true[i], painted[i, 0]) for i in chosen), strict=True)
    middle = order[len(order) // 2]
    files = {"mirrors.webp": sheet(columns)}
    for world, truth, made in zip("ab", true[middle], painted[middle, 0], strict=True):
        difference = np.abs(truth.astype(np.int16) - made).astype(np.uint8)
        for name, picture in (("true", truth), ("painted", made), ("difference", difference)):
            files[f"{name}_{world}.webp"] = sheet([[picture]])
    return files


def _column(true: np.ndarray, painted: np.ndarray) -> Sequence[np.ndarray]:
    """Truth and paint in one world, truth and paint in the other."""
    return true[0], painted[0], true[1], painted[1]
