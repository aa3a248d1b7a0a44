"""Measurement 26: which renders may lie under the noise, and does a guess lie near their mean?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.capture import schedulers
from gen.core.measured import Row
from gen.measure.kit.decoded import small_pictures, whole_pictures
from gen.measure.kit.pictures import sheet
from gen.measure.kit.posterior import as_many, weights
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean
from gen.study.training.dataset import Renders, as_input, means

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline

ID, VERSION = "under", 2
QUESTION = "How many pictures fit under the noise?"
METHOD = (
    "{noised} of {count} renders of which the study model learned nothing were put under the noise "
    "of some of {steps} steps. Were the other renders all the pictures that there are, each as "
    "likely as the next, the noise would leave each so likely (Bayes' rule, over latents), and the "
    "guess that errs least would be their mean, weighted so. How many are left is the exponential "
    "of the entropy of these weights. Beside it stands the network's guess at the same noisy "
    "latents, without words. Distances are root mean squares from the true latents, in percent of "
    "the renders' spread. The floor is the plain mean of the other renders: it has not seen the "
    "noisy picture. Two ways are compared render by render; all {told} comparisons hold at once."
)
NEEDS = ("model", "unseen")
NOISED = 40  # renders, evenly over all
STEPS = 30
LOOKS = (0, 1, 2, 3, 5, 8, 15)  # steps, counted from 0: most renders are ruled out early
SHOWN = "mirror"  # the finish of the render on the strip
AT_ONCE = 8  # pictures in the U-Net and in the VAE
LEFT = "Renders that may lie under the noise, by step"
FAR = "Distance from the truth, by step"
NEARER = "Nearer to the truth, render by render, by step"
RENDERS, GUESS, FLOOR = (
    "mean of those left",
    "network's guess",
    "floor: mean of all",
)
PAIRS = {"nearer": (GUESS, RENDERS), "gained": (RENDERS, FLOOR)}  # which is nearer than which


@dataclass(frozen=True)
class Noisy:
    """Renders under noise, by step S: what may lie there, and how far each way is off."""

    left: np.ndarray  # (S, M) renders
    far: dict[str, np.ndarray]  # (S, M) root mean squares over a latent, by series
    spread: float  # the renders', in the same units
    count: int  # renders in all


def of(project: Project) -> Measured:
    """All renders' latents, some of them noised; the strip shows the first mirror of these."""
    renders, pipe = project.unseen, project.pipe
    clean = _latents(pipe.vae, renders, project)
    chosen = np.linspace(0, len(clean) - 1, NOISED).round().astype(int)
    found: list[Look] = []
    for seed, own in enumerate(chosen.tolist()):
        found.append(_looked(pipe, clean, own, seed))
        project.report("under: renders noised", seed + 1, len(chosen))
    mirror = next(
        (look for look in found if renders.scenes[look.own].material.finish == SHOWN), found[0]
    )
    files = {
        "strip.webp": sheet(_rows(pipe.vae, renders.pictures, mirror)),
        "ends.webp": sheet([_ends(pipe.vae, renders.pictures, mirror)]),
    }
    return run(_joined(found, clean), files)


