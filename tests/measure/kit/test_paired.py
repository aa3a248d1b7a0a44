"""Two shares of the same pictures."""

import numpy as np
import pytest

from gen.measure.kit.paired import shares_apart
from gen.measure.kit.rows import Place

HERE = Place("panel", "label", "series")


def test_what_both_say_alike_counts_for_nothing():
    one = np.array([True] * 60 + [False] * 40)
    other = one.copy()
    other[:10] = False
    row = shares_apart("a", HERE, one, other)
    assert row.value == 10 and row.low > 0 and row.n == 100
    assert "10 against 0" in row.note and "p = 0.002" in row.note


def test_several_comparisons_are_corrected_for():
    rng = np.random.default_rng(0)
    one, other = rng.random(80) < 0.6, rng.random(80) < 0.45
    alone, among = (shares_apart("a", HERE, one, other, looked_at=n) for n in (1, 5))
    assert among.value == alone.value
    assert among.low < alone.low and among.high > alone.high
    chances = [float(row.note.split("p = ")[1].split(";")[0]) for row in (alone, among)]
    assert chances[1] == pytest.approx(min(1, 5 * chances[0]), rel=0.05)
    assert "one of 5 comparisons" in among.note and "comparisons" not in alone.note


def test_no_difference_is_no_surprise():
    same = np.array([True, False] * 20)
    assert "p = 1" in shares_apart("a", HERE, same, same).note
