"""Prompts through a pipeline together, looked at from outside: what the run of each showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import attention, denoise, sheets, words
from gen.capture.denoise import Moment
from gen.capture.events import CaptureEvent, Tell, warning
from gen.core.records import Curve, Token
from gen.core.sources import Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline


@dataclass(frozen=True)
class Run:
    """What one prompt's run showed to those who looked on."""

    prompt: Prompt
    tokens: tuple[Token, ...]
    moments: tuple[Moment, ...]
    looks: Tensor  # (N, tokens + 1, h, w), on the CPU: where each token was looked at, then padding
    layers: tuple[str, ...]  # those whose attention that is
    final: Tensor  # the picture: (1, 3, height, width), 0 to 1


def run(
    pipe: StableDiffusionPipeline, prompts: Sequence[Prompt], pictures: int, report: Tell
) -> list[Run]:
    """Prompts that are alike through the pipeline, so many pictures decoded at once."""
    height, width = (side // pipe.vae_scale_factor for side in _size(prompts[0]))
    tokens = [words.tokens(pipe.tokenizer, prompt.text) for prompt in prompts]
    room, steps, looks = pipe.tokenizer.model_max_length, [], []
    with attention.watch(pipe.unet, height, width, room, len(prompts)) as watch:
        for step in denoise.together(pipe, prompts):
            steps.append(step)
            looks.append([*map(_padding_last, watch.take(), map(len, tokens))])
            report(CaptureEvent(_named(prompts), "step", len(steps), prompts[0].evaluations))
    shown = [torch.stack(own).cpu() for own in zip(*looks, strict=True)]
    latents, tell = [moment.latents for moment in steps[-1]], warning(report, prompts[0].id)
    finals = denoise.pictures(pipe, latents, pictures, tell)
    return [
        Run(prompt, split, moments, look, watch.layers, final)
        for prompt, split, moments, look, final in zip(
            prompts, tokens, zip(*steps, strict=True), shown, finals, strict=True
        )
    ]


def clean(
    pipe: StableDiffusionPipeline, run: Run, pictures: int, report: Tell
) -> tuple[np.ndarray, Curve]:
    """Each step's clean picture, small, and its distance to the final one at full size."""
    id, latents = run.prompt.id, [moment.clean for moment in run.moments]
    frames: list[np.ndarray] = []
    distance: list[float] = []
    for picture in denoise.pictures(pipe, latents, pictures, warning(report, id)):
        report(CaptureEvent(id, "clean", len(frames) + 1, len(latents)))
        frames.append(sheets.pixels(sheets.small(picture))[0])
        distance.append(sheets.short((picture - run.final).float().square().mean().sqrt()))
    curve = Curve("distance", "rgb from 0 to 1, root mean square", tuple(distance))
    return np.stack(frames), curve


def _padding_last(look: Tensor, tokens: int) -> Tensor:
    """What each place read of all (room, h, w) -> of each token, and of all padding together."""
    return torch.cat([look[:tokens], look[tokens:].sum(0, keepdim=True)])


def _size(prompt: Prompt) -> tuple[int, int]:
    return prompt.height, prompt.width


def _named(prompts: Sequence[Prompt]) -> str:
    """The first prompt's id, and how many go with it."""
    more = f" and {len(prompts) - 1} more" if prompts[1:] else ""
    return f"{prompts[0].id}{more}"
