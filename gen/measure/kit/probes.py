"""Linear probes: what can be read from numbers by a weighted sum, and how far off a direction is.

Of N pictures C places are looked at, each with D numbers: (N, C, D).
"""

from dataclasses import dataclass

import numpy as np

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)  # of the ridge, in units of a number's own variance
TUNED = 5  # one picture in so many is kept back to choose the strength by


@dataclass(frozen=True)
class Probe:
    """Weights (D, 3) on numbers less their mean (D,) over their spread (D,), and what is added."""

    middle: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    base: np.ndarray

    def read(self, numbers: np.ndarray) -> np.ndarray:
        """(..., D) -> (..., 3), of any length."""
        return (numbers - self.middle) / self.spread @ self.weights + self.base


def fitted(numbers: np.ndarray, wanted: np.ndarray) -> Probe:
    """Least squares with a ridge: numbers (N, C, D), directions wanted (N, C, 3).

    How strong the ridge is, is chosen on pictures kept back, for every probe alike.
    """
    back = np.arange(len(numbers)) % TUNED == TUNED - 1
    tries = _ridges(numbers[~back], wanted[~back])
    misses = [((p.read(numbers[back]) - wanted[back]) ** 2).mean() for p in tries]
    return _ridges(numbers, wanted)[int(np.argmin(misses))]


def _ridges(numbers: np.ndarray, wanted: np.ndarray) -> list[Probe]:
    """A probe for each strength."""
    flat, targets = numbers.reshape(-1, numbers.shape[-1]), wanted.reshape(-1, wanted.shape[-1])
    middle, base = flat.mean(0), targets.mean(0)
    spread = np.maximum(flat.std(0), 1e-6)
    scaled = (flat - middle) / spread
    square, cross = scaled.T @ scaled / len(flat), scaled.T @ (targets - base) / len(flat)
    one = np.eye(len(square), dtype=square.dtype)
    return [
        Probe(middle, spread, np.linalg.solve(square + s * one, cross), base) for s in STRENGTHS
    ]


def degrees_off(read: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Degrees between directions of any length (..., 3): (...)."""
    lengths = np.linalg.norm(read, axis=-1) * np.linalg.norm(true, axis=-1)
    cosine = (read * true).sum(-1) / np.maximum(lengths, 1e-9)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))
