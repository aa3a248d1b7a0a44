"""A prompt's vectors with some places taken from another prompt, and pictures painted by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import diffusers
import numpy as np
import torch
from torch import Tensor

from gen.capture import words
from gen.measure.kit.guided import guided, starting_noise
from gen.study.training.dataset import as_pictures

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline

OWN, LATER, END, PADDING, ALL = "own", "later", "end", "padding", "all"
GROUPS = (OWN, LATER, END, PADDING)


@dataclass(frozen=True)
class Swapped:
    """Pictures uint8: by the first prompt (H, W, 3), and one for each way (V, H, W, 3).

    `early` are painted by the mixed vectors from the first step on, `late` from a later one.
    """

    base: np.ndarray
    early: np.ndarray
    late: np.ndarray


def places_of(pipe: StableDiffusionPipeline, before: str, after: str) -> dict[str, list[int]]:
    """The places by group: the words that differ, those after them, the end token, padding.

    The prompts must be as long as each other, in tokens.
    """
    first, second = (words.tokens(pipe.tokenizer, text) for text in (before, after))
    assert len(first) == len(second), f"{before!r} and {after!r}: not as many tokens"
    end = len(first) - 1
    own = [a.position for a, b in zip(first, second, strict=True) if a.text != b.text]
    later = [place for place in range(max(own) + 1, end) if place not in own]
    padding = list(range(end + 1, pipe.tokenizer.model_max_length))
    return {OWN: own, LATER: later, END: [end], PADDING: padding}


@torch.no_grad()
def mixed(pipe: StableDiffusionPipeline, before: str, after: str) -> tuple[Tensor, Tensor]:
    """The first prompt's vectors (77, width), and for each way the mixed ones (V, 77, width).

    The ways are GROUPS, one group from the second prompt each, and then all of it.
    """
    first, second = pipe.encode_prompt([before, after], pipe.device, 1, False)[0]
    ways = []
    for places in places_of(pipe, before, after).values():
        way = first.clone()
        way[places] = second[places]
        ways.append(way)
    return first, torch.stack([*ways, second])


@torch.no_grad()
def swapped(
    pipe: StableDiffusionPipeline,
    before: str,
    after: str,
    seed: int,
    size: tuple[int, int],
    *,
    steps: int,
    late: int,
    guidance_scale: float,
) -> Swapped:
    """Pictures of `size` (H, W) from one noise; `late` is the step, from 1, of the later change."""
    first, ways = mixed(pipe, before, after)
    start = starting_noise(pipe, seed, size)
    path = list(_painted(pipe, start, first[None], steps, 1, guidance_scale))
    many = (len(ways), 1, 1, 1)
    early, later = (
        list(_painted(pipe, x.repeat(many), ways, steps, begin, guidance_scale))[-1]
        for x, begin in ((start, 1), (path[late - 2], late))
    )
    return Swapped(_decoded(pipe, path[-1])[0], _decoded(pipe, early), _decoded(pipe, later))


def _painted(
    pipe: StableDiffusionPipeline, x: Tensor, words: Tensor, steps: int, begin: int, scale: float
) -> Iterator[Tensor]:
    """Latents after each step from `begin` on, by words (N, 77, width) against none."""
    scheduler = diffusers.DDIMScheduler.from_config(pipe.scheduler.config)
    scheduler.set_timesteps(steps, device=pipe.device)
    nothing = pipe.encode_prompt("", pipe.device, 1, False)[0].repeat(len(words), 1, 1)
    both = torch.cat([nothing, words])
    for t in scheduler.timesteps[begin - 1 :]:
        eps = guided(pipe, x, t, both, scale)
        x = scheduler.step(eps, t, x, return_dict=False)[0]
        yield x


def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> np.ndarray:
    return as_pictures(pipe.vae.decode(latents / pipe.vae.config.scaling_factor).sample)


def attention_groups(pipe: StableDiffusionPipeline, text: str) -> Mapping[str, Sequence[int]]:
    """The places of a prompt by what stands there: start, words, end, padding."""
    end = len(words.tokens(pipe.tokenizer, text)) - 1
    padding = range(end + 1, pipe.tokenizer.model_max_length)
    return {"start": [0], "words": range(1, end), "end": [end], "padding": padding}
