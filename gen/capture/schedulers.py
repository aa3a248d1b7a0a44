"""The scheduler of a prompt, of which a model's own config says the noise schedule alone."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import diffusers
import torch
from torch import Tensor

from gen.capture.room import device_of
from gen.core.sources import Prompt

if TYPE_CHECKING:  # see denoise.py
    from diffusers import DDIMScheduler, SchedulerMixin, StableDiffusionPipeline

NOISE = (  # what a scheduler's config says of the noise that a model learned; all else is ours
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "rescale_betas_zero_snr",
    "prediction_type",
    "timestep_spacing",
    "steps_offset",
    "set_alpha_to_one",
)
OURS = {
    "skip_prk_steps": True,
    "clip_sample": False,
    "thresholding": False,
    "algorithm_type": "dpmsolver++",
}


def scheduler_of(pipe: StableDiffusionPipeline, prompt: Prompt) -> SchedulerMixin:
    """A new scheduler of the prompt's class with the model's own noise schedule.

    Of the model's config that is all: how noise levels are spaced and steps taken is the prompt's.
    PNDM is meant as PLMS, which is what the original code has: without the four tries a step that
    another way of beginning takes.
    """
    scheduler = _with_noise_of(pipe, prompt.scheduler, use_karras_sigmas=prompt.karras)
    scheduler.set_timesteps(prompt.steps, device=device_of(pipe))
    return scheduler


def ddim(pipe: StableDiffusionPipeline, steps: int) -> DDIMScheduler:
    """DDIM at so many steps, as a prompt that names it has it, for loops that none describes."""
    scheduler = _with_noise_of(pipe, "DDIMScheduler")
    scheduler.set_timesteps(steps, device=device_of(pipe))
    return scheduler


def steps_apart(pipe: StableDiffusionPipeline, prompt: Prompt) -> bool:
    """Whether each of a prompt's steps has a noise level of its own, of those that were learned.

    With too many a scheduler looks past the last level, or divides by a difference of none.
    """
    levels = pipe.scheduler.config.num_train_timesteps
    if prompt.steps >= levels:
        return False  # as many as there are can already be one too many
    scheduler = scheduler_of(pipe, prompt)
    times = scheduler.timesteps.tolist()
    if not all(0 <= time < levels for time in times):
        return False
    if not hasattr(scheduler, "sigmas"):
        return True  # PNDM takes a step twice by intent
    falling = bool((scheduler.sigmas[:-1].diff() < 0).all())
    return falling and times[:1] != times[1:2]  # a first level met twice is taken for begun


def under_noise(
    pipe: StableDiffusionPipeline, latents: Tensor, noise: Tensor, level: float
) -> tuple[Tensor, Tensor]:
    """Latents at a share of the model's noise levels, as it was trained on them, and the timestep.

    DDIM's way of adding noise: others leave latents unscaled.
    """
    scheduler = _with_noise_of(pipe, "DDIMScheduler")
    t = torch.tensor([int(level * scheduler.config.num_train_timesteps)], device=latents.device)
    return scheduler.add_noise(latents, noise, t), t


def _with_noise_of(pipe: StableDiffusionPipeline, name: str, **more: object) -> SchedulerMixin:
    """A scheduler of a class, as NOISE of the model's config, ours and `more` have it.

    What the config had from its own class's defaults is left to the defaults of this one.
    """
    kind, config = getattr(diffusers, name), pipe.scheduler.config
    left = set(config.get("_use_default_values", ()))
    noise = {key: config[key] for key in NOISE if key in config and key not in left}
    takes = inspect.signature(kind).parameters
    return kind(**{key: x for key, x in (noise | OURS | more).items() if key in takes})
