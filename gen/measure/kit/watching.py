"""What a pipeline does while it draws: each step's clean picture, and what every layer looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gen.capture import denoise, words
from gen.capture.attention import cross_attention, hooked, on_grid, scores
from gen.core.sources import Prompt
from gen.study.training.dataset import as_pictures

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline
    from diffusers.models.attention_processor import Attention

AT_ONCE = 10  # pictures in the VAE: more is no faster on two cores


@dataclass(frozen=True)
class Watched:
    """Of N pictures: the clean one of each of S steps (N, S, H, W, 3), and the final one, uint8."""

    frames: np.ndarray
    finals: np.ndarray


def frames(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[Prompt],
    report: Callable[[int, int], None] = lambda done, of: None,
) -> Watched:
    """Each prompt through the pipeline's own loop; all have the same steps and size."""
    steps, finals = [], []
    for done, prompt in enumerate(prompts, 1):
        moments = list(denoise.denoise(pipe, prompt))
        latents = torch.cat([*(m.clean for m in moments), moments[-1].latents])
        pictures = _decoded(pipe, latents / pipe.vae.config.scaling_factor)
        steps.append(pictures[:-1])
        finals.append(pictures[-1])
        report(done, len(prompts))
    return Watched(np.stack(steps), np.stack(finals))


@torch.no_grad()
def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> np.ndarray:
    """Latents as the decoder takes them -> (N, H, W, 3) uint8."""
    parts = (pipe.vae.decode(z.to(pipe.vae.dtype)).sample for z in latents.split(AT_ONCE))
    return np.concatenate([as_pictures(part.float()) for part in parts])


# ---- attention, layer by layer -------------------------------------------------------------


def attention(
    pipe: StableDiffusionPipeline, prompt: Prompt, probes: Sequence[str] = ()
) -> dict[str, np.ndarray]:
    """Of each word of a prompt, and of each probe: its share of attention (S, L, h, w), float32.

    S steps, L cross-attention layers in the U-Net's order, on the latents' grid; heads averaged,
    the prompted half. A probe is a word that the prompt does not have: its key is worked out beside
    the layers' own and given its share of the same softmax, so the picture stays as it is.
    """
    grid = (prompt.height // pipe.vae_scale_factor, prompt.width // pipe.vae_scale_factor)
    tokens = words.tokens(pipe.tokenizer, prompt.text)
    named = [w for w in dict.fromkeys(t.word for t in tokens) if words.is_word(w)]
    embedded = {probe: _embedded(pipe, probe) for probe in probes}
    shares: dict[str, list] = {name: [] for name in (*named, *probes)}
    layers = cross_attention(pipe.unet)
    seen: dict[str, tuple[Tensor, Tensor]] = {}  # queries and keys at the last step

    def keep(name: str, attn: Attention, query: Tensor, key: Tensor) -> None:
        seen[name] = (query[-1:], key[-1:])  # the prompt's half comes last

    with hooked(layers, keep):
        for _ in denoise.denoise(pipe, prompt):
            for word in named:
                at = [t.position for t in tokens if t.word == word]
                shares[word].append(_shares(layers, seen, grid, at))
            for probe, keys in embedded.items():
                shares[probe].append(_shares(layers, seen, grid, None, keys))
    return {name: torch.stack(steps).numpy() for name, steps in shares.items()}


def attention_at(
    pipe: StableDiffusionPipeline, prompt: Prompt, groups: Mapping[str, Sequence[int]]
) -> dict[str, np.ndarray]:
    """What groups of a prompt's places get of attention together: (S, L, h, w) each, float32."""
    grid = (prompt.height // pipe.vae_scale_factor, prompt.width // pipe.vae_scale_factor)
    layers = cross_attention(pipe.unet)
    shares: dict[str, list] = {name: [] for name in groups}
    seen: dict[str, tuple[Tensor, Tensor]] = {}  # queries and keys at the last step

    def keep(name: str, attn: Attention, query: Tensor, key: Tensor) -> None:
        seen[name] = (query[-1:], key[-1:])  # the prompt's half comes last

    with hooked(layers, keep):
        for _ in denoise.denoise(pipe, prompt):
            for name, places in groups.items():
                shares[name].append(_shares(layers, seen, grid, list(places)))
    return {name: torch.stack(steps).numpy() for name, steps in shares.items()}


@torch.no_grad()
def _shares(
    layers: Mapping[str, Attention],
    seen: Mapping[str, tuple[Tensor, Tensor]],
    grid: tuple[int, int],
    at: list[int] | None,
    probe: Tensor | None = None,
) -> Tensor:
    """(L, h, w): what some tokens, or else a probe, get of each layer's attention."""
    maps = []
    for name, attn in layers.items():
        query, key = seen[name]
        if probe is not None:
            # not by calling to_k: its hook would take this for the picture's own keys
            key = torch.cat([key, F.linear(probe, attn.to_k.weight, attn.to_k.bias)], dim=1)
            at = list(range(key.shape[1] - probe.shape[1], key.shape[1]))
        share = scores(attn, query, key)[0, :, at].sum(1)  # (positions,)
        maps.append(on_grid(share[None], *grid)[0].cpu())
    return torch.stack(maps)


@torch.no_grad()
def _embedded(pipe: StableDiffusionPipeline, word: str) -> Tensor:
    """A word's own tokens as the text encoder gives them where it stands alone: (1, T, width)."""
    embeds, _ = pipe.encode_prompt(word, pipe.device, 1, False)
    last = len(words.tokens(pipe.tokenizer, word)) - 1
    return embeds[:, 1:last]
