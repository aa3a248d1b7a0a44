"""The second stage, text encoder and U-Net: captions and noisy latents -> the noise."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from gen.study.model import pipeline, vocabulary
from gen.study.recipe import stages
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import FACTOR, TrainRecipe
from gen.study.training import losses
from gen.study.training.autoencoder import SCORED, AutoencoderStage
from gen.study.training.checkpoint import CHECKPOINT, averages, write_folder
from gen.study.training.dataset import Renders, as_input
from gen.study.training.examples import Examples, Order
from gen.study.training.latents import Latents
from gen.study.training.start import refuse_other_parts
from gen.study.world import captions

PARTS = ("text_encoder", "unet")
SCORING = -1 % 2**32  # in place of a step: random numbers that no step draws
LEVELLED = 512  # renders whose latents are measured before the diffusion: 200,000 positions


class PipelineStage:
    """Latents of renders, noised, and their captions; every batch is made on the device."""

    name = stages.PIPELINE
    number = 1

    def __init__(
        self,
        recipe: TrainRecipe,
        render: RenderRecipe,
        parts: "Frozen",
        examples: Examples,
        device: torch.device,
    ):
        self.recipe, self.wanted, self.size = recipe.diffusion, recipe.sheet, _size(render)
        self.seed, self.device = recipe.seed, device
        self.vae, self.tokenizer = parts.vae, parts.tokenizer
        torch.manual_seed(self.seed)
        self.model = losses.Denoiser(recipe, self.tokenizer, self.size)
        self.pace, self.batch_size = self.recipe.pace, self.recipe.batch
        self.shape = {
            "text_encoder": recipe.text_encoder.model_dump(),
            "unet": recipe.unet.model_dump(),
        }
        self.examples, self.source = examples.to(device), examples.source
        self.order = Order(self.examples.trained, self.seed)
        self.alphas = pipeline.scheduler().alphas_cumprod.to(device)

    def load(self, folder: Path) -> None:
        """Begin with the weights of a pipeline's folder."""
        for part, weights in _parts(folder).items():
            getattr(self.model, part).load_state_dict(weights)

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """What Denoiser takes, for renders that may be trained on."""
        halved = self.examples.halved if step < self.recipe.halved else None
        count = 2 * self.batch_size if halved else self.batch_size  # meanings first, on cheap ones
        which = self.order.take((step * processes + process) * count, count)
        rng = self._random(step, process)
        return self._batch(rng, which, halved or self.examples.whole)

    def _random(self, *numbers: int) -> torch.Generator:
        """Random numbers of these whole numbers and the seed alone, on the device."""
        seed = np.random.SeedSequence([self.seed, self.number, *numbers]).generate_state(1, "u8")
        return torch.Generator(self.device).manual_seed(int(seed[0] >> 1))

    def _batch(self, rng: torch.Generator, which: Tensor, latents: Latents) -> tuple[Tensor, ...]:
        """Latents of pictures or their mirror images (no caption tells left from right), noised."""
        here: dict[str, Any] = {"generator": rng, "device": self.device}
        n = len(which)
        way = torch.randint(latents.values.shape[1], (n,), **here)
        z = latents.values[which, way].float()  # (N, 4, H/8, W/8)
        strata = torch.randperm(n, **here) + torch.rand(n, **here)
        t = (strata / n * len(self.alphas)).long().clamp(max=len(self.alphas) - 1)
        a = self.alphas[t].reshape(-1, 1, 1, 1)
        eps = torch.randn(z.shape, **here)
        x = a.sqrt() * z + (1 - a).sqrt() * eps
        weight = self._weight(a, latents.bodies[which, way].float())
        x = x.contiguous(memory_format=torch.channels_last)
        return x, t, eps, self._ids(which, here), weight

    def _weight(self, a: Tensor, body: Tensor) -> Tensor:
        """Min-SNR's weight of each timestep, with a floor, more where the car is: (N, 1, H/8, W/8).

        In terms of the clean picture a level weighs as its signal-to-noise ratio, but neither more
        than the limit nor less than the floor. Without a floor all that words alone can tell, world
        and view, which the strongest noise has to be asked for, is a thousandth of the loss.
        """
        snr = a / (1 - a)
        level = snr.clamp(self.recipe.snr_floor, self.recipe.snr_limit) / snr
        share = 1 + self.recipe.body * body[:, None]
        return level.clamp(max=self.recipe.weight_limit) * share / share.mean()

    def _ids(self, which: Tensor, here: dict) -> Tensor:
        """One of each render's captions, some left empty: (N, 77)."""
        captions = self.examples.captions
        wording = torch.randint(captions.shape[1], (len(which),), **here)
        silent = torch.rand(len(which), 1, **here) < self.recipe.dropout
        return torch.where(silent, self.examples.nothing, captions[which, wording]).long()

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """The loss on held-out renders, with the same noise and wordings every time."""
        rng, few = self._random(SCORING), self.examples.held_out[: 2 * SCORED]
        batches = (self._batch(rng, some, self.examples.whole) for some in few.split(16))
        return {"loss": round(float(np.mean([float(self.model(*b)) for b in batches])), 5)}

    def sheet(self) -> list[np.ndarray]:
        """The recipe's prompts, a row each, under several seeds."""
        sheet = self.wanted
        pipe = pipeline.pipeline(self.vae, self.model.text_encoder, self.tokenizer, self.model.unet)
        pipe.set_progress_bar_config(disable=True)
        seeds = list(range(sheet.seeds)) * len(sheet.prompts)
        pictures = pipeline.generate(
            pipe,
            [prompt for prompt in sheet.prompts for _ in range(sheet.seeds)],
            seeds,
            steps=sheet.steps,
            guidance_scale=sheet.guidance_scale,
            height=self.size[0] * FACTOR,
            width=self.size[1] * FACTOR,
            batch=len(seeds),  # at once: faster
        )
        return np.split(pictures, len(sheet.prompts))


