"""What is seen from one place in every direction, and a car that mirrors it."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from gen.study.world import around, scene
from gen.study.world.render import render
from gen.study.world.scene import Material

SIDE = 8
NAMES = ("ahead", "behind", "left", "right", "up", "down")


@pytest.fixture
def cube() -> np.ndarray:
    """Six faces, each of one grey: 0, 1, ... in the order of FACES."""
    return np.arange(6, dtype=np.float32)[:, None, None, None] * np.ones((6, SIDE, SIDE, 3))


def test_each_direction_reads_the_face_it_meets(cube):
    directions = np.array([toward for toward, _ in around.FACES], float)
    assert around.seen(cube, directions)[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert around.seen(cube, directions.reshape(2, 3, 3)).shape == (2, 3, 3)


def test_a_face_is_not_turned_or_mirrored(cube):
    cube[0, 0] = 9  # the top row of what lies ahead
    cube[2, :, 0] = 7  # on the left of the left face lies what is behind
    high, low = around.seen(cube, np.array([(1, 0, 0.95), (1, 0, -0.95)]))
    behind, ahead = around.seen(cube, np.array([(-0.95, 1, 0), (0.95, 1, 0)]))
    assert (high[0], low[0]) == (9, 0)
    assert (behind[0], ahead[0]) == (7, 2)


def test_a_panorama_has_the_zenith_above_and_starts_on_the_left(cube):
    view = around.panorama(cube, 16)
    assert view.shape == (8, 16, 3)
    assert view[0].mean() == 4 and view[-1].mean() == 5
    middle = view[4, :, 0]
    assert middle[4] == 0 and middle[8] == 3 and middle[12] == 1, "ahead, right, behind"


@pytest.fixture
def chrome(recipe):
    """A small chrome car in the desert."""
    drawn = (scene.draw(seed, recipe) for seed in range(200))
    found = next(s for s in drawn if s.world.name == "desert" and s.pane is None)
    return replace(found, material=Material("mirror", "chrome", 0.0))


def test_a_car_under_its_own_surroundings_looks_as_in_its_world(chrome, recipe):
    recipe = replace(recipe, width=96, height=64)
    sky = around.panorama(around.around(chrome, recipe, 24), 256)
    (own, turned), body = around.clad(chrome, recipe, (sky, sky[::-1]))
    true, on = render(chrome, recipe).picture, body >= 230
    assert np.array_equal(own[body == 0], true[body == 0])
    assert np.corrcoef(own[on].ravel(), true[on].ravel())[0, 1] > 0.7
    assert np.corrcoef(turned[on].ravel(), true[on].ravel())[0, 1] < 0.3
