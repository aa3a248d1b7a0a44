"""What the loops of measurements share: the noise of a run, a guided guess at it, a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import DDIMScheduler, StableDiffusionPipeline


def noises(pipe: StableDiffusionPipeline, seed: int, size: Sequence[int]) -> Iterator[Tensor]:
    """Of one picture of `size` (H, W), as the pipeline draws them: (1, 4, H/8, W/8) each.

    What the run begins with, then what each step may put back; drawn on the CPU.
    """
    grid = (side // pipe.vae_scale_factor for side in size)
    shape = (1, pipe.unet.config.in_channels, *grid)
    rng = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(shape, generator=rng).to(pipe.device)


def stepped(
    scheduler: DDIMScheduler, eps: Tensor, t: Tensor, x: Tensor, eta: float, fresh: Tensor
) -> Tensor:
    """Latents (N, 4, h, w) after a step of DDIM; `eta` of the noise put back is `fresh`'s.

    One noise (1, 4, h, w) is shared by all.
    """
    noise = fresh.expand_as(x)
    return scheduler.step(eps, t, x, eta=eta, variance_noise=noise, return_dict=False)[0]


def guided(
    pipe: StableDiffusionPipeline, x: Tensor, t: Tensor, words: Tensor, guidance_scale: float
) -> Tensor:
    """The noise in latents x (N, 4, h, w); `words` (2N, 77, width) are none, then each one's."""
    eps_uncond, eps_text = pipe.unet(
        torch.cat([x] * 2), t, encoder_hidden_states=words
    ).sample.chunk(2)
    return eps_uncond + guidance_scale * (eps_text - eps_uncond)
