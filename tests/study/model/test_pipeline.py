"""gen/study/model/pipeline.py: words, sizes, the learning rate, levelled latents."""

import numpy as np
import pytest
import torch
from tiny import ROOT, TINY

from gen.study.model import pipeline, vocabulary
from gen.study.recipe.train import AutoencoderRecipe, Pace
from gen.study.recipe.whole import read_recipe
from gen.study.training import losses
from gen.study.world import captions, scene


def test_levelling_the_latents_changes_no_picture():
    torch.manual_seed(0)
    vae = pipeline.autoencoder(AutoencoderRecipe(**TINY["autoencoder"])).requires_grad_(False)
    x = torch.rand(8, 3, 32, 32) * 2 - 1
    before = vae.decode(vae.encode(x).latent_dist.mean).sample
    z = vae.encode(x).latent_dist.mean.movedim(1, 0).flatten(1)
    pipeline.level(vae, z.mean(1), torch.cov(z), torch.ones(4))
    latents = vae.encode(x).latent_dist.mean
    assert torch.allclose(vae.decode(latents).sample, before, atol=1e-4)
    scaled = latents.movedim(1, 0).flatten(1) * vae.config.scaling_factor
    assert torch.allclose(torch.cov(scaled), torch.eye(4), atol=1e-2)
    assert torch.allclose(scaled.mean(1), torch.zeros(4), atol=1e-3)


def test_a_word_of_the_grammar_is_one_token():
    recipe = read_recipe(ROOT / "sources/study.yml")
    tokenizer = vocabulary.tokenizer(captions.wordings(recipe.render))
    known = set(vocabulary.words(captions.wordings(recipe.render)))
    rng = np.random.default_rng(0)
    for seed in range(200):
        caption = captions.caption(scene.draw(seed, recipe.render), recipe.render, rng)
        pieces = [piece.removesuffix("</w>") for piece in tokenizer.tokenize(caption)]
        assert set(pieces) <= known, caption
    assert len(tokenizer.tokenize("submarine")) > 1
    assert not known & {"paint", "colour", "{"}
    assert not known & {"left", "right"}, "pictures are mirrored: no caption may tell sides apart"


def test_all_weights_together_are_small_enough():
    recipe = read_recipe(ROOT / "sources/study.yml")
    tokenizer = vocabulary.tokenizer(captions.wordings(recipe.render))
    denoiser = losses.Denoiser(recipe.train, tokenizer, (32, 48))
    parts = (denoiser.unet, denoiser.text_encoder, pipeline.autoencoder(recipe.train.autoencoder))
    sizes = [2 * sum(p.numel() for p in part.parameters()) for part in parts]  # bytes
    assert sum(sizes) < 31.5e6  # the tokenizer and the rest need half a MB


@pytest.mark.parametrize(
    ("step", "began", "rate"), [(0, 0, 0.25), (3, 0, 1.0), (400, 0, 0.5), (400, 400, 0.125)]
)
def test_the_rate_climbs_stays_and_falls(step, began, rate):
    pace = Pace(rate=1.0, warmup=4, knee=100)
    assert losses.rate_at(step, pace, began) == pytest.approx(rate)
