"""gen/study/scoring/samples.py: what is asked, drawn, kept and read again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from filelock import FileLock
from tiny import make_place

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from tiny_samples import FEW, make_pipeline, request_of, small_files

from gen.core.errors import BadInput, ModelError
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import ScoreRecipe
from gen.study.scoring import prompts, samples
from gen.study.world import render, scene

# ---- what is asked for ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(recipe):
    return prompts.all_samples(recipe, ScoreRecipe(ordinary=90, held_out=30))


def test_the_first_few_have_the_make_up_of_all(asked):
    assert [sample.index for sample in asked] == list(range(120))
    assert len({sample.seed for sample in asked}) == 120
    for count in range(4, 121, 4):
        assert sum(sample.held_out for sample in asked[:count]) == count / 4


def test_scenes_are_those_of_their_seeds_and_none_is_behind_a_window(asked, recipe):
    plain = replace(recipe, window=0.0)
    for sample in asked:
        assert sample.scene == scene.draw(sample.seed, plain, sample.held_out)
        assert scene.is_held_out(sample.scene, recipe) == sample.held_out
        assert sample.scene.pane is None and "window" not in sample.prompt


def says(prompt: str, wordings: tuple[str, ...]) -> bool:
    return any(wording in prompt for wording in wordings)


def test_a_prompt_says_what_is_named_and_nothing_else(asked, recipe):
    g = recipe.captions
    for sample in asked:
        drawn, prompt = sample.scene, sample.prompt
        assert sample.named >= {"finish", "colour", "view"} and drawn.material.colour in prompt
        assert says(prompt, g.views[drawn.view])
        assert ("world" in sample.named) == says(prompt, g.worlds[drawn.world.name])
        others = [w for name in set(g.worlds) - {drawn.world.name} for w in g.worlds[name]]
        assert not says(prompt, tuple(others))
    ordinary = [sample for sample in asked if not sample.held_out]
    assert sum("world" in sample.named for sample in ordinary) == 60


def test_what_makes_a_combination_held_out_is_said(asked, recipe):
    g, met = recipe.captions, set()
    for sample in asked:
        meaning = sample.scene.meaning()
        for combination in recipe.held_out:
            if combination.items() <= meaning.items():
                met |= set(combination)
                assert set(combination) - {"style"} <= sample.named
                assert "style" not in combination or says(
                    sample.prompt, g.bodies[combination["style"]]
                )
    assert met == {"style", "finish", "colour", "world", "view"}, "none of it went untested"


# ---- making and reading them ---------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _small_files():
    with small_files():
        yield


@pytest.fixture(scope="module")
def request_for(tmp_path_factory) -> samples.Request:
    place = make_place(tmp_path_factory.mktemp("samples"))
    return request_of(place, make_pipeline(place, "study", seed=1))


@pytest.fixture(scope="module")
def folder(request_for) -> Path:
    return request_for.pipeline.parent / "samples"


@pytest.fixture(scope="module")
def made(request_for, folder) -> samples.Samples:
    with pytest.raises(BadInput, match="run python -m gen study score"):
        samples.read(request_for, folder)
    made, told = make(request_for, folder)
    assert told == [
        *(("renders", n, 8) for n in (2, 4, 6, 8)),
        *(("pictures", n, 8) for n in (2, 4, 6, 8)),
    ]
    return made


def make(request: samples.Request, folder: Path) -> tuple[samples.Samples, list[tuple]]:
    told: list[tuple[str, int, int]] = []
    return samples.make(request, folder, lambda *count: told.append(count)), told


def test_a_render_stands_beside_each_picture(made, request_for):
    assert made.pictures.shape == made.renders.shape == (8, 64, 64, 3)
    assert made.seconds > 0
    last = next(sample for sample in reversed(made.entries) if sample.held_out)
    seen = render.render(last.scene, request_for.render_recipe)
    assert np.array_equal(made.renders[last.index], seen.picture)
    assert (made.bodies[last.index] >= 128).mean() == pytest.approx((seen.body >= 0.5).mean())


def test_what_was_stopped_goes_on_as_the_same_set(made, request_for, folder):
    (folder / made.key / "pictures-0001.safetensors").unlink()
    with pytest.raises(BadInput, match="pictures-0001"):
        samples.read(request_for, folder)
    again, told = make(request_for, folder)
    assert [of for what, _, of in told if what == "pictures"] == [2], "only what was missing"
    assert np.array_equal(again.pictures, made.pictures)
    assert not list(folder.rglob("*.part"))


def test_a_variant_draws_the_first_few_under_a_key_of_its_own(made, request_for, folder):
    variant = replace(request_for, guidance_scale=1.0, count=FEW.variant)
    few, _ = make(variant, folder)
    assert few.key != made.key and few.entries == made.entries[:4]
    assert few.pictures.shape == few.renders.shape == (4, 64, 64, 3)
    assert np.array_equal(few.renders, made.renders[:4])
    assert not np.array_equal(few.pictures, made.pictures[:4])


def test_a_key_is_of_all_that_decides_pictures(request_for):
    other = make_pipeline(request_for.pipeline.parent, "other", seed=2)
    words = request_for.recipe.captions
    reworded = replace(
        request_for.recipe, captions=replace(words, sentences=("a {paint} {body}, {view}{world}",))
    )
    changed = {
        "pipeline": replace(request_for, pipeline=other),
        "guidance": replace(request_for, guidance_scale=3.0),
        "eta": replace(request_for, score=FEW.model_copy(update={"eta": 0.5})),
        "steps": replace(request_for, score=FEW.model_copy(update={"steps": 3})),
        "words": replace(request_for, recipe=reworded),
        "rendering": replace(request_for, recipe=replace(request_for.recipe, samples=2)),
        "worlds in another order": replace(request_for, recipe=turned(request_for.recipe)),
    }
    keys = {name: request.key for name, request in changed.items()}
    assert len({request_for.key, *keys.values()}) == 8
    assert replace(request_for, count=2).key == request_for.key
    same = {name for name, r in changed.items() if r.renders_key == request_for.renders_key}
    assert same == {"pipeline", "guidance", "eta", "steps", "words"}


def turned(recipe: RenderRecipe) -> RenderRecipe:
    """A recipe of equal sections whose worlds are drawn in another order."""
    return replace(recipe, worlds=dict(reversed(recipe.worlds.items())))


def test_two_runs_do_not_meet(request_for, tmp_path):
    place = tmp_path / "samples" / request_for.key
    place.mkdir(parents=True)
    with FileLock(place / ".lock"), pytest.raises(BadInput, match="another run makes these"):
        make(request_for, tmp_path / "samples")


def test_a_folder_that_is_no_pipeline_is_refused(request_for, tmp_path):
    with pytest.raises(ModelError, match=r"has no model_index\.json"):
        _ = replace(request_for, pipeline=tmp_path).key


def test_a_picture_is_of_its_own_seed(request_for):
    pipe = samples.open_pipeline(request_for.pipeline)
    prompts, seeds = ["a chrome car", "a gold car", "a chrome car"], [5, 6, 7]
    asked = {"steps": 2, "guidance_scale": 2.0, "height": 64, "width": 64}
    together = samples.generate(pipe, prompts, seeds, **asked)
    alone = samples.generate(pipe, prompts, seeds, batch=1, **asked)
    assert together.shape == (3, 64, 64, 3) and together.dtype == np.uint8
    assert np.abs(together.astype(int) - alone).max() <= 1
    assert not np.array_equal(together[0], together[2]), "the seed alone differs"


def test_a_picture_is_the_pipeline_s_own_in_levels_of_eight_bits(request_for):
    pipe = samples.open_pipeline(request_for.pipeline)
    made = samples.generate(
        pipe, ["a red car"], [5], steps=2, guidance_scale=1, height=64, width=64
    )
    own = pipe(
        "a red car",
        height=64,
        width=64,
        num_inference_steps=2,
        guidance_scale=1,
        generator=torch.Generator().manual_seed(5),
        output_type="np",
    ).images
    assert np.array_equal(made, np.round(own * 255))
