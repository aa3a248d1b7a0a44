"""Mean bodies of a paint in a world, and how they follow the colours around them."""

from collections import Counter

import numpy as np
import pytest
from tiny import ROOT

from gen.measure.kit.mean_bodies import MeanBodies, around
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene


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
    made = MeanBodies([*rest, *mine], pictures, masks).of([(first, first)], mask[None])
    assert made.shape == (1, 2, 64, 96, 3)
    assert np.allclose(made[0, :, 16:28, 8:72], 200, atol=1)
    assert np.allclose(made[0, :, 36:48, 8:72], 10, atol=1)


@pytest.fixture(scope="module")
def following():
    """Mirrors whose upper half is half as light as what is above them, in one world and more."""
    recipe = read_recipe(ROOT / "sources/study.yml").render
    drawn = [scene.draw(seed, recipe) for seed in range(400)]
    mirrors = [s for s in drawn if s.material.finish == "mirror"]
    rng = np.random.default_rng(0)
    sky, ground = rng.uniform(40, 250, (2, len(mirrors), 1, 1, 3))
    pictures = np.empty((len(mirrors), 64, 96, 3), np.float32)
    pictures[:, :32], pictures[:, 32:] = sky, ground
    mask = np.zeros((64, 96), np.uint8)
    mask[16:48, 8:72] = 255
    pictures[:, 16:32, 8:72], pictures[:, 32:48, 8:72] = sky / 2, 100
    masks = np.repeat(mask[None], len(mirrors), 0)
    return mirrors, pictures.round().astype(np.uint8), masks


def test_what_lies_around_a_body_is_told_above_and_below_without_the_body(following):
    _, pictures, masks = following
    seen = around(pictures[0], masks[0])
    assert seen[:3] == pytest.approx(pictures[0, 0, 0]), "all that is above it"
    assert seen[3:] == pytest.approx(pictures[0, 63, 0])


def test_a_recoloured_mean_takes_on_what_is_around_as_others_of_its_finish_did(following):
    scenes, pictures, masks = following
    means = MeanBodies(scenes[10:], pictures[10:], masks[10:])
    pairs = [(s, s) for s in scenes[:10]]
    both = np.stack([pictures[:10]] * 2, 1)
    made = means.tinted(pairs, both, masks[:10])[:, 0]
    true = pictures[:10].astype(float)
    body = (slice(None), slice(18, 30), slice(12, 68))
    assert np.abs(made[body] - true[body]).mean() < 5
    plain = means.of(pairs, masks[:10])[:, 0]
    assert np.abs(plain[body] - true[body]).mean() > 15, "the mean knows nothing of this place"
    bottom = (slice(None), slice(34, 46), slice(12, 68))
    assert np.abs(made[bottom] - 100).mean() < 5, "what did not follow does not"
