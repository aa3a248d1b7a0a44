"""gen/study/world/car.py and what it joins: a body's numbers -> triangles."""

from dataclasses import replace

import numpy as np
import pinned
import pytest
from PIL import Image

from gen.study.world.car import PARTS, _parted, car
from gen.study.world.cuts import door_ends, seams
from gen.study.world.fittings import PLATE, mirror, mirror_foot
from gen.study.world.mesh import Place, place_of, split
from gen.study.world.relief import pushed, refined, walls
from gen.study.world.render import FITTINGS
from gen.study.world.scene import draw
from gen.study.world.skin import skin

STYLES = pytest.mark.parametrize("style", pinned.STYLES)


@STYLES
def test_a_car_looks_as_it_is_to_look(recipe, style):
    """Parts and normals from its side, nose and tail, in a small picture that pinned.py writes."""
    made = pinned.styled(style, recipe).astype(int)
    at = pinned.STYLES.index(style) * len(made)
    wanted = np.asarray(Image.open(pinned.CARS))[at : at + len(made)]
    assert (np.abs(made - wanted).max(-1) > 8).sum() <= 20  # of 32,000 pixels


@STYLES
def test_a_car_has_its_size_and_stands_on_the_ground(recipe, style):
    body = _body(recipe, style)
    parts = {name: _used(mesh) for name, mesh in car(body).items()}
    every = np.concatenate(list(parts.values()))
    assert np.ptp(every[:, 0]) == pytest.approx(body.length, abs=0.04)
    assert every[:, 2].max() == pytest.approx(body.height, abs=0.05)
    assert parts["tyre"][:, 2].min() == pytest.approx(0, abs=0.005)
    assert parts["body"][:, 2].min() > 0.1
    assert np.isfinite(every).all()
    assert np.linalg.norm(every[:, 3:6], axis=1) == pytest.approx(1)


def test_every_part_has_a_material_and_every_material_a_part(recipe):
    assert set(car(_body(recipe, "coupe"))) == set(PARTS) == {"body", *FITTINGS}


@STYLES
def test_left_and_right_mirror_each_other(recipe, style):
    for name, mesh in car(_body(recipe, style)).items():
        points = _used(mesh)[:, :3]
        left, right = points[points[:, 1] > 1e-6], points[points[:, 1] < -1e-6]
        assert len(left) == len(right), name
        np.testing.assert_allclose(_sorted(left), _sorted(right * [1, -1, 1]), atol=1e-9)


@STYLES
def test_panels_have_normals_that_look_outwards(recipe, style):
    body = _body(recipe, style)
    mesh = car(body)["body"]
    points, normals = _used(mesh)[:, :3], _used(mesh)[:, 3:6]
    side = (np.abs(points[:, 1]) > 0.7) & (np.abs(points[:, 0]) < 1.5)
    side &= (points[:, 2] < body.belt - 0.2) & (points[:, 2] > 0.4)
    assert (points[side, 1] * normals[side, 1] > 0).all()
    roof = points[:, 2] > body.height - 0.08
    assert (normals[roof, 2] > 0).all()


@STYLES
def test_plates_are_flat_and_lie_close_before_the_body(recipe, style):
    body = _body(recipe, style)
    vertices = _used(car(body)["plate"])
    hull = _used(skin(body))[:, :3]
    for ahead in (1, -1):
        front = (ahead * vertices[:, 0] > 0) & (ahead * vertices[:, 3] > 0.9)
        plate = vertices[front, :3]  # the face that one reads
        assert len(plate) == 4 and np.ptp(plate[:, 1]) == pytest.approx(2 * PLATE[0])
        assert np.linalg.svd(plate - plate.mean(0))[1][2] < 1e-6
        z = plate[:, 2].mean()
        behind = (np.abs(hull[:, 2] - z) < PLATE[1]) & (hull[:, 1] < PLATE[0])
        behind &= ahead * hull[:, 0] > 1
        gap = ahead * plate[:, 0].mean() - ahead * hull[behind, 0].mean()
        assert 0 < gap < 0.04


@STYLES
def test_a_wing_mirror_stands_on_the_door(recipe, style):
    body = _body(recipe, style)
    shell = skin(body)
    pieces = dict(mirror(body, shell))
    foot = mirror_foot(body, shell)
    stalk = pieces["trim"].vertices[:, 1]
    assert stalk.min() < foot[1] < stalk.max() and stalk.max() > pieces["body"].vertices[:, 1].min()
    assert pieces["mirror"].vertices[:, 0].max() < pieces["body"].vertices[:, 0].max()
    assert (pieces["mirror"].vertices[:, 3] == -1).all()  # one looks into it from behind


