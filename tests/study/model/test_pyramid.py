"""gen/study/model/pyramid.py: what an autoencoder gives back before it has learned anything."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gen.study.model import pipeline, pyramid
from gen.study.recipe.whole import read_recipe

STUDY = Path(__file__).parents[3] / "sources" / "study.yml"


@pytest.fixture(scope="module")
def vae():
    torch.manual_seed(0)
    vae = pipeline.autoencoder(read_recipe(STUDY).train.autoencoder)
    pyramid.begin(vae)
    return vae


@torch.no_grad()
def returned(vae, x: torch.Tensor) -> torch.Tensor:
    return vae.decode(vae.encode(x).latent_dist.mode()).sample


def test_colours_come_through(vae):
    colours = torch.rand(12, 3, generator=torch.Generator().manual_seed(1)) * 1.6 - 0.8
    x = colours[:, :, None, None].expand(-1, -1, 64, 64)
    y = returned(vae, x)[:, :, 16:48, 16:48].mean((2, 3))
    for a, b in ((0, 1), (2, 1)):  # red against green, blue against green
        before, after = colours[:, a] - colours[:, b], y[:, a] - y[:, b]
        assert np.corrcoef(before, after)[0, 1] > 0.95
        assert 0.3 < after.std() / before.std() < 2


def test_large_shapes_stay_where_they_are(vae):
    x = -0.5 * torch.ones(1, 3, 64, 64)
    x[..., 32:] = 0.5
    y = returned(vae, x).mean(1)[0]
    assert y[:, 44:60].mean() - y[:, 4:20].mean() > 0.4


def test_latents_begin_with_little_noise(vae):
    x = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad():
        assert vae.encode(x).latent_dist.std.max() < 0.3
