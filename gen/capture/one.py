"""One prompt through a pipeline -> its capture and files. Writes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import attention, denoise, parts, sheets, words
from gen.capture.denoise import Moment
from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.core.records import Capture, Curve, LatentColours, Step, Token, View
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see generate.py
    from diffusers import StableDiffusionPipeline
from gen.capture.events import CaptureEvent, Tell


def capture(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    model: Model,
    colours: LatentColours,
    report: Tell = lambda event: None,
) -> tuple[Capture, dict[str, bytes]]:
    """One prompt's capture and its files by name; writes nothing.

    Watching does not change the picture: its bytes are those of the pipeline's own call. Raises
    BadInput for a text that the text encoder would cut.
    """
    refuse_unfit(pipe, prompt)
    tokens = words.tokens(pipe.tokenizer, prompt.text)
    moments, looks, final, tree, layers = _watched(pipe, prompt, tokens, report)
    frames, distance = _clean(pipe, moments, final)
    about = {"model": model.title, "prompt": prompt.text, "seed": prompt.seed}
    drawn = [
        sheets.sheet("noisy", None, _noisy(moments, colours), about),
        sheets.sheet("clean", None, frames, about),
        *_looked(looks, tokens, layers, about),
        *_guidance(moments, about),
    ]
    files = {"final.png": sheets.png(sheets.pixels(final)[0], prompt, model)}
    files |= {view.sheet: held for view, held in drawn}
    record = Capture(
        key=prompt.pinned_key(model),
        prompt=prompt,
        model=model,
        scaling_factor=pipe.vae.config.scaling_factor,
        training_timesteps=pipe.scheduler.config.num_train_timesteps,
        final="final.png",
        steps=tuple(Step(m.index, m.timestep, sheets.short(m.sigma)) for m in moments),
        parts=tree,
        tokens=tokens,
        views=tuple(view for view, _ in drawn),
        curves=(
            Curve("distance", "rgb from 0 to 1, root mean square", distance),
            *_energy(moments),
        ),
        digests=tuple((name, digest(held)) for name, held in files.items()),
    )
    return record, files


def refuse_unfit(pipe: StableDiffusionPipeline, prompt: Prompt) -> None:
    """Stops at a text that the text encoder would cut, and at a size that latents cannot have."""
    for field in ("text", "negative"):
        cut = words.words_cut(pipe.tokenizer, getattr(prompt, field))
        if cut:
            raise BadInput(
                f"{prompt.id}: {field} is longer than {pipe.tokenizer.model_max_length} tokens; "
                f"shorten it in sources/prompts.yml by what falls off: {', '.join(cut)}"
            )
    if prompt.width % pipe.vae_scale_factor or prompt.height % pipe.vae_scale_factor:
        raise BadInput(
            f"{prompt.id}: {prompt.width} x {prompt.height} is not in steps of "
            f"{pipe.vae_scale_factor}; change width or height in sources/models.yml"
        )


def _watched(
    pipe: StableDiffusionPipeline, prompt: Prompt, tokens: tuple[Token, ...], report: Tell
) -> tuple:
    """The one run of the pipeline: its moments, attention, picture, parts and watched layers."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    moments, looks = [], []
    with (
        parts.watch(pipe) as ran,
        attention.watch(pipe.unet, height, width, len(tokens)) as watch,
    ):
        for moment in denoise.denoise(pipe, prompt):
            moments.append(moment)
            looks.append(watch.take())
            report(CaptureEvent(prompt.id, "step", len(moments), prompt.steps))
        final = denoise.decode(pipe, moment.latents)
    tree = parts.tree(pipe, prompt, ran)
    return moments, torch.stack(looks), final, tree, watch.layers


def _clean(
    pipe: StableDiffusionPipeline, moments: list[Moment], final: Tensor
) -> tuple[np.ndarray, tuple[float, ...]]:
    """Each step's clean picture, small, and its distance to the final one at full size."""
    frames, distance = [], []
    for moment in moments:  # one at a time: quicker here than batches, and as the final one is
        picture = denoise.decode(pipe, moment.clean)
        frames.append(sheets.pixels(sheets.small(picture))[0])
        distance.append(sheets.short((picture - final).float().square().mean().sqrt()))
    return np.stack(frames), tuple(distance)


def _noisy(moments: list[Moment], colours: LatentColours) -> np.ndarray:
    """The latents as pictures: as each step was given them, and as the last one left them."""
    latents = torch.cat([*(m.seen for m in moments), moments[-1].latents]).float().cpu()
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)
    rgb = torch.einsum("rc,nchw->nrhw", matrix, latents) + bias[:, None, None]
    return sheets.pixels(rgb.clamp(0, 1))


def _looked(
    looks: Tensor, tokens: tuple[Token, ...], layers: tuple[str, ...], about: dict
) -> list[tuple[View, bytes]]:
    """A sheet for each word, start and end included: the share of attention that it got.

    A word's tokens are added up: shares of one whole. Black and white are the word's own lowest and
    highest over all steps and positions, so that its steps can be compared.
    """
    drawn = []
    for word in dict.fromkeys(token.word for token in tokens):
        if words.is_word(word):
            at = [token.position for token in tokens if token.word == word]
            frames, scale = sheets.grey(looks[:, at].sum(1))
            view, held = sheets.sheet("attention", word, frames, about, f"attention-{at[0]}")
            drawn.append((replace(view, layers=layers, scale=scale), held))
    return drawn


def _guidance(moments: list[Moment], about: dict) -> list[tuple[View, bytes]]:
    """Where the words change the predicted noise, and how much: the norm over latent channels."""
    effects = [moment.effect for moment in moments if moment.effect is not None]
    if not effects:
        return []
    stacked = torch.cat(effects).float().cpu()  # (N, 4, h, w)
    frames, scale = sheets.grey(stacked.square().sum(1).sqrt())
    view, held = sheets.sheet("guidance", None, frames, about)
    return [(replace(view, scale=scale), held)]


def _energy(moments: list[Moment]) -> list[Curve]:
    """How much the words change the predicted noise at each step, as a root mean square."""
    effects = [moment.effect for moment in moments if moment.effect is not None]
    if not effects:
        return []
    values = tuple(sheets.short(effect.float().square().mean().sqrt()) for effect in effects)
    return [Curve("guidance", "noise of unit variance, root mean square", values)]
