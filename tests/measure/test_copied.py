"""Copies are found, and what is no copy is not called one."""

import io

import numpy as np
from known import Told, noise, rows
from PIL import Image

from gen.measure import copied
from gen.measure.kit.pictures import GENERATED, THROUGH
from gen.study.training.autoencoder import reconstructed


def run(generated, doubt=""):
    training = noise(60, seed=1)
    shown = {GENERATED: generated, copied.COPIES: training[:20]}
    return copied.run(training, noise(40, seed=2), shown, Told(), doubt)


def test_what_is_new_is_as_far_as_what_was_held_out():
    found = rows(run(noise(100, seed=3)))
    assert found["generated-pixels-near"].value < 15
    assert found["floor-copies-pixels-near"].value == 100
    assert found["floor-copies-pixels"].value == 0
    assert found["floor-copies-features-near"].value == 100


def test_a_copy_is_found_mirrored_too():
    copies = noise(60, seed=1)[:, :, ::-1]
    found = rows(run(copies))
    assert found["generated-pixels"].value == 0
    assert found["generated-pixels-near"].value == 100


def test_features_that_may_not_be_used_are_not():
    found = rows(run(noise(10, seed=3), doubt="not used"))
    assert found["features"].note == "not used"
    assert "generated-features" not in found


def test_the_nearest_pairs_are_shown():
    pairs = Image.open(io.BytesIO(run(noise(10, seed=3)).pictures["pairs.webp"]))
    assert pairs.size == (8 * 48, 2 * 32)


def test_nearest_is_the_nearest():
    places, distances = copied.nearest(
        np.array([[0.0], [9.0]]), np.array([[8.0], [1.0]]), "euclidean"
    )
    assert places.tolist() == [1, 0]
    assert distances.tolist() == [1, 1]


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_what_was_trained_on_and_what_was_held_out_are_kept_apart(made, project):
    handed, renders = made(copied).handed, project.training
    assert not set(renders.trained) & set(renders.held_out)
    assert np.array_equal(handed["training"], renders.pictures[renders.trained])
    assert np.array_equal(handed["held_out"], renders.pictures[renders.held_out])
    assert len(handed["held_out"]) and handed["judges"] is project.judging


def test_true_copies_are_the_trained_renders_through_the_models_own_autoencoder(made, project):
    series, renders = made(copied).handed["series"], project.training
    some = renders.pictures[renders.trained[: copied.COUNT]]
    assert np.array_equal(series[copied.COPIES], reconstructed(project.pipe.vae, some))
    assert series[GENERATED] is project.samples.pictures and series[THROUGH] is project.through


def test_features_are_compared_only_where_judges_of_finish_and_world_may_be_leaned_on(
    made, project
):
    from tiny_project import doubting, handed_over

    assert made(copied).handed["doubt"] == ""
    for name in ("finish", "world"):
        doubt = handed_over(doubting(project, name), copied)["doubt"]
        assert f"the judge of {name} reaches only" in doubt
