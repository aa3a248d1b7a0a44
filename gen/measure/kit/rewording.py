"""A run whose words change on the way, for every step at which they could."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import schedulers
from gen.measure.kit.guided import guided, noises, stepped
from gen.study.training.dataset import as_pictures

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline

AT_ONCE = 10  # pictures in the VAE: more is no faster on two cores


@torch.no_grad()
def reworded(
    pipe: StableDiffusionPipeline,
    before: str,
    after: str,
    seed: int,
    size: tuple[int, int],
    *,
    steps: int,
    guidance_scale: float,
    eta: float,
) -> np.ndarray:
    """Final pictures (steps + 1, H, W, 3) uint8 of `size` (H, W), all from the noises of one seed.

    Picture k had the first words for k steps and the second ones from there on: the first picture
    is the second prompt's alone, the last one the first prompt's. All lie in one batch, which
    grows: at each step another leaves the run that keeps its words. DDIM, whose fresh noise all
    share.
    """
    scheduler = schedulers.ddim(pipe, steps)
    nothing, old, new = pipe.encode_prompt(["", before, after], pipe.device, 1, False)[0]
    drawn = noises(pipe, seed, size)
    x = next(drawn)  # the last of a batch keeps its words
    for t in scheduler.timesteps:
        x = torch.cat([x, x[-1:]])
        words = torch.stack([*[nothing] * len(x), *[new] * (len(x) - 1), old])
        eps = guided(pipe, x, t, words, guidance_scale)
        x = stepped(scheduler, eps, t, x, eta, next(drawn))
    return _decoded(pipe, x)


def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> np.ndarray:
    parts = (latents / pipe.vae.config.scaling_factor).split(AT_ONCE)
    return np.concatenate([as_pictures(pipe.vae.decode(z).sample) for z in parts])
