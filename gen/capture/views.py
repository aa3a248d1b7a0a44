"""What a run showed -> frames of the views, and curves: numbers become grey levels and colours."""

from __future__ import annotations

import torch
from torch import Tensor

from gen.capture import sheets, words
from gen.capture.run import Run
from gen.capture.sheets import Frames
from gen.core.records import PADDING, Curve, LatentColours


def noisy(run: Run, colours: LatentColours) -> Frames:
    """The latents as pictures: as each step was given them, and as the last one left them."""
    latents = torch.cat([*(m.seen for m in run.moments), run.moments[-1].latents]).float().cpu()
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)
    rgb = torch.einsum("rc,nchw->nrhw", matrix, latents) + bias[:, None, None]
    return Frames("noisy", sheets.pixels(rgb.clamp(0, 1)))


def attention(run: Run, sparing: bool = False) -> list[Frames]:
    """A sheet for each word, start, end and padding included: the share of attention it got.

    A word's tokens are added up: shares of one whole. Black and white are the word's own lowest and
    highest over all steps and positions, so that its steps can be compared. `sparing` ones are
    coarse.
    """
    views = []
    looks = sheets.coarse(run.looks) if sparing else run.looks
    for word in dict.fromkeys(token.word for token in run.tokens):
        if words.is_word(word):
            at = [token.position for token in run.tokens if token.word == word]
            views.append(_share(run, word, f"attention-{at[0]}", looks[:, at].sum(1)))
    if run.looks[:, -1].any():  # a prompt may fill all places
        views.append(_share(run, PADDING, "attention-padding", looks[:, -1]))
    return views


def _share(run: Run, word: str, name: str, maps: Tensor) -> Frames:
    """A word's maps (N, h, w) as a sheet's frames."""
    frames, scale = sheets.grey(maps)
    return Frames("attention", frames, word, name, run.layers, scale)


def guidance(run: Run, sparing: bool = False) -> list[Frames]:
    """Where the words change the guess at the clean latents, and how much: a norm over channels.

    That is their change of the predicted noise times the noise level, which alone would be largest
    where little is left to decide. A `sparing` one is coarse.
    """
    effects = [m.effect * m.sigma for m in run.moments if m.effect is not None]
    if not effects:
        return []
    stacked = torch.cat(effects).float().cpu()  # (N, 4, h, w)
    norms = stacked.square().sum(1).sqrt()
    frames, scale = sheets.grey(sheets.coarse(norms) if sparing else norms)
    return [Frames("guidance", frames, scale=scale)]


def energy(run: Run) -> list[Curve]:
    """How much the words change the predicted noise at each step, as a root mean square."""
    effects = [moment.effect for moment in run.moments if moment.effect is not None]
    values = tuple(sheets.short(each.float().square().mean().sqrt()) for each in effects)
    return [Curve("guidance", "noise of unit variance, root mean square", values)] if values else []
