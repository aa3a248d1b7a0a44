"""Prompts through a pipeline -> captures, kept; and made again, to see that they are as kept."""

from __future__ import annotations

import io
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from accelerate import PartialState
from PIL import Image
from torch import Tensor

from gen.capture import attention, parts, sheets
from gen.capture import denoise as generate
from gen.capture.denoise import Moment
from gen.core import store
from gen.core.errors import BadInput, BrokenCapture, MissingCapture, NotAsKept
from gen.core.records import Capture, Curve, LatentColours, Model, Prompt, Step, Token, View, digest

if TYPE_CHECKING:  # see generate.py
    from diffusers import StableDiffusionPipeline

FITTED_AT = 7.5  # guidance of the pictures that latent colours are fitted on: diffusers' default
MEAN_APART = 2.0  # of 255, over all pixels of the final picture; see `verify`
CURVE_APART = 0.02  # of a curve's highest value, at any step

Job = tuple[Prompt, Model]
PipeOf = Callable[[Model], "StableDiffusionPipeline"]


@dataclass(frozen=True)
class Progress:
    """What has just happened to one prompt."""

    id: str  # the prompt's; the model's while its latent colours are fitted
    kind: str  # fresh | warning | colours | step | made
    step: int = 0  # of `steps`, for colours and step
    steps: int = 0
    message: str = ""  # one line, for warning, colours and made


@dataclass(frozen=True)
class Difference:
    """How far a capture made again is from the kept one."""

    id: str
    same: bool  # every byte of the record, and so of every picture
    mean: float  # of the final pictures' absolute differences, in 255ths
    largest: float
    curve: float  # the largest difference of a curve, as a share of its highest value
    other: tuple[str, ...]  # what else differs: steps, parts, tokens

    @property
    def wrong(self) -> bool:
        """Whether it is over the tolerance."""
        return bool(self.other) or self.mean > MEAN_APART or self.curve > CURVE_APART

    @property
    def text(self) -> str:
        """The difference and its tolerance in one line."""
        if self.same:
            return f"{self.id}: the same to the last byte"
        other = f"; other {', '.join(self.other)}" if self.other else ""
        return (
            f"{self.id}: picture {self.mean:.3f} of 255 apart on average (tolerance {MEAN_APART:g})"
            f", {self.largest:.0f} at most; curves {self.curve:.2%} (tolerance {CURVE_APART:.0%})"
            f"{other}"
        )


Report = Callable[[Progress], None]


def capture_all(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Report,
    *,
    force: bool = False,
    threads: int | None = None,
) -> tuple[str, ...]:
    """Makes every capture that is not kept yet, or every one with `force`; returns their keys.

    Each is kept as soon as it is made, so a run that was stopped goes on where it was. Launched
    by accelerate or torchrun, each process makes its share. All prompts are checked before the
    first is made. Raises BadInput, ModelError or StoreError.
    """
    models = {model.id: model for _, model in jobs}.values()
    for model in models:
        if model.revision is None:
            pipe_of(model)  # refuses, and says which line pins it
    processes = PartialState(cpu=not torch.cuda.is_available())
    _set_threads(threads)
    stale = _stale(root, jobs, report, force)
    with processes.main_process_first():  # it fits the colours and cleans up; the others read
        store.clean(root)
        _check(root, stale, pipe_of, report)
        for model in models:
            _colours(root, model, pipe_of, report)
    with processes.split_between_processes(stale) as mine:
        return tuple(_keep(root, *job, pipe_of, report, force) for job in mine)


def capture(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    model: Model,
    colours: LatentColours,
    report: Report = lambda progress: None,
) -> tuple[Capture, dict[str, bytes]]:
    """One prompt's capture and its files by name; writes nothing.

    Watching does not change the picture: its bytes are those of the pipeline's own call. Raises
    BadInput for a text that the text encoder would cut.
    """
    _refuse(pipe, prompt)
    tokens = generate.tokens(pipe.tokenizer, prompt.text)
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
        key=prompt.key(model),
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


def latent_colours(
    pipe: StableDiffusionPipeline, model: Model, report: Report = lambda progress: None
) -> LatentColours:
    """The 4-to-3 linear map that comes nearest to the model's own decoder.

    Least squares over every position of every step's clean latents, of the model's own prompts at
    its own size, against the mean colour of the pixels that the position decodes to.
    """
    prompts = _own_prompts(pipe, model)
    pairs = []
    for at, prompt in enumerate(prompts):
        pairs += _pairs(pipe, prompt)
        told = f"{model.id}: latent colours, picture {at + 1} of {len(prompts)}"
        report(Progress(model.id, "colours", at + 1, len(prompts), told))
    latents, rgb = (torch.cat(held).double() for held in zip(*pairs, strict=True))  # (P, 4), (P, 3)
    padded = F.pad(latents, (0, 1), value=1.0)  # a constant beside the channels: the bias
    solution = torch.linalg.lstsq(padded, rgb).solution  # (5, 3)
    rmse = (padded @ solution - rgb).square().mean().sqrt()
    *matrix, bias = (tuple(map(sheets.short, row)) for row in solution.tolist())
    key = store.model_key(model)
    return LatentColours(key, tuple(zip(*matrix, strict=True)), bias, sheets.short(rmse), len(rgb))


