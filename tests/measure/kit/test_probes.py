"""Directions that a weighted sum gives, and such that none does."""

import numpy as np
import pytest

from gen.measure.kit import probes


def numbers(n=20, places=30, size=8, seed=0):
    return np.random.default_rng(seed).standard_normal((n, places, size)).astype(np.float32)


def test_what_is_a_weighted_sum_is_read_on_pictures_never_fitted_on():
    seen = numbers()
    wanted = seen @ np.random.default_rng(1).standard_normal((8, 3)) + [1, 2, 3]
    probe = probes.fitted(seen[:10], wanted[:10])
    assert probes.degrees_off(probe.read(seen[10:]), wanted[10:]).max() < 1


def test_what_has_nothing_to_do_with_the_numbers_is_not():
    wanted = numbers(size=3, seed=2)
    probe = probes.fitted(numbers()[:10], wanted[:10])
    assert probes.degrees_off(probe.read(numbers()[10:]), wanted[10:]).mean() > 60


def test_many_useless_numbers_are_held_down_by_pictures_kept_back():
    few = numbers(n=10, places=4)
    noise = numbers(n=10, places=4, size=200, seed=5)
    wanted = few[..., :3] + [2, 0, 0]
    probe = probes.fitted(np.concatenate([few, noise], -1)[:5], wanted[:5])
    bare = probes._ridges(np.concatenate([few, noise], -1)[:5], wanted[:5])[0]
    seen = np.concatenate([few, noise], -1)[5:]
    off = [probes.degrees_off(p.read(seen), wanted[5:]).mean() for p in (probe, bare)]
    assert off[0] <= off[1]


def test_degrees_know_no_length():
    off = probes.degrees_off(np.array([[2.0, 0, 0], [0, 3, 0]]), np.array([[5.0, 5, 0], [0, 1, 0]]))
    assert off == pytest.approx([45, 0])
