"""From when on a run's pictures are read as the one or the other, on runs that are known."""

import numpy as np
import pytest

from gen.measure.kit.sides import Sides, nearer

N, O, X = "new", "old", "neither"  # noqa: E741


def sides(*runs):
    read = np.array(runs)
    return Sides(read == N, read == O)


@pytest.mark.parametrize(
    ("run", "last", "settled"),
    [
        ((N, N, N, O, O), 2, 3),
        ((N, O, O, O, O), 0, 1),
        ((N, N, N, N, O), 3, 4),
        ((N, N, X, X, O), 1, 4),
        ((N, O, N, O, O), 2, 3),
    ],
)
def test_the_last_win_of_the_new_and_from_when_on_the_old_always_wins(run, last, settled):
    found = sides(run)
    assert (found.last[0], found.settled[0]) == (last, settled)


@pytest.mark.parametrize("run", [(O, N, O, O), (X, N, N, O), (N, N, N, X), (N, N, N, N)])
def test_a_run_whose_unchanged_pictures_are_not_as_asked_says_nothing(run):
    found = sides(run, (N, N, O, O))
    assert found.as_asked.tolist() == [False, True]
    assert np.isnan(found.last[0]) and np.isnan(found.settled[0]) and found.last[1] == 1


def test_an_outline_is_that_of_the_end_which_it_covers_better():
    masks = np.zeros((1, 4, 4, 12), bool)
    for k, left in enumerate((0, 1, 5, 6)):
        masks[0, k, :, left : left + 4] = True
    found = nearer(masks)
    assert found.new[0].tolist() == [True, True, False, False]
    assert found.old[0].tolist() == [False, False, True, True]


def test_a_car_that_is_as_far_from_both_has_the_outline_of_neither():
    masks = np.zeros((1, 3, 4, 12), bool)
    masks[0, 0, :, :4] = masks[0, 2, :, 8:] = masks[0, 1, :, 4:8] = True
    found = nearer(masks)
    assert not found.new[0, 1] and not found.old[0, 1]
