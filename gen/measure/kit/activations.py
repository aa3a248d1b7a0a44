"""What the blocks of a U-Net give out, laid on the latents' grid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import UNet2DConditionModel


def blocks(unet: UNet2DConditionModel) -> dict[str, nn.Module]:
    """The blocks in the order in which they run, by name."""
    down = {f"down {n}": block for n, block in enumerate(unet.down_blocks, 1)}
    up = {f"up {n}": block for n, block in enumerate(unet.up_blocks, 1)}
    return down | {"middle": unet.mid_block} | up


@torch.no_grad()
def activations(
    unet: UNet2DConditionModel, latents: Tensor, timestep: int, words: Tensor
) -> dict[str, Tensor]:
    """Latents (N, 4, h, w), words (N, 77, width) -> of each block (N, channels, h, w)."""
    with _watched(unet) as seen:
        unet(latents, timestep, encoder_hidden_states=words)
    size = latents.shape[-2:]
    return {name: F.interpolate(x, size, mode="bilinear") for name, x in seen.items()}


@contextmanager
def _watched(unet: UNet2DConditionModel) -> Iterator[dict[str, Tensor]]:
    """What each block gave last; always lets go."""
    seen: dict[str, Tensor] = {}

    def see(name: str, module: object, inputs: object, output: Tensor | tuple) -> None:
        seen[name] = output if isinstance(output, Tensor) else output[0]

    hooks = [part.register_forward_hook(partial(see, n)) for n, part in blocks(unet).items()]
    try:
        yield seen
    finally:
        for each in hooks:
            each.remove()


def untrained(unet: UNet2DConditionModel) -> UNet2DConditionModel:
    """A network of the same parts with random weights, always the same ones."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        fresh = type(unet).from_config(unet.config)
    return fresh.to(unet.device, unet.dtype).to(memory_format=torch.channels_last).eval()
