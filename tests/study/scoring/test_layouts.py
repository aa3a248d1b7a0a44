"""gen/study/scoring/layouts.py: how usual the place of a car in its picture is."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")

from tiny import ROOT

from gen.__main__ import main
from gen.core.errors import BadInput
from gen.study.recipe.whole import read_recipe
from gen.study.scoring import layouts
from gen.study.world.render import render
from gen.study.world.scene import draw


@pytest.fixture(scope="module")
def recipe():
    whole = read_recipe(ROOT / "sources" / "study.yml")
    return replace(whole, render=replace(whole.render, width=96, height=64, samples=1))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def drawn(recipe, cache):
    return layouts.draw(recipe, cache, 0, 4, quietly)


def quietly(what: str, done: int, of: int) -> None:
    """A report that nobody hears."""


def moved(count: int) -> np.ndarray:
    """Bodywork (N, 32, 48), a block about the middle."""
    rng, masks = np.random.default_rng(0), np.zeros((count, 32, 48), np.uint8)
    for mask in masks:
        y, x = rng.integers(6, 10), rng.integers(8, 16)
        mask[y : y + 14, x : x + 24] = 255
    return masks


def test_a_usual_layout_scores_higher_than_an_unusual_one():
    known = moved(50)
    usual = layouts.Layouts("", 0, 50, layouts.percentiles(layouts.layout(known)))
    corner = np.zeros((1, 32, 48), np.uint8)
    corner[:, :4, :4] = 255
    middle, odd = usual.score(known[:1])[0], usual.score(corner)[0]
    assert middle > odd + 0.2
    assert odd == pytest.approx(0, abs=0.05)


def test_the_middle_of_all_scores_one_and_a_quarter_from_an_end_a_half():
    places = np.linspace(0.1, 0.5, 101)
    usual = layouts.Layouts("", 0, 101, layouts.percentiles(np.stack([places] * 4, 1)))
    assert usual.percentiles[0][50] == pytest.approx(0.3)
    assert usual.percentiles[0][0] == pytest.approx(0.1) and usual.percentiles[0][-1] == 0.5


def test_bodywork_lies_as_in_renders_and_held_out_seeds_are_no_part(recipe, drawn):
    every = recipe.train.held_out_every
    seen = [draw(seed, recipe.render) for seed in range(4) if seed % every]
    assert len(seen) == 3, "seed 0 is held out"
    bodies = np.stack([render(scene, recipe.render).body for scene in seen])
    rendered = layouts.percentiles(layouts.layout((bodies * 255 + 0.5).astype(np.uint8)))
    assert np.allclose(drawn.percentiles, rendered, atol=0.002)


def test_they_are_kept_and_read_again(recipe, drawn, tmp_path):
    layouts.place(tmp_path).parent.mkdir(parents=True)
    layouts.write(tmp_path, drawn)
    again = layouts.read(tmp_path, recipe.render)
    assert again == drawn and again.key == drawn.key


def test_another_scene_is_another_key_and_another_caption_is_not(recipe, drawn, tmp_path):
    layouts.place(tmp_path).parent.mkdir(parents=True)
    layouts.write(tmp_path, drawn)
    reworded = replace(recipe.render, captions=replace(recipe.render.captions, window=()))
    assert layouts.read(tmp_path, reworded) == drawn
    with pytest.raises(BadInput, match=r"other scenes than .* draws now; run python -m gen study"):
        layouts.read(tmp_path, replace(recipe.render, width=192))


@pytest.mark.parametrize(
    "content, why",
    [
        (None, "is not there"),
        (b"[", "is of another version"),
        (b"{}", r"of another version \(recipe\)"),
        ({"percentiles": [[0.5]] * 4}, r"of another version \(percentiles.0\)"),
        ({"percentiles": [[0.5] * 101]}, r"of another version \(percentiles\)"),
    ],
)
def test_what_is_no_such_file_is_told_with_the_command(recipe, tmp_path, content, why):
    path = layouts.place(tmp_path)
    path.parent.mkdir(parents=True)
    if isinstance(content, dict):
        content = json.dumps({"recipe": "", "first": 0, "count": 4} | content).encode()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=f"{why}.*run python -m gen study layouts 0 2000"):
        layouts.read(tmp_path, recipe.render)


def test_seeds_that_are_all_held_out_are_refused(recipe, tmp_path):
    with pytest.raises(BadInput, match=r"seeds 0\+1: all are held out"):
        layouts.draw(recipe, tmp_path, 0, 1, quietly)


def test_what_was_looked_at_is_not_looked_at_again(recipe, drawn, cache, monkeypatch):
    def again(*_: object) -> None:
        pytest.fail("a scene was looked at again")

    monkeypatch.setattr(layouts, "bodywork", again)
    assert layouts.draw(recipe, cache, 0, 4, quietly) == drawn


def test_the_command_keeps_them_where_choosing_reads_them(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "sources", tmp_path / "sources")
    layouts.place(tmp_path).unlink(missing_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    main.main(["study", "layouts", "1", "1"], standalone_mode=False)
    assert "layouts.json: 1 seeds" in capsys.readouterr().out
    kept = layouts.read(tmp_path, read_recipe(tmp_path / "sources" / "study.yml").render)
    assert (kept.first, kept.count) == (1, 1) and len(set(kept.percentiles[0])) == 1


def test_this_site_s_own_are_of_its_recipe():
    recipe = read_recipe(ROOT / "sources" / "study.yml").render
    assert layouts.read(ROOT, recipe).count >= 1000
