"""gen/study/judging/readings.py: what a render means to a judge."""

from dataclasses import replace

import numpy as np
import pytest

from gen.study.judging.readings import Accuracy, classes, horizon_of, labels, readable, sun_of
from gen.study.world import scene


def seen_from(azimuth: float, sun: float | None, recipe) -> scene.Scene:
    drawn = scene.draw(1, recipe)
    camera = replace(drawn.camera, azimuth=azimuth, aim=(0.0, 0.0, 0.6))
    world = replace(drawn.world, sun_azimuth=sun, sun_height=None if sun is None else 10.0)
    return replace(drawn, camera=camera, world=world)


def test_the_sun_is_told_from_where_the_camera_looks(recipe):
    ahead = seen_from(40, -140, recipe)
    assert sun_of(ahead) == pytest.approx(0, abs=1e-9)
    # seen from the car's right side, its nose points right
    assert sun_of(seen_from(-90, 0, recipe)) == pytest.approx(90)
    assert sun_of(seen_from(90, 0, recipe)) == pytest.approx(-90)
    without = seen_from(40, None, recipe)
    assert np.isnan(sun_of(without)) and np.isnan(horizon_of(without, 1.5))


def test_every_render_has_a_class(recipe):
    known = classes(recipe)
    scenes = [scene.draw(seed, recipe) for seed in range(60)]
    found = labels(scenes, known)
    assert found.shape == (60, 4) and len(set(known.colour)) == len(known.colour)
    assert known.colour[found[7, 1]] == scenes[7].material.colour
    assert set(known.world) == set(recipe.worlds)
    satin = next(s for s in scenes if s.material.finish == "satin")
    assert "satin" not in known.finish and readable(satin)["finish"] == "glossy"
    assert readable(satin) | {"finish": "satin"} == satin.meaning()


def test_a_judge_that_is_often_wrong_is_not_usable():
    row = Accuracy("world", "all", "share", 0.9, 0.8, 0.95, 100)
    assert row.usable and not replace(row, value=0.89).usable
    assert not replace(row, name="mask", unit="IoU", value=0.84).usable
    assert replace(row, name="sun_error", unit="degrees", value=12.0).usable
