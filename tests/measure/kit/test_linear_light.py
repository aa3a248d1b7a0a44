"""Light and pictures: there and back."""

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gen.core.errors import BadInput
from gen.measure.kit import linear_light as light
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene
from gen.study.world.render import render
from gen.study.world.shards import shard_path

RECIPE = read_recipe(Path(__file__).parents[3] / "sources" / "study.yml").render


def test_the_renders_own_curve_is_undone():
    levels = np.arange(256, dtype=np.uint8)
    assert (light.picture(light.middle_light(levels)) == levels).all()
    bright = np.array([0.01, 0.2, 1.0, 3.0])
    assert light.middle_light(light.picture(bright)) == pytest.approx(bright, rel=0.08)


def test_the_standard_curve_is_undone():
    levels = np.arange(256, dtype=np.uint8)
    assert (light.encoded(light.decoded(levels)) == levels).all()
    assert light.decoded(np.uint8([0, 255])) == pytest.approx([0, 1])


def test_a_key_is_of_what_is_rendered_and_not_of_words():
    key = light.windows_key(RECIPE, 20)
    words = replace(RECIPE.captions, window=("behind glass",))
    assert light.windows_key(replace(RECIPE, captions=words), 20) == key
    assert light.windows_key(replace(RECIPE, samples=RECIPE.samples + 1), 20) != key


def test_missing_renders_are_told_with_the_command(tmp_path):
    with pytest.raises(BadInput, match=r"run python -m gen study render 0 650$"):
        light.lit(tmp_path, RECIPE)


def test_renders_of_scenes_that_are_drawn_no_more_are_refused(tmp_path, monkeypatch):
    """Else old pictures would be taken for what the recipe asks now, times its exposures."""
    monkeypatch.setattr(light, "SHARDS", 1)
    scenes = [scene.draw(seed, RECIPE) for seed in range(2)]
    np.savez_compressed(
        shard_path(tmp_path, RECIPE, 0),
        scene=np.array([json.dumps(scene.record(one, RECIPE)) for one in scenes]),
        picture=np.zeros((2, 8, 8, 3), np.uint8),
        linear=np.ones((2, 8, 8, 3), np.float16),
    )
    assert light.lit(tmp_path, RECIPE).light.shape == (2, 8, 8, 3)
    other = replace(RECIPE, window=1.0)
    assert [scene.draw(seed, other) for seed in range(2)] != scenes
    with pytest.raises(BadInput, match="shows another scene than sources"):
        light.lit(tmp_path, other)


def test_windows_are_rendered_once_and_their_layers_add_up(tmp_path, monkeypatch):
    monkeypatch.setattr(light, "WINDOWS", 2)
    monkeypatch.setattr(light, "AT_ONCE", 1)
    small = replace(RECIPE, width=64, height=64, samples=1, window=1.0)
    told = []
    made = light.windows(tmp_path, small, 20, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    assert made.pictures.shape == (2, 64, 64, 3)
    off = np.abs(light.picture(made.behind + made.pane).astype(int) - made.pictures)
    assert off.max() <= 1
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    light.windows(tmp_path, small, 20, lambda done, of: None)
    assert files == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}


def test_windows_are_the_first_scenes_behind_a_pane_that_training_held_out(project):
    every, recipe = project.recipe.train.held_out_every, project.recipe.render
    held_out = (scene.draw(seed, recipe) for seed in range(0, 4000, every))
    scenes = list(islice((s for s in held_out if s.pane is not None), light.WINDOWS))
    windows = project.windows
    assert len(windows.pictures) == len(scenes) == light.WINDOWS
    for at, shown in enumerate(scenes):
        made, gain = render(shown, recipe), recipe.worlds[shown.world.name].exposure
        assert np.array_equal(windows.pictures[at], made.picture)
        for layer in ("behind", "pane"):
            light_of = getattr(made, layer).astype(np.float16).astype(np.float32)
            assert np.array_equal(getattr(windows, layer)[at], light_of * np.float32(gain))


def test_light_is_exposed_as_each_scenes_own_world_is(project):
    recipe, read = project.recipe.render, project.lit
    scenes = [scene.draw(seed, recipe, held_out=seed == 3) for seed in range(20)]
    gain = np.array([recipe.worlds[s.world.name].exposure for s in scenes], np.float32)
    assert len(set(gain)) > 1, "else any order would do"
    for picture, linear, times in zip(read.pictures, read.light, gain, strict=True):
        assert np.allclose(linear, light.decoded(picture) * times)


def test_a_key_is_of_which_renders_are_held_out_and_of_how_many():
    keys = {light.windows_key(RECIPE, 20), light.windows_key(RECIPE, 10), light.lit_key(RECIPE)}
    assert len(keys) == 3
