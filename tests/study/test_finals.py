"""Final pictures by the words of a page's choices, painted by a real, tiny pipeline."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from tiny import ROOT, make_place, recipe_of
from tiny_samples import make_pipeline

from gen.capture import denoise, devices
from gen.capture.sheets import pixels
from gen.capture.weights import load, revision_of
from gen.core import inputs, store
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord
from gen.study.recipe.whole import read_recipe
from gen.study.scoring import finals


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    torch.set_num_threads(1)  # quicker than two at this size
    folder = make_place(tmp_path_factory.mktemp("finals"))
    make_pipeline(folder, "study", 0)
    return folder


@pytest.fixture(scope="module")
def asked(place):
    """The project's own prompts, small and short, of a model that lies in this place."""
    read = inputs.read(ROOT)
    own = replace(read.model("study"), location="study", revision=revision_of(place / "study"))
    small = {"width": 64, "height": 64, "steps": 2}
    return replace(
        read,
        models=tuple(own if model.id == "study" else model for model in read.models),
        ideas=tuple(
            replace(idea, prompts=tuple(replace(p, **small) for p in idea.prompts))
            for idea in read.ideas
        ),
    )


@pytest.fixture(scope="module")
def recipe(place):
    """Two paints, one of them a metal, in two worlds and two views."""
    whole = recipe_of(place).render
    said, colours = whole.captions, {"mirror": ("gold",), "matte": ("blue",)}
    few = {name: replace(whole.finishes[name], colours=c) for name, c in colours.items()}
    captions = replace(
        said,
        finishes={name: said.finishes[name] for name in few},
        worlds={name: said.worlds[name] for name in ("desert", "snow")},
        views={name: said.views[name] for name in ("side view", "rear three-quarter view")},
    )
    return replace(whole, finishes=few, captions=captions)


@pytest.fixture(scope="module")
def kept(place, asked, recipe):
    return finals.bring_up_to_date(place, asked, recipe, place, lambda *count: None)


def test_every_paint_stands_in_every_world_and_view_from_one_noise_and_in_one_view_from_more(
    kept, recipe
):
    combinations = len(recipe.captions.worlds) * len(recipe.captions.views)
    texts = {each.text for each in kept.painted if each.seed == finals.SEED}
    assert "a gold car in the snow, side view" in texts and len(texts) == 2 * combinations
    more = [each for each in kept.painted if each.seed != finals.SEED]
    assert {each.seed for each in more} == set(finals.MORE)
    assert len(more) == len(finals.MORE) * 2 * len(recipe.captions.worlds)
    assert len({each.text.split(", ")[1] for each in more}) == 1
    assert len(kept.painted) == len(texts) + len(more)


def test_the_view_with_more_seeds_is_the_one_that_the_painter_opens_with():
    read = inputs.read(ROOT)
    first = next(p for p in read.prompts if p.model == "study")
    every = finals.prompts(read, read_recipe(ROOT / "sources/study.yml").render)
    more = {p.text.split(", ")[1] for p in every if p.seed != finals.SEED}
    assert len(more) == 1 and more.pop() in first.text


def test_each_is_the_run_that_its_words_and_seed_paint_with_the_model_s_own_settings(
    kept, place, asked
):
    prompt = next(p for p in asked.prompts if p.model == "study")
    assert (kept.steps, kept.scheduler) == (prompt.steps, prompt.scheduler)
    each = kept.painted[7]
    own = replace(prompt, text=each.text, seed=each.seed)
    pipe = load(asked.model("study"), place)
    *_, last = denoise.denoise(pipe, own)
    alone = pixels(denoise.decode(pipe, last.latents))[0].astype(int)
    painted = np.load(place / "finals" / kept.key / "00000.npy")[7]
    assert np.abs(painted - alone).max() <= 1, "a batch adds up in another order"
    file = store.finals.file(place, "study", each.file)
    shown = np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)
    assert np.abs(shown - alone).mean() < 12, "the same picture, but for what WebP loses"


def test_combinations_that_training_never_saw_are_marked_and_no_others(kept):
    unseen = {each.text for each in kept.painted if each.held_out}
    assert "a gold car in the snow, side view" in unseen
    assert "a matte blue car in the desert, side view" in unseen
    assert "a gold car in the desert, side view" not in unseen


def test_the_words_are_told_as_the_model_s_tokenizer_splits_them(kept):
    each = next(e for e in kept.painted if e.text == "a matte blue car in the snow, side view")
    assert each.tokens == ("a", "matte", "blue", "car", "in", "the", "snow", ",", "side", "view")


def test_what_is_there_is_not_painted_again_and_another_model_s_is(kept, place, asked, recipe):
    counted = []
    count = lambda *each: counted.append(each)  # noqa: E731
    assert finals.bring_up_to_date(place, asked, recipe, place, count) == kept
    assert counted == []
    again = finals.bring_up_to_date(place, asked, recipe, place, count, force=True)
    assert again == kept and counted, "from the batches in the cache, to the same bytes"
    other = tuple(replace(m, revision="0" * 64) for m in asked.models)
    all_seen, some = replace(recipe, held_out=()), finals.prompts(asked, recipe)
    keys = {
        finals.key_of(asked, some, recipe),
        finals.key_of(replace(asked, models=other), some, recipe),
        finals.key_of(asked, some, all_seen),
    }
    assert len(keys) == 3


def test_they_are_painted_in_single_precision_on_a_device_that_paints_in_half(
    place, asked, recipe, tmp_path, monkeypatch, kept
):
    monkeypatch.setattr(devices, "dtype", lambda wanted, device: torch.float16)  # as on CUDA
    again = finals.bring_up_to_date(place, asked, recipe, tmp_path, lambda *n: None, force=True)
    assert again == kept


def test_a_picture_that_was_changed_is_found(kept, place, tmp_path):
    import shutil

    shutil.copytree(place / store.FINALS, tmp_path / store.FINALS)
    path = tmp_path / store.FINALS / "study" / kept.painted[0].file
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BrokenRecord, match=r"is not what was painted; run python -m gen study"):
        store.finals.read(tmp_path, "study")
    assert digest(path.read_bytes()) != dict(kept.digests)[path.name]


def test_the_whole_set_is_some_hundred_pictures_that_weigh_no_more_than_they_may():
    read = inputs.read(ROOT)
    every = finals.prompts(read, read_recipe(ROOT / "sources/study.yml").render)
    assert 500 <= len(every) <= 1000
    assert len(every) * finals.MOST <= 2_500_000
    assert len({finals.file_of(p) for p in every}) == len(every)


def test_a_heavy_picture_gives_up_quality_and_a_light_one_does_not():
    noise = np.random.default_rng(0).integers(0, 256, (256, 768, 3), dtype=np.uint8)
    heavy = finals._webp(noise)
    assert Image.open(io.BytesIO(heavy)).size == (256, 85)
    even = finals._webp(np.full((256, 384, 3), 90, np.uint8))
    assert len(even) < 500 < len(heavy)
