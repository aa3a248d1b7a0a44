"""What a page turns: a panorama whose middle the viewer faces, and a door's shape as a picture."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

FINE = 1023  # levels of a direction: with 255 a flat door would show steps
SHARES = 15  # levels of how much of a pixel the door fills


@dataclass(frozen=True)
class Door:
    """Which way each place faces, to the viewer's right and up (H, W, 2), and its share (H, W)."""

    normals: np.ndarray
    share: np.ndarray


def packed(door: Door) -> bytes:
    """A door as a lossless picture: docs/assets/js/ball-picture.js reads it.

    Red and green are the upper eight bits of the two directions, from -1 to 1; of blue the lowest
    two bits go on with the first, the next two with the second, and the upper four are the share.
    """
    on = (door.share > 0)[..., None]
    fine = np.where(on, np.round((door.normals + 1) / 2 * FINE), 0).astype(np.uint16)
    share = np.round(door.share * SHARES).astype(np.uint16)
    low = (fine[..., 0] & 3) | (fine[..., 1] & 3) << 2 | share << 4
    levels = np.stack([fine[..., 0] >> 2, fine[..., 1] >> 2, low], -1).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "WEBP", lossless=True, quality=100, method=6)
    return buffer.getvalue()


def unrolled(panorama: np.ndarray, stand: float) -> np.ndarray:
    """A panorama as `around` unrolls it, turned so that its middle lies ahead of a viewer.

    `stand` is the azimuth at which the viewer stands, in degrees, looking at the middle of all.
    """
    width = panorama.shape[1]
    ahead = (90 - (stand + 180)) / 360 * width
    return np.roll(panorama, round(width / 2 - ahead), 1)


def exact_light(file: bytes) -> np.ndarray:
    """A finished picture -> the light (H, W, 3) times exposure that the curve makes it of exactly.

    It is the curve solved for each level, not the middle of what is rounded to it, as
    linear_light.middle_light has it: the figures that are kept were made so. White stands for all
    that is brighter than some seven times what is exposed as white.
    """
    y = np.arange(256) / 255
    y = np.where(y <= 0.04045, y / 12.92, ((y + 0.055) / 1.055) ** 2.4)
    a, b, c = 2.43 * y - 2.51, 0.59 * y - 0.03, 0.14 * y
    table = (-b - np.sqrt(b**2 - 4 * a * c)) / (2 * a)
    return table[np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))]
