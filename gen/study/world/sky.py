"""The means of painting a sky: directions, gradients, noise, skylines, the sun."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from gen.study.world.scene import World, smoothstep

UPPER = (512, 2048)  # the sky's half of a panorama
PIXEL = 360 / UPPER[1]  # 0.18 degrees: two pixels of a picture 384 wide
DIP = 40  # rows painted below the horizon, where a ground ends before it


Box = tuple[float, float, float, float]  # left, top, right, bottom


class Sky(NamedTuple):
    """Where a panorama's pixels look, in degrees."""

    azimuth: np.ndarray  # (1, W)
    height: np.ndarray  # (H, 1) above the horizon

    def away(self, azimuth: float, height: float) -> np.ndarray:
        """Degrees between each direction and this one, (H, W)."""
        a, b, c = np.radians(self.azimuth - azimuth), np.radians(self.height), np.radians(height)
        cosine = np.sin(b) * np.sin(c) + np.cos(b) * np.cos(c) * np.cos(a)
        return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def whole_sky() -> Sky:
    """The directions of a panorama's painted rows, zenith first."""
    h, w = UPPER
    height = 90 - (np.arange(h + DIP, dtype=np.float32) + 0.5) * PIXEL
    azimuth = 90 - (np.arange(w, dtype=np.float32) + 0.5) * PIXEL
    return Sky((azimuth[None] + 180) % 360 - 180, height[:, None])


def gradient(sky: Sky, *stops: tuple[float, float, float, float]) -> np.ndarray:
    """(H, W, 3) colour by height above the horizon; a stop is degrees, red, green, blue."""
    heights, *channels = zip(*stops, strict=True)
    rows = [np.interp(sky.height[:, 0], heights, channel) for channel in channels]
    column = np.stack(rows, -1).astype(np.float32)
    return np.repeat(column[:, None], sky.azimuth.shape[1], 1)


def with_sun(
    light: np.ndarray, sky: Sky, world: World, disc: np.ndarray, glow: np.ndarray
) -> np.ndarray:
    """The sun as a mirror shows it; what it lights is lit by a lamp of its own, without noise."""
    away = sky.away(*world.sun)[..., None]
    halo = np.exp(-away / 9) + 0.35 * np.exp(-away / 30)
    return light + float32(glow) * halo + float32(disc) * edge(away, 1.5, 0.3)  # thrice real


def ridge(rng: np.random.Generator, sky: Sky, low: int, high: int) -> np.ndarray:
    """(1, W) a closed random line between about -1 and 1, of waves low..high per turn."""
    k = np.arange(low, high)[:, None]
    waves = np.sin(k * np.radians(sky.azimuth) + rng.uniform(0, 2 * np.pi, k.shape)) / k
    line = waves.sum(0, keepdims=True)
    return line / np.abs(line).max()


def noise(rng: np.random.Generator, cells: tuple[int, int], sky: Sky) -> np.ndarray:
    """Smooth random (H, W) in 0..1: (round, down) cells; closes round the horizon."""
    across, down = cells
    lattice = rng.uniform(size=(down + 1, across))
    y = (90 - sky.height[:, 0]) / 90 * down
    y = np.clip(np.minimum(y, 2 * down - y), 0, down - 1e-3)  # mirrored below the horizon
    x = (90 - sky.azimuth[0]) % 360 / 360 * across
    j, i = y.astype(int), x.astype(int) % across
    ty, tx = smoothstep(0, 1, y - j)[:, None], smoothstep(0, 1, x % 1)[None]
    rows = (lattice[j] * (1 - ty) + lattice[j + 1] * ty).astype(np.float32)  # (H, across)
    return rows[:, i] + float32(tx) * (rows[:, (i + 1) % across] - rows[:, i])


def float32(values: ArrayLike) -> np.ndarray:
    """The values in single precision."""
    return np.asarray(values, np.float32)


def edge(distance: np.ndarray, half: float, soft: np.ndarray | float) -> np.ndarray:
    """1 within half, 0 beyond, over a soft border."""
    return np.clip((half - distance) / soft + 0.5, 0, 1)


def below(line: np.ndarray, sky: Sky) -> np.ndarray:
    """(H, W) what share of each pixel lies under a skyline."""
    return np.clip((line - sky.height) / PIXEL + 0.5, 0, 1)


def over(light: np.ndarray, share: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """A colour laid over a panorama, by its share of each pixel (H, W)."""
    return light + float32(share)[..., None] * (float32(colour) - light)


def towards_sun(line: np.ndarray, sky: Sky, world: World) -> np.ndarray:
    """How steeply a skyline's slopes face the sun, degrees a degree."""
    side = np.sin(np.radians(world.sun[0] - sky.azimuth))
    return -np.gradient(line, axis=1) / PIXEL * np.sign(side)


def hashed(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """A number in 0..1 for each pair of whole numbers."""
    return np.modf(np.abs(np.sin(a * 12.9898 + b * 78.233)) * 43758.5453)[0]


def enlarged(lattice: np.ndarray, size: int, box: Box) -> np.ndarray:
    """(size, size) the part of a lattice inside a box, smooth between."""
    image = Image.fromarray(np.ascontiguousarray(lattice, np.float32))
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, box))
