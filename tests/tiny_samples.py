"""A handful of small samples, and a pipeline of random weights to draw them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny import recipe_of

from gen.study.model import pipeline as model
from gen.study.recipe.train import ScoreRecipe
from gen.study.scoring import samples
from gen.study.scoring.samples import Request
from gen.study.world import scene, shards

FEW = ScoreRecipe(ordinary=6, held_out=2, variant=4, steps=2, guidance_scale=2.0)


@contextmanager
def small_files() -> Iterator[None]:
    """Two renders and two pictures to a file, and one thread: quicker at this size."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD", 2)
        patch.setattr(samples, "BATCH", 2)
        yield
    torch.set_num_threads(threads)


def make_pipeline(place: Path, name: str, seed: int) -> Path:
    """A folder that diffusers reads."""
    recipe = recipe_of(place)
    tokenizer = model.tokenizer(scene.wordings(recipe.render))
    size = (recipe.render.height // model.FACTOR, recipe.render.width // model.FACTOR)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        denoiser = model.Denoiser(recipe.train, tokenizer, size)
        vae = model.autoencoder(recipe.train.autoencoder)
    pipe = model.pipeline(vae, denoiser.text_encoder, tokenizer, denoiser.unet)
    pipe.save_pretrained(place / name)
    return place / name


def request_of(place: Path, pipeline: Path) -> Request:
    """For all of the few samples, rendered roughly."""
    return Request(replace(recipe_of(place).render, samples=1), FEW, pipeline)
