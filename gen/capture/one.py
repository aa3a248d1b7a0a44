"""One prompt through a pipeline -> its capture and files. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gen.capture import attention, denoise, hollow, parts, sheets, words
from gen.capture.denoise import Moment
from gen.capture.events import CaptureEvent, Tell, warning
from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.core.records import Capture, Curve, LatentColours, Step, Token, View
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline


@dataclass(frozen=True)
class Run:
    """What one run of a pipeline showed to those who looked on."""

    moments: tuple[Moment, ...]
    looks: Tensor  # (N, tokens, h, w): where each token was looked at, step by step
    layers: tuple[str, ...]  # those whose attention that is
    final: Tensor  # the picture: (1, 3, height, width), 0 to 1


def capture(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    model: Model,
    colours: LatentColours,
    report: Tell = lambda event: None,
    parameters: bool = True,
) -> tuple[Capture, dict[str, bytes]]:
    """One prompt's capture and its files by name; writes nothing.

    `parameters` says whether the picture carries what viewers of generated ones read.

    Watching does not change the picture: its bytes are those of the pipeline's own call. Raises
    BadInput for a text that the text encoder would cut.
    """
    refuse_unfit(pipe, prompt)
    tokens = words.tokens(pipe.tokenizer, prompt.text)
    run = _watched(pipe, prompt, tokens, report)
    frames, distance = _clean(pipe, run, prompt, report)
    about = {"model": model.title, "prompt": prompt.text, "seed": prompt.seed}
    views = [
        sheets.sheet("noisy", None, _noisy(run, colours), about),
        sheets.sheet("clean", None, frames, about),
        *_looked(run, tokens, about),
        *_guidance(run, about),
    ]
    report(CaptureEvent(prompt.id, "sheets"))
    files = {"final.png": sheets.png(sheets.pixels(run.final)[0], prompt, model, parameters)}
    files |= {view.sheet: webp for view, webp in views}
    record = Capture(
        key=prompt.pinned_key(model),
        prompt=prompt,
        model=model,
        scaling_factor=pipe.vae.config.scaling_factor,
        training_timesteps=pipe.scheduler.config.num_train_timesteps,
        final="final.png",
        steps=tuple(Step(m.index, m.timestep, sheets.short(m.sigma)) for m in run.moments),
        parts=parts.tree(pipe, prompt, hollow.ran(pipe, prompt)),
        tokens=tokens,
        views=tuple(view for view, _ in views),
        curves=(distance, *_energy(run)),
        digests=tuple((name, digest(content)) for name, content in files.items()),
    )
    return record, files


def refuse_unfit(pipe: StableDiffusionPipeline, prompt: Prompt) -> None:
    """Stops at a text that would be cut, a layer that is not there, a size no latents have."""
    for field in ("text", "negative"):
        cut = words.words_cut(pipe.tokenizer, getattr(prompt, field))
        if cut:
            raise BadInput(
                f"{prompt.id}: {field} is longer than {pipe.tokenizer.model_max_length} tokens; "
                f"shorten it in sources/prompts.yml by what falls off: {', '.join(cut)}"
            )
    layers = pipe.text_encoder.config.num_hidden_layers
    if prompt.clip_skip > layers:
        raise BadInput(
            f"{prompt.id}: clip_skip is {prompt.clip_skip} and the text encoder has {layers} "
            "layers; make it less in sources/models.yml"
        )
    if prompt.width % pipe.vae_scale_factor or prompt.height % pipe.vae_scale_factor:
        raise BadInput(
            f"{prompt.id}: {prompt.width} x {prompt.height} is not in steps of "
            f"{pipe.vae_scale_factor}; change width or height in sources/models.yml"
        )


def _watched(
    pipe: StableDiffusionPipeline, prompt: Prompt, tokens: tuple[Token, ...], report: Tell
) -> Run:
    """The one run of the pipeline, looked at from outside."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    moments, looks = [], []
    with attention.watch(pipe.unet, height, width, len(tokens)) as watch:
        for moment in denoise.denoise(pipe, prompt):
            moments.append(moment)
            looks.append(watch.take())
            report(CaptureEvent(prompt.id, "step", len(moments), prompt.evaluations))
    final = denoise.decode(pipe, moment.latents, warning(report, prompt.id))
    return Run(tuple(moments), torch.stack(looks), watch.layers, final)


def _clean(
    pipe: StableDiffusionPipeline, run: Run, prompt: Prompt, report: Tell
) -> tuple[np.ndarray, Curve]:
    """Each step's clean picture, small, and its distance to the final one at full size."""
    frames: list[np.ndarray] = []
    distance: list[float] = []
    for moment in run.moments:  # one at a time: quicker here than batches, and as the final one is
        picture = denoise.decode(pipe, moment.clean, warning(report, prompt.id))
        report(CaptureEvent(prompt.id, "clean", len(frames) + 1, len(run.moments)))
        frames.append(sheets.pixels(sheets.small(picture))[0])
        distance.append(sheets.short((picture - run.final).float().square().mean().sqrt()))
    curve = Curve("distance", "rgb from 0 to 1, root mean square", tuple(distance))
    return np.stack(frames), curve


def _noisy(run: Run, colours: LatentColours) -> np.ndarray:
    """The latents as pictures: as each step was given them, and as the last one left them."""
    latents = torch.cat([*(m.seen for m in run.moments), run.moments[-1].latents]).float().cpu()
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)
    rgb = torch.einsum("rc,nchw->nrhw", matrix, latents) + bias[:, None, None]
    return sheets.pixels(rgb.clamp(0, 1))


def _looked(run: Run, tokens: tuple[Token, ...], about: dict) -> list[tuple[View, bytes]]:
    """A sheet for each word, start and end included: the share of attention that it got.

    A word's tokens are added up: shares of one whole. Black and white are the word's own lowest and
    highest over all steps and positions, so that its steps can be compared.
    """
    views = []
    for word in dict.fromkeys(token.word for token in tokens):
        if words.is_word(word):
            at = [token.position for token in tokens if token.word == word]
            frames, scale = sheets.grey(run.looks[:, at].sum(1))
            view, webp = sheets.sheet("attention", word, frames, about, f"attention-{at[0]}")
            views.append((replace(view, layers=run.layers, scale=scale), webp))
    return views


def _guidance(run: Run, about: dict) -> list[tuple[View, bytes]]:
    """Where the words change the predicted noise, and how much: the norm over latent channels."""
    effects = _effects(run)
    if not effects:
        return []
    stacked = torch.cat(effects).float().cpu()  # (N, 4, h, w)
    frames, scale = sheets.grey(stacked.square().sum(1).sqrt())
    view, webp = sheets.sheet("guidance", None, frames, about)
    return [(replace(view, scale=scale), webp)]


def _energy(run: Run) -> list[Curve]:
    """How much the words change the predicted noise at each step, as a root mean square."""
    values = tuple(sheets.short(each.float().square().mean().sqrt()) for each in _effects(run))
    return [Curve("guidance", "noise of unit variance, root mean square", values)] if values else []


def _effects(run: Run) -> list[Tensor]:
    """What the words change at each step; nothing of an unguided run."""
    return [moment.effect for moment in run.moments if moment.effect is not None]
