"""Which image positions looked at which word, step by step: a U-Net watched from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:  # see weights.py
    from diffusers import UNet2DConditionModel
    from diffusers.models.attention_processor import Attention

    SeesLayer = Callable[[str, Attention, Tensor, Tensor], None]


@dataclass
class Watch:
    """What the cross-attention layers gave since it was last taken: sums over the layers."""

    height: int  # of the latents, in positions
    width: int
    tokens: int  # those from the start on; padding stands behind a prompt's own
    prompts: int  # that are denoised together
    layers: tuple[str, ...]
    _sum: Tensor | None = None

    def take(self) -> Tensor:
        """Attention of every position to every token: (prompts, tokens, height, width), 0 to 1.

        The mean over heads and layers, coarse grids brought to the latents' own, of that part of
        the batch that was given the prompts. Forgets it, so that each step is taken alone. It stays
        on its device, which would else be waited for at each step.
        """
        assert self._sum is not None, "nothing ran since the last take"
        taken, self._sum = self._sum / len(self.layers), None
        return taken.unflatten(0, (self.prompts, self.tokens))

    def add(self, attn: Attention, query: Tensor, key: Tensor) -> None:
        """Adds one layer's scores; prompts are a batch's last, guided or not."""
        by_token = scores(attn, query, key, self.prompts)[..., : self.tokens].mT
        maps = on_grid(by_token.flatten(0, 1), self.height, self.width)
        self._sum = maps if self._sum is None else self._sum + maps


@contextmanager
def watch(
    unet: UNet2DConditionModel, height: int, width: int, tokens: int, prompts: int = 1
) -> Iterator[Watch]:
    """Watches cross-attention while latents of this size are denoised; always lets go.

    Nothing is replaced: hooks read the queries and keys that the layers compute anyway, and the
    scores are worked out beside them, so the picture is the same to the last bit.
    """
    layers = cross_attention(unet)  # but the middle block's, whose grid is too coarse to show
    outer = {name: part for name, part in layers.items() if not name.startswith("mid_block")}
    seen = Watch(height, width, tokens, prompts, tuple(outer or layers))
    with hooked(outer or layers, lambda name, attn, query, key: seen.add(attn, query, key)):
        yield seen


def cross_attention(unet: UNet2DConditionModel) -> dict[str, Attention]:
    """Every cross-attention layer by its name."""
    return {name: part for name, part in unet.named_modules() if name.endswith("attn2")}


@contextmanager
def hooked(layers: Mapping[str, Attention], see: SeesLayer) -> Iterator[None]:
    """Tells each layer's name, itself, its queries and keys as it runs; always lets go.

    Queries are kept until the keys come: every attention processor asks in this order.
    """
    queries: dict[str, Tensor] = {}

    def on_query(name: str, module: object, inputs: object, query: Tensor) -> None:
        queries[name] = query

    def on_key(name: str, module: object, inputs: object, key: Tensor) -> None:
        see(name, layers[name], queries.pop(name), key)

    hooks = []
    for name, attn in layers.items():
        hooks.append(attn.to_q.register_forward_hook(partial(on_query, name)))
        hooks.append(attn.to_k.register_forward_hook(partial(on_key, name)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def scores(attn: Attention, query: Tensor, key: Tensor, last: int = 1) -> Tensor:
    """What each position gives each token, heads averaged, of a batch's last: (M, positions, N)."""
    query, key = (attn.head_to_batch_dim(whole[-last:]) for whole in (query, key))
    return attn.get_attention_scores(query, key).float().unflatten(0, (last, -1)).mean(1)


def on_grid(by_token: Tensor, height: int, width: int) -> Tensor:
    """Scores (N, positions) of a layer's own grid on a finer one: (N, height, width)."""
    coarse = by_token.reshape(1, len(by_token), *_grid(height, width, by_token.shape[1]))
    return F.interpolate(coarse, (height, width), mode="bilinear")[0]


def _grid(height: int, width: int, positions: int) -> tuple[int, int]:
    """The grid of a layer: the latents' own, halved until it has that many positions."""
    while height * width > positions:
        height, width = -(-height // 2), -(-width // 2)  # the U-Net rounds up
    assert height * width == positions, (height, width, positions)
    return height, width