@STYLES
def test_every_shut_line_runs_on_the_skin(recipe, style):
    body = _body(recipe, style)
    shell = skin(body)
    for line in seams(body):
        field = line(place_of(shell))
        assert (field < 0).any() and (field > 0).any() and (np.abs(field) < 0.03).sum() > 10


def test_the_front_bumper_has_one_line_and_it_is_level(recipe):
    body = _body(recipe, "saloon")
    gap = _parted(body, skin(body))[1][4][1]  # doors, bonnet and lid come before it
    assert len(gap.faces) > 10
    assert np.ptp(_used(gap)[:, 2]) < 0.02


def test_a_cut_loses_no_surface(recipe):
    whole = skin(_body(recipe, "saloon"))
    inside, outside = split(whole, lambda p: np.hypot(p.x, p.z - 0.5) - 0.4)
    assert 0 < _area(inside) < _area(whole)
    assert _area(inside) + _area(outside) == pytest.approx(_area(whole))


def test_refining_changes_no_surface_and_pushing_moves_it_by_its_depth(recipe):
    patch = split(skin(_body(recipe, "saloon")), lambda p: np.hypot(p.x, p.z - 0.6) - 0.2)[0]
    fine = refined(patch, 0.015)
    assert len(fine.faces) > 3 * len(patch.faces)
    assert _area(fine) == pytest.approx(_area(patch))
    sunk = pushed(fine, lambda p: np.full(len(p.x), 0.02))
    moved = np.linalg.norm(sunk.vertices[:, :3] - fine.vertices[:, :3], axis=1)
    assert moved == pytest.approx(0.02, rel=0.02)
    assert ((sunk.vertices[:, 3:6] * fine.vertices[:, 3:6]).sum(1) > 0.9).all()


def test_walls_stand_along_the_rim_only(recipe):
    patch = split(skin(_body(recipe, "saloon")), lambda p: np.hypot(p.x, p.z - 0.6) - 0.2)[0]
    rim = 2 * np.pi * 0.2  # the patch is nearly flat and looks to the side
    assert _area(walls(patch, (0, -0.03, 0))) == pytest.approx(rim * 0.03, rel=0.05)


@STYLES
def test_glass_stands_where_a_driver_looks_out(recipe, style):
    body = _body(recipe, style)
    x, y, z = _used(car(body)["glass"])[:, :3].T
    along = 0.5 - x / body.length
    middle = np.abs(y) < 0.2
    front, rear = along[middle & (along < 0.5)], along[middle & (along > 0.5)]
    assert front.min() > body.cowl - 0.05 and front.max() < body.roof_front + 0.05
    assert rear.min() > body.roof_rear - 0.05 and rear.max() < body.deck + 0.05
    assert z.min() > body.belt - 0.10 and z.max() < body.height + 0.02
    assert (y > 0.5).any() and (y < -0.5).any()


@STYLES
def test_a_door_opens_between_its_ends_above_the_sill_and_beside_the_arch(recipe, style):
    body = _body(recipe, style)
    (front_line, *_), (rear, front) = seams(body), door_ends(body)[0]

    def at(x: float, z: float) -> float:
        place = Place(*(np.array([v]) for v in (x, 0.8, z, 0.5 - x / body.length, 1.4)))
        return float(front_line(place)[0])

    middle, waist, sill = (front + rear) / 2, body.belt - 0.15, body.clearance + 0.125
    assert at(middle, waist) < -0.1 and at(middle, sill + 0.02) < 0 < at(middle, sill - 0.02)
    assert at(front - 0.02, waist) < 0 < at(front + 0.02, waist)
    assert at(rear + 0.02, waist) < 0 < at(rear - 0.02, waist)
    assert np.isnan(at(middle, body.height)), "no line runs over the roof"


def _body(recipe, style):
    return draw(4, replace(recipe, body_styles={style: recipe.body_styles[style]})).body


def _used(mesh):
    return mesh.vertices[np.unique(mesh.faces)]


def _sorted(points):
    points = np.round(points, 9) + 0.0
    return points[np.lexsort(points.T)]


def _area(mesh):
    a, b, c = np.moveaxis(mesh.vertices[mesh.faces][..., :3], 1, 0)
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
