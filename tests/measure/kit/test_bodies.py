"""Bodies whose boxes, means and shifts are known."""

import numpy as np
import pytest

from gen.measure.kit import bodies


def test_a_box_holds_all_bodywork_and_no_more():
    mask = np.zeros((20, 30), np.uint8)
    mask[4:9, 7:21] = 255
    assert bodies.box(mask) == bodies.Box(4, 9, 7, 21)
    assert bodies.box(np.zeros((20, 30), np.uint8)) == bodies.Box(0, 20, 0, 30)


def test_upside_down_turns_the_box_and_leaves_the_rest():
    pair = np.arange(2 * 4 * 3 * 3, dtype=np.uint8).reshape(2, 4, 3, 3)
    turned = bodies.turned(pair, bodies.Box(1, 3, 0, 2))
    assert np.array_equal(turned[:, 1, :2], pair[:, 2, :2])
    assert np.array_equal(turned[:, 2, :2], pair[:, 1, :2])
    assert np.array_equal(turned[:, 0], pair[:, 0]) and np.array_equal(
        turned[..., 2, :], pair[..., 2, :]
    )


def test_another_cars_box_is_stretched_over_this_ones():
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[2:6, 2:6] = 200
    moved = bodies.moved(picture, bodies.Box(2, 6, 2, 6), bodies.Box(8, 16, 4, 16))
    assert (moved[8:16, 4:16] == 200).all() and (moved[2:6, 2:6] == 200).all()
    assert not moved[7, 8:].any()


@pytest.mark.parametrize("degrees", [0, 6, -12])
def test_a_known_shift_is_found(degrees):
    heights = np.repeat(np.linspace(-60, 60, 121), 40)
    colours = np.repeat(np.where(heights > 0, 200.0, 40.0)[:, None], 3, 1)
    shifted = np.repeat(np.where(heights > degrees, 200.0, 40.0)[:, None], 3, 1)
    assert bodies.shift(heights, shifted, colours) == abs(degrees)


def test_a_body_that_mirrors_too_few_heights_has_no_shift():
    heights = np.zeros(500)
    assert np.isnan(bodies.shift(heights, np.ones((500, 3)), np.ones((500, 3))))


def test_the_brightest_fiftieth_looks_one_way_in_the_mean():
    directions = np.tile([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0.6, 0.8]], (500, 1))
    colours = np.tile([[0.0] * 3, [10] * 3, [20] * 3, [30] * 3], (500, 1))
    assert bodies.brightest(directions, colours) == pytest.approx([0, 0.6, 0.8])
    assert np.isnan(bodies.brightest(directions[:100], colours[:100])).all(), "too little is seen"
    around = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    assert bodies.degrees_between(*around) == pytest.approx(90)
