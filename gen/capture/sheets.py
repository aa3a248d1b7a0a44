"""What was seen at each step -> frames on sheets, and pictures that say what made them."""

from __future__ import annotations

import io
import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch.nn.functional as F
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from gen.core.records import SHEET_COLUMNS, View

FRAME = 256  # pixels: the widest frame of a sheet, so that eight stay under 4096
TALLEST = 16383  # pixels: WebP has no sides that are longer
QUALITY = 88  # WebP: the middle of 85 to 90, where blocks are not seen at 256 px
LADDERS = {  # what a sheet has, and what it may come down to where it must keep to BUDGET
    "noisy": (32, 24, 20, 16, 12, 10, 8, 6, 4),  # levels of each colour: all 256 would weigh more
    "clean": (QUALITY, 80, 70, 60, 50, 40, 30, 20, 10, 5, 0),
    "grey": (75, 65, 55, 45, 35, 25, 15, 5),  # of maps: they are smooth, and their grids coarse
}
BUDGET = {"noisy": 0.5, "clean": 0.045, "grey": 0.1}  # bytes a pixel, see weighed.LARGEST
HEAD = 500  # bytes of a sheet that are no pixels: what it says of itself
DESCRIPTION = 0x010E  # the EXIF tag that picture viewers show as the description


@dataclass(frozen=True)
class Frames:
    """What a view shows, a frame for each step: (N, h, w[, 3]) uint8, and what is told of it."""

    kind: str
    frames: np.ndarray
    word: str | None = None
    name: str = ""  # of the sheet, where it is not the kind
    layers: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None


def short(value: float | Tensor) -> float:
    """Six significant digits: more would be the rounding of sums."""
    return float(f"{float(value):.6g}")


def pixels(rgb: Tensor) -> np.ndarray:
    """Pictures from 0 to 1 as bytes: (N, 3, h, w) -> (N, h, w, 3), rounded as diffusers does."""
    return (rgb.float().cpu().permute(0, 2, 3, 1).numpy() * 255).round().astype(np.uint8)


def small(picture: Tensor) -> Tensor:
    """A picture at most FRAME wide, each pixel the mean of what it covers."""
    height, width = picture.shape[-2:]
    shrunk = frame_width(width)
    if width == shrunk:
        return picture
    if picture.device.type == "mps":  # whose own means want sides that divide
        picture = picture.cpu()
    return F.interpolate(picture.float(), (frame_height(width, height), shrunk), mode="area")


def frame_width(width: int) -> int:
    """A frame's width: a picture's, or as whole a part of it as stays within FRAME pixels."""
    return round(width / -(-width // FRAME))


def frame_height(width: int, height: int) -> int:
    """A frame's height, for a picture's size."""
    return round(height * frame_width(width) / width)


def most_steps(width: int, height: int, vae_scale_factor: int) -> int:
    """How many steps of pictures of that size a sheet holds: clean ones, or latents, one more."""
    clean = TALLEST // frame_height(width, height) * SHEET_COLUMNS
    noisy = TALLEST // (height // vae_scale_factor) * SHEET_COLUMNS - 1
    return min(clean, noisy)


def coarse(maps: Tensor) -> Tensor:
    """Maps (..., h, w) at half the width and height, each value the mean of those it covers."""
    *others, height, width = maps.shape
    halves = -(-height // 2), -(-width // 2)
    shrunk = F.interpolate(maps.reshape(1, -1, height, width), halves, mode="area")
    return shrunk.reshape(*others, *halves)


def grey(maps: Tensor) -> tuple[np.ndarray, tuple[float, float]]:
    """Maps (N, h, w) as grey frames on one scale, and what its black and white stand for."""
    low, high = short(maps.min()), short(maps.max())
    levels = (maps - low) / max(high - low, 1e-9)  # a map that is the same everywhere is black
    return (levels.clamp(0, 1).numpy() * 255).round().astype(np.uint8), (low, high)


def sheet(shown: Frames, about: dict[str, object], sparing: bool = False) -> tuple[View, bytes]:
    """Frames in rows of SHEET_COLUMNS as one WebP, black where a row is not full.

    A `sparing` one keeps to BUDGET, by what is seen least.
    """
    count, height, width = shown.frames.shape[:3]
    rows, colours = -(-count // SHEET_COLUMNS), shown.frames.shape[3:]
    whole = np.zeros((rows * height, SHEET_COLUMNS * width, *colours), np.uint8)
    name, size = f"{shown.name or shown.kind}.webp", (width, height)
    view = View(shown.kind, shown.word, name, count, size, shown.layers, shown.scale)
    for at, frame in enumerate(shown.frames):
        left, top = view.place(at)
        whole[top : top + height, left : left + width] = frame
    exif = Image.Exif()
    exif[DESCRIPTION] = json.dumps(about, sort_keys=True)  # ASCII, as EXIF asks
    kind = shown.kind if shown.kind in LADDERS else "grey"
    tries = _Tries(Image.fromarray(whole), kind, exif)
    room = HEAD + BUDGET[kind] * count * height * width
    return view, tries.within(room) if sparing else tries.file(0)


@dataclass(frozen=True)
class _Tries:
    """A sheet as a WebP, from the best that is kept down to the smallest."""

    sheet: Image.Image
    kind: str
    exif: Image.Exif

    def within(self, at_most: float) -> bytes:
        """The best that keeps to so many bytes, else the smallest."""
        files, last = cache(self.file), len(LADDERS[self.kind]) - 1
        return files(bisect_left(range(last), True, key=lambda at: len(files(at)) <= at_most))

    def file(self, at: int) -> bytes:
        """Noise in few colours and lossless, clean pictures lossy, maps whichever is smaller."""
        step = LADDERS[self.kind][at]
        if self.kind == "noisy":
            return _encoded(in_few_colours(self.sheet, step), True, QUALITY, self.exif)
        ways = (False,) if self.kind == "clean" else (True, False)
        return min((_encoded(self.sheet, lossless, step, self.exif) for lossless in ways), key=len)


def in_few_colours(sheet: Image.Image, levels: int = LADDERS["noisy"][0]) -> Image.Image:
    """Each colour's value, of 255, as the nearest of so many levels."""
    most = levels - 1
    nearest = [round(round(value * most / 255) * 255 / most) for value in range(256)]
    return sheet.point(nearest * len(sheet.getbands()))


def _encoded(sheet: Image.Image, lossless: bool, quality: int, exif: Image.Exif) -> bytes:
    webp = io.BytesIO()
    sheet.save(webp, "WEBP", lossless=lossless, quality=quality, method=6, exif=exif)
    return webp.getvalue()


def webp_within(picture: Image.Image, at_most: int, qualities: Iterable[int]) -> bytes:
    """A picture as WebP of the first quality that keeps to so many bytes, else of the last."""
    made = b""
    for quality in qualities:
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        made = file.getvalue()
        if len(made) <= at_most:
            break
    return made


def png(pixels: np.ndarray, texts: dict[str, str]) -> bytes:
    """The final picture, lossless, with what it says of itself; see image_text.py."""
    file, info = io.BytesIO(), PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    Image.fromarray(pixels).save(file, "PNG", pnginfo=info, optimize=True)
    return file.getvalue()
