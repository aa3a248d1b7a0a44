"""gen/study/training/run.py: what is kept of a run is all of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny import ROOT, TINY, checkpoint, equal, make_place, steps_in, trained

from gen.core.errors import ModelError
from gen.study.training.checkpoint import CHECKPOINT

CHILD = """
import sys
from pathlib import Path
import torch
from gen.study.recipe.whole import read_recipe
from gen.study.training import train
torch.set_num_threads(1)
place = Path(sys.argv[1])
recipe = read_recipe(place / "study.yml")
asked = (recipe, place / "renders", place / "work", lambda progress: None)
train.train("autoencoder", *asked, steps=10**6, checkpoint_every=0)
"""


def _kill_at(place: Path, step: int) -> None:
    """Train an autoencoder in a child and kill it when a checkpoint has that step."""
    path = place / "work/autoencoder" / CHECKPOINT
    command = [sys.executable, "-c", CHILD, str(place)]
    child = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"})
    try:
        while child.poll() is None and steps_in(path) < step:
            time.sleep(0.05)
    finally:
        child.kill()
    assert child.wait(timeout=60) == -signal.SIGKILL


def test_a_killed_training_ends_as_an_undisturbed_one(place):
    _kill_at(place, step=3)
    end = steps_in(place / "work/autoencoder" / CHECKPOINT) + 4
    trained("autoencoder", place, "work", steps=end)
    trained("autoencoder", place, "undisturbed", steps=end)
    kept, undisturbed = (checkpoint(place, "autoencoder", w) for w in ("work", "undisturbed"))
    assert equal(kept, undisturbed)


def test_the_pipeline_too_goes_on_exactly(place):
    trained("autoencoder", place, "work", steps=2)
    trained("pipeline", place, "work", steps=3)
    trained("pipeline", place, "work", steps=6)
    trained("autoencoder", place, "undisturbed", steps=2)
    trained("pipeline", place, "undisturbed", steps=6)
    assert equal(checkpoint(place, "pipeline"), checkpoint(place, "pipeline", "undisturbed"))


def test_another_shape_is_refused(place, tmp_path_factory):
    trained("autoencoder", place, "work", steps=1)
    wider = {**TINY["autoencoder"], "channels": [8, 8, 8, 16]}
    other = make_place(tmp_path_factory.mktemp("other"), autoencoder=wider)
    with pytest.raises(ModelError, match="another shape"):
        trained("autoencoder", other, place / "work", steps=2)
