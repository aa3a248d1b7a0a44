"""The second stage, text encoder and U-Net: captions and noisy latents -> the noise."""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from safetensors.torch import load_file
from torch import Tensor
from transformers import CLIPTokenizer

from gen.study.model import pipeline as model
from gen.study.training.autoencoder import SCORED, AutoencoderStage
from gen.study.training.checkpoint import averages, write_folder
from gen.study.training.dataset import Latents, Renders, as_input, drawn, latents, noise
from gen.study.world import scene

LEVELLED = 512  # renders whose latents are measured before the diffusion: 200,000 positions


class PipelineStage:
    """Latents of renders, noised, and their captions."""

    name = "pipeline"
    number = 1

    def __init__(
        self,
        recipe: model.TrainRecipe,
        renders: Renders,
        work: Path,
        start: Path | None,
        device: torch.device,
    ):
        self.recipe, self.asked, self.renders = recipe.diffusion, recipe.sheet, renders
        self.seed = recipe.seed
        place = work / self.name
        self.tokenizer = _tokenizer(renders.recipe, place, start)
        self.vae = frozen_vae(recipe, renders, work, start).to(device)
        torch.manual_seed(self.seed)
        self.model = model.Denoiser(recipe, self.tokenizer, _size(renders.recipe))
        self.pace, self.batch_size = self.recipe.pace, self.recipe.batch
        self.shape = {
            "text_encoder": recipe.text_encoder.model_dump(),
            "unet": recipe.unet.model_dump(),
        }
        self.whole, self.halved = latents(self.vae, renders, place)
        self.alphas = model.scheduler().alphas_cumprod.numpy()

    def load(self, folder: Path) -> None:
        """Begin with the weights of a pipeline's folder."""
        parts = {"text_encoder": "model", "unet": "diffusion_pytorch_model"}
        for part, file in parts.items():
            weights = load_file(folder / part / f"{file}.safetensors")
            getattr(self.model, part).load_state_dict({k: w.float() for k, w in weights.items()})

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """What Denoiser takes, for renders that may be trained on."""
        rng = np.random.default_rng([self.seed, self.number, step, process])
        halved = step < self.recipe.halved  # meanings first, on cheap pictures
        count = 2 * self.batch_size if halved else self.batch_size
        first = (step * processes + process) * count
        which = drawn(self.seed, self.renders.trained, first, count)
        return self._batch(rng, which, self.halved if halved else self.whole)

    def _batch(
        self, rng: np.random.Generator, which: np.ndarray, seen: Latents
    ) -> tuple[Tensor, ...]:
        """Latents of pictures or their mirror images (no caption tells left from right), noised."""
        n = len(which)
        mirrored = rng.integers(2, size=n)
        z = torch.from_numpy(seen.values[which, mirrored].astype(np.float32))  # (N, 4, H/8, W/8)
        t = ((rng.permutation(n) + rng.random(n)) / n * len(self.alphas)).astype(int)
        a = torch.from_numpy(self.alphas[t]).reshape(-1, 1, 1, 1)
        eps = noise(rng, *z.shape)
        x = a.sqrt() * z + (1 - a).sqrt() * eps
        weight = self._weight(a, torch.from_numpy(seen.bodies[which, mirrored]))
        x = x.contiguous(memory_format=torch.channels_last)
        return x, torch.from_numpy(t), eps, self._ids(rng, which), weight

    def _weight(self, a: Tensor, body: Tensor) -> Tensor:
        """Min-SNR's weight of each timestep, more where the car is: (N, 1, H/8, W/8)."""
        snr = a / (1 - a)
        share = 1 + self.recipe.body * body[:, None]
        return snr.clamp(max=self.recipe.snr_limit) / snr * share / share.mean()

    def _ids(self, rng: np.random.Generator, which: np.ndarray) -> Tensor:
        """Captions worded anew each time, some left empty: (N, 77)."""
        scenes = (self.renders.scenes[i] for i in which)
        captions = [
            "" if rng.random() < self.recipe.dropout else scene.caption(s, self.renders.recipe, rng)
            for s in scenes
        ]
        return self.tokenizer(
            captions,
            padding="max_length",
            truncation=True,
            max_length=model.TOKENS,
            return_tensors="pt",
        ).input_ids

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """The loss on held-out renders, with the same noise and wordings every time."""
        rng = np.random.default_rng([self.seed, 2])
        few = self.renders.held_out[: 2 * SCORED]
        device = next(self.model.parameters()).device
        batches = (self._batch(rng, few[i : i + 16], self.whole) for i in range(0, len(few), 16))
        losses = [float(self.model(*(tensor.to(device) for tensor in batch))) for batch in batches]
        return {"loss": round(float(np.mean(losses)), 5)}

    def sheet(self) -> list[np.ndarray]:
        """The recipe's prompts, a row each, under several seeds."""
        asked, shown = self.asked, self.renders.recipe
        pipe = model.pipeline(self.vae, self.model.text_encoder, self.tokenizer, self.model.unet)
        pipe.set_progress_bar_config(disable=True)
        seeds = list(range(asked.seeds)) * len(asked.prompts)
        pictures = model.generate(
            pipe,
            [prompt for prompt in asked.prompts for _ in range(asked.seeds)],
            seeds,
            steps=asked.steps,
            guidance_scale=asked.guidance_scale,
            height=shown.height,
            width=shown.width,
            batch=len(seeds),  # at once: faster
        )
        return np.split(pictures, len(asked.prompts))


