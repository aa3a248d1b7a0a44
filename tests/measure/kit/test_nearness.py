"""Distances of pictures and of their parts, where they are known."""

import numpy as np
from known import box, noise

from gen.measure.kit import nearness
from gen.measure.kit.nearness import Bounds, Described, Nearest


def described(values, weights=None):
    values = np.array(values, np.float32)
    return Described(values, np.ones_like(values) if weights is None else np.array(weights))


def test_distances_count_what_both_show():
    ours = described([[0, 0, 9, 9]], [[1.0, 1, 1, 0]])
    known = described([[3, 3, 0, 9], [0, 0, 0, 0]], [[1.0, 1, 0, 1], [0, 0, 0, 1]])
    assert np.allclose(nearness.apart(ours, known), [[3, np.inf]])


def test_a_picture_comes_nearest_as_it_is_or_mirrored():
    found = nearness.nearest(np.array([[5.0, 1], [4, 9]]), np.array([[2.0, 3], [8, 3]]))
    assert found.places.tolist() == [1, 1]
    assert found.mirrored.tolist() == [False, True]
    assert found.distances.tolist() == [1, 3]


def test_each_world_has_its_own_bound():
    n = nearness.ENOUGH
    worlds = ["dark"] * n + ["bright"] * n + ["rare"] * 2
    places = np.arange(2 * n + 2)
    distances = np.concatenate([np.full(n, 1.0), np.full(n, 10.0), [5.0, 5.0]])
    bounds = Bounds(Nearest(places, places < 0, distances), worlds, 0.05)
    assert bounds.by_world == {"dark": 1.0, "bright": 10.0}
    near = Nearest(np.array([0, n, 2 * n]), np.zeros(3, bool), np.array([2.0, 2.0, 2.0]))
    dark, bright, rare = bounds.relative(near)
    assert (dark, bright) == (2, 0.2) and rare == 2 / bounds.every


def test_the_car_is_compared_whatever_its_brightness_or_place():
    pictures, bodies = noise(1, seed=1), box(1)
    brighter = (pictures // 2 + 100).astype(np.uint8)
    other = brighter.copy()
    other[:, :, :12] = 0  # outside of its box
    same = nearness.apart(nearness.car(pictures, bodies), nearness.car(other, bodies))
    assert same.item() < 0.05
    another = nearness.car(noise(1, seed=2), bodies)
    assert nearness.apart(nearness.car(pictures, bodies), another).item() > 1


def test_surroundings_leave_out_the_car_and_what_lies_under_it():
    pictures, bodies = noise(1, 64, 96, seed=1), box(1, 64, 96)
    other = pictures.copy()
    other[:, 16:51, 24:72] = 0  # the box of bodywork and some rows under it
    ours, known = (nearness.surroundings(p, bodies) for p in (pictures, other))
    assert nearness.apart(ours, known).item() == 0
    assert nearness.apart(nearness.whole(pictures, bodies), nearness.whole(other, bodies)) > 10
