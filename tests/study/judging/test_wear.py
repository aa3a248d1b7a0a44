"""gen/study/judging/wear.py: judges learn to look past what no renderer does."""

import numpy as np
import pytest

from gen.study.judging import wear

FLAT = np.full((32, 48, 3), 120, np.uint8)
FINE = np.random.default_rng(1).integers(60, 196, (32, 48, 3)).astype(np.uint8)


def test_wear_keeps_a_picture_a_picture():
    for seed in range(20):
        worn = wear.worn(np.random.default_rng(seed), FINE)
        assert worn.shape == FINE.shape and worn.dtype == np.uint8


def test_most_pictures_are_worn_and_some_are_spared():
    """Four changes, each spared six times in ten: one picture in eight stays as it was."""
    spared = sum(
        np.array_equal(wear.worn(np.random.default_rng(s), FINE), FINE) for s in range(200)
    )
    assert 10 <= spared <= 45


@pytest.mark.parametrize("seed", range(5))
def test_a_soft_picture_has_smaller_steps_between_neighbours(seed):
    soft = wear._soft(np.random.default_rng(seed), FINE)
    assert 0.1 * _steps(FINE) < _steps(soft) < 0.9 * _steps(FINE)
    assert soft.mean() == pytest.approx(FINE.mean(), abs=1.5)


def test_a_tint_is_the_same_everywhere_and_less_than_tells_gold_from_copper():
    tints = np.array([wear._tinted(np.random.default_rng(s), FLAT)[0, 0] for s in range(60)]) / 120
    flat = wear._tinted(np.random.default_rng(0), FLAT)
    assert np.ptp(flat.reshape(-1, 3), axis=0).max() == 0
    assert 0.78 < tints.min() < 0.92 and 1.08 < tints.max() < 1.22, "lighter and darker"
    between = tints[:, 0] / tints[:, 2]  # red against blue
    assert 0.9 < between.min() < 0.99 and 1.01 < between.max() < 1.1


def test_grain_is_as_large_as_a_latent_at_most_and_leaves_the_mean():
    sizes = set()
    for seed in range(30):
        grainy = wear._grainy(np.random.default_rng(seed), FLAT)
        assert grainy.shape == FLAT.shape and grainy.mean() == pytest.approx(120, abs=3)
        assert 1.5 < grainy.std() < 12
        row = grainy[0, :, 0].astype(int)
        sizes.add(int(np.flatnonzero(np.diff(row))[0]) + 1)
    assert sizes >= {1, 2, 3, 4} and max(sizes) <= 12


def test_compression_changes_fine_detail_and_no_flat_surface():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        assert np.abs(wear._compressed(rng, FLAT).astype(int) - 120).max() <= 2
        apart = np.abs(wear._compressed(rng, FINE).astype(int) - FINE)
        assert 1 < apart.mean() < 40


def test_levels_are_rounded_and_stay_in_range():
    assert wear._levels(np.array([-3.0, 1.49, 1.5, 254.6, 300])).tolist() == [0, 1, 2, 255, 255]


def _steps(picture: np.ndarray) -> float:
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())