def verify(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Callable[[Difference], None],
    *,
    threads: int | None = None,
) -> tuple[Difference, ...]:
    """Makes captures again, writes nothing, and says how far each is from the kept one.

    On one platform with one number of threads every byte is the same. Elsewhere sums are rounded
    in another order, and a picture may move by a fraction of a grey level: a mean of 2 in 255 and
    2 % of a curve are far above that and far below what another seed or word does. Raises
    MissingCapture, BrokenCapture, and NotAsKept once all were compared.
    """
    _set_threads(threads)
    found = []
    for prompt, model in jobs:
        found.append(_difference(root, prompt, model, pipe_of(model)))
        report(found[-1])
    wrong = [difference for difference in found if difference.wrong]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if wrong[1:] else ""
        raise NotAsKept(f"{wrong[0].text}{more}; run python -m gen capture --force {wrong[0].id}")
    return tuple(found)


# Keeping


def _set_threads(threads: int | None) -> None:
    if threads is not None:
        torch.set_num_threads(threads)


def _stale(root: Path, jobs: Sequence[Job], report: Report, force: bool) -> list[Job]:
    """The jobs to do, each key once: what is not kept whole, in the order given."""
    stale = {}
    for prompt, model in jobs:
        key = prompt.key(model)
        if not force and _fresh(root, key):
            report(Progress(prompt.id, "fresh"))
        else:
            stale.setdefault(key, (prompt, model))
    return list(stale.values())


def _fresh(root: Path, key: str) -> bool:
    """Whether a capture is kept and whole; a broken one is made again."""
    try:
        store.read(root, key)
    except (MissingCapture, BrokenCapture):
        return False
    return True


def _check(root: Path, jobs: list[Job], pipe_of: PipeOf, report: Report) -> None:
    """Stops before hours of work at a prompt that cannot be made; warns of what may surprise."""
    for prompt, model in jobs:
        pipe = pipe_of(model)
        _refuse(pipe, prompt)
        tokens = generate.tokens(pipe.tokenizer, prompt.text)
        unknown = generate.words_unknown(root / model.location, tokens)
        if unknown:
            named = f"{prompt.id}: {model.title} never saw {', '.join(unknown)}"
            message = f"{named}; expect anything, or use the words of {model.location}/words.txt"
            report(Progress(prompt.id, "warning", message=message))


def _refuse(pipe: StableDiffusionPipeline, prompt: Prompt) -> None:
    """Stops at a text that the text encoder would cut, and at a size that latents cannot have."""
    for field in ("text", "negative"):
        cut = generate.words_cut(pipe.tokenizer, getattr(prompt, field))
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


def _colours(root: Path, model: Model, pipe_of: PipeOf, report: Report) -> None:
    """Fits a model's latent colours, unless they are kept."""
    try:
        store.read_colours(root, model)
    except (MissingCapture, BrokenCapture):
        with store.hold(root, f"model-{store.model_key(model)[:16]}"):
            store.write_colours(root, latent_colours(pipe_of(model), model, report))


def _keep(
    root: Path, prompt: Prompt, model: Model, pipe_of: PipeOf, report: Report, force: bool
) -> str:
    """Makes one capture and keeps it, alone at it; another process may have been quicker."""
    key = prompt.key(model)
    with store.hold(root, key):
        if force or not _fresh(root, key):
            began = time.perf_counter()
            pipe, colours = pipe_of(model), store.read_colours(root, model)
            record, files = capture(pipe, prompt, model, colours, report)
            store.write(root, record, files, _made(pipe, time.perf_counter() - began))
    report(Progress(prompt.id, "made", message=f"{prompt.id}: captured as {key}"))
    return key


def _made(pipe: StableDiffusionPipeline, seconds: float) -> dict[str, object]:
    """When and on what: no name of a machine, no path."""
    gpu = pipe.device.type == "cuda"
    libraries = ("torch", "diffusers", "transformers")
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name(pipe.device) if gpu else pipe.device.type,
        "dtype": str(pipe.dtype).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "seconds": round(seconds, 1),
        "versions": {"python": platform.python_version(), **{n: version(n) for n in libraries}},
    }


