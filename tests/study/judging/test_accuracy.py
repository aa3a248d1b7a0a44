"""gen/study/judging/accuracy.py: accuracies, intervals, how far apart."""

import numpy as np
import pytest
from tiny import renders_of
from tiny_judges import make_judged_place

from gen.study.judging import judges
from gen.study.judging.accuracy import accuracy, apart, doubt, overlaps, wilson
from gen.study.judging.networks import Jury
from gen.study.judging.readings import Accuracy, Classes
from gen.study.recipe.train import JudgesRecipe


def test_wilson_interval():
    assert wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


def test_accuracies_are_counted_by_group(tmp_path, one_thread):
    place = make_judged_place(tmp_path)
    jury, renders = judges.load(place / "judges", "judging"), renders_of(place)
    rows = accuracy(jury, renders)
    by = {(row.name, row.of): row for row in rows}
    drawn_there = [renders.scenes[i].world.name for i in renders.held_out]
    right = jury.read(renders.pictures[renders.held_out]).world == drawn_there
    whole = by["world", "all"]
    assert (whole.value, whole.n) == (right.mean(), len(right))
    assert (whole.low, whole.high) == wilson(right.sum(), len(right))
    by_finish = [by[key].n for key in by if key[0] == "world" and key[1] in jury.known.finish]
    assert sum(by_finish) == whole.n


@pytest.fixture
def tested():
    """Judges of whom three accuracies are known, one of them on matte cars alone."""
    names, size = Classes(("matte",), ("red",), ("snow",), ("side view",)), (32, 48)
    tested = judges.Judges(Jury([8, 8, 8, 8], 8, 4, names, size), JudgesRecipe(), names, size)
    tested.accuracies = (
        Accuracy("mask", "all", "IoU", 0.86, 0.8, 0.9, 50),
        Accuracy("world", "all", "share", 0.71, 0.6, 0.8, 50),
        Accuracy("mask", "matte", "IoU", 0.84, 0.7, 0.9, 9),
    )
    return tested


def test_a_doubt_names_the_judge_and_how_far_it_reaches(tested):
    assert doubt(tested, "mask") == ""
    assert doubt(tested, "mask", "world") == "the judge of world reaches only 0.71: not used"
    assert doubt(tested, "mask", of="matte").endswith("only 0.84 on matte: not used")


def test_a_judge_that_was_never_tried_is_in_doubt(tested):
    assert doubt(tested, "mask", "sun") == "the judge of sun was never put to the test: not used"


def test_directions_are_apart_the_short_way_round():
    found = apart(np.array([170.0, 0, 90]), np.array([-170.0, 180, 80]))
    assert found.tolist() == [20, 180, 10]


def test_overlaps():
    a = np.zeros((1, 4, 4), np.uint8)
    b = a.copy()
    a[0, :2], b[0, 1:3] = 255, 255
    assert overlaps(a, b)[0] == pytest.approx(1 / 3)
