"""Self-attention cut between two parts of a picture while it is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gen.study.model.pipeline import generate
from gen.study.training.latents import body_share

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel
    from diffusers.models.attention_processor import Attention

AT_ONCE = 10  # pictures painted together


def self_attention(unet: UNet2DConditionModel) -> dict[str, Attention]:
    """Every self-attention layer by its name."""
    return {name: part for name, part in unet.named_modules() if name.endswith("attn1")}


def painted(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[str],
    seeds: Sequence[int],
    masks: np.ndarray,
    *,
    steps: int,
    guidance_scale: float,
    eta: float,
    report: Callable[[int, int], None],
) -> np.ndarray:
    """Pictures (N, H, W, 3) uint8 in which no place looks across the border of its mask (N, H, W).

    Who stands where is decided by a mask's share of the square that a place stands for.
    """
    height, width = masks.shape[1:]
    parts = []
    for first in range(0, len(prompts), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        with cut(pipe.unet, body_share(masks[some]).float()):
            parts.append(
                generate(
                    pipe,
                    prompts[some],
                    seeds[some],
                    steps=steps,
                    guidance_scale=guidance_scale,
                    eta=eta,
                    height=height,
                    width=width,
                    batch=AT_ONCE,
                )
            )
        report(min(first + AT_ONCE, len(prompts)), len(prompts))
    return np.concatenate(parts)


@contextmanager
def cut(unet: UNet2DConditionModel, share: Tensor) -> Iterator[None]:
    """Cuts every self-attention where `share` (N, h, w) of the latents passes a half; lets go.

    A picture's half without words and its half with them are cut alike.
    """

    def before(module: object, args: tuple[Tensor], more: dict) -> tuple[tuple[Tensor], dict]:
        barred = _barred(share, args[0])
        return args, more | {"attention_mask": barred.to(args[0])}

    hooks = [
        part.register_forward_pre_hook(before, with_kwargs=True)
        for part in self_attention(unet).values()
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _barred(share: Tensor, states: Tensor) -> Tensor:
    """What is added to scores: 0 on one side, -inf across; (N, positions, positions)."""
    batch, positions, _ = states.shape
    height, width = share.shape[-2:]
    factor = round((height * width / positions) ** 0.5)
    side = F.avg_pool2d(share[:, None], factor).flatten(1) >= 0.5
    across = side[:, :, None] != side[:, None, :]
    barred = torch.zeros(across.shape).masked_fill(across, -torch.inf)
    return barred.repeat(batch // len(share), 1, 1)
