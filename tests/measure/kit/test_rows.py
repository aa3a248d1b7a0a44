"""Intervals hold what they should; a row says when it is not to be leaned on."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from gen.measure.kit import rows as common
from gen.measure.kit.rows import Place

HERE = Place("panel", "label", "series")


@pytest.fixture(autouse=True)
def drawn_as_for_the_site(monkeypatch):
    monkeypatch.setattr(common, "RESAMPLES", 2000)


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    found = [common.mean("a", HERE, rng.normal(3, 1, 60), "x") for _ in range(60)]
    assert sum(row.low <= 3 <= row.high for row in found) >= 53


def test_the_interval_of_a_biased_statistic_holds_its_value():
    """Two samples of one distribution: drawn again, they lie further apart than they do."""
    rng = np.random.default_rng(2)
    outside = 0
    for _ in range(6):
        samples = (rng.normal(0, 1, 40), rng.normal(0, 1, 40))
        asked = ("a", HERE, samples, "sd", lambda a, b, axis: wasserstein_distance(a, b))
        row = common.bootstrapped(*asked, biased=True)
        assert 0 <= row.low <= row.value <= row.high
        outside += common.bootstrapped(*asked).low > row.value
    assert outside, "else nothing was shifted"


def test_a_share_has_wilsons_interval():
    row = common.share("a", HERE, np.arange(200) < 100)
    assert (row.value, row.n) == (50, 200)
    assert row.low == pytest.approx(43.14, abs=0.01)
    assert not row.note


def test_few_pictures_with_a_wide_interval_are_said():
    row = common.share("a", HERE, np.arange(20) < 10)
    assert "only 20 pictures" in row.note


def test_what_is_not_there_is_no_figure():
    assert common.mean("a", HERE, np.array([np.nan, 1.0]), "x").value is None
    assert common.share("a", HERE, np.zeros(0, bool)).value is None


def test_rows_are_the_same_every_time():
    values = np.random.default_rng(0).random(50)
    assert common.mean("a", HERE, values, "x") == common.mean("a", HERE, values, "x")


def test_a_record_has_one_key_for_the_same_inputs_in_any_order():
    measured = common.Measured("?", "so", (common.share("a", HERE, np.ones(100, bool)),))
    made = [
        common.record("one", measured, "", inputs, lambda m: {"one.svg": b"<svg/>"})
        for inputs in ([("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")])
    ]
    assert made[0] == made[1]
    other, _ = common.record("one", measured, "", [("a", "1")], lambda m: {})
    assert other.key != made[0][0].key


def test_an_interval_over_fewer_than_six_is_refused(monkeypatch):
    monkeypatch.undo()  # of what lets other tests measure on two
    few = common.mean("a", HERE, np.arange(5.0), "x")
    assert (few.value, few.note) == (None, "only 5 to look at")
    assert common.mean("a", HERE, np.arange(6.0), "x").value == 2.5


def test_draws_at_once_are_the_same_as_one_by_one():
    values = (np.random.default_rng(3).normal(size=70),)
    one, many = (
        common.bootstrapped("a", HERE, values, "x", looked_at=3, at_once=at_once)
        for at_once in (False, True)
    )
    assert one == many and "one of 3" in one.note


def test_the_ends_of_many_comparisons_wander_no_more_than_those_of_one():
    values = np.random.default_rng(9).normal(size=200)

    def wandering(looked_at: int) -> float:
        """How far the ends lie apart from draw to draw, in widths of their interval."""
        orders = [np.random.default_rng(seed).permutation(values) for seed in range(24)]
        made = [common.mean("a", HERE, order, "x", looked_at=looked_at) for order in orders]
        ends = np.array([(row.low, row.high) for row in made])
        return ends.std(0).mean() / np.ptp(ends.mean(0))

    assert wandering(20) < 1.25 * wandering(1)


@pytest.mark.parametrize("n", [8, 12, 40])
def test_an_interval_over_few_holds_the_truth_nearly_as_often_as_it_says(n):
    samples = np.random.default_rng(n).normal(size=(400, n))
    made = [common.mean("a", HERE, values, "x") for values in samples]
    held = [row.low <= 0 <= row.high for row in made]
    assert 0.92 <= np.mean(held) <= 0.98
