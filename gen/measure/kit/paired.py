"""Two ways of one thing on the same pictures: how far apart their shares lie, and by chance?"""

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.clusters import Labels, by_chance, mean_of
from gen.measure.kit.rows import Place


def shares_apart(
    name: str,
    place: Place,
    one: np.ndarray,
    other: np.ndarray,
    looked_at: int = 1,
    labels: Labels = (),
) -> Row:
    """By how many points one share lies above another, both of the same pictures (N,) bool.

    The interval draws pictures again; the note has McNemar's exact test, over the pictures of which
    the two do not say the same. Both are corrected for the number of comparisons `looked_at`.
    With `labels` (N,) pictures of one label, their prompt, are drawn again and tested together.
    """
    gained, lost = int((one & ~other).sum()), int((other & ~one).sum())
    each = labels or range(len(one))
    points = one.astype(float) - other.astype(float)
    corrected = min(1.0, by_chance(points, each) * looked_at)
    test = "exact test over prompts" if len(set(each)) < len(one) else "McNemar's exact test"
    note = f"{gained} against {lost}; {test}: p = {corrected:.2g}"
    return mean_of(name, place, 100.0 * points, "points", each, note, looked_at)
