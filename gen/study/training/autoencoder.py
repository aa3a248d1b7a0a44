"""The first stage, the autoencoder: pictures -> pictures."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from skimage.metrics import structural_similarity
from torch import Tensor

from gen.study.model import pipeline, pyramid
from gen.study.recipe import stages
from gen.study.recipe.train import FACTOR, TrainRecipe
from gen.study.training import losses
from gen.study.training.dataset import Renders, as_input, as_pictures, corners, noise, shuffled

SCORED = 64  # held-out renders in a score: its standard error is then a fifth of a decibel


class AutoencoderStage:
    """Crops of renders, to be given back."""

    name = stages.AUTOENCODER
    number = 0  # keeps its random numbers apart from the other stages'

    def __init__(self, recipe: TrainRecipe, renders: Renders):
        self.recipe, self.renders = recipe.autoencoder, renders
        self.seed, self.source = recipe.seed, renders.source
        torch.manual_seed(self.seed)
        self.model = losses.Reconstruction(self.recipe)
        pyramid.begin(self.model.vae)
        self.pace, self.batch_size = self.recipe.pace, self.recipe.batch
        self.shape = self.recipe.model_dump(include={"channels", "layers", "groups"})
        few = np.linspace(0, len(renders.held_out) - 1, SCORED).astype(int)
        self.scored = renders.held_out[np.unique(few)]

    def load(self, folder: Path) -> None:
        """Begin with the weights of a pipeline's folder."""
        loaded = AutoencoderKL.from_pretrained(folder / "vae", dtype=torch.float32)
        self.model.vae.load_state_dict(loaded.state_dict())

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """Crops, sometimes whole pictures, some of them mirrored; and noise for their latents."""
        rng = np.random.default_rng([self.seed, self.number, step, process])
        first = (step * processes + process) * self.batch_size
        which = shuffled(self.seed, self.renders.trained, first, self.batch_size)
        if step % self.recipe.whole_every == 0:
            pictures = self._whole(which)
        else:
            pictures = self._crops(rng, which)
        mirrored = rng.random(len(pictures)) < 0.5
        pictures[mirrored] = pictures[mirrored, :, ::-1]
        n, height, width, _ = pictures.shape
        size = (height // FACTOR, width // FACTOR)
        return as_input(pictures), noise(rng, n, pipeline.LATENT_CHANNELS, *size)

    def _whole(self, which: np.ndarray) -> np.ndarray:
        """As many whole pictures as have the pixels of a batch of crops."""
        _, height, width, _ = self.renders.pictures.shape
        count = max(1, round(self.batch_size * self.recipe.crop**2 / (height * width)))
        return self.renders.pictures[which[:count]]

    def _crops(self, rng: np.random.Generator, which: np.ndarray) -> np.ndarray:
        """(N, crop, crop, 3)"""
        crop = self.recipe.crop
        places = corners(rng, self.renders.bodies[which], crop, self.recipe.body)
        pictures = self.renders.pictures
        return np.stack(
            [
                pictures[i, y : y + crop, x : x + crop]
                for i, (y, x) in zip(which, places, strict=True)
            ]
        )

    def score(self) -> dict[str, float]:
        """What becomes of held-out renders."""
        return vae_score(self.model.vae, self.renders, self.scored)

    def sheet(self) -> list[np.ndarray]:
        """Six held-out renders, and under each what came back."""
        pictures = self.renders.pictures[self.scored[:6]]
        return [pictures, reconstructed(self.model.vae, pictures)]


@dataclass(frozen=True)
class AutoencoderScore:
    """How near reconstructions come to held-out renders; decibels, and SSIM from 0 to 1."""

    psnr: float
    ssim: float
    body_psnr: float  # of pixels that bodywork fills by half at least
    body_ssim: float
    body_edges: float  # differences between neighbours there against the renders': 1 is as sharp
    renders: int


def vae_score(vae: AutoencoderKL, renders: Renders, which: np.ndarray) -> dict[str, float]:
    """What becomes of some renders, as a record keeps it: an AutoencoderScore's values by name."""
    pictures, bodies = renders.pictures[which], renders.bodies[which]
    return asdict(rounded(compared(pictures, reconstructed(vae, pictures), bodies)))


def rounded(score: AutoencoderScore) -> AutoencoderScore:
    """A score without digits that would be rounding errors of sums."""
    return AutoencoderScore(**{name: round(value, 4) for name, value in asdict(score).items()})


def compared(wanted: np.ndarray, got: np.ndarray, bodies: np.ndarray) -> AutoencoderScore:
    """How near pictures come to the wanted ones, all (N, H, W, 3); `bodies` as in renders."""
    squared = (wanted.astype(np.float32) - got) ** 2  # (N, H, W, 3)
    maps = np.stack([_ssim(a, b) for a, b in zip(wanted, got, strict=True)])
    body = bodies >= 128
    return AutoencoderScore(
        psnr=_decibels(squared),
        ssim=float(maps.mean()),
        body_psnr=_decibels(squared[body]),
        body_ssim=float(maps[body].mean()),
        body_edges=float(_edges(got)[body].sum() / max(_edges(wanted)[body].sum(), 1e-9)),
        renders=len(wanted),
    )


def _edges(pictures: np.ndarray) -> np.ndarray:
    """(N, H, W, 3) -> (N, H, W): differences from the neighbours on the right and below."""
    values, edges = pictures.astype(np.float32), np.zeros(pictures.shape[:3])
    edges[:, :, :-1] += np.abs(np.diff(values, axis=2)).mean(-1)
    edges[:, :-1] += np.abs(np.diff(values, axis=1)).mean(-1)
    return edges


def _ssim(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return structural_similarity(a, b, channel_axis=-1, data_range=255, full=True)[1]


def _decibels(squared: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(float(squared.mean()), 1e-9)))


@torch.no_grad()
def reconstructed(vae: AutoencoderKL, pictures: np.ndarray) -> np.ndarray:
    """(N, H, W, 3) uint8: encoded without noise and decoded, eight at a time."""
    parts = np.array_split(pictures, -(-len(pictures) // 8))
    latents = (vae.encode(as_input(part).to(vae.device)).latent_dist.mode() for part in parts)
    return np.concatenate([as_pictures(vae.decode(z).sample) for z in latents])
