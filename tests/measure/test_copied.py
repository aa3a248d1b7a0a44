"""Copies are found, whole and in part, and what is no copy is not called one."""

import io

import numpy as np
from known import Told, box, noise, rows
from PIL import Image

from gen.measure import copied
from gen.measure.copied import Pictures
from gen.measure.kit.pictures import GENERATED, THROUGH, slug
from gen.study.training.autoencoder import reconstructed

WORLDS = ("studio", "sunset")


def some(n, seed):
    return Pictures(noise(n, seed=seed), box(n))


def run(generated, doubt=""):
    training = some(100, seed=13)
    first = Pictures(*(each[:20] for each in training))
    series = {GENERATED: generated, copied.HELD_OUT: some(40, seed=2), copied.COPIES: first}
    series[THROUGH] = some(len(generated.pictures), seed=5)
    return copied.run(training, [WORLDS[i % 2] for i in range(100)], series, Told(), doubt)


def test_what_is_new_is_as_far_as_renders_are_from_one_another():
    found = rows(run(some(100, seed=3)))
    for way in ("whole", "surroundings", "car"):
        assert found[f"generated-{way}-near"].value < 30, way
        assert found[f"held-out-renders-{way}-near"].value < 30, way
        assert found[f"floor-copies-{way}-near"].value == 100, way
        assert found[f"floor-copies-{way}"].value < 0.1, way
    assert found["floor-copies-features-near"].value == 100


def test_a_copy_is_found_mirrored_too():
    found = rows(run(some(100, seed=13).turned()))
    assert found["generated-whole"].value == 0
    assert found["generated-whole-near"].value == 100
    assert found["more-whole"].value == 100 - found[f"{slug(THROUGH)}-whole-near"].value


def test_a_copied_place_behind_another_car_and_a_copied_car_in_another_place_are_found():
    training, other = some(100, seed=13), some(100, seed=3)
    placed = copied._moved(other, training)
    found = rows(run(Pictures(placed, box(100))))
    assert found["generated-surroundings-near"].value == 100
    assert found["generated-car-near"].value < 30
    moved = copied._moved(training, other)
    found = rows(run(Pictures(moved, box(100))))
    assert found["generated-car-near"].value == 100
    assert found["generated-surroundings-near"].value < 30


def test_another_paint_changes_bodywork_alone():
    pictures, bodies = some(2, seed=4)
    painted = copied._in_another_paint(pictures, bodies)
    assert np.array_equal(painted[bodies == 0], pictures[bodies == 0])
    assert np.array_equal(painted[bodies == 255], pictures[bodies == 255][:, list(copied.TURNED)])


def test_features_that_may_not_be_used_are_not():
    found = rows(run(some(10, seed=3), doubt="not used"))
    assert found["features"].note == "not used"
    assert "generated-features" not in found


def test_the_nearest_pairs_are_shown_of_every_part():
    pictures = run(some(10, seed=3)).pictures
    sizes = {name: Image.open(io.BytesIO(file)).size for name, file in pictures.items()}
    wide = {f"{way}.webp": (count * 48, 2 * 32) for way, count in copied.PAIRS.items()}
    assert sizes == wide


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_what_was_trained_on_and_what_was_held_out_are_kept_apart(made, project):
    handed, renders = made(copied).handed, project.training
    assert not set(renders.trained) & set(renders.held_out)
    trained, held_out = handed["trained"], handed["series"][copied.HELD_OUT]
    assert np.array_equal(trained.pictures, renders.pictures[renders.trained])
    assert np.array_equal(trained.bodies, renders.bodies[renders.trained])
    assert np.array_equal(held_out.pictures, renders.pictures[renders.held_out])
    assert handed["worlds"] == [renders.scenes[i].world.name for i in renders.trained]
    assert len(held_out.pictures) and handed["judges"] is project.judging


def test_true_copies_are_the_trained_renders_through_the_models_own_autoencoder(made, project):
    series, renders = made(copied).handed["series"], project.training
    first = renders.pictures[renders.trained[: copied.COUNT]]
    assert np.array_equal(series[copied.COPIES].pictures, reconstructed(project.pipe.vae, first))
    assert series[GENERATED].pictures is project.samples.pictures
    assert series[THROUGH].pictures is project.through
    for name in (copied.PLACES_COPIED, copied.CARS_COPIED):
        assert len(series[name].pictures) == copied.COUNT
        assert np.array_equal(series[name].bodies, project.masks(series[name].pictures))


def test_features_are_compared_only_where_judges_of_finish_and_world_may_be_leaned_on(
    made, project
):
    from tiny_project import doubting, handed_over

    assert made(copied).handed["doubt"] == ""
    for name in ("finish", "world"):
        doubt = handed_over(doubting(project, name), copied)["doubt"]
        assert f"the judge of {name} reaches only" in doubt
