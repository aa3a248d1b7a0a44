"""What the loops of measurements share: the noise that a run begins with, a guided guess at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline


def starting_noise(pipe: StableDiffusionPipeline, seed: int, size: Sequence[int]) -> Tensor:
    """Of one picture of `size` (H, W): (1, 4, H/8, W/8), drawn on the CPU."""
    grid = (side // pipe.vae_scale_factor for side in size)
    shape = (1, pipe.unet.config.in_channels, *grid)
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(pipe.device)


def guided(
    pipe: StableDiffusionPipeline, x: Tensor, t: Tensor, words: Tensor, guidance_scale: float
) -> Tensor:
    """The noise in latents x (N, 4, h, w); `words` (2N, 77, width) are none, then each one's."""
    eps_uncond, eps_text = pipe.unet(
        torch.cat([x] * 2), t, encoder_hidden_states=words
    ).sample.chunk(2)
    return eps_uncond + guidance_scale * (eps_text - eps_uncond)
