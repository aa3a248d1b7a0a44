"""The linear map from a model's latents to colours, fitted on its own pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from gen.capture import denoise, sheets
from gen.capture.events import CaptureEvent, Tell, warning
from gen.core import store
from gen.core.records import LatentColours
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

FITTED_AT = 7.5  # guidance of the pictures that latent colours are fitted on: diffusers' default


def latent_colours(
    pipe: StableDiffusionPipeline, model: Model, report: Tell = lambda event: None
) -> LatentColours:
    """The 4-to-3 linear map that comes nearest to the model's own decoder.

    Least squares over every position of every step's clean latents, of the model's own prompts at
    its own size, against the mean colour of the pixels that the position decodes to.
    """
    prompts = own_prompts(pipe, model)
    pairs = []
    for at, prompt in enumerate(prompts):
        pairs += _pairs(pipe, prompt, model.id, report)
        message = f"{model.id}: latent colours, picture {at + 1} of {len(prompts)}"
        report(CaptureEvent(model.id, "colours", at + 1, len(prompts), message))
    latents, rgb = (torch.cat(side).double() for side in zip(*pairs, strict=True))  # (P, 4), (P, 3)
    padded = F.pad(latents, (0, 1), value=1.0)  # a constant beside the channels: the bias
    solution = torch.linalg.lstsq(padded, rgb).solution  # (5, 3)
    rmse = (padded @ solution - rgb).square().mean().sqrt()
    *matrix, bias = (tuple(map(sheets.short, row)) for row in solution.tolist())
    key = store.model_key(model)
    return LatentColours(key, tuple(zip(*matrix, strict=True)), bias, sheets.short(rmse), len(rgb))


def own_prompts(pipe: StableDiffusionPipeline, model: Model) -> list[Prompt]:
    """What a model's latent colours are fitted on: its own prompts at its own size, seed 0."""
    size = pipe.unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    own = Prompt(
        id=model.id,
        idea="",
        text="",
        negative="",
        seed=0,
        steps=model.latent_map.steps,
        guidance_scale=FITTED_AT,
        width=width * pipe.vae_scale_factor,
        height=height * pipe.vae_scale_factor,
        scheduler="DDIMScheduler",
        model=model.id,
    )
    return [replace(own, text=text) for text in model.latent_map.prompts]


def _pairs(
    pipe: StableDiffusionPipeline, prompt: Prompt, id: str, report: Tell
) -> list[tuple[Tensor, Tensor]]:
    """Latents (P, 4) and the colours that they decode to (P, 3), for each step of a prompt."""
    pairs = []
    for moment in denoise.denoise(pipe, prompt):
        report(CaptureEvent(id, "fit", moment.index + 1, prompt.evaluations))
        rgb = denoise.decode(pipe, moment.clean, warning(report, id)).float()
        height, width = moment.clean.shape[-2:]
        pairs.append((_row(moment.clean), _row(F.adaptive_avg_pool2d(rgb, (height, width)))))
    return pairs


def _row(maps: Tensor) -> Tensor:
    """(1, C, h, w) -> (h w, C), on the CPU."""
    return maps.float()[0].flatten(1).T.cpu()
