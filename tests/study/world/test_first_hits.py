"""gen/study/world/first_hits.py: the same as the tracer's own, far slower integrator says."""

import numpy as np
import pytest

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from gen.study.world.car import car
from gen.study.world.first_hits import first_hits, texture_places
from gen.study.world.panoramas import surroundings
from gen.study.world.render import PARTS
from gen.study.world.scene import draw
from gen.study.world.stage import land, sensor, stage
from gen.study.world.tracer import mi


@pytest.fixture(scope="module", params=[1, 4])
def seen(request, recipe):
    """(what the glowing parts say, what the tracer says) of a scene."""
    scene = draw(request.param, recipe)
    world, parts = surroundings(scene.world), car(scene.body)
    camera = sensor(scene.camera, 96, 64, 1, scene.seed)
    both = mi.load_dict(stage(scene, parts, world, recipe.paints))
    wanted = {"type": "aov", "aovs": "part:shape_index,normal:sh_normal,place:uv"}
    told = np.array(
        mi.render(
            both,
            sensor=mi.load_dict(camera),
            integrator=mi.load_dict(wanted),
            spp=1,
            seed=camera["sampler"]["seed"],  # the same rays
        )
    )
    names = [shape.id() for shape in both.shapes()]
    number = np.array([0, *(1 + PARTS.index(name) for name in names)])
    traced = number[told[..., 0].astype(int)], told[..., 1:4], told[..., 4:6]
    ours = *first_hits(parts | land(world), PARTS, camera), texture_places(land(world), camera)
    return ours, traced


def test_every_ray_meets_the_part_that_the_tracer_meets(seen):
    (part, _, _), (traced, _, _) = seen
    assert len(np.unique(part)) > 8
    assert (part == traced).mean() > 0.999  # coincident faces may be either's


def test_a_normal_is_the_mesh_s_own(seen):
    (part, normal, _), (traced, expected, _) = seen
    on = (part == traced) & (part > 0)
    along = np.abs((normal * expected).sum(-1))[on]
    assert (along > 0.999).mean() > 0.99
    assert not normal[part == 0].any()


def test_the_ground_s_places_are_its_texture_s(seen):
    (part, _, place), (traced, _, expected) = seen
    on = (part == traced) & (part >= 1 + PARTS.index("near"))
    assert on.any() and np.abs(place - expected)[on].max() < 1e-3
