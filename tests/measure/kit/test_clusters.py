"""Shares, means and tests of pictures that come in groups."""

import numpy as np
import pytest
from scipy import stats

from gen.measure.kit import clusters
from gen.measure.kit.rows import Place, mean, share

HERE = Place("panel", "label", "series")
GROUPS = [i // 4 for i in range(80)]


def test_groups_of_one_are_pictures():
    hits = np.random.default_rng(0).random(80) < 0.8
    assert clusters.share_of("a", HERE, hits, range(80)) == share("a", HERE, hits)
    values = hits.astype(float)
    assert clusters.mean_of("a", HERE, values, "%", range(80)) == mean("a", HERE, values, "%")


def test_groups_that_are_alike_within_are_worth_a_picture_each():
    groups = np.random.default_rng(1).random(20) < 0.6
    hits = np.repeat(groups, 4)
    found = clusters.share_of("a", HERE, hits, GROUPS)
    alone = share("a", HERE, groups)
    assert found.value == alone.value and found.n == 80
    assert found.high - found.low == pytest.approx(alone.high - alone.low, rel=0.06)


def test_groups_that_tell_no_picture_from_others_are_worth_nearly_all_of_their_pictures():
    hits = np.random.default_rng(2).random(8000) < 0.6
    sums, counts = clusters.totals(hits.astype(float), [i // 4 for i in range(8000)])
    assert clusters.worth(sums, counts) > 7000


def test_where_nothing_varies_groups_alone_are_counted():
    found = clusters.share_of("a", HERE, np.ones(80, bool), GROUPS)
    assert found.low == share("a", HERE, np.ones(20, bool)).low


def test_one_group_has_no_mean():
    found = clusters.mean_of("a", HERE, np.arange(80.0), "%", [0] * 80)
    assert found.value is None and "only 1" in found.note


def test_what_is_missing_is_left_out_of_its_group():
    values = np.array([1.0, np.nan, 3.0, np.nan] * 20)
    found = clusters.mean_of("a", HERE, values, "%", GROUPS)
    assert (found.value, found.low, found.n) == (2, 2, 40)


def test_without_groups_chance_is_mcnemars():
    differences = np.array([1] * 13 + [-1] * 4 + [0] * 30)
    exact = stats.binomtest(13, 17).pvalue
    assert clusters.by_chance(differences, range(47)) == pytest.approx(exact)
    assert clusters.by_chance(np.zeros(47), range(47)) == 1


def test_what_is_counted_and_what_is_redrawn_are_named_as_they_are():
    hits = np.random.default_rng(1).random(80) < 0.6
    found = clusters.share_of("a", HERE, hits, GROUPS, of="pairs of words", n="runs")
    assert "80 runs of 20 pairs of words: the interval is over pairs of words" in found.note
