"""What is asked about, and what a probe may be told of it outright."""

import numpy as np
import pytest
from tiny import ROOT

from gen.measure.kit.noised import Noised, Subject
from gen.measure.kit.shapes import Shapes
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene

GRID, MANY = (4, 6), 40


def test_the_floor_of_the_view_is_told_kind_view_bearing_and_place_on_the_car():
    recipe = read_recipe(ROOT / "sources/study.yml").render
    scenes = tuple(scene.draw(seed, recipe) for seed in range(MANY))
    bodies = np.ones((MANY, *GRID), np.float32)
    nothing = np.zeros((MANY, *GRID, 3), np.float32)
    known = Shapes(scenes, nothing, bodies, nothing, nothing, np.zeros((MANY, 3), np.float32))
    at = np.tile(np.array([[0, 9, 23]]), (MANY, 1))
    subject = Subject(known, Noised(None, None, None, None, at, range(MANY)))
    told = subject.seen_from()
    kinds = sorted({f"{each.body.style}, {each.view}" for each in scenes})
    assert told.shape[:2] == at.shape and len(kinds) == 9
    each = (told.shape[2] - subject.places().shape[2]) // (len(kinds) + 2)
    for seen, numbers in zip(scenes, told, strict=True):
        kind = f"{seen.body.style}, {seen.view}"
        by_itself = numbers[:, : each * (len(kinds) + 2) : each]  # without the place on the car
        bearing = np.radians(seen.camera.azimuth)
        wanted = [*(float(kind == k) for k in kinds), np.cos(bearing), np.sin(bearing)]
        assert by_itself == pytest.approx(np.tile(wanted, (len(numbers), 1)), abs=1e-6)
        of_its_view = numbers[:, each * kinds.index(kind) :][:, 1:each]
        assert of_its_view[0].min() == -1 and (of_its_view[2] == 1).all()
