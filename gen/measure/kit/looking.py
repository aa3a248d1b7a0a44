"""What a map of attention has to do with bodywork, and with another map, on one grid."""

import numpy as np
from scipy import stats


def overlap(maps: np.ndarray, body: np.ndarray) -> np.ndarray:
    """Intersection over union of the body (h, w) and as many strongest positions: (S, L)."""
    inside = (body >= 0.5).ravel()
    count = int(inside.sum())
    flat = maps.reshape(*maps.shape[:2], -1)
    strongest = np.argsort(-flat, axis=-1, kind="stable")[..., :count]
    both = inside[strongest].sum(-1)
    return both / np.maximum(2 * count - both, 1)


def pointing(maps: np.ndarray, body: np.ndarray) -> np.ndarray:
    """Whether the strongest position lies on the body: (S, L), 1 or 0."""
    flat = maps.reshape(*maps.shape[:2], -1)
    return (body >= 0.5).ravel()[flat.argmax(-1)].astype(float)


def ranked(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rank correlation of two maps; NaN where one is flat."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.nan
    return float(stats.spearmanr(a.ravel(), b.ravel()).statistic)
