"""gen/study/world/render.py: pictures from scenes, windows."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from gen.study.recipe.render import METALS
from gen.study.world import render as r
from gen.study.world.looks import CONDUCTORS
from gen.study.world.panoramas import PIXEL, UPPER, surroundings
from gen.study.world.scene import Material, World, draw


@pytest.fixture(scope="module")
def desert(recipe):
    """A chrome coupe under a plain sky, that mirrors mostly sky."""
    scene = draw(1, replace(recipe, window=0.0))
    return replace(
        scene,
        world=World("desert", 3, 40.0, 45.0),
        material=Material("mirror", "chrome", 0.0),
    )


@pytest.fixture(scope="module")
def chrome(desert, recipe):
    return r.render(desert, recipe)


@pytest.fixture(scope="module")
def through_a_window(recipe):
    return r.render(draw(2, replace(recipe, window=1.0)), recipe)


# ---- pictures ------------------------------------------------------------------------------


def test_every_metal_that_a_recipe_may_name_has_its_index():
    assert set(CONDUCTORS) == METALS


def test_the_horizon_lies_where_the_record_says(recipe):
    for seed in range(5):
        camera = draw(seed, recipe).camera
        slopes = r.rays(camera, 480, 320)[:, 240, 2]  # the middle column, top to bottom
        assert np.abs(slopes).argmin() / 320 == pytest.approx(camera.horizon(1.5), abs=0.01)


def test_a_car_in_another_paint_is_made_once_and_looks_as_one_made_anew(desert, recipe, chrome):
    black = replace(desert, material=Material("glossy", "black", 0.0))
    first = r.render(black, recipe)
    made = r.car.cache_info().misses, surroundings.cache_info().misses
    r.render(desert, recipe)
    again = r.render(black, recipe)
    assert (r.car.cache_info().misses, surroundings.cache_info().misses) == made
    r.car.cache_clear(), surroundings.cache_clear()
    for light in (again, r.render(black, recipe)):
        assert np.array_equal(light.linear, first.linear)
    assert not np.array_equal(first.picture, chrome.picture)


def test_a_scene_is_a_picture(desert, recipe, chrome):
    again = r.render(desert, recipe)
    assert chrome.picture.shape == (32, 48, 3)
    assert chrome.picture.dtype == np.uint8
    for name in ("picture", "linear", "body", "normals", "reflection"):
        assert np.array_equal(getattr(chrome, name), getattr(again, name))


def test_the_body_is_seen_and_its_normals_face_us(chrome, desert):
    assert 0.05 < chrome.body.mean() < 0.6
    assert chrome.body.min() == 0 and chrome.body.max() == 1
    on = chrome.body > 0
    assert np.linalg.norm(chrome.normals[on], axis=-1) == pytest.approx(1, abs=1e-4)
    assert not chrome.normals[~on].any()
    d = r.rays(desert.camera, 48, 32)
    assert ((d * chrome.normals).sum(-1)[on] < 0.1).all()


def test_reflection_is_the_mirror_law(chrome, desert):
    on = chrome.body > 0
    d, n = r.rays(desert.camera, 48, 32)[on], chrome.normals[on]
    assert np.linalg.norm(chrome.reflection[on], axis=-1) == pytest.approx(1, abs=1e-4)
    expected = d - 2 * (d * n).sum(-1, keepdims=True) * n
    assert chrome.reflection[on] == pytest.approx(expected, abs=1e-5)
    assert not chrome.reflection[~on].any()


def test_chrome_shows_the_sky_where_its_reflection_points(desert, recipe):
    """The picture's light and the kept directions agree: what a judge reads is there."""
    chrome = r.render(desert, replace(recipe, width=192, height=128))  # less, and pixels are facets
    up = (chrome.body == 1) & (chrome.reflection[..., 2] > 0.15)
    assert up.sum() > 400
    x, y, z = chrome.reflection[up].T
    row = np.degrees(np.arccos(z)) / PIXEL
    column = ((90 - np.degrees(np.arctan2(y, x))) % 360) / PIXEL
    sky = surroundings(desert.world).panorama[row.astype(int), column.astype(int) % UPPER[1]]
    seen, expected = chrome.linear[up][:, 0], 0.9 * sky[:, 0]
    assert np.median(np.abs(seen - expected) / expected) < 0.1


def test_the_window_is_the_sum_of_its_layers(through_a_window, chrome):
    seen = through_a_window
    assert seen.behind + seen.pane == pytest.approx(seen.linear, abs=1e-6)
    assert seen.pane.max() > 0.05 and seen.behind.max() > 0.05
    assert (seen.pane >= 0).all() and (seen.behind >= 0).all()
    assert chrome.pane is None and chrome.behind is None


def test_the_curve_rises_and_keeps_black():
    steps = r.developed(np.linspace(0, 8, 200), 1.0).astype(int)
    assert steps[0] == 0 and steps[-1] == 255
    assert (np.diff(steps) >= 0).all()
