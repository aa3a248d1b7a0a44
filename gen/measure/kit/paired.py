"""Two ways of one thing on the same pictures: how far apart their shares lie, and by chance?"""

import numpy as np
from scipy import stats

from gen.core.measured import Row
from gen.measure.kit.rows import Place, mean


def shares_apart(
    name: str, place: Place, one: np.ndarray, other: np.ndarray, looked_at: int = 1
) -> Row:
    """By how many points one share lies above another, both of the same pictures (N,) bool.

    The interval draws pictures again; the note has McNemar's exact test, over the pictures of which
    the two do not say the same. Both are corrected for the number of comparisons `looked_at`.
    """
    gained, lost = int((one & ~other).sum()), int((other & ~one).sum())
    chance = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    corrected = min(1.0, chance * looked_at)
    note = f"{gained} against {lost}; McNemar's exact test: p = {corrected:.2g}"
    points = 100.0 * (one.astype(float) - other.astype(float))
    return mean(name, place, points, "points", note=note, looked_at=looked_at)
