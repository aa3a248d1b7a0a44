"""gen/study/world/panoramas.py: panoramas and grounds."""

import numpy as np
import pinned
import pytest
from PIL import Image

from gen.study.recipe.render import WORLDS
from gen.study.world.grounds import HALVES, SIDE
from gen.study.world.panoramas import PANORAMAS, PIXEL, UPPER, surroundings
from gen.study.world.scene import World

GROUNDS = {  # mean reflectance within 6 m in the pictures of half this size
    "sunset": 0.174,
    "city street": 0.114,
    "desert": 0.398,
    "forest": 0.116,
    "snow": 0.827,
}


@pytest.fixture(scope="module")
def drawn():
    return {name: pinned.around(name) for name in WORLDS}


def test_every_world_that_a_recipe_may_name_is_drawn():
    assert set(PANORAMAS) == WORLDS


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_world_looks_as_it_is_to_look(drawn, name):
    """Sky, horizon and ground of every world, in a small picture that pinned.py writes."""
    at = sorted(WORLDS).index(name) * pinned.ROW
    wanted = np.asarray(Image.open(pinned.WORLDS))[at : at + pinned.ROW].astype(int)
    apart = np.abs(pinned.world(drawn[name]) - wanted)
    assert apart.max() <= 3 and apart.mean() < 0.2


def test_the_sun_stands_where_the_record_says(drawn):
    for name in ("sunset", "desert", "snow"):
        light = drawn[name].panorama.sum(-1)
        row, column = np.argwhere(light > 0.9 * light.max()).mean(0)
        assert 90 - (row + 0.5) * PIXEL == pytest.approx(20, abs=0.5)
        assert 90 - (column + 0.5) * PIXEL == pytest.approx(70, abs=0.5)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_world_is_finite_light_and_possible_reflectance(drawn, name):
    light = drawn[name].panorama
    assert np.isfinite(light).all() and (light >= 0).all()
    for coat in drawn[name].coats.values():
        assert coat.colour.shape == (SIDE, SIDE, 3)
        assert (coat.colour >= 0).all() and (coat.colour < 1).all()


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_panorama_closes_round_the_horizon(drawn, name):
    """Its first and last columns differ no more than neighbours elsewhere do."""
    light = np.log(drawn[name].panorama[: UPPER[0]].sum(-1) + 0.01)
    steps = np.abs(np.diff(light, axis=1)).mean(0)
    assert np.abs(light[:, 0] - light[:, -1]).mean() <= np.quantile(steps, 0.999)


@pytest.mark.parametrize("name", sorted(GROUNDS))
def test_grounds_are_about_as_light_as_ever_and_agree_from_layer_to_layer(drawn, name):
    coats = drawn[name].coats
    middle = slice(SIDE // 4, 3 * SIDE // 4)
    assert coats["near"].colour[middle, middle].mean() == pytest.approx(GROUNDS[name], rel=0.25)
    inner = round(SIDE * (0.5 - 0.5 * HALVES["near"] / HALVES["mid"]))
    under = coats["mid"].colour[inner:-inner, inner:-inner].mean()
    assert under == pytest.approx(coats["near"].colour.mean(), rel=0.1)


@pytest.mark.parametrize("name", sorted(GROUNDS))
def test_near_ground_has_grain(drawn, name):
    near = drawn[name].coats["near"].colour[SIDE // 2 - 100 : SIDE // 2 + 100, SIDE // 4].mean(-1)
    assert np.abs(np.diff(near)).mean() > 0.004 * near.mean()


def test_land_is_flat_where_the_car_stands_and_rises_beyond(drawn):
    for name in ("desert", "snow", "sunset"):
        land = drawn[name].land
        assert np.ptp(land["near"][0][:, 2]) == 0
        assert land["far"][0][:, 2].max() > 3


@pytest.mark.parametrize("seed", range(6))
def test_a_studio_has_no_edge_behind_the_car(seed):
    """From below the horizon to ten degrees above, tone goes evenly into the wall's."""
    around = surroundings(World("studio", seed, None, None))
    low = around.panorama[UPPER[0] - round(10 / PIXEL) : UPPER[0] + round(4 / PIXEL)].sum(-1)
    tone = np.median(low, axis=1)
    assert (np.abs(np.diff(tone)) < 0.03 * tone.max()).all()
    assert around.fade is not None


def test_no_black_shows_through_a_fading_floor():
    below = surroundings(World("studio", 3, None, None)).panorama[UPPER[0] :]
    assert (below[: round(15 / PIXEL)] > 0).all()


def test_no_layer_of_a_studio_floor_lies_under_another():
    """Where it fades, two would hide more of the wall than one: an edge would show."""
    vertices, faces = surroundings(World("studio", 3, None, None)).land["mid"]
    middles = vertices[faces][..., :2].mean(1)
    assert (np.abs(middles).max(1) > HALVES["near"]).all()
