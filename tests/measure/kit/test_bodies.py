"""Bodies whose boxes, means and shifts are known."""

from collections import Counter

import numpy as np
import pytest
from tiny import ROOT

from gen.measure.kit import bodies
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene


def test_a_box_holds_all_bodywork_and_no_more():
    mask = np.zeros((20, 30), np.uint8)
    mask[4:9, 7:21] = 255
    assert bodies.box(mask) == bodies.Box(4, 9, 7, 21)
    assert bodies.box(np.zeros((20, 30), np.uint8)) == bodies.Box(0, 20, 0, 30)


def test_upside_down_turns_the_box_and_leaves_the_rest():
    pair = np.arange(2 * 4 * 3 * 3, dtype=np.uint8).reshape(2, 4, 3, 3)
    turned = bodies.turned(pair, bodies.Box(1, 3, 0, 2))
    assert np.array_equal(turned[:, 1, :2], pair[:, 2, :2])
    assert np.array_equal(turned[:, 2, :2], pair[:, 1, :2])
    assert np.array_equal(turned[:, 0], pair[:, 0]) and np.array_equal(
        turned[..., 2, :], pair[..., 2, :]
    )


def test_another_cars_box_is_stretched_over_this_ones():
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[2:6, 2:6] = 200
    moved = bodies.moved(picture, bodies.Box(2, 6, 2, 6), bodies.Box(8, 16, 4, 16))
    assert (moved[8:16, 4:16] == 200).all() and (moved[2:6, 2:6] == 200).all()
    assert not moved[7, 8:].any()


def paint_and_world(s):
    return s.material.finish, s.material.colour, s.world.name


def test_the_mean_body_is_of_the_same_paint_in_the_same_world():
    recipe = read_recipe(ROOT / "sources/study.yml").render
    drawn = [scene.draw(seed, recipe) for seed in range(300)]
    most, _ = Counter(map(paint_and_world, drawn)).most_common(1)[0]
    mine = [s for s in drawn if paint_and_world(s) == most]
    first = mine[0]
    rest = [s for s in drawn if s not in mine]
    mask = np.zeros((64, 96), np.uint8)
    mask[16:48, 8:72] = 255
    pictures = np.full((len(drawn), 64, 96, 3), 10, np.uint8)
    pictures[len(rest) :, :32] = 200  # the upper half of theirs is light, as under a sky
    masks = np.repeat(mask[None], len(drawn), 0)
    made = bodies.MeanBodies([*rest, *mine], pictures, masks).of([(first, first)], mask[None])
    assert made.shape == (1, 2, 64, 96, 3)
    assert np.allclose(made[0, :, 16:28, 8:72], 200, atol=1)
    assert np.allclose(made[0, :, 36:48, 8:72], 10, atol=1)


@pytest.mark.parametrize("degrees", [0, 6, -12])
def test_a_known_shift_is_found(degrees):
    heights = np.repeat(np.linspace(-60, 60, 121), 40)
    colours = np.repeat(np.where(heights > 0, 200.0, 40.0)[:, None], 3, 1)
    shifted = np.repeat(np.where(heights > degrees, 200.0, 40.0)[:, None], 3, 1)
    assert bodies.shift(heights, shifted, colours) == abs(degrees)


def test_a_body_that_mirrors_too_few_heights_has_no_shift():
    heights = np.zeros(500)
    assert np.isnan(bodies.shift(heights, np.ones((500, 3)), np.ones((500, 3))))
