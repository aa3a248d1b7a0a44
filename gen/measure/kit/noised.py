"""Known pictures under the noise of a step, and what a network's blocks give of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import denoise
from gen.capture.schedulers import scheduler_of
from gen.core.sources import Prompt
from gen.measure.kit import cells
from gen.measure.kit.activations import activations
from gen.measure.kit.cells import numbers_at
from gen.measure.kit.shapes import Shapes

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel

AT_ONCE = 10  # pictures in the U-Net
TARGETS = {"normals": "Surface", "mirrored": "Mirrored direction", "sun": "Sun"}


@dataclass(frozen=True)
class Noised:
    """N pictures as latents (N, 4, h, w), scaled; words (N, 77, width); places (N, C)."""

    pipe: StableDiffusionPipeline
    prompt: Prompt  # whose scheduler and steps hold
    latents: Tensor
    words: Tensor
    at: np.ndarray
    seeds: Sequence[int]  # of the noise of each, the same at every step

    def numbers(self, unet: UNet2DConditionModel, step: int) -> dict[str, np.ndarray]:
        """What each block gives at the places before a step, from 1: (N, C, channels)."""
        noisy, time = self._before(step)
        parts = [
            {
                name: numbers_at(x.permute(0, 2, 3, 1).cpu().numpy(), self.at[some])
                for name, x in activations(
                    unet, noisy[some].to(unet.device), time, self.words[some]
                ).items()
            }
            for some in (slice(i, i + AT_ONCE) for i in range(0, len(noisy), AT_ONCE))
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _before(self, step: int) -> tuple[Tensor, int]:
        scheduler = scheduler_of(self.pipe, self.prompt)
        time, shape = int(scheduler.timesteps[step - 1]), self.latents[0].shape
        rngs = [torch.Generator().manual_seed(seed) for seed in self.seeds]
        noise = torch.stack([torch.randn(shape, generator=rng) for rng in rngs])
        return scheduler.add_noise(self.latents, noise, torch.tensor([time])), time


@dataclass(frozen=True)
class Subject:
    """What is asked about: renders whose shape is known, and the same under noise."""

    known: Shapes
    noised: Noised

    @property
    def at(self) -> np.ndarray:
        """The places: (N, C)."""
        return self.noised.at

    def places(self) -> np.ndarray:
        """Where each place lies in its picture: (N, C, D)."""
        return cells.places(self.at, self.known.bodies.shape[1:])

    def colours(self) -> np.ndarray:
        """The clean pictures' colours at the places and around them, and the places: (N, C, D)."""
        seen = cells.colours(self.known.pictures, self.at, self.known.bodies.shape[1:])
        return np.concatenate([seen, self.places()], -1)

    def seen_from(self) -> np.ndarray:
        """Kind of car, view and bearing, each with the place on the car: (N, C, D)."""
        scenes = self.known.scenes
        kinds = np.array([f"{scene.body.style}, {scene.view}" for scene in scenes])
        bearing = np.radians([scene.camera.azimuth for scene in scenes])
        told = np.stack([*(kinds == name for name in np.unique(kinds))], 1)
        told = np.concatenate([told, np.cos(bearing)[:, None], np.sin(bearing)[:, None]], 1)
        there = cells.on_the_car(self.at, self.known.bodies)
        there = np.concatenate([np.ones_like(there[..., :1]), there], -1)  # the view by itself, too
        joined = told[:, None, :, None] * there[:, :, None]
        flat = joined.reshape(*self.at.shape, -1).astype(np.float32)
        return np.concatenate([flat, self.places()], -1)

    def targets(self) -> dict[str, np.ndarray]:
        """The true directions: (N, C, 3) each."""
        suns = np.repeat(self.known.suns[:, None], self.at.shape[1], 1)
        both = (numbers_at(a, self.at) for a in (self.known.normals, self.known.reflection))
        return dict(zip(TARGETS, (*both, suns), strict=True))


def everywhere(unet: UNet2DConditionModel, moment: denoise.Moment, words: Tensor) -> np.ndarray:
    """What all blocks give at every place of one picture being painted, and the place: (P, D)."""
    seen = activations(unet, moment.seen, int(moment.timestep), words)
    whole = torch.cat(list(seen.values()), 1)[0].flatten(1).T.cpu().numpy()
    every = cells.places(np.arange(len(whole))[None], moment.seen.shape[-2:])
    return np.concatenate([whole, every[0]], -1)
