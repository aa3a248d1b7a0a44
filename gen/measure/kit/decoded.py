"""Latents -> pictures, whole or for a strip."""

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.study.training.dataset import as_pictures, means

AT_ONCE = 4  # pictures in the VAE


@torch.no_grad()
def whole_pictures(vae: AutoencoderKL, latents: Tensor) -> np.ndarray:
    """Latents (N, 4, h, w), scaled -> pictures (N, 8h, 8w, 3) uint8."""
    scaled = (z.to(vae.device) / vae.config.scaling_factor for z in latents.split(AT_ONCE))
    return np.concatenate([as_pictures(vae.decode(z).sample.float()) for z in scaled])


def small_pictures(vae: AutoencoderKL, latents: Tensor) -> np.ndarray:
    """Latents (N, 4, h, w), scaled -> pictures (N, 4h, 4w, 3) uint8, halved."""
    return means(whole_pictures(vae, latents), 2).round().astype(np.uint8)
