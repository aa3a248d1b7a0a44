"""A handful of small samples, and a pipeline of random weights to draw them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny import recipe_of

from gen.study.model import pipeline, vocabulary
from gen.study.recipe import checks
from gen.study.recipe.train import FACTOR, ScoreRecipe
from gen.study.scoring import samples
from gen.study.scoring.samples import Request
from gen.study.training import losses
from gen.study.world import captions, grounds, render, shards, stage
from gen.study.world.panoramas import surroundings

FEW = ScoreRecipe(ordinary=6, held_out=2, variant=4, steps=2, guidance_scale=2.0)


@contextmanager
def small_files() -> Iterator[None]:
    """Two renders and two pictures to a file, one thread, coarse ground: quicker at this size."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        for module in (shards, checks):
            patch.setattr(module, "SHARD", 2)
        patch.setattr(samples, "BATCH", 2)
        for module in (grounds, render, stage):
            patch.setattr(module, "SIDE", 256)
        surroundings.cache_clear()
        yield
    surroundings.cache_clear()  # what was made coarse is no other test's
    torch.set_num_threads(threads)


def make_pipeline(place: Path, name: str, seed: int) -> Path:
    """A folder that diffusers reads."""
    recipe = recipe_of(place)
    tokenizer = vocabulary.tokenizer(captions.wordings(recipe.render))
    size = (recipe.render.height // FACTOR, recipe.render.width // FACTOR)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        denoiser = losses.Denoiser(recipe.train, tokenizer, size)
        vae = pipeline.autoencoder(recipe.train.autoencoder)
    pipe = pipeline.pipeline(vae, denoiser.text_encoder, tokenizer, denoiser.unet)
    pipe.save_pretrained(place / name)
    return place / name


def request_of(place: Path, pipeline: Path) -> Request:
    """For all of the few samples, rendered roughly."""
    return Request(replace(recipe_of(place).render, samples=1), FEW, pipeline)
