"""What a picture half painted may still become: one noisy latent, carried on with many noises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gen.capture import schedulers
from gen.measure.kit.guided import noises, stepped

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import DDIMScheduler, StableDiffusionPipeline


@dataclass(frozen=True)
class Open:
    """A picture at S steps: its guess (S, 4, h, w), K endings from there (S, K, 4, h, w)."""

    guesses: Tensor
    endings: Tensor


@torch.no_grad()
def endings(
    pipe: StableDiffusionPipeline,
    text: str,
    seed: int,
    looks: Sequence[int],
    count: int,
    steps: int,
    eta: float,
) -> Open:
    """A picture's guess at each step of `looks`, counted from 0, and how it could have ended.

    The picture is painted by DDIM, with `eta` of fresh noise. From each of these steps on it is
    painted `count` times more, with other fresh noise at every step (eta 1), as much as training
    put there: these are the pictures that may lie under the noisy latent, if the model has it
    right. Without guidance, under which a guess is no mean of anything. All latents are scaled.
    """
    scheduler = schedulers.ddim(pipe, steps)
    words, _ = pipe.encode_prompt([text], pipe.device, 1, False)
    height, width = pipe.unet.config.sample_size
    drawn = noises(pipe, seed, [side * pipe.vae_scale_factor for side in (height, width)])
    x = next(drawn)
    guesses, ends = [], []
    for number, t in enumerate(scheduler.timesteps):
        eps = pipe.unet(x, t, words).sample
        if number in looks:
            guesses.append(scheduler.step(eps, t, x).pred_original_sample[0])
            fresh = torch.Generator().manual_seed(1_000_003 * (seed + 1) + number)
            ends.append(_ended(pipe, scheduler, words, x.repeat(count, 1, 1, 1), number, fresh))
        x = stepped(scheduler, eps, t, x, eta, next(drawn))
    return Open(torch.stack(guesses), torch.stack(ends))


def _ended(
    pipe: StableDiffusionPipeline,
    scheduler: DDIMScheduler,
    words: Tensor,
    x: Tensor,
    number: int,
    rng: torch.Generator,
) -> Tensor:
    """Latents (K, 4, h, w) carried on from a step to the end."""
    every = words.repeat(len(x), 1, 1)
    for t in scheduler.timesteps[number:]:
        eps = pipe.unet(x, t, every).sample
        noise = torch.randn(x.shape, generator=rng).to(x.device, x.dtype)
        x = stepped(scheduler, eps, t, x, 1.0, noise)
    return x
