"""Which image positions looked at which word, step by step: a U-Net watched from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:  # see generate.py
    from diffusers import UNet2DConditionModel
    from diffusers.models.attention_processor import Attention


@dataclass
class Watch:
    """What the cross-attention layers gave since it was last taken: sums over the layers."""

    height: int  # of the latents, in positions
    width: int
    tokens: int  # those from the start on; padding attends too, but is no word
    layers: tuple[str, ...]
    _sum: Tensor | None = None
    _query: Tensor | None = None

    def take(self) -> Tensor:
        """Attention of every position to every token: (tokens, height, width) on the CPU, 0 to 1.

        The mean over heads and layers, coarse grids enlarged to the latents' own, of the half of
        the batch that was given the prompt. Forgets it, so that each step is taken alone.
        """
        assert self._sum is not None, "nothing ran since the last take"
        taken, self._sum = self._sum / len(self.layers), None
        return taken.cpu()

    def add(self, attn: Attention, query: Tensor, key: Tensor) -> None:
        """Adds one layer's scores; the prompt's half of a batch is its last, guided or not."""
        query, key = (attn.head_to_batch_dim(half[-1:]) for half in (query, key))
        scores = attn.get_attention_scores(query, key).float().mean(0)  # (positions, 77)
        grid = _grid(self.height, self.width, len(scores))
        scores = scores[:, : self.tokens].T.reshape(1, -1, *grid)  # (1, tokens, h, w)
        scores = F.interpolate(scores, (self.height, self.width), mode="bilinear")[0]
        self._sum = scores if self._sum is None else self._sum + scores


@contextmanager
def watch(unet: UNet2DConditionModel, height: int, width: int, tokens: int) -> Iterator[Watch]:
    """Watches cross-attention while latents of this size are denoised; always lets go.

    Nothing is replaced: hooks read the queries and keys that the layers compute anyway, and the
    scores are worked out beside them, so the picture is the same to the last bit.
    """
    layers = _layers(unet)
    seen = Watch(height, width, tokens, tuple(layers))
    hooks = [hook for attn in layers.values() for hook in _hooks(attn, seen)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _layers(unet: UNet2DConditionModel) -> dict[str, Attention]:
    """Every cross-attention layer but the middle block's, whose grid is too coarse to show."""
    named = {name: part for name, part in unet.named_modules() if name.endswith("attn2")}
    outer = {name: part for name, part in named.items() if not name.startswith("mid_block")}
    return outer or named


def _hooks(attn: Attention, seen: Watch) -> tuple:
    """Keeps the queries until the keys come: every attention processor asks in this order."""
    return (
        attn.to_q.register_forward_hook(partial(_keep_query, seen)),
        attn.to_k.register_forward_hook(partial(_add_key, seen, attn)),
    )


def _keep_query(seen: Watch, module: object, given: object, query: Tensor) -> None:
    seen._query = query


def _add_key(seen: Watch, attn: Attention, module: object, given: object, key: Tensor) -> None:
    seen.add(attn, seen._query, key)


def _grid(height: int, width: int, positions: int) -> tuple[int, int]:
    """The grid of a layer: the latents' own, halved until it has that many positions."""
    while height * width > positions:
        height, width = -(-height // 2), -(-width // 2)  # the U-Net rounds up
    assert height * width == positions, (height, width, positions)
    return height, width
