"""What several measurements see in pictures."""

import io

import numpy as np
import pytest
from known import box
from PIL import Image

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


def test_a_small_sheet_holds_every_picture_small_and_weighs_no_more_than_it_may():
    many = np.random.default_rng(0).integers(0, 256, (10, 40, 300, 3), dtype=np.uint8)
    light, heavy = pictures.small_sheet(many, 0), pictures.small_sheet(many, 10**9)
    assert len(light) < len(heavy)
    between = pictures.small_sheet(many, len(heavy) - 1)
    assert len(light) < len(between) < len(heavy)
    sheet = Image.open(io.BytesIO(heavy))
    assert sheet.size == (8 * 256, 2 * 34)


def test_a_picture_that_is_small_already_keeps_its_size_on_a_sheet():
    even = np.full((3, 20, 30, 3), 200, np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(pictures.small_sheet(even, 10**6))))
    assert sheet.shape == (20, 8 * 30, 3)
    assert abs(int(sheet[10, 45, 0]) - 200) < 3 and sheet[10, 100, 0] < 9, "black where none is"


@pytest.mark.parametrize(("beside", "size"), [(3, (900, 80)), (4, (1024, 68))])
def test_many_pictures_beside_each_other_are_smaller_on_a_sheet(beside, size):
    rows = np.random.default_rng(0).integers(0, 256, (2, beside, 40, 300, 3), dtype=np.uint8)
    assert Image.open(io.BytesIO(pictures.sheet(rows))).size == size