# ---- what is made once for a training ------------------------------------------------------


def _tokenizer(recipe: scene.Recipe, place: Path, start: Path | None) -> CLIPTokenizer:
    """Made once for a training: new words in the grammar must not move the old ones' numbers."""
    kept = place / "tokenizer"
    if not kept.is_dir():
        if start is None:
            tokenizer = model.tokenizer(scene.wordings(recipe))
        else:
            tokenizer = CLIPTokenizer.from_pretrained(start / "tokenizer")
        write_folder(kept, tokenizer.save_pretrained)
    return CLIPTokenizer.from_pretrained(kept)


def frozen_vae(
    recipe: model.TrainRecipe, renders: Renders, work: Path, start: Path | None
) -> AutoencoderKL:
    """Fixed once for a training: the U-Net learns its latents."""
    kept = work / PipelineStage.name / "vae"
    if not kept.is_dir():
        if start is None:
            vae = _averaged_vae(recipe, work)
            model.level(vae, *_moments(vae, renders))
        else:
            vae = AutoencoderKL.from_pretrained(start / "vae", dtype=torch.float32)
        write_folder(kept, vae.save_pretrained)
    vae = AutoencoderKL.from_pretrained(kept)
    return vae.to(memory_format=torch.channels_last).requires_grad_(False)


def _averaged_vae(recipe: model.TrainRecipe, work: Path) -> AutoencoderKL:
    """The autoencoder as trained so far."""
    vae = model.autoencoder(recipe.autoencoder)
    vae.load_state_dict(averages(work / AutoencoderStage.name, "vae"))
    return vae


@torch.no_grad()
def _moments(vae: AutoencoderKL, renders: Renders) -> tuple[Tensor, Tensor, Tensor]:
    """Mean (4,) and covariance (4, 4) of latents, and the mean variance of their posterior (4,)."""
    parts = as_input(renders.pictures[renders.trained[:LEVELLED]]).split(8)
    found = [vae.encode(part).latent_dist for part in parts]
    means = torch.cat([f.mean for f in found]).movedim(1, 0).flatten(1)  # (4, positions)
    variance = torch.cat([f.var for f in found]).mean((0, 2, 3))
    return means.mean(1), torch.cov(means), variance


# ---- what comes out ------------------------------------------------------------------------


def trained_pipeline(
    recipe: model.TrainRecipe, shown: scene.Recipe, place: Path
) -> StableDiffusionPipeline:
    """The pipeline with averaged weights, as trained so far. Raises ModelError before training."""
    parts = {part: averages(place, part) for part in ("text_encoder", "unet")}
    tokenizer = CLIPTokenizer.from_pretrained(place / "tokenizer")
    denoiser = model.Denoiser(recipe, tokenizer, _size(shown))
    for part, weights in parts.items():
        getattr(denoiser, part).load_state_dict(weights)
    vae = AutoencoderKL.from_pretrained(place / "vae")
    return model.pipeline(vae, denoiser.text_encoder, tokenizer, denoiser.unet)


def _size(recipe: scene.Recipe) -> tuple[int, int]:
    """Height and width of a render's latents."""
    return recipe.height // model.FACTOR, recipe.width // model.FACTOR
