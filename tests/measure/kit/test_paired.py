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


def test_prompts_and_not_their_pictures_are_tested():
    """Ten pictures of one prompt that all gain are one gain."""
    one, other = np.ones(100, bool), np.ones(100, bool)
    other[:30] = False
    prompts = [str(i // 10) for i in range(100)]
    alone, among = (shares_apart("a", HERE, one, other, labels=words) for words in ((), prompts))
    assert "McNemar's exact test: p = 1.9e-09" in alone.note
    assert "30 against 0; exact test over prompts: p = 0.25" in among.note
    assert among.value == alone.value == 30
    assert alone.low > 20 and among.low <= 10
