"""Places on bodywork, and what lies there."""

import numpy as np

from gen.measure.kit import cells


def test_places_lie_on_the_bodywork_or_where_it_is_likeliest():
    bodies = np.zeros((2, 4, 6), np.float32)
    bodies[0, 1:3, 2:5], bodies[1, 3, 1] = 1, 0.2
    at = cells.places_on(bodies)
    assert at.shape == (2, cells.CELLS)
    assert set(at[0]) <= set(np.flatnonzero(bodies[0])) and set(at[1]) == {3 * 6 + 1}


def test_numbers_are_those_of_the_place():
    values = np.arange(2 * 4 * 6 * 2).reshape(2, 4, 6, 2)
    found = cells.numbers_at(values, np.array([[0, 7], [23, 23]]))
    assert np.array_equal(found[0, 1], values[0, 1, 1])
    assert np.array_equal(found[1, 0], values[1, 3, 5])


def test_colours_are_those_within_a_square_and_around_it():
    pictures = np.zeros((1, 32, 48, 3), np.uint8)
    pictures[0, 8:16, 16:20] = 200  # the left half of the square in row 1, column 2
    there, left, far = cells.colours(
        pictures, np.array([[1 * 6 + 2, 1 * 6 + 1, 3 * 6 + 5]]), (4, 6)
    )[0]
    within = there[: 3 * cells.PARTS**2].reshape(cells.PARTS, cells.PARTS, 3)
    assert (within[:, :2] == 200).all() and not within[:, 2:].any()
    assert not left[: 3 * cells.PARTS**2].any() and left.max() == 100, "seen beside it"
    assert not far.any()


def test_places_say_where():
    corners = cells.places(np.array([[0, 5, 18, 23]]), (4, 6))[0]
    assert len({tuple(corner) for corner in corners}) == 4
    assert np.abs(corners).max() == 1


def test_a_place_on_the_car_is_the_same_wherever_the_car_stands_and_however_large():
    bodies = np.zeros((2, 8, 12), np.float32)
    bodies[0, 1:4, 2:7], bodies[1, 2:7, 1:10] = 1, 1
    first, last = cells.on_the_car(
        np.array([[1 * 12 + 2, 3 * 12 + 6], [2 * 12 + 1, 6 * 12 + 9]]), bodies
    )
    assert np.array_equal(first, last)
    assert sorted(set(first[0])) == [-1, 1] and (first[1] == 1).all()
