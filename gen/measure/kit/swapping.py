"""A prompt's vectors with some places taken from another prompt, and pictures painted by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import schedulers, words
from gen.measure.kit.guided import guided, noises, stepped
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
    eta: float,
) -> Swapped:
    """Pictures of `size` (H, W) by DDIM from one seed's noises, which all ways share.

    `late` is the step, from 1, of the later change.
    """
    first, ways = mixed(pipe, before, after)
    start, *fresh = islice(noises(pipe, seed, size), 1 + steps)

    def painted(x: Tensor, words: Tensor, begin: int) -> list[Tensor]:
        return list(_painted(pipe, x, words, begin, guidance_scale, eta, fresh))

    path = painted(start, first[None], 1)
    many = (len(ways), 1, 1, 1)
    early = painted(start.repeat(many), ways, 1)[-1]
    later = painted(path[late - 2].repeat(many), ways, late)[-1]
    return Swapped(_decoded(pipe, path[-1])[0], _decoded(pipe, early), _decoded(pipe, later))


def _painted(
    pipe: StableDiffusionPipeline,
    x: Tensor,
    words: Tensor,
    begin: int,
    scale: float,
    eta: float,
    fresh: Sequence[Tensor],
) -> Iterator[Tensor]:
    """Latents after each step from `begin` on, by words (N, 77, width) against none.

    `fresh` is the noise that each step of a whole run may put back.
    """
    scheduler = schedulers.ddim(pipe, len(fresh))
    nothing = pipe.encode_prompt("", pipe.device, 1, False)[0].repeat(len(words), 1, 1)
    both = torch.cat([nothing, words])
    for t, noise in list(zip(scheduler.timesteps, fresh, strict=True))[begin - 1 :]:
        eps = guided(pipe, x, t, both, scale)
        x = stepped(scheduler, eps, t, x, eta, noise)
        yield x


def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> np.ndarray:
    return as_pictures(pipe.vae.decode(latents / pipe.vae.config.scaling_factor).sample)


def attention_groups(pipe: StableDiffusionPipeline, text: str) -> Mapping[str, Sequence[int]]:
    """The places of a prompt by what stands there: start, words, end, padding."""
    end = len(words.tokens(pipe.tokenizer, text)) - 1
    padding = range(end + 1, pipe.tokenizer.model_max_length)
    return {"start": [0], "words": range(1, end), "end": [end], "padding": padding}