def _latents(vae: AutoencoderKL, renders: Renders, project: Project) -> Tensor:
    """(N, 4, h, w), scaled."""

    @torch.no_grad()
    def make() -> np.ndarray:
        parts = np.array_split(renders.pictures, -(-len(renders.pictures) // AT_ONCE))
        z = [vae.encode(as_input(p).to(vae.device)).latent_dist.mode().cpu() for p in parts]
        return (torch.cat(z) * vae.config.scaling_factor).numpy()

    return torch.from_numpy(project.made("under", [renders.digest], make))


@dataclass(frozen=True)
class Look:
    """One render under the noise of S steps."""

    noisy: Tensor  # (S, 4, h, w)
    likely: Tensor  # (S, N), of all renders; its own is out of the question
    guesses: Tensor  # (S, 4, h, w)
    own: int


@torch.no_grad()
def _looked(pipe: StableDiffusionPipeline, clean: Tensor, own: int, seed: int) -> Look:
    scheduler = schedulers.ddim(pipe, STEPS)
    nothing, _ = pipe.encode_prompt([""], pipe.device, 1, False)
    noise = torch.randn(clean[:1].shape, generator=torch.Generator().manual_seed(seed))
    others = torch.cat([clean[:own], clean[own + 1 :]])
    noisy, likely, guesses = [], [], []
    for t in scheduler.timesteps[list(LOOKS)]:
        x = scheduler.add_noise(clean[own : own + 1], noise, t[None])
        level = float(scheduler.alphas_cumprod[t])
        among = weights(x, others, level**0.5, (1 - level) ** 0.5)[0]
        likely.append(torch.cat([among[:own], among.new_zeros(1), among[own:]]))
        eps = pipe.unet(x.to(pipe.device), t, nothing).sample.cpu()
        guesses.append((x - (1 - level) ** 0.5 * eps)[0] / level**0.5)
        noisy.append(x[0])
    return Look(torch.stack(noisy), torch.stack(likely), torch.stack(guesses), own)


def _joined(found: Sequence[Look], clean: Tensor) -> Noisy:
    total = clean.sum(0)
    far: dict[str, list[np.ndarray]] = {RENDERS: [], GUESS: [], FLOOR: []}
    for look in found:
        truth = clean[look.own]
        mean_of = torch.einsum("sn,nchw->schw", look.likely.float(), clean)
        rest = ((total - truth) / (len(clean) - 1)).expand_as(mean_of)
        for series, guess in ((RENDERS, mean_of), (GUESS, look.guesses), (FLOOR, rest)):
            far[series].append((guess - truth).flatten(1).pow(2).mean(1).sqrt().numpy())
    left = np.stack([as_many(look.likely).numpy() for look in found], 1)
    each = {series: np.stack(values, 1) for series, values in far.items()}
    return Noisy(left, each, float(clean.std()), len(clean))


def _rows(vae: AutoencoderKL, pictures: np.ndarray, look: Look) -> list[list[np.ndarray]]:
    """Small pictures by step: what the network sees, the mean of renders, its guess."""
    small = means(pictures, 2)  # float, halved
    mixed = np.tensordot(look.likely.float().numpy(), small, 1).round().astype(np.uint8)
    return [
        list(small_pictures(vae, look.noisy)),
        list(mixed),
        list(small_pictures(vae, look.guesses)),
    ]


def _ends(vae: AutoencoderKL, pictures: np.ndarray, look: Look) -> list[np.ndarray]:
    """Whole: the render itself, what the list has left at the last look but one, the last guess."""
    left = np.tensordot(look.likely[-2].float().numpy(), pictures.astype(np.float32), 1)
    (guess,) = whole_pictures(vae, look.guesses[-1:])
    return [pictures[look.own], left.round().astype(np.uint8), guess]


# ---- rows ------------------------------------------------------------------------------------


def run(noisy: Noisy, files: Mapping[str, bytes]) -> Measured:
    """How many renders are left, and how far guesses lie from the truth, by step."""
    rows = [*_left(noisy), *_far(noisy)]
    noised = noisy.left.shape[1]
    told = len(PAIRS) * len(noisy.left)
    method = METHOD.format(noised=noised, count=noisy.count, steps=STEPS, told=told)
    return Measured(QUESTION, method, tuple(rows), files)


def _left(noisy: Noisy) -> Iterator[Row]:
    for look, values in zip(LOOKS, noisy.left, strict=False):
        yield mean(f"left-{look + 1}", Place(LEFT, str(look + 1), "left"), values, "renders")


def _far(noisy: Noisy) -> Iterator[Row]:
    names = {RENDERS: "renders", GUESS: "guess", FLOOR: "floor"}
    for series, name in names.items():
        for look, values in zip(LOOKS, 100 * noisy.far[series] / noisy.spread, strict=False):
            yield mean(
                f"{name}-{look + 1}", Place(FAR, str(look + 1), series), values, "% of spread"
            )
    for name, (one, other) in PAIRS.items():
        series = f"{one}, than {other.removeprefix('floor: ')}"
        nearer = 100 * (noisy.far[other] - noisy.far[one]) / noisy.spread
        for look, values in zip(LOOKS, nearer, strict=False):
            place, looked_at = Place(NEARER, str(look + 1), series), len(PAIRS) * len(nearer)
            yield mean(f"{name}-{look + 1}", place, values, "% of spread", looked_at=looked_at)
