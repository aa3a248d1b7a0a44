"""Cars whose bodywork is known to be, or not to be, one look into the surroundings."""

from pathlib import Path

import numpy as np
import pytest
from known import rows

from gen.measure import chrome, quiz
from gen.measure.kit.mirrors import PAINTS, Mirrors
from gen.study.recipe.whole import read_recipe
from gen.study.world.around import seen
from gen.study.world.render import developed
from gen.study.world.scene import Camera, World

ROOT = Path(__file__).parents[2]
SIDE, N = 16, 4


class Car:
    """As much of a scene as is asked for here."""

    world = World("desert", 0, 0.0, 40.0)
    camera = Camera(180.0, 0.6, 8.0, 90.0, (0.0, 0.0, 0.6))  # from behind, looking ahead


@pytest.fixture
def recipe():
    return read_recipe(ROOT / "sources" / "study.yml").render


@pytest.fixture
def mirrors(recipe) -> Mirrors:
    """Cars that look in random directions; chrome shows what is there, matte the same grey."""
    rng = np.random.default_rng(0)
    cubes = rng.uniform(0.05, 1, (N, 6, SIDE, SIDE, 3)).astype(np.float16)
    away = rng.normal(size=(N, 24, 32, 3)).astype(np.float32)
    away /= np.linalg.norm(away, axis=-1, keepdims=True)
    exposure = recipe.worlds["desert"].exposure
    true = np.stack([developed(seen(c, a), exposure) for c, a in zip(cubes, away, strict=True)])
    grey = rng.integers(100, 110, true.shape).astype(np.uint8)
    glossy = (true // 2 + grey // 2).astype(np.uint8)
    bodies = np.full((N, 24, 32), 255, np.uint8)
    return Mirrors((Car(),) * N, np.stack([true, glossy, grey], 1), bodies, away, cubes)


def test_what_is_one_look_is_found_to_be_and_what_is_not_is_not(mirrors, recipe):
    found = rows(chrome.run(mirrors, recipe, {}))
    assert found["chrome-looked-up"].value == 1
    assert 0.9 < found["glossy-looked-up"].value < 1
    assert abs(found["matte-looked-up"].value) < 0.1
    for floor in ("turned", "another"):
        assert abs(found[f"chrome-{floor}"].value) < 0.2


def test_places_that_bodywork_does_not_fill_are_not_looked_at(mirrors, recipe):
    mirrors.bodies[:, :, 16:] = 200
    mirrors.pictures[:, :, :, 16:] = 0
    assert rows(chrome.run(mirrors, recipe, {}))["chrome-looked-up"].value == 1


def test_where_bodywork_looks_is_counted_over_equal_pieces(mirrors, recipe):
    found = rows(chrome.run(mirrors, recipe, {}))
    assert found["above"].value == pytest.approx(50, abs=3)
    assert found["seen"].value == pytest.approx(100 * (1 - np.exp(-768 / 648)), abs=3)
    mirrors.reflection[:] = (0, 0, 1)
    found = rows(chrome.run(mirrors, recipe, {}))
    assert found["above"].value == found["outside"].value == 100
    assert found["seen"].value == pytest.approx(100 / 648, rel=1e-3)


def test_what_the_camera_sees_is_in_the_picture():
    ahead, edge, behind = (1, 0, 0), (1, 0.9, 0), (-1, 0, 0)
    high = (1, 0, 0.9)  # within a square picture, not within a wide one
    directions = np.array([ahead, edge, behind, high], float)
    assert chrome._in_picture(directions, Car.camera, 1.5).tolist() == [True, True, False, False]
    assert chrome._in_picture(directions, Car.camera, 1.0).tolist() == [True, True, False, True]


def test_ground_that_a_place_looks_at_is_in_the_picture_where_it_lies():
    below, near, far = (0, 0, -1), (-0.999, 0, -0.04), (-0.995, 0, -0.1)
    seen_there = chrome._in_picture(np.array([below, near, far], float), Car.camera, 1.5)
    assert seen_there.tolist() == [True, False, True], "before the camera, behind it, before it"


def test_letters_stand_where_places_look(recipe):
    assert chrome._in_panorama(np.array([1.0, 0, 0]), (180, 360, 3)) == (90, 90)
    assert chrome._in_panorama(np.array([0, -1.0, 0]), (180, 360, 3)) == (90, 180)
    assert chrome._in_panorama(np.array([0, 0, 0.999]), (180, 360, 3))[0] < 5


def test_wrong_mirrors_are_as_far_off_as_they_are():
    flat = [np.full((8, 8, 3), level, np.uint8) for level in (100, 140, 90)]
    body = np.full((8, 8), 255, np.uint8)
    body[4:] = 0
    for picture in flat:
        picture[4:] = 7
    found = quiz.run([quiz.Looks(*flat, body)] * 2)
    values = {name: row.value for name, row in rows(found).items()}
    assert values == {"other-differs": 40, "turned-differs": 10}
    pairs = {"0-right.webp", "0-other.webp", "1-right.webp", "1-turned.webp"}
    assert set(found.pictures) == pairs, "by turns"


# ---- on the tiny project ---------------------------------------------------------------------


def test_the_same_cars_stand_in_every_world_in_every_paint(made, project):
    handed = made(chrome).handed["mirrors"]
    n = len(handed.scenes)
    assert handed.pictures.shape[:2] == (n, len(PAINTS))
    assert len({s.world.name for s in handed.scenes}) == n, "worlds in turns"
    every = project.recipe.train.held_out_every
    assert all(s.seed % every == 0 and s.pane is None for s in handed.scenes)
    names = {name for name, _ in made(chrome).measurement.digests}
    panels = ("shape", "facing", "looking", "found", "light", "around")
    assert {f"chrome-{panel}.webp" for panel in panels} <= names


def test_a_right_mirror_stands_beside_a_wrong_one(made, project):
    names = {name for name, _ in made(quiz).measurement.digests}
    assert {"quiz-0-right.webp", "quiz-0-other.webp", "quiz-1-turned.webp"} <= names
