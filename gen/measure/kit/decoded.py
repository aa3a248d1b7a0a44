"""Latents -> pictures for a strip."""

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.study.training.dataset import as_pictures, means

AT_ONCE = 4  # pictures in the VAE


@torch.no_grad()
def small_pictures(vae: AutoencoderKL, latents: Tensor) -> np.ndarray:
    """Latents (N, 4, h, w), scaled -> pictures (N, 4h, 4w, 3) uint8, halved."""
    scaled = (z.to(vae.device) / vae.config.scaling_factor for z in latents.split(AT_ONCE))
    pictures = np.concatenate([as_pictures(vae.decode(z).sample.float()) for z in scaled])
    return means(pictures, 2).round().astype(np.uint8)
