"""Highlights of which the amount is known."""

import numpy as np
import pytest
from known import box, rows

from gen.measure import highlights
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH, Layer, inside


def shiny(n, share, seed=0):
    """Grey cars with about so much of the bodywork white."""
    rng = np.random.default_rng(seed)
    pictures = np.full((n, 32, 48, 3), 100, np.uint8)
    pictures[rng.random((n, 32, 48)) < share] = 255
    return pictures


def test_the_share_of_near_white_pixels_is_the_one_made():
    pictures, masks = np.full((1, 32, 48, 3), 60, np.uint8), box()
    area = np.flatnonzero(inside(masks[0]))
    pictures.reshape(-1, 3)[area[: len(area) // 4]] = 250
    found = highlights.statistics(Layer(RENDERED, pictures, masks))
    assert found[0, 0] == pytest.approx(25, abs=0.5)


def test_what_is_like_the_renders_is_near_and_what_is_not_is_far():
    finishes = ["mirror"] * 60 + ["matte"] * 60
    white = [0.10] * 60 + [0.01] * 60
    made = [
        np.concatenate([shiny(1, s, seed=i + k) for i, s in enumerate(white)]) for k in (0, 500)
    ]
    dull = shiny(120, 0.0)
    masks = box(120)
    rendered = Layer(RENDERED, made[0], masks)
    same, other = Layer(GENERATED, made[1], masks), Layer("dull", dull, masks)
    found = rows(highlights.run(finishes, rendered, (same, other)))
    near = found["mirror-near-white-generated"]
    assert near.value < 0.6 < found["mirror-near-white-dull"].value
    assert near.low <= near.value <= near.high
    assert found["mirror-near-white-rendered-other-half"].value < 0.8
    assert found["mirror-near-white-floor-another-finish"].value > 2
    assert found["mirror-white-dull"].value == 0


def test_an_unreliable_mask_is_not_used():
    shown = Layer(RENDERED, shiny(4, 0.1), box(4))
    generated = Layer(GENERATED, shiny(4, 0.1), box(4))
    found = rows(highlights.run(["mirror"] * 4, shown, (generated,), "not used"))
    assert found["mirror-kurtosis-generated"].value is None
    assert found["mirror-kurtosis-generated"].note == "not used"


def test_a_picture_without_a_car_has_no_highlights():
    empty = Layer(RENDERED, shiny(1, 0.5), np.zeros((1, 32, 48), np.uint8))
    assert np.isnan(highlights.statistics(empty)).all()


def test_without_a_deviation_there_is_no_distance():
    dull = Layer(RENDERED, np.full((4, 32, 48, 3), 60, np.uint8), box(4))
    found = rows(highlights.run(["matte"] * 4, dull, (Layer(GENERATED, shiny(4, 0.1), box(4)),)))
    for series in ("generated", "rendered-other-half"):
        row = found[f"matte-near-white-{series}"]
        assert row.value is None and "no deviation" in row.note


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_generated_pictures_are_compared_with_renders_of_their_own_scenes(made, project):
    handed = made(highlights).handed
    finishes = [s.scene.material.finish for s in project.samples.entries]
    assert handed["finishes"] == finishes and finishes != finishes[::-1]
    assert handed["rendered"].pictures is project.samples.renders
    generated, through = handed["others"]
    assert (generated.series, through.series) == (GENERATED, THROUGH)
    assert generated.pictures is project.samples.pictures and through.pictures is project.through
    assert handed["doubt"] == ""


def test_renders_keep_their_true_bodies_where_judges_may_not_be_leaned_on(made, project):
    from tiny_project import doubting, handed_over

    read = project.judging.read(project.samples.renders).mask
    assert np.array_equal(made(highlights).handed["rendered"].masks, read)
    handed = handed_over(doubting(project, "mask"), highlights)
    assert handed["rendered"].masks is project.samples.bodies
    assert handed["rendered"].pictures is project.samples.renders
    assert "mask reaches only" in handed["doubt"]


def test_a_finish_is_set_beside_one_that_was_there_and_is_another():
    assert highlights._unlike("mirror", np.array(["mirror", "satin", "matte"])) == "matte"
    assert highlights._unlike("matte", np.array(["glossy", "matte"])) == "glossy"
    assert highlights._unlike("mirror", np.array(["mirror"])) == ""
