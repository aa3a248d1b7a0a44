"""Directions turned into the camera's, on a grid."""

import numpy as np
import pytest
from tiny import ROOT

from gen.measure.kit import shapes
from gen.study.judging.readings import sun_of
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene


@pytest.fixture(scope="module")
def drawn():
    recipe = read_recipe(ROOT / "sources/study.yml").render
    return [scene.draw(seed, recipe) for seed in range(30)]


def test_the_sun_is_where_the_readings_say(drawn):
    for seen in (s for s in drawn if s.world.sun_azimuth is not None):
        right, _, forward = shapes.sun(seen)
        leaning = abs(seen.camera.axes()[2][2])  # a camera looks down a little, readings do not
        off = np.degrees(np.arctan2(right, forward)) - sun_of(seen)
        assert abs((off + 180) % 360 - 180) < 5 + 90 * leaning
        assert np.linalg.norm(shapes.sun(seen)) == pytest.approx(1, abs=1e-5)


def test_a_studio_has_no_sun(drawn):
    studio = next(s for s in drawn if s.world.sun_azimuth is None)
    assert np.isnan(shapes.sun(studio)).all()


def test_up_and_away_are_as_the_camera_sees_them(drawn):
    camera = drawn[0].camera
    right, up, forward = camera.axes()
    assert shapes.seen_by(camera, np.stack([right, up, forward])) == pytest.approx(
        np.eye(3), abs=1e-6
    )


def test_a_square_has_the_mean_direction_of_its_bodywork(drawn):
    camera = drawn[0].camera
    _, up, forward = camera.axes()
    normals = np.zeros((16, 24, 3), np.float16)
    body = np.zeros((16, 24), np.uint8)
    body[:8, :4], normals[:8, :4] = 255, up
    body[:8, 4:8], normals[:8, 4:8] = 255, -forward
    arrays = {"picture": np.zeros((16, 24, 3), np.uint8), "body": body, "normals": normals}
    _, share, found, _ = shapes._on_grid(camera, arrays | {"reflection": normals})
    assert found[0, 0] == pytest.approx([0, 0.5**0.5, -(0.5**0.5)], abs=2e-3)
    assert share[0, 0] == 1 and share[1, 1] == 0 and not found[1, 1].any()
