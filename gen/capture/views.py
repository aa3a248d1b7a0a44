"""What a run showed -> frames of the views, and curves: numbers become grey levels and colours."""

from __future__ import annotations

import torch
from torch import Tensor

from gen.capture import sheets, words
from gen.capture.run import Run
from gen.capture.sheets import Frames
from gen.core.records import Curve, LatentColours


def noisy(run: Run, colours: LatentColours) -> Frames:
    """The latents as pictures: as each step was given them, and as the last one left them."""
    latents = torch.cat([*(m.seen for m in run.moments), run.moments[-1].latents]).float().cpu()
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)
    rgb = torch.einsum("rc,nchw->nrhw", matrix, latents) + bias[:, None, None]
    return Frames("noisy", sheets.pixels(rgb.clamp(0, 1)))


def attention(run: Run) -> list[Frames]:
    """A sheet for each word, start and end included: the share of attention that it got.

    A word's tokens are added up: shares of one whole. Black and white are the word's own lowest and
    highest over all steps and positions, so that its steps can be compared.
    """
    views = []
    for word in dict.fromkeys(token.word for token in run.tokens):
        if words.is_word(word):
            at = [token.position for token in run.tokens if token.word == word]
            frames, scale = sheets.grey(run.looks[:, at].sum(1))
            name = f"attention-{at[0]}"
            views.append(Frames("attention", frames, word, name, run.layers, scale))
    return views


def guidance(run: Run) -> list[Frames]:
    """Where the words change the predicted noise, and how much: the norm over latent channels."""
    effects = _effects(run)
    if not effects:
        return []
    stacked = torch.cat(effects).float().cpu()  # (N, 4, h, w)
    frames, scale = sheets.grey(stacked.square().sum(1).sqrt())
    return [Frames("guidance", frames, scale=scale)]


def energy(run: Run) -> list[Curve]:
    """How much the words change the predicted noise at each step, as a root mean square."""
    values = tuple(sheets.short(each.float().square().mean().sqrt()) for each in _effects(run))
    return [Curve("guidance", "noise of unit variance, root mean square", values)] if values else []


def _effects(run: Run) -> list[Tensor]:
    """What the words change at each step; nothing of an unguided run."""
    return [moment.effect for moment in run.moments if moment.effect is not None]
