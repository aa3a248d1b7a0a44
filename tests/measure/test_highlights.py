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


def white_by_sample(shares, level=255):
    """Grey cars, of each so much of the bodywork that white, from its top down."""
    pictures, masks = np.full((len(shares), 32, 48, 3), 60, np.uint8), box(len(shares))
    area = np.flatnonzero(inside(masks[0]))
    for picture, share in zip(pictures, shares, strict=True):
        picture.reshape(-1, 3)[area[: round(share * len(area))]] = level
    return pictures, masks


def test_shares_of_white_are_compared_sample_by_sample():
    scene = np.linspace(0.3, 0.7, 16)  # what a sample shows in every series
    layers = [
        Layer(series, *white_by_sample(scene - off))
        for series, off in ((RENDERED, 0), (GENERATED, 0.2), (THROUGH, 0.1))
    ]
    shown = highlights.run(["mirror"] * 16, layers[0], layers[1:], prompts=["a", "b"] * 8)
    few = rows(shown)["mirror-white-rendered-above-generated"]
    assert "16 pictures of 2 prompts" in few.note, "prompts are drawn again, not pictures"
    shown = highlights.run(["mirror"] * 8 + ["matte"] * 8, layers[0], layers[1:])
    found = rows(shown)
    through = "rendered-through-the-autoencoder"
    for finish in ("mirror", "matte"):
        for pair, points in (
            ("rendered-above-generated", 20),
            (f"rendered-above-{through}", 10),
            (f"{through}-above-generated", 10),
        ):
            row = found[f"{finish}-white-{pair}"]
            assert row.value == pytest.approx(points, abs=0.6) and row.n == 8
            assert row.high - row.low < 1, "what a sample shows in both falls out"
            assert "one of 6 comparisons" in row.note
    assert "all 6 of these comparisons" in shown.method and "-pure-" not in " ".join(found)


def test_chrome_is_told_apart_and_near_white_is_not_pure():
    finishes, colours = ["mirror"] * 12 + ["brushed"] * 6, ["chrome", "gold"] * 6 + ["chrome"] * 6
    level = np.where(np.arange(18) % 2, 245, 255)  # gold is near white at most
    pictures, masks = white_by_sample([0.5] * 18)
    pictures[pictures == 255] = np.repeat(level, (pictures == 255).sum((1, 2, 3)))
    dull, packed = white_by_sample([0.25] * 18), white_by_sample([0.5] * 18, 245)
    others = Layer(GENERATED, *dull), Layer(THROUGH, *packed)
    found = rows(highlights.run(finishes, Layer(RENDERED, pictures, masks), others, "", colours))
    assert found["chrome-pure-rendered"].value == pytest.approx(50, abs=0.5)
    assert found["chrome-pure-rendered"].n == 6, "neither gold nor what is brushed"
    assert found["chrome-pure-rendered-through-the-autoencoder"].value == 0
    assert found["chrome-white-rendered-through-the-autoencoder"].value == pytest.approx(50, abs=1)
    assert found["gold and copper-white-generated"].value == pytest.approx(25, abs=1)
    assert "gold and copper-pure-rendered" not in found
    more = found["chrome-pure-rendered-above-generated"]
    assert more.value == pytest.approx(25, abs=0.6) and more.low > 0
    assert "one of 15 comparisons" in more.note


def test_bands_are_held_against_another_finish_and_the_autoencoder():
    finishes = ["mirror"] * 30 + ["matte"] * 20
    white = np.repeat([0.30, 0.0], [30, 20]) + np.linspace(0, 0.05, 50)
    layers = [
        Layer(series, np.concatenate([shiny(1, w * by, i) for i, w in enumerate(white)]), box(50))
        for series, by in ((RENDERED, 1), (GENERATED, 0.8), (THROUGH, 0.95))
    ]
    shown = highlights.run(finishes, layers[0], layers[1:])
    found = rows(shown)
    for name, n in (("nearer", 20), ("packed-nearer", 30)):
        row = found[f"mirror-fine-{name}"]
        assert row.low > 0 and row.n == n and "one of 6 comparisons" in row.note
    pairs = [f"car {at // 2}" for at in range(50)]
    few = rows(highlights.run(finishes, layers[0], layers[1:], prompts=pairs))
    assert "30 pictures of 15 prompts" in few["mirror-fine-packed-nearer"].note
    assert few["mirror-fine-packed-nearer"].value == found["mirror-fine-packed-nearer"].value
    painted = found["mirror-fine-generated"].value
    apart = found["mirror-fine-floor-another-finish"].value - painted
    assert found["mirror-fine-nearer"].value == pytest.approx(apart, rel=1e-3)
    apart = painted - found["mirror-fine-rendered-through-the-autoencoder"].value
    assert found["mirror-fine-packed-nearer"].value == pytest.approx(apart, rel=1e-3)
    assert "all 6 of these hold" in shown.method and "brushed-fine-nearer" not in found


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_generated_pictures_are_compared_with_renders_of_their_own_scenes(made, project):
    handed = made(highlights).handed
    finishes = [s.scene.material.finish for s in project.samples.entries]
    assert handed["finishes"] == finishes and finishes != finishes[::-1]
    assert handed["colours"] == [s.scene.material.colour for s in project.samples.entries]
    assert handed["prompts"] == [s.prompt for s in project.samples.entries]
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