# Watching


def _watched(
    pipe: StableDiffusionPipeline, prompt: Prompt, tokens: tuple[Token, ...], report: Report
) -> tuple:
    """The one run of the pipeline: its moments, attention, picture, parts and watched layers."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    moments, looks = [], []
    with (
        parts.watch(pipe) as ran,
        attention.watch(pipe.unet, height, width, len(tokens)) as watch,
    ):
        for moment in generate.denoise(pipe, prompt):
            moments.append(moment)
            looks.append(watch.take())
            report(Progress(prompt.id, "step", len(moments), prompt.steps))
        final = generate.decode(pipe, moment.latents)
    tree = parts.tree(pipe, prompt, ran)
    return moments, torch.stack(looks), final, tree, watch.layers


def _clean(
    pipe: StableDiffusionPipeline, moments: list[Moment], final: Tensor
) -> tuple[np.ndarray, tuple[float, ...]]:
    """Each step's clean picture, small, and its distance to the final one at full size."""
    frames, distance = [], []
    for moment in moments:  # one at a time: quicker here than batches, and as the final one is
        picture = generate.decode(pipe, moment.clean)
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
        if generate.is_word(word):
            at = [token.position for token in tokens if token.word == word]
            frames, scale = sheets.grey(looks[:, at].sum(1))
            view, held = sheets.sheet("attention", word, frames, about, f"attention-{at[0]}")
            drawn.append((replace(view, layers=layers, scale=scale), held))
    return drawn


def _guidance(moments: list[Moment], about: dict) -> list[tuple[View, bytes]]:
    """Where the words change the predicted noise, and how much: the norm over latent channels."""
    if moments[0].effect is None:
        return []
    effect = torch.cat([m.effect for m in moments]).float().cpu()  # (N, 4, h, w)
    frames, scale = sheets.grey(effect.square().sum(1).sqrt())
    view, held = sheets.sheet("guidance", None, frames, about)
    return [(replace(view, scale=scale), held)]


def _energy(moments: list[Moment]) -> list[Curve]:
    """How much the words change the predicted noise at each step, as a root mean square."""
    if moments[0].effect is None:
        return []
    values = tuple(sheets.short(m.effect.float().square().mean().sqrt()) for m in moments)
    return [Curve("guidance", "noise of unit variance, root mean square", values)]


# Fitting and comparing


def _own_prompts(pipe: StableDiffusionPipeline, model: Model) -> list[Prompt]:
    """What a model's latent colours are fitted on: its own prompts at its own size, seed 0."""
    size = pipe.unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    own = Prompt(
        id=model.id,
        idea="",
        text="",
        negative="",
        seed=0,
        steps=model.latent_map.steps,
        guidance_scale=FITTED_AT,
        width=width * pipe.vae_scale_factor,
        height=height * pipe.vae_scale_factor,
        scheduler="DDIMScheduler",
        model=model.id,
    )
    return [replace(own, text=text) for text in model.latent_map.prompts]


def _pairs(pipe: StableDiffusionPipeline, prompt: Prompt) -> list[tuple[Tensor, Tensor]]:
    """Latents (P, 4) and the colours that they decode to (P, 3), for each step of a prompt."""
    pairs = []
    for moment in generate.denoise(pipe, prompt):
        rgb = generate.decode(pipe, moment.clean).float()
        rgb = F.adaptive_avg_pool2d(rgb, moment.clean.shape[-2:])
        pairs.append(tuple(t.float()[0].flatten(1).T.cpu() for t in (moment.clean, rgb)))
    return pairs


def _difference(
    root: Path, prompt: Prompt, model: Model, pipe: StableDiffusionPipeline
) -> Difference:
    """A prompt's kept capture against one made now."""
    kept = store.read(root, prompt.key(model), prompt.id)
    again, files = capture(pipe, kept.prompt, kept.model, store.read_colours(root, model))
    before, now = (
        np.asarray(Image.open(io.BytesIO(held)), dtype=float)
        for held in (store.image(root, kept.key, kept.final), files[again.final])
    )
    apart = np.abs(before - now)
    curve = max(_curve_apart(a, b) for a, b in zip(kept.curves, again.curves, strict=True))
    exact = ("steps", "tokens", "parts")
    other = tuple(name for name in exact if getattr(kept, name) != getattr(again, name))
    mean, largest = float(apart.mean()), float(apart.max())
    return Difference(prompt.id, kept == again, mean, largest, curve, other)


def _curve_apart(kept: Curve, again: Curve) -> float:
    """The largest difference at a step, as a share of the kept curve's highest value."""
    return float(np.abs(np.subtract(kept.values, again.values)).max() / max(kept.values))
