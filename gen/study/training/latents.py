"""Latents of renders, as the U-Net learns from them: made once, kept by shard, on one device."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file
from torch import Tensor

from gen.core.disk import make_folder
from gen.study.recipe.train import FACTOR
from gen.study.training.checkpoint import digest_of, write_tensors
from gen.study.training.dataset import Renders, as_input, halved, means

AT_ONCE = 8  # pictures that the encoder takes together


@dataclass(frozen=True)
class Latents:
    """Of each picture, and of its mirror image where both are kept; all on one device."""

    values: Tensor  # (N, 1 or 2, 4, h, w) float16, scaled
    bodies: Tensor  # (N, 1 or 2, h, w) float16, the share of bodywork: 0..1

    def to(self, device: torch.device) -> "Latents":
        """The same on another device."""
        return Latents(self.values.to(device), self.bodies.to(device))


def encoder_digest(vae: AutoencoderKL, dtype: torch.dtype = torch.float32) -> str:
    """Names the latents that a vae makes, its weights rounded."""
    parts, weights = ("encoder.", "quant_conv."), vae.state_dict().items()
    return digest_of({name: w.to(dtype) for name, w in weights if name.startswith(parts)})


@torch.no_grad()
def latents(vae: AutoencoderKL, renders: Renders, place: Path) -> tuple[Latents, Latents]:
    """The latents of all renders and their mirror images, and of all halved in width and height.

    Kept by shard beside the checkpoint, under the digests of the autoencoder and of the pictures.
    """
    folder = place / f"latents-{digest_of(vae.state_dict())[:12]}"
    make_folder(folder)
    shards = [load_file(_shard(vae, pictures, folder)) for pictures in _pictures(renders)]
    small = halved(renders.bodies[..., None])[..., 0]
    return (
        Latents(torch.cat([s["whole"] for s in shards]), both_ways(body_share(renders.bodies))),
        Latents(torch.cat([s["halved"] for s in shards]), both_ways(body_share(small))),
    )


def _pictures(renders: Renders) -> Iterator[np.ndarray]:
    """The pictures of each shard."""
    size = len(renders.scenes) // len(renders.shards)
    for number in range(len(renders.shards)):
        yield renders.pictures[number * size : (number + 1) * size]


def _shard(vae: AutoencoderKL, pictures: np.ndarray, folder: Path) -> Path:
    """Where the latents of these pictures are kept; made now where they are not."""
    path = folder / f"{sha256(pictures.data).hexdigest()[:16]}.safetensors"
    if not path.exists():
        sizes = {"whole": pictures, "halved": halved(pictures)}
        write_tensors(path, {name: _encoded(vae, p) for name, p in sizes.items()}, {})
    return path


def _encoded(vae: AutoencoderKL, pictures: np.ndarray) -> Tensor:
    """(N, 2, 4, H/8, W/8) float16, scaled: of pictures and of their mirror images."""
    x = as_input(pictures)
    return torch.stack([encoded(vae, p) for p in (x, x.flip(-1))], dim=1).half()


def encoded(vae: AutoencoderKL, pictures: Tensor) -> Tensor:
    """(N, 3, H, W) in -1..1 -> (N, 4, H/8, W/8) scaled, on the CPU."""
    parts = pictures.split(AT_ONCE)
    latents = [vae.encode(part.to(vae.device)).latent_dist.mean for part in parts]
    return torch.cat(latents).cpu() * vae.config.scaling_factor


def body_share(bodies: np.ndarray) -> Tensor:
    """(N, H, W) uint8 -> (N, H/8, W/8) float16: how much of each latent's square is bodywork."""
    share = means(bodies[..., None], FACTOR)[..., 0] / 255
    return torch.from_numpy(share.astype(np.float16))


def both_ways(bodies: Tensor) -> Tensor:
    """(N, h, w) -> (N, 2, h, w): and mirrored."""
    return torch.stack([bodies, bodies.flip(-1)], dim=1)
