"""gen/study/world/car.py: a body's numbers -> triangles."""

from dataclasses import replace

import numpy as np
import pytest

from gen.study.world.car import car, skin, split
from gen.study.world.scene import draw


@pytest.mark.parametrize("style", ["coupe", "saloon", "hatchback"])
def test_a_car_has_its_size_and_stands_on_the_ground(recipe, style):
    body = _body(recipe, style)
    parts = {name: mesh.vertices[np.unique(mesh.faces)] for name, mesh in car(body).items()}
    every = np.concatenate(list(parts.values()))
    assert np.ptp(every[:, 0]) == pytest.approx(body.length, abs=0.03)
    assert every[:, 2].max() == pytest.approx(body.height, abs=0.05)
    assert parts["tyre"][:, 2].min() == pytest.approx(0, abs=0.005)
    assert parts["body"][:, 2].min() > 0.1
    assert np.linalg.norm(every[:, 3:6], axis=1) == pytest.approx(1, abs=0.05)
    assert {"glass", "headlamp", "taillamp", "rim", "plate", "trim"} <= set(parts)


def test_a_cut_loses_no_surface(recipe):
    whole = skin(_body(recipe, "saloon"))
    inside, outside = split(whole, lambda p: np.hypot(p.x, p.z - 0.5) - 0.4)
    assert 0 < _area(inside) < _area(whole)
    assert _area(inside) + _area(outside) == pytest.approx(_area(whole))


def _body(recipe, style):
    return draw(4, replace(recipe, body_styles={style: recipe.body_styles[style]})).body


def _area(mesh):
    a, b, c = np.moveaxis(mesh.vertices[mesh.faces][..., :3], 1, 0)
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
