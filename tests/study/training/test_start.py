"""gen/study/training/start.py: a folder to begin with is begun with, gone on from, or refused."""

import json
import shutil

import pytest
from safetensors.torch import load_file
from tiny import checkpoint, equal, recipe_of, trained

from gen.core.errors import BadInput, ModelError
from gen.study.training import train
from gen.study.training.checkpoint import CHECKPOINT
from gen.study.training.start import check_saving

UNET = "unet/diffusion_pytorch_model.safetensors"


def told(folder):
    return json.loads((folder / "recipe.json").read_text("utf-8"))


@pytest.fixture
def model(place):
    """A pipeline of another machine: trained there, then brought here."""
    trained("autoencoder", place, "there", steps=2)
    trained("pipeline", place, "there", steps=2)
    train.save(recipe_of(place), place / "there", place / "model")
    shutil.copytree(place / "model", place / "before")
    return place / "model"


def on(place, model, stage, steps):
    """A line of README: on from the folder, and back to it."""
    trained(stage, place, "work", steps=steps, start=model)
    train.save(recipe_of(place), place / "work", model, model)


def test_rounds_on_from_one_folder_and_back_to_it(place, model):
    trained("pipeline", place, "work", steps=3, start=model)
    for step in (4, 5):  # what was killed before it was saved goes on, then what was saved
        on(place, model, "pipeline", step)
        assert told(model)["pipeline"]["step"] == step and told(model)["pipeline"]["began"] == 2
    on(place, model, "decoder", 1)
    assert told(model)["pipeline"]["step"] == 5 and told(model)["decoder"]["step"] == 1

    trained("pipeline", place, "there", steps=6)  # the second round elsewhere
    train.save(recipe_of(place), place / "there", model)
    before, kept = load_file(model / UNET), checkpoint(place, "pipeline")
    shutil.rmtree(place / "work/decoder")
    for stage in ("pipeline", "decoder"):  # the decoder's would save the first round's U-Net
        with pytest.raises(BadInput, match="neither began with it") as refused:
            trained(stage, place, "work", steps=7, start=model)
        assert "work/pipeline away" in str(refused.value), stage
    assert equal(kept, checkpoint(place, "pipeline")) and equal(before, load_file(model / UNET))
    shutil.rmtree(place / "work/pipeline")
    on(place, model, "pipeline", 7)
    assert told(model)["pipeline"]["began"] == 6


def test_the_decoder_s_lesson_needs_no_lesson_of_the_unet_here(place, model):
    before = told(model)
    on(place, model, "decoder", 1)
    assert equal(load_file(model / UNET), load_file(place / "before" / UNET))
    after = told(model)
    assert after["decoder"]["step"] == 1
    assert {name: after[name] for name in before} == before


def test_a_folder_of_another_autoencoder_is_refused_where_the_first_one_s_rests(place, model):
    trained("autoencoder", place, "work", steps=3)
    trained("pipeline", place, "work", steps=1)
    (place / "work/pipeline" / CHECKPOINT).unlink()
    with pytest.raises(ModelError, match=r"--from \S*model: \S*work/pipeline/vae is of another"):
        trained("pipeline", place, "work", steps=3, start=model)


def test_a_stage_after_which_nothing_could_be_saved_is_refused_before_it(place, model):
    work = place / "work"
    for stage, start in (("autoencoder", model), ("decoder", None)):
        with pytest.raises(ModelError, match=f"no pipeline can be saved after {stage}; run"):
            check_saving(stage, work, start)
    check_saving("decoder", work, model)
    check_saving("pipeline", work, None)
    check_saving("decoder", place / "there", None)


def test_a_folder_that_says_nothing_of_its_training_is_known_by_its_digest(place, model):
    (model / "recipe.json").unlink()
    for steps in (1, 2):  # the second goes on
        trained("pipeline", place, "work", steps=steps, start=model)
    with pytest.raises(BadInput, match="neither began with it"):
        trained("pipeline", place, "there", steps=3, start=model)
    with pytest.raises(BadInput, match=r"--from \S*: is no pipeline's folder"):
        trained("pipeline", place, "other", steps=1, start=place)
