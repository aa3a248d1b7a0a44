"""What is asked about, and what a probe may be told of it outright."""

import numpy as np
import pytest
from tiny import ROOT

from gen.measure.kit.noised import Noised, Subject
from gen.measure.kit.shapes import Shapes
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene

GRID = (4, 6)


def test_the_floor_of_the_view_is_told_view_and_bearing_and_place_on_the_car():
    recipe = read_recipe(ROOT / "sources/study.yml").render
    scenes = tuple(scene.draw(seed, recipe) for seed in range(12))
    bodies = np.ones((12, *GRID), np.float32)
    nothing = np.zeros((12, *GRID, 3), np.float32)
    known = Shapes(scenes, nothing, bodies, nothing, nothing, np.zeros((12, 3), np.float32))
    at = np.tile(np.array([[0, 9, 23]]), (12, 1))
    subject = Subject(known, Noised(None, None, None, None, at, range(12)))
    told = subject.seen_from()
    views = sorted({each.view for each in scenes})
    assert told.shape[:2] == at.shape and len(views) == 3
    each = (told.shape[2] - subject.places().shape[2]) // (len(views) + 2)
    for seen, numbers in zip(scenes, told, strict=True):
        by_itself = numbers[:, : each * (len(views) + 2) : each]  # without the place on the car
        bearing = np.radians(seen.camera.azimuth)
        wanted = [*(float(seen.view == v) for v in views), np.cos(bearing), np.sin(bearing)]
        assert by_itself == pytest.approx(np.tile(wanted, (len(numbers), 1)), abs=1e-6)
        of_its_view = numbers[:, each * views.index(seen.view) :][:, 1:each]
        assert of_its_view[0].min() == -1 and (of_its_view[2] == 1).all()
