"""gen/study/training/loop.py: signals, a loss that is no number, two trainings at once."""

import os
import signal
from contextlib import nullcontext

import pytest
import torch
from tiny import checkpoint, equal, recipe_of, steps_in, trained

from gen.core.errors import ModelError
from gen.study.training import loop, train
from gen.study.training.autoencoder import AutoencoderStage
from gen.study.training.checkpoint import CHECKPOINT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_training_keeps_its_last_step(place, number):
    def stop(progress: loop.Progress) -> None:
        if progress.step == 2:
            os.kill(os.getpid(), number)

    recipe, work = recipe_of(place), place / "work"
    asked = (recipe, place / "renders", work, stop)
    interrupted = pytest.raises(KeyboardInterrupt) if number == signal.SIGINT else nullcontext()
    with interrupted:
        train.train("autoencoder", *asked, steps=100, kept_every=0)
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
            trained("autoencoder", place, "work", steps=4, kept_every=0)
    assert equal(checkpoint(place, "autoencoder"), kept)


def test_another_training_in_the_same_folder_is_refused(place):
    refused = pytest.raises(ModelError, match="another training is at work")
    with loop.alone(place / "work/autoencoder"), refused:
        trained("autoencoder", place, "work", steps=1)
