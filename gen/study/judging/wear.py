"""Wear: what a judge learns to look past in pictures that no renderer made."""

import io

import numpy as np
from PIL import Image


def worn(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) softer, noisier, lighter or more compressed, each by chance."""
    for change in (_soft, _tinted, _grainy, _compressed):
        if rng.random() < 0.4:  # one or two of the four
            picture = change(rng, picture)
    return picture


def _soft(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    image, factor = Image.fromarray(picture), rng.uniform(1.2, 2.0)  # an autoencoder's blur
    small = image.resize(
        [max(1, round(side / factor)) for side in image.size], Image.Resampling.BILINEAR
    )
    return np.asarray(small.resize(image.size, Image.Resampling.BICUBIC))


def _tinted(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    gain = rng.uniform(0.88, 1.12) * rng.uniform(0.97, 1.03, 3)  # less than tells gold from copper
    return _levels(picture * gain + rng.uniform(-6, 6))


def _grainy(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    height, width, _ = picture.shape
    cell = int(rng.integers(1, 5))  # pixels: what a latent gets wrong is as large as its pixels
    grains = rng.normal(0, rng.uniform(2, 10), (-(-height // cell), -(-width // cell), 3))
    return _levels(picture + grains.repeat(cell, 0).repeat(cell, 1)[:height, :width])


def _compressed(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=int(rng.integers(25, 90)))
    return np.asarray(Image.open(file))


def _levels(values: np.ndarray) -> np.ndarray:
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)
