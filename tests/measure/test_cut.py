"""Worlds that agree, or not, as they were made to."""

import numpy as np
from known import noise, rows

from gen.measure import cut
from gen.measure.cut import CONTROL, CUT, WHOLE, Read
from gen.measure.kit import unnamed

N = 120


def read(agreeing, seed=0, pictures=None):
    """Three worlds in turn behind the car; of the bodies so many show their own."""
    background = np.array(["snow", "desert", "city"] * (N // 3))
    body = background.copy()
    body[agreeing:] = "elsewhere"
    shown = noise(N, 8, 8, seed) if pictures is None else pictures
    return Read(shown, body, background, np.array([unnamed.FINISH] * N))


def test_what_a_cut_takes_away_is_found_and_what_any_cut_would_is_set_beside_it():
    found = rows(cut.run({WHOLE: read(N), CUT: read(N // 2), CONTROL: read(N - 12)}))
    assert (found["whole"].value, found["cut"].value, found["control"].value) == (100, 50, 90)
    assert found["whole-less-cut"].value == 50 and found["control-less-cut"].value == 40
    assert found["whole-less-control"].low > 0
    assert "one of 3 comparisons" in found["whole-less-cut"].note
    assert 30 < found["whole-floor"].value < 34, "a third of the others stand in the same world"


def test_a_cut_that_breaks_pictures_shows_in_their_change():
    same, broken = noise(N, 8, 8), noise(N, 8, 8, seed=9)
    found = rows(cut.run({WHOLE: read(N, pictures=same), CUT: read(N, pictures=broken),
                          CONTROL: read(N, pictures=same)}))  # fmt: skip
    assert found["control-change"].value == 0 and found["cut-change"].value > 50
    assert found["cut-mirror"].value == 100


def test_a_judge_under_its_bound_leaves_the_change_alone():
    found = rows(cut.run(dict.fromkeys((WHOLE, CUT, CONTROL), read(N)), "the judge is bad"))
    assert found["whole"].value is None and found["whole"].note == "the judge is bad"
    assert found["cut-change"].value == 0 and "whole-less-cut" not in found


# ---- what is painted from what, on the tiny project -------------------------------------------


def test_the_same_words_and_noises_are_painted_under_each_cut(made, project):
    handed = made(cut).handed["read"]
    asked = unnamed.mirrors(project)
    assert list(handed) == [WHOLE, CUT, CONTROL]
    assert np.array_equal(handed[WHOLE].pictures, asked.pictures) and len(asked.pictures)
    assert len({len(r.pictures) for r in handed.values()}) == 1
    assert not np.array_equal(handed[CUT].pictures, handed[WHOLE].pictures)
    assert not np.array_equal(handed[CUT].pictures, handed[CONTROL].pictures)


def test_each_picture_is_read_under_the_mask_found_in_that_very_picture(made, project):
    for series in made(cut).handed["read"].values():
        masks = project.judging.read(series.pictures).mask
        body = project.judging.read_world(series.pictures, masks, "body").world
        assert np.array_equal(series.body, body)
