"""Places on the bodywork of pictures, on their latents' grid, and what lies there."""

from collections.abc import Sequence

import numpy as np

from gen.study.training.dataset import means

CELLS = 80  # places of each picture: more says little more of it
POWERS = 3  # of a place's row and column, and of their products
AROUND = 2  # squares to each side whose colour counts as seen around a place
INSIDE = 0.5  # share of bodywork from which on a square lies on it
PARTS = 4  # parts of a square's side whose colours are told apart


def places_on(bodies: np.ndarray) -> np.ndarray:
    """Shares of bodywork (N, h, w) -> places in the flattened grid: (N, CELLS), drawn by chance.

    Where a picture has fewer they come again; where it has none, the likeliest stands for them.
    """
    rng = np.random.default_rng(0)
    flat = bodies.reshape(len(bodies), -1)
    chosen = []
    for share in flat:
        inside = np.flatnonzero(share >= INSIDE)
        inside = inside if len(inside) else np.array([share.argmax()])
        chosen.append(rng.choice(inside, CELLS, replace=len(inside) < CELLS))
    return np.stack(chosen)


def numbers_at(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Values (N, h, w, D) at places (N, C): (N, C, D)."""
    flat = values.reshape(len(values), -1, values.shape[-1])
    return np.take_along_axis(flat, at[..., None], axis=1)


def places(at: np.ndarray, grid: Sequence[int]) -> np.ndarray:
    """Powers of row and column, each from -1 to 1: (N, C) -> (N, C, D) float32."""
    rows, columns = np.divmod(at, grid[1])
    y, x = (2 * a / max(side - 1, 1) - 1 for a, side in zip((rows, columns), grid, strict=True))
    return _powers(y, x)


def on_the_car(at: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """Powers of where each place lies between the ends of its picture's bodywork, -1 to 1.

    Places (N, C), shares of bodywork (N, h, w) -> (N, C, D) float32.
    """
    sides = []
    for position, other in zip(np.divmod(at, bodies.shape[2]), (2, 1), strict=True):
        there: np.ndarray = np.any(bodies >= INSIDE, axis=other)  # (N, h), then (N, w)
        first, last = there.argmax(1), there.shape[1] - 1 - there[:, ::-1].argmax(1)
        length = np.maximum(last - first, 1)
        sides.append(2 * (position - first[:, None]) / length[:, None] - 1)
    return _powers(*sides)


def _powers(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    powers = [(i, j) for i in range(POWERS + 1) for j in range(POWERS + 1) if 0 < i + j <= POWERS]
    return np.stack([y**i * x**j for i, j in powers], -1).astype(np.float32)


def colours(pictures: np.ndarray, at: np.ndarray, grid: Sequence[int]) -> np.ndarray:
    """Colours in the square of each place, part by part, and of the squares around it.

    Pictures (N, H, W, 3) uint8 -> (N, C, D) float32.
    """
    side = pictures.shape[1] // grid[0]
    parts = means(pictures, side // PARTS)
    n, height, width = len(pictures), *grid
    within = parts.reshape(n, height, PARTS, width, PARTS, 3).transpose(0, 1, 3, 2, 4, 5)
    whole = np.pad(means(pictures, side), ((0, 0), *[(AROUND, AROUND)] * 2, (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(whole, (2 * AROUND + 1,) * 2, axis=(1, 2))
    every = [a.reshape(n, height, width, -1) for a in (within, windows)]
    return numbers_at(np.concatenate(every, -1), at)
