"""How much of a device a run takes: prompts and pictures at once, parts that wait beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import torch

from gen.capture import devices
from gen.core.sources import Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

MOST = 8  # prompts or pictures at once that are taken without being asked for
SPARE = 300_000_000  # bytes that are left alone
# values alive at once, for each channel of the widest maps and each of their positions: counted in
# Stable Diffusion 1.5 and doubled, as convolutions set aside as much again
STEP, DECODE = 104, 6


@dataclass(frozen=True)
class Room:
    """What goes through a network at once."""

    prompts: int = 1  # through the U-Net
    pictures: int = 1  # through the decoder


ALONE = Room()
_most: WeakKeyDictionary[StableDiffusionPipeline, Room] = WeakKeyDictionary()  # as was found out


def room(pipe: StableDiffusionPipeline, prompt: Prompt, prompts: int | None = None) -> Room:
    """What fits into the memory of a pipeline's device for prompts of this size.

    On CUDA up to `MOST` of each, or as many prompts as are asked for; elsewhere, where more at once
    are no quicker, one of each unless asked for. No more than `halved` has left.
    """
    device = device_of(pipe)
    if device.type != "cuda":
        fits = Room(prompts or 1)
    else:
        fits = fitting(pipe, prompt, free(device) - waiting(pipe), prompts)
    return at_most(pipe, fits)


def at_most(pipe: StableDiffusionPipeline, fits: Room) -> Room:
    """As much at once, but no more than what `halved` has left."""
    most = _most.get(pipe, fits)
    return Room(min(fits.prompts, most.prompts), min(fits.pictures, most.pictures))


def halved(pipe: StableDiffusionPipeline, fits: Room) -> Room | None:
    """Half of what was too much for a pipeline, from now on; None of what cannot be halved."""
    if fits == ALONE:
        return None
    _most[pipe] = Room(max(1, fits.prompts // 2), max(1, fits.pictures // 2))
    return _most[pipe]


def fitting(
    pipe: StableDiffusionPipeline, prompt: Prompt, memory: float, prompts: int | None = None
) -> Room:
    """What fits into so many bytes beside the weights."""
    step, decode = _bytes(pipe, prompt.width * prompt.height)
    return Room(prompts or _power(memory / step), _power(memory / decode))


def settle(pipe: StableDiffusionPipeline, device: str, memory: float | None = None) -> bool:
    """Puts a pipeline on a device; whether parts wait in the computer's memory for their turn.

    They do where `memory`, else what is free on a CUDA device, does not hold all weights beside one
    prompt at the model's own size.
    """
    place = devices.own(device)
    if place.type == "cuda" and memory is None:
        memory = free(place)
    if memory is None or needed(pipe) <= memory:
        pipe.to(place)
        return False
    pipe.enable_model_cpu_offload(device=place)  # by its number: else it takes the first
    return True


def needed(pipe: StableDiffusionPipeline) -> float:
    """Bytes that a pipeline takes whole, and one prompt at the model's own size."""
    weights = sum(_weights(pipe))
    size = pipe.unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    return weights + max(_bytes(pipe, width * height * pipe.vae_scale_factor**2))


def waiting(pipe: StableDiffusionPipeline) -> int:
    """Bytes of a device that the largest of the parts takes which wait for their turn elsewhere."""
    return max(_weights(pipe)) if offloaded(pipe) else 0


def free(device: torch.device) -> float:
    """Bytes of a CUDA device that can be had, but for a few."""
    held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return torch.cuda.mem_get_info(device)[0] + held - SPARE


def device_of(pipe: StableDiffusionPipeline) -> torch.device:
    """Where a pipeline computes, which is not where parts lie that wait for their turn."""
    device: torch.device = pipe._execution_device
    return device


def offloaded(pipe: StableDiffusionPipeline) -> bool:
    """Whether parts wait for their turn."""
    return hasattr(pipe.unet, "_hf_hook")


def encoders() -> int:
    """Threads that encode pictures beside the device, of the processors that torch leaves.

    Processes that torchrun or accelerate started on this machine share them.
    """
    share = (os.cpu_count() or 1) // int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    busy = 1 if torch.accelerator.is_available() else torch.get_num_threads()
    return max(1, share - busy)


def _weights(pipe: StableDiffusionPipeline) -> list[int]:
    """Bytes of the weights of each network."""
    networks = (pipe.unet, pipe.vae, pipe.text_encoder)
    return [sum(p.numel() * p.element_size() for p in net.parameters()) for net in networks]


def _bytes(pipe: StableDiffusionPipeline, pixels: int) -> tuple[float, float]:
    """Bytes of a step of one prompt and of a decode, besides the weights."""
    latents, finest = pipe.unet.config.block_out_channels[0], pipe.vae.config.block_out_channels[1]
    step = STEP * latents * pixels / pipe.vae_scale_factor**2 * pipe.unet.dtype.itemsize
    return step, DECODE * finest * pixels * pipe.vae.dtype.itemsize


def _power(fits: float) -> int:
    """The largest power of two that fits, from 1 to MOST: fewer sizes, fewer kinds of last bits."""
    power = 1
    while 2 * power <= min(fits, MOST):
        power *= 2
    return power
