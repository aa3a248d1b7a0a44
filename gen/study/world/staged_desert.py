"""The desert that the site's own car stands in: dunes with true slopes, still sand, a plain sky.

Finer than the deserts that the model learns from, as it is seen large and through a longer lens.
"""

from collections.abc import Callable

import numpy as np

from gen.study.world import terrain
from gen.study.world.grounds import HALVES, Coat, Spot, coats
from gen.study.world.scene import Camera, World, smoothstep
from gen.study.world.sky import Sky, float32, gradient, whole_sky, with_sun
from gen.study.world.surroundings import Surroundings

Rise = Callable[[np.ndarray, np.ndarray], np.ndarray]  # places in metres -> height in metres

WIND = 1.0  # radians from the car's nose: the dunes' crests lie across it
DUNES = ((170.0, 5.0, 60.0), (420.0, 18.0, 150.0))  # metres: crest to crest, height, nearest
TURNS = 1440  # directions in which the land has corners, all round
SEEN = 900  # more of them where the camera looks
SLOPE = 0.25  # metres over which a slope is taken


def desert(world: World, camera: Camera) -> Surroundings:
    """Dunes under a plain sky."""
    haze = np.array([0.70, 0.52, 0.38])
    sun = np.array([4.3, 3.5, 2.6])  # low and warm
    layers = coats(_sand, world, haze, 1500)
    return Surroundings(_panorama(world), layers, _land(_dunes(world.seed), camera), None, sun)


def _panorama(world: World) -> np.ndarray:
    """(1024, 2048, 3) light: the sky alone, since land reaches the horizon all round."""
    sky = whole_sky()
    upper = _sky(sky, world)[sky.height[:, 0] > 0]
    whole = np.zeros((2 * len(upper), *upper.shape[1:]), np.float32)
    whole[: len(upper)] = upper
    whole[len(upper) : len(upper) + 2] = upper[-1]  # read between rows, down to the horizon
    return whole


def _sky(sky: Sky, world: World) -> np.ndarray:
    light = gradient(
        sky,
        (0, 1.15, 0.98, 0.80),
        (1.6, 0.78, 0.84, 0.92),
        (5, 0.42, 0.62, 0.94),
        (14, 0.24, 0.47, 0.90),
        (35, 0.14, 0.34, 0.80),
        (90, 0.05, 0.15, 0.52),
    )
    return with_sun(light, sky, world, np.array([60, 57, 50.0]), np.array([0.8, 0.75, 0.6]))


def _sand(spot: Spot) -> Coat:
    """Soft swells without ripples: a door would show these as the grain of wood."""
    height = 0.03 * spot.noise(5.3, 3) + 0.6 * spot.noise(31.0, 4)
    grain = 1 + 0.05 * spot.noise(0.045, 7) + 0.03 * spot.noise(0.4, 9)
    light = spot.shaded(height, 0.5, 0.25) * (1 + 0.03 * spot.noise(7.0, 6)) * grain
    return Coat(float32([0.62, 0.38, 0.19]) * light[..., None])


def _dunes(seed: int) -> Rise:
    """Heights of long dunes with soft crests."""

    def rise(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        r = np.hypot(x, y)
        total = 0.25 * smoothstep(14, 60, r) * (1 + terrain.waves(x, y, 40.0, seed, 1))
        for wave, size, start in DUNES:
            u = (float(np.cos(WIND)) * x + float(np.sin(WIND)) * y) / wave
            t = (u + 0.5 * terrain.waves(x, y, 1.5 * wave, seed, int(wave))) % 1
            crest = np.minimum(smoothstep(0, 0.74, t), smoothstep(0, 0.26, 1 - t))
            tall = 0.6 + 0.4 * terrain.waves(x, y, 1.1 * wave, seed, int(wave) + 1)
            total = total + size * crest * tall * smoothstep(start, 2.6 * start, r)
        return total

    return rise


def _land(rise: Rise, camera: Camera) -> dict[str, terrain.Shape]:
    """The layers of a round land, edge to edge, finest where the camera looks."""
    behind = np.radians(camera.azimuth + 180)  # from the car, where the picture's background lies
    seen = behind + np.radians(camera.fov) * np.linspace(-1, 1, SEEN)
    turn = np.unique(np.append(np.linspace(0, 2 * np.pi, TURNS + 1), seen % (2 * np.pi)))
    edge = 0.99 * HALVES["near"]
    rings = {
        "near": np.array([0.01, edge]),
        "mid": np.geomspace(edge, 70, 60),
        "far": np.geomspace(70, 1450, 260),
    }
    return {name: _rings(name, radius, turn, rise) for name, radius in rings.items()}


def _rings(layer: str, radius: np.ndarray, turn: np.ndarray, rise: Rise) -> terrain.Shape:
    """A layer with the normals that its slopes have."""
    x, y = radius[:, None] * np.cos(turn), radius[:, None] * np.sin(turn)
    east = (rise(x + SLOPE, y) - rise(x - SLOPE, y)) / (2 * SLOPE)
    north = (rise(x, y + SLOPE) - rise(x, y - SLOPE)) / (2 * SLOPE)
    normal = np.stack([-east, -north, np.ones_like(x)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    place = np.stack([x, y, rise(x, y) + terrain.SINK], -1)
    uv = place[..., :2] / (2 * HALVES[layer]) + 0.5
    corners = np.concatenate([place, normal, uv], -1).reshape(-1, 8)
    return corners, terrain.faces(*x.shape)
