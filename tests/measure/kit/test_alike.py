"""Squares of background that have as much to show as the squares of bodywork."""

import numpy as np

from gen.measure.kit import alike


def test_squares_lie_wholly_in_an_area():
    area = np.zeros((24, 35), bool)
    area[8:24, 9:35] = True
    found = alike.squares(area)
    assert found.shape == (3, 4), "what is left of a square at the edge is none"
    assert found.tolist() == [[False] * 4, [False, False, True, True], [False, False, True, True]]


def test_contrast_is_what_one_colour_for_all_would_be_off_by():
    picture = np.zeros((16, 16, 3), np.float32)
    picture[:8, :8] = 40  # a quarter of it: the mean is 10
    assert alike.contrast(picture).tolist() == [[900, 100], [100, 100]]


def test_each_square_of_bodywork_gets_a_square_of_background_that_shows_as_much():
    rng = np.random.default_rng(0)
    strength = rng.uniform(1, 60, (8, 12))
    picture = strength.repeat(8, 0).repeat(8, 1)[..., None] * rng.choice([-1.0, 1.0], (64, 96, 1))
    body, background = np.zeros((64, 96), bool), np.zeros((64, 96), bool)
    body[16:48, 32:64], background[:, :24], background[:, 72:] = True, True, True
    here, there = alike.alike(picture, body, background)
    assert here.sum() == there.sum() == body.sum()
    assert (here == body).all() and not (there & ~background).any()
    shows = [np.sort(alike.contrast(picture)[alike.squares(area)]) for area in (here, there)]
    assert np.abs(np.log(shows[0] / shows[1])).mean() < 0.3
    any_other = np.sort(alike.contrast(picture)[alike.squares(background)])[: len(shows[0])]
    assert np.abs(np.log(shows[0] / any_other)).mean() > 0.3, "else any background would do"


def test_where_the_background_is_small_as_many_squares_of_bodywork_are_left_out():
    picture = np.random.default_rng(1).normal(0, 30, (32, 32, 3))
    body, background = np.ones((32, 32), bool), np.zeros((32, 32), bool)
    body[:8], background[:8] = False, True
    here, there = alike.alike(picture, body, background)
    assert here.sum() == there.sum() == background.sum()
    nothing, none = alike.alike(picture, np.zeros((32, 32), bool), background)
    assert not nothing.any() and not none.any()
