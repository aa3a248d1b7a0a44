"""What several measurements see in pictures: their series, brightness, bands, bodywork."""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from gen.capture.sheets import webp_within
from gen.core.records import SHEET_COLUMNS

GENERATED, RENDERED, FLOOR = "generated", "rendered", "floor"
THROUGH = "rendered, through the autoencoder"  # the second ceiling: what the latents can hold
READ = 500  # pictures that are read at a time
QUALITIES = (88, 80, 70, 60)  # of a WebP: the first, and what a sheet that is too heavy goes to
FEW = 3  # pictures beside each other that stay as large as they are
WIDEST = 256  # pixels: a picture on a sheet of more
NEAR_WHITE = 240  # of 255: nine tenths of white's light would be 243


@dataclass(frozen=True)
class Layer:
    """Pictures (N, H, W, 3) uint8 of one series, with their bodywork (N, H, W), 255 where it is."""

    series: str
    pictures: np.ndarray
    masks: np.ndarray


def in_parts(read: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray) -> np.ndarray:
    """What is read of pictures (N, H, W, 3), some at a time: not all readings fit into memory."""
    parts = np.array_split(pictures, max(1, -(-len(pictures) // READ)))
    return np.concatenate([read(part) for part in parts])


def slug(series: str) -> str:
    """A series as a part of a row's name."""
    return "-".join(re.sub(r"[^\w\s.-]", "", series).split())


def luminance(pictures: np.ndarray) -> np.ndarray:
    """(..., 3) uint8 -> (...) float32 from 0 to 255: Rec. 709's weights, on finished values."""
    return pictures.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def inside(mask: np.ndarray, margin: int = 1) -> np.ndarray:
    """Bodywork (H, W) without its edge, which mixes with what lies behind it: bool."""
    return ndimage.binary_erosion(mask >= 128, iterations=margin)


def coarse(picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) as it is seen from afar: blurred over a fiftieth of its width."""
    sigma = picture.shape[1] / 48  # four pixels of 192: half a latent
    return ndimage.gaussian_filter(picture.astype(np.float32), (sigma, sigma, 0))


def others(groups: list, rng: np.random.Generator) -> np.ndarray:
    """For each member the place of another of its group, -1 where it is alone: (N,)."""
    places_of = np.full(len(groups), -1)
    for group in dict.fromkeys(groups):
        places = np.array([i for i, g in enumerate(groups) if g == group])
        if len(places) > 1:
            mixed = rng.permutation(places)
            places_of[mixed] = np.roll(mixed, 1)
    return places_of


def sheet(rows: Iterable[Iterable[np.ndarray]]) -> bytes:
    """Rows of pictures (H, W, 3) uint8 as one WebP, to be shown beside a measurement.

    Where more than FEW stand beside each other, none is wider than WIDEST: a page has no room.
    """
    every = [list(row) for row in rows]
    shown = [list(map(_small, row)) if len(row) > FEW else row for row in every]
    return webp(np.concatenate([np.concatenate(row, axis=1) for row in shown]))


def _small(picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) uint8, no wider than WIDEST."""
    height, width = picture.shape[:2]
    wide = min(width, WIDEST)
    size = wide, round(height * wide / width)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def webp(picture: np.ndarray, quality: int = QUALITIES[0]) -> bytes:
    """A picture (H, W, 3) uint8 as a file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", quality=quality, method=6)
    return buffer.getvalue()


def small_sheet(pictures: np.ndarray, at_most: int) -> bytes:
    """Pictures (N, H, W, 3) uint8 in rows of SHEET_COLUMNS, none wider than WIDEST, as one WebP.

    Of the best quality that keeps to so many bytes, or of the least.
    """
    small = [Image.fromarray(_small(picture)) for picture in pictures]
    (wide, high), rows = small[0].size, -(-len(small) // SHEET_COLUMNS)
    whole = Image.new("RGB", (SHEET_COLUMNS * wide, rows * high))
    for at, picture in enumerate(small):
        row, column = divmod(at, SHEET_COLUMNS)
        whole.paste(picture, (column * wide, row * high))
    return webp_within(whole, at_most, QUALITIES)
