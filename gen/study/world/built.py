"""Worlds that people have built: a studio, a city street."""

import numpy as np

from gen.study.world import grounds, terrain
from gen.study.world.grounds import coats
from gen.study.world.scene import World, smoothstep
from gen.study.world.sky import PIXEL, UPPER, Sky, edge, float32, gradient, hashed, with_sun
from gen.study.world.surroundings import Surroundings

EYE = 1.3  # metres: from here a house's foot is seen below the horizon


def studio(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """A cyclorama lit by softboxes on stands and strips under the ceiling.

    The floor goes over into the wall without an edge: at the horizon the wall is as light as the
    floor before it, and upwards it falls off to its own tone.
    """
    wall = rng.choice([0.035, 0.11, 0.30]) * rng.uniform(0.8, 1.2)  # low key, grey, high key
    tint = 1 + rng.uniform(-0.06, 0.06) * np.array([1, 0, -1])
    boxes = _softboxes(rng, sky)
    albedo = rng.uniform(0.18, 0.45)
    tone = wall * (0.55 + 0.9 * np.exp(-np.abs(sky.height) / 14))  # the wall is lit from below
    lit = albedo * _irradiance(np.maximum(tone, boxes), sky) / np.pi
    tone = tone + smoothstep(13, -3, sky.height) ** 2 * (lit - tone)
    panorama = np.maximum(tone, boxes)[..., None] * float32(tint)
    layers = coats(lambda spot: grounds.floor(spot, albedo * tint), world, albedo * tint, 1e6)
    return Surroundings(panorama, layers, terrain.level(), 0.12, None, np.array([5.0, 34.0]))


def _softboxes(rng: np.random.Generator, sky: Sky) -> np.ndarray:
    """(H, W) the light of panels on stands and strips overhead."""
    boxes = np.zeros((len(sky.height), UPPER[1]), np.float32)
    for azimuth in rng.uniform(0, 360) + np.array([0, 130, 235])[: rng.integers(2, 4)]:
        across = np.abs((sky.azimuth - azimuth + 180) % 360 - 180)
        up = np.abs(sky.height - rng.uniform(24, 36))
        panel = edge(across, rng.uniform(9, 20), 1) * edge(up, rng.uniform(8, 16), 1)
        boxes = np.maximum(boxes, panel * rng.uniform(4, 7))
    over = 1 / np.tan(np.radians(np.clip(sky.height, 4, 89)))  # ceiling one unit above
    turn = np.radians(sky.azimuth - rng.normal(0, 8))
    along, aside = over * np.cos(turn), over * np.sin(turn)
    for offset in rng.permutation([-0.9, 0.0, 0.9])[: rng.integers(1, 4)]:
        strip = edge(np.abs(aside - offset), rng.uniform(0.1, 0.3), 0.03)
        strip = strip * edge(np.abs(along), 2.4, 0.1)
        boxes = np.maximum(boxes, strip * rng.uniform(5, 8) * (sky.height > 4))
    return boxes


def _irradiance(light: np.ndarray, sky: Sky) -> float:
    """What a level floor receives from a panorama (H, W) of one channel."""
    h = np.radians(np.maximum(sky.height, 0))
    return float((light * np.sin(h) * np.cos(h)).sum() * np.radians(PIXEL) ** 2)


def city(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """A street along x between two rows of houses."""
    light = gradient(
        sky,
        (0, 0.95, 0.98, 1.05),
        (25, 0.62, 0.78, 1.05),
        (90, 0.25, 0.45, 0.95),
    )
    light = with_sun(light, sky, world, np.array([55, 52, 46.0]), np.array([0.7, 0.65, 0.5]))
    aside = np.abs(np.sin(np.radians(sky.azimuth))) + 1e-6
    far = FRONTS / aside  # metres to the house fronts: a wide street, as a long lens sees few
    along = far * np.cos(np.radians(sky.azimuth)) + np.where(sky.azimuth > 0, 0, 4000.0)
    up = EYE + far * np.tan(np.radians(np.clip(sky.height, -30, 85)))
    row = _row_of_houses(rng, along)
    roof = 4 + 3.2 * row[3][row[0]] + 0.5
    walls = _fronts(rng, row, along, up, far, roof)
    walls = walls * (0.82 + 0.18 * smoothstep(0, 14, up))[..., None]  # streets are darker below
    sunny = np.where(np.sign(np.sin(np.radians(world.sun[0]))) * sky.azimuth < 0, 1.12, 0.88)
    walls = walls * sunny[..., None]
    share = np.clip((roof - up) / (far * np.radians(PIXEL)) + 0.5, 0, 1) * (far < 400)
    light = light + float32(share)[..., None] * (walls - light)
    layers = coats(grounds.street, world, np.array([0.17, 0.17, 0.18]), 300)
    land = terrain.kerbed(FRONTS)
    return Surroundings(light, layers, land, 0.32, np.array([2.3, 2.2, 2.0]))


FRONTS = 30.0  # metres from the middle of the street to the houses


def _row_of_houses(rng: np.random.Generator, along: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each column: house, metres to its nearer edge; for each house: colour, storeys."""
    ends = np.cumsum(rng.uniform(8, 20, 700)) - 500  # both sides of the street, one after the other
    house = np.clip(np.searchsorted(ends, along), 1, len(ends) - 1)
    near = np.minimum(along - ends[house - 1], ends[house] - along)
    brick = np.array(
        [
            [0.42, 0.20, 0.13],
            [0.50, 0.44, 0.36],
            [0.30, 0.31, 0.33],
            [0.62, 0.58, 0.52],
            [0.36, 0.27, 0.20],
        ]
    )
    front = brick[rng.integers(len(brick), size=len(ends))] * rng.uniform(0.6, 1.1, (len(ends), 1))
    return house, near, front, rng.integers(3, 9, len(ends))


def _fronts(
    rng: np.random.Generator,
    row: tuple,
    along: np.ndarray,
    up: np.ndarray,
    far: np.ndarray,
    roof: np.ndarray,
) -> np.ndarray:
    """Masonry with cornices, windows in deep reveals, shop fronts."""
    house, near, front, _ = row
    along, up, far, near = (float32(a) for a in (along, up, far, near))
    front, roof = float32(front), float32(roof)
    soft = np.maximum(far * np.radians(PIXEL), 0.05)
    colour = front[house] * np.where(np.abs(near) < 0.25, 0.7, 1)[..., None]
    course = 1 + 0.10 * (hashed(np.floor(along / 0.9), np.floor(up / 0.45)) - 0.5)
    stain = 0.9 + 0.2 * hashed(np.floor(along / 2.6), 5.0)
    walls = colour * (course * stain)[..., None]
    storey = np.floor((up - 4) / 3.2)
    level = up - 4 - 3.2 * storey
    sill = edge(np.abs(level - 0.12), 0.14, soft) * (up > 4)
    walls = walls * (1 + 0.28 * sill - 0.3 * edge(np.abs(level - 3.1), 0.10, soft))[..., None]
    cornice = edge(np.abs(roof - 0.35 - up), 0.35, soft)[..., None]
    walls = walls * (1 + 0.35 * cornice)
    walls = walls * (1 - 0.35 * edge(np.abs(roof - 0.95 - up), 0.25, soft))[..., None]
    walls = _windows(walls, house, along, storey, level, (up > 4) & (up < roof - 1.3), soft)
    walls = _shops(walls, house, along, up, soft)
    haze = smoothstep(60, 330, far)[..., None]  # far windows are finer than a pixel: to the mean
    return float32(walls + haze * (np.array([0.48, 0.50, 0.55]) - walls))


def _windows(
    walls: np.ndarray,
    house: np.ndarray,
    along: np.ndarray,
    storey: np.ndarray,
    level: np.ndarray,
    inside: np.ndarray,
    soft: np.ndarray,
) -> np.ndarray:
    """Windows with frames and bars; glass mirrors the sky, some rooms are lit."""
    column = np.floor(along / 2.6)
    u, v = along - 2.6 * (column + 0.5), level - 1.7  # metres from the window's middle
    hole = (edge(np.abs(u), 0.74, soft) * edge(np.abs(v), 0.98, soft) * inside)[..., None]
    pane = edge(np.abs(u), 0.64, soft) * edge(np.abs(v), 0.88, soft)
    pane = pane * (1 - edge(np.abs(u), 0.04, soft)) * (1 - edge(np.abs(v - 0.3), 0.04, soft))
    dice = hashed(column + 7 * house, storey)
    blind = (hashed(column + 3, storey + 11) * 1.9 - 0.4)[..., None] > (0.9 - v)[..., None] / 1.8
    glass = np.where((dice < 0.22)[..., None], [1.7, 1.15, 0.55], [0.13, 0.17, 0.23])
    glass = glass * (0.75 + 0.5 * hashed(column, storey + 31))[..., None]
    glass = glass * (1 + 0.45 * v)[..., None]
    glass = np.where(blind & (dice >= 0.22)[..., None], [0.42, 0.40, 0.36], glass)
    glass = (
        glass * (1 - 0.55 * smoothstep(0.55, 0.88, v) - 0.25 * smoothstep(0.4, 0.64, u))[..., None]
    )
    trim = np.where(hashed(house, 9)[..., None] < 0.6, [0.58, 0.56, 0.52], [0.10, 0.11, 0.12])
    window = trim + pane[..., None] * (glass - trim)
    return walls + hole * (window - walls)


def _shops(
    walls: np.ndarray, house: np.ndarray, along: np.ndarray, up: np.ndarray, soft: np.ndarray
) -> np.ndarray:
    """Shop windows with wares behind, doors between, awnings above, a plinth below."""
    bay = np.floor(along / 5.2)
    u = along - 5.2 * (bay + 0.5)
    show = edge(np.abs(u), 2.1, soft) * edge(np.abs(up - 1.75), 1.25, soft)
    bars = 1 - 0.7 * edge(np.abs(np.abs(u) - 0.7), 0.05, soft)
    busy = hashed(bay, house) < 0.6
    wares = hashed(np.floor(along / 0.55), np.floor(up / 0.5) + 7)
    top = smoothstep(0.4, 2.9, up)
    lit = float32([1.35, 1.0, 0.6]) * (0.30 + 0.75 * top - 0.30 * wares * (up < 1.9))[..., None]
    dark = float32([0.11, 0.13, 0.15]) * (0.7 + 0.9 * top + 0.3 * wares)[..., None]
    glass = np.where(busy[..., None], lit, dark) * bars[..., None]
    plinth = walls * np.where(up < 4, 0.62, 1)[..., None]
    walls = plinth + show[..., None] * (glass - plinth)
    paint = np.stack([hashed(house, k) for k in (1, 2, 3)], -1) * 0.34 + 0.04
    paint = 0.45 * paint + 0.55 * paint.mean(-1, keepdims=True)
    fold = (1 + 0.18 * np.sign(np.sin(along * 7.3)) * (soft < 0.25)) * (0.75 + 0.4 * (up - 3.1))
    awning = (edge(np.abs(up - 3.5), 0.4, soft) * edge(np.abs(u), 2.45, soft))[..., None]
    shadow = 1 - 0.45 * smoothstep(2.2, 3.0, up) * (up < 3.1)
    return walls * shadow[..., None] + awning * (
        paint * fold[..., None] - walls * shadow[..., None]
    )
