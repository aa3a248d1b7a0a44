"""What several measurements see in pictures."""

import numpy as np
from known import box

from gen.measure.kit import pictures


def test_others_are_of_the_same_group_and_never_oneself():
    groups = ["a", "b", "a", "a", "c", "b"]
    found = pictures.others(groups, np.random.default_rng(0))
    assert found[4] == -1
    for at, other in enumerate(found):
        if other >= 0:
            assert other != at
            assert groups[other] == groups[at]


def test_inside_leaves_the_edge_out():
    mask = box()[0]
    assert pictures.inside(mask).sum() == (16 - 2) * (24 - 2)


def test_a_name_has_no_marks():
    assert pictures.slug("rendered, through the autoencoder") == "rendered-through-the-autoencoder"
    assert pictures.slug("floor: copies") == "floor-copies"


def test_coarse_keeps_the_mean_and_loses_detail():
    fine = np.indices((32, 48)).sum(0)[..., None].repeat(3, -1) % 2 * 255.0
    assert pictures.coarse(fine).std() < 60
    assert abs(pictures.coarse(fine).mean() - fine.mean()) < 1