def _parts(folder: Path) -> dict[str, dict[str, Tensor]]:
    """The weights of what learns together, as a pipeline's folder has them."""
    text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float32)
    return dict(zip(PARTS, (text_encoder.state_dict(), unet.state_dict()), strict=True))


# ---- what is made once for a training ------------------------------------------------------


class Frozen(NamedTuple):
    """What rests while text encoder and U-Net learn."""

    vae: AutoencoderKL
    tokenizer: CLIPTokenizer


def frozen(recipe: TrainRecipe, renders: Renders, work: Path, start: Path | None) -> Frozen:
    """Made, or taken from the pipeline folder `start`, at the first call; then as they were.

    Raises ModelError where they are not that folder's.
    """
    if start is not None:
        refuse_other_parts(work / PipelineStage.name, "--from", start)
    tokenizer = _tokenizer(renders.recipe, work / PipelineStage.name, start)
    return Frozen(frozen_vae(recipe, renders, work, start), tokenizer)


def _tokenizer(recipe: RenderRecipe, place: Path, start: Path | None) -> CLIPTokenizer:
    """Made once for a training: new words in the grammar must not move the old ones' numbers."""
    folder = place / "tokenizer"
    if not folder.is_dir():
        if start is None:
            tokenizer = vocabulary.tokenizer(captions.wordings(recipe))
        else:
            tokenizer = CLIPTokenizer.from_pretrained(start / "tokenizer")
        write_folder(folder, tokenizer.save_pretrained)
    return CLIPTokenizer.from_pretrained(folder)


def frozen_vae(
    recipe: TrainRecipe, renders: Renders, work: Path, start: Path | None
) -> AutoencoderKL:
    """Fixed once for a training: the U-Net learns its latents."""
    folder = work / PipelineStage.name / "vae"
    if not folder.is_dir():
        if start is None:
            vae = _averaged_vae(recipe, work)
            pipeline.level(vae, *_moments(vae, renders))
        else:
            vae = AutoencoderKL.from_pretrained(start / "vae", dtype=torch.float32)
        write_folder(folder, vae.save_pretrained)
    vae = AutoencoderKL.from_pretrained(folder)
    return vae.to(memory_format=torch.channels_last).requires_grad_(False)


def _averaged_vae(recipe: TrainRecipe, work: Path) -> AutoencoderKL:
    """The autoencoder as trained so far."""
    vae = pipeline.autoencoder(recipe.autoencoder)
    vae.load_state_dict(averages(work / AutoencoderStage.name, "vae"))
    return vae


@torch.no_grad()
def _moments(vae: AutoencoderKL, renders: Renders) -> tuple[Tensor, Tensor, Tensor]:
    """Mean (4,) and covariance (4, 4) of latents, and the mean variance of their posterior (4,)."""
    parts = as_input(renders.pictures[renders.trained[:LEVELLED]]).split(8)
    posteriors = [vae.encode(part).latent_dist for part in parts]
    means = torch.cat([f.mean for f in posteriors]).movedim(1, 0).flatten(1)  # (4, positions)
    variance = torch.cat([f.var for f in posteriors]).mean((0, 2, 3))
    return means.mean(1), torch.cov(means), variance


# ---- what comes out ------------------------------------------------------------------------


def trained_pipeline(
    recipe: TrainRecipe, render: RenderRecipe, place: Path, start: Path | None = None
) -> StableDiffusionPipeline:
    """The pipeline with averaged weights, as trained so far, or as they are in the folder `start`.

    Raises ModelError before training.
    """
    if start is not None and not (place / CHECKPOINT).exists():
        parts = _parts(start)
    else:
        parts = {part: averages(place, part) for part in PARTS}
    tokenizer = CLIPTokenizer.from_pretrained(place / "tokenizer")
    denoiser = losses.Denoiser(recipe, tokenizer, _size(render))
    for part, weights in parts.items():
        getattr(denoiser, part).load_state_dict(weights)
    vae = AutoencoderKL.from_pretrained(place / "vae")
    return pipeline.pipeline(vae, denoiser.text_encoder, tokenizer, denoiser.unet)


def _size(recipe: RenderRecipe) -> tuple[int, int]:
    """Height and width of a render's latents."""
    return recipe.height // FACTOR, recipe.width // FACTOR
