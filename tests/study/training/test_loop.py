"""gen/study/training/loop.py: signals, a loss that is no number, two trainings at once."""

import os
import signal
from contextlib import nullcontext

import pytest
import torch
from safetensors.torch import load_file
from tiny import checkpoint, equal, make_place, recipe_of, steps_in, trained

from gen.core.errors import ModelError
from gen.study.training import loop, train
from gen.study.training.autoencoder import AutoencoderStage
from gen.study.training.checkpoint import CHECKPOINT, read_state, write_tensors
from gen.study.training.clock import Progress


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_training_keeps_its_last_step(place, number):
    def stop(progress: Progress) -> None:
        if progress.step == 2:
            os.kill(os.getpid(), number)

    recipe, work = recipe_of(place), place / "work"
    asked = (recipe, place / "renders", work, stop)
    interrupted = pytest.raises(KeyboardInterrupt) if number == signal.SIGINT else nullcontext()
    with interrupted:
        train.train("autoencoder", *asked, steps=100, checkpoint_every=0)
    assert steps_in(work / "autoencoder" / CHECKPOINT) == 2


def test_a_diverged_training_keeps_its_last_good_checkpoint(place):
    trained("autoencoder", place, "work", steps=2)
    kept = checkpoint(place, "autoencoder")

    def spoil(stage, *asked):
        x, noise = batch(stage, *asked)
        return x, noise * torch.nan

    batch = AutoencoderStage.batch
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AutoencoderStage, "batch", spoil)
        patch.setattr(loop, "_show", lambda *_: None)
        with pytest.raises(ModelError, match="the loss is nan at step 3"):
            trained("autoencoder", place, "work", steps=4, checkpoint_every=0)
    assert equal(checkpoint(place, "autoencoder"), kept)


def test_another_training_in_the_same_folder_is_refused(place):
    refused = pytest.raises(ModelError, match="another training is at work")
    with loop.alone(place / "work/autoencoder"), refused:
        trained("autoencoder", place, "work", steps=1)


def test_seconds_are_those_of_all_sessions_together(place):
    trained("autoencoder", place, "work", steps=2)
    path = place / "work/autoencoder" / CHECKPOINT
    state = read_state(path) | {"seconds": 1000.0}
    write_tensors(path, load_file(path), state)
    trained("autoencoder", place, "work", steps=3)
    kept = read_state(path)
    assert 1000 < kept["seconds"] < 1600 and kept["curve"][-1]["seconds"] >= 1000


def test_half_precision_is_asked_for_where_it_is_recorded_and_goes_on_exactly(place, tmp_path):
    able = loop.precision_for("bfloat16")
    other = make_place(tmp_path / "other", precision="bfloat16")
    trained("autoencoder", other, "work", steps=2)
    trained("autoencoder", other, "work", steps=4)
    trained("autoencoder", other, "undisturbed", steps=4)
    assert read_state(other / "work/autoencoder" / CHECKPOINT)["precision"] == able
    assert equal(checkpoint(other, "autoencoder"), checkpoint(other, "autoencoder", "undisturbed"))
    trained("autoencoder", place, "work", steps=4)
    full, half = (checkpoint(p, "autoencoder") for p in (place, other))
    name = "weights.vae.encoder.conv_in.weight"
    assert torch.equal(full[name], half[name]) == (able == "float32")
    assert torch.allclose(full[name], half[name], atol=0.05)


def test_full_precision_stays_full_wherever_it_runs():
    assert loop.precision_for("float32") == "float32"
