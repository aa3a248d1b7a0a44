"""What text encoder and U-Net learn from, on one device: latents, and captions as token ids.

Nothing of it passes between processor and device while a training runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from transformers import CLIPTokenizer

from gen.capture.vocabulary import ROOM
from gen.study.recipe.render import RenderRecipe
from gen.study.training.dataset import Renders, shuffle
from gen.study.training.latents import Latents, latents
from gen.study.world import captions, scene

WORDINGS = 24  # captions of each render: as many as a long training sees it times, or nearly


@dataclass(frozen=True)
class Examples:
    """Latents and captions of renders, and which of them may be trained on."""

    whole: Latents
    halved: Latents | None  # of the renders halved in width and height; None: not at hand
    captions: Tensor  # (N, WORDINGS, 77) int32, token ids
    nothing: Tensor  # (77,) int32, the empty caption's
    trained: Tensor  # indices
    held_out: Tensor  # indices of those that only scores see
    source: dict  # how many renders, and the digest that names them

    def to(self, device: torch.device) -> "Examples":
        """The same on another device."""
        return Examples(
            self.whole.to(device),
            self.halved and self.halved.to(device),
            self.captions.to(device),
            self.nothing.to(device),
            self.trained.to(device),
            self.held_out.to(device),
            self.source,
        )


def of_renders(
    renders: Renders, vae: AutoencoderKL, tokenizer: CLIPTokenizer, place: Path, seed: int
) -> Examples:
    """All renders; their latents are kept under `place`."""
    whole, halved = latents(vae, renders, place)
    return Examples(
        whole,
        halved,
        worded(renders.scenes, renders.recipe, tokenizer, seed),
        token_ids([""], tokenizer)[0],
        torch.from_numpy(renders.trained),
        torch.from_numpy(renders.held_out),
        renders.source,
    )


def worded(
    scenes: Sequence[scene.Scene], recipe: RenderRecipe, tokenizer: CLIPTokenizer, seed: int
) -> Tensor:
    """Captions of each scene, worded differently: (N, WORDINGS, 77) int32."""
    texts = [
        captions.caption(one, recipe, np.random.default_rng([seed, one.seed, number]))
        for one in scenes
        for number in range(WORDINGS)
    ]
    return token_ids(texts, tokenizer).reshape(len(scenes), WORDINGS, ROOM)


def token_ids(texts: Sequence[str], tokenizer: CLIPTokenizer) -> Tensor:
    """(N, 77) int32, padded."""
    ids = tokenizer(
        list(texts),
        padding="max_length",
        truncation=True,
        max_length=ROOM,
        return_tensors="pt",
    ).input_ids
    return ids.int()


class Order:
    """An endless row of shuffles of a pool of indices, on its device: each comes as often."""

    def __init__(self, pool: Tensor, seed: int):
        self.pool, self.seed = pool, seed
        self.epochs: dict[int, Tensor] = {}

    def take(self, first: int, count: int) -> Tensor:
        """(count,) of the pool from place `first` of the row."""
        parts = []
        while count:
            epoch, within = divmod(first, len(self.pool))
            parts.append(self._epoch(epoch)[within : within + count])
            first, count = first + len(parts[-1]), count - len(parts[-1])
        return torch.cat(parts)

    def _epoch(self, epoch: int) -> Tensor:
        if epoch not in self.epochs:
            places = torch.from_numpy(shuffle(self.seed, epoch, len(self.pool)))
            last = {n: order for n, order in self.epochs.items() if n == epoch - 1}
            self.epochs = last | {epoch: self.pool[places.to(self.pool.device)]}
        return self.epochs[epoch]
