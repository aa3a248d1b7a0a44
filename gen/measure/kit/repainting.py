"""A part of a picture painted anew while the rest is held: latents in, latents out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gen.capture import schedulers
from gen.measure.kit.guided import guided, stepped

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import DDIMScheduler, StableDiffusionPipeline

LOOKS = 2  # times that each step is taken, with a jump back between: the border heals


@torch.no_grad()
def repainted(
    pipe: StableDiffusionPipeline,
    texts: Sequence[str],
    known: Tensor,
    free: Tensor,
    seeds: Sequence[int],
    *,
    steps: int,
    guidance_scale: float,
    eta: float,
) -> Tensor:
    """Latents (N, 4, h, w), scaled: where `free` (N, h, w) painted by the words, else `known`.

    The free cells begin as noise alone, of their picture's seed; at every step the held ones are
    the known latents under that same noise. DDIM; all noise is drawn on the CPU by a picture's own
    seed, so two runs from one seed differ in what they were given alone.
    """
    scheduler = schedulers.ddim(pipe, steps)
    rngs = [torch.Generator().manual_seed(seed) for seed in seeds]
    text, nothing = pipe.encode_prompt(list(texts), pipe.device, 1, True, [""] * len(texts))
    words, here = torch.cat([nothing, text]), free[:, None].to(pipe.device)
    noise = _noise(known, rngs)
    x = noise
    for t, alpha, before in _levels(scheduler):
        for look in range(LOOKS):
            if look:
                x = _noised(x, alpha / before, _noise(known, rngs))
            x = torch.where(here, x, _noised(known, alpha, noise))
            eps = guided(pipe, x, t, words, guidance_scale)
            x = stepped(scheduler, eps, t, x, eta, _noise(known, rngs))
    return torch.where(here, x, known)


def _levels(scheduler: DDIMScheduler) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Each timestep, the share of picture in its variance, and that after its step."""
    times = list(scheduler.timesteps)
    alphas = [scheduler.alphas_cumprod[int(t)] for t in times]
    return list(zip(times, alphas, [*alphas[1:], scheduler.final_alpha_cumprod], strict=True))


def _noised(latents: Tensor, alpha: Tensor, noise: Tensor) -> Tensor:
    return alpha**0.5 * latents + (1 - alpha) ** 0.5 * noise


def _noise(like: Tensor, rngs: Sequence[torch.Generator]) -> Tensor:
    """Unit noise, of each picture from its own generator."""
    shape = like.shape[1:]
    drawn = torch.stack([torch.randn(shape, generator=rng) for rng in rngs])
    return drawn.to(like.device, like.dtype)
