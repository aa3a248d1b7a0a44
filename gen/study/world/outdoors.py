"""Worlds without houses: sunset, desert, forest, snow."""

import numpy as np

from gen.study.world import grounds, terrain
from gen.study.world.grounds import coats
from gen.study.world.scene import World, smoothstep
from gen.study.world.sky import (
    Sky,
    below,
    float32,
    gradient,
    noise,
    over,
    ridge,
    towards_sun,
    with_sun,
)
from gen.study.world.surroundings import Surroundings


def sunset(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """A low sun in a banded sky over dark hills."""
    towards = 0.5 + 0.5 * np.cos(np.radians(sky.azimuth - world.sun[0]))[..., None]
    warm = gradient(
        sky,
        (0, 2.3, 0.75, 0.18),
        (5, 1.7, 0.62, 0.22),
        (14, 0.85, 0.45, 0.40),
        (35, 0.22, 0.26, 0.52),
        (90, 0.07, 0.12, 0.34),
    )
    cool = gradient(
        sky,
        (0, 0.75, 0.36, 0.34),
        (6, 0.62, 0.34, 0.42),
        (18, 0.32, 0.27, 0.46),
        (40, 0.13, 0.18, 0.42),
        (90, 0.07, 0.12, 0.34),
    )
    light = cool + (warm - cool) * float32(towards) ** 1.5
    streaks = noise(rng, (9, 30), sky) * smoothstep(2, 8, sky.height)
    streaks = streaks * smoothstep(40, 15, sky.height)
    fine = noise(rng, (40, 150), sky) - 0.5 + 0.5 * (noise(rng, (130, 330), sky) - 0.5)
    cloud = smoothstep(0.50, 0.78, streaks + 0.22 * fine)[..., None]
    light = light + cloud * (float32([1.5, 0.42, 0.28]) * (0.25 + towards) - 0.6 * light)
    light = with_sun(light, sky, world, np.array([45, 20, 5.0]), np.array([1.2, 0.45, 0.1]))
    veil = _at(light, sky, 1.0)
    for size, dark in ((1.0, 0.55), (0.6, 0.82)):  # the nearer the darker
        line = size * (1.2 + 1.0 * ridge(rng, sky, 3, 30) + 0.10 * ridge(rng, sky, 60, 200))
        tone = np.array([0.035, 0.022, 0.026])
        light = over(light, below(line, sky), veil * (1 - dark) * 0.5 + tone * dark)
    haze = np.array([0.30, 0.20, 0.17])
    rise = terrain.hills(world.seed, 0.8)
    layers = coats(grounds.gravel, world, haze, 500, rise)
    land = terrain.rolling(rise)
    return Surroundings(light, layers, land, None, np.array([3.4, 1.45, 0.42]))


def _at(light: np.ndarray, sky: Sky, height: float) -> np.ndarray:
    """(1, W, 3) the panorama's light at one height in degrees."""
    row = int(np.argmin(np.abs(sky.height[:, 0] - height)))
    return light[row : row + 1]


def desert(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """Dunes before far mesas under a deep blue sky."""
    light = gradient(
        sky,
        (0, 0.95, 0.88, 0.80),
        (8, 0.62, 0.74, 0.95),
        (35, 0.20, 0.40, 0.88),
        (90, 0.06, 0.17, 0.58),
    )
    light = with_sun(light, sky, world, np.array([60, 57, 50.0]), np.array([0.8, 0.75, 0.6]))
    for top, tone in ((3.4, (0.64, 0.48, 0.42)), (2.7, (0.56, 0.35, 0.26))):
        light = _mesas(rng, light, sky, world, top, np.array(tone))
    rise = terrain.dunes(world.seed)
    layers = coats(grounds.sand, world, np.array([0.63, 0.45, 0.29]), 1500, rise)
    land = terrain.rolling(rise)
    return Surroundings(light, layers, land, None, np.array([3.0, 2.8, 2.45]))


def _mesas(
    rng: np.random.Generator,
    light: np.ndarray,
    sky: Sky,
    world: World,
    top: float,
    tone: np.ndarray,
) -> np.ndarray:
    """Table mountains: a cliff with bands and clefts over a slope of rubble."""
    plan = 0.5 + 0.5 * ridge(rng, sky, 2, 11) + 0.05 * ridge(rng, sky, 40, 160)
    cliff, foot = smoothstep(0.50, 0.56, plan), smoothstep(0.30, 0.56, plan)
    line = top * (0.55 * cliff + 0.45 * foot) + 0.15 + 0.05 * ridge(rng, sky, 30, 200) * cliff
    share = sky.height / np.maximum(line, 0.1)
    bands = 0.5 + 0.5 * np.sin(sky.height / top * 34 + 3 * ridge(rng, sky, 3, 20))
    clefts = 0.5 * noise(rng, (900, 260), sky) + 0.5 * noise(rng, (500, 60), sky)
    steep = smoothstep(0.42, 0.50, share)
    face = 0.92 + 0.10 * bands * steep + 0.30 * (clefts - 0.5) * (0.5 + 0.5 * steep)
    turn = ridge(rng, sky, 20, 90)  # buttresses that face the sun or not
    bright = 1 + 0.22 * smoothstep(-0.4, 0.4, turn + towards_sun(line, sky, world))
    colour = tone * (face * bright)[..., None] * 0.85
    depth = smoothstep(0.9, 0.0, share)[..., None] * 0.35  # haze lies low
    return over(light, below(line, sky), colour + depth * (_at(light, sky, 1.5) - colour))


def forest(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """Trunks before hazy green, under a canopy with gaps."""
    light = gradient(
        sky,
        (0, 0.42, 0.50, 0.20),
        (10, 0.62, 0.74, 0.32),
        (30, 0.30, 0.42, 0.12),
        (90, 0.10, 0.17, 0.04),
    )
    leaves = 0.6 * noise(rng, (60, 15), sky) + 0.4 * noise(rng, (190, 48), sky)
    fine = noise(rng, (700, 175), sky)
    light = light * (0.35 + 1.3 * (0.8 * leaves + 0.2 * fine)[..., None])
    depth = 0.6 * noise(rng, (130, 5), sky) + 0.4 * noise(rng, (520, 14), sky)
    light = (
        light * (1 - 0.75 * smoothstep(24, 4, sky.height) * smoothstep(0.3, 0.7, depth))[..., None]
    )
    gaps = smoothstep(0.60, 0.68, leaves + 0.12 * (fine - 0.5)) * smoothstep(6, 40, sky.height)
    light = light + gaps[..., None] * float32([1.5, 1.75, 1.6])
    light = with_sun(light, sky, world, np.array([50, 47, 38.0]), np.array([0.9, 0.85, 0.5]))
    grain = noise(rng, (1000, 40), sky) - 0.5
    for kind in ((260, 0.26, 0.46), (80, 0.7, 0.27)):
        light = _trunks(rng, light, sky, kind, leaves, grain, world)
    light = _bushes(rng, light, sky, (0.7, 0.9, 0.75), leaves, fine)
    light = _trunks(rng, light, sky, (22, 1.5, 0.13), leaves, grain, world)
    light = _bushes(rng, light, sky, (-1.3, 0.7, 0.42), leaves, fine)
    haze = np.array([0.13, 0.15, 0.06])
    rise = terrain.hills(world.seed, 0.25, 60)
    layers = coats(grounds.litter, world, haze, 60, rise)
    land = terrain.rolling(rise, 32)
    return Surroundings(light, layers, land, None, np.array([1.5, 1.4, 1.05]))


def _bushes(
    rng: np.random.Generator,
    light: np.ndarray,
    sky: Sky,
    kind: tuple,
    leaves: np.ndarray,
    fine: np.ndarray,
) -> np.ndarray:
    """Undergrowth up to a height in degrees, dark at its foot."""
    top, size, tone = kind
    line = top + size * (0.6 * ridge(rng, sky, 12, 60) + 0.4 * ridge(rng, sky, 90, 400))
    line = line + 0.6 * (fine - 0.5)
    lit = (0.1 + 0.65 * leaves + 1.2 * fine) * (
        0.25 + 0.85 * smoothstep(-2.4, 0, sky.height - line)
    )
    shrub = float32([0.16, 0.22, 0.06]) * tone * float32(lit)[..., None]
    return over(light, below(line, sky), shrub)


def _trunks(
    rng: np.random.Generator,
    light: np.ndarray,
    sky: Sky,
    kind: tuple,
    leaves: np.ndarray,
    grain: np.ndarray,
    world: World,
) -> np.ndarray:
    """Round, slightly bent trunks of one distance, lit from the sun's side."""
    count, width, shade = kind
    centres, widths = rng.uniform(-180, 180, count), width * rng.uniform(0.5, 1.4, count)
    crown, lean = rng.uniform(25, 60, count), rng.normal(0, 0.02, count)
    near = ((sky.azimuth[0][:, None] - centres + 180) % 360 - 180) / widths
    which = np.abs(near).argmin(1)
    flat = near[np.arange(len(near)), which][None]
    thick = 1 + 0.5 * np.exp(-np.maximum(sky.height, 0) / 1.2) * 0.5 - 0.004 * sky.height  # roots
    bend = lean[which] * sky.height + 0.2 * np.sin(sky.height / 9 + centres[which])
    off = float32((flat + bend / widths[which] * smoothstep(0, 6, sky.height)) / thick)
    side = np.sign(np.sin(np.radians(world.sun[0] - centres[which])))[None]
    lit = 0.85 + 0.55 * side * off - 0.35 * off**2
    bark = shade * np.array([0.95, 0.80, 0.60]) * (lit * (1 + 0.9 * grain))[..., None]
    soft = PIXEL_SOFT / widths[which][None]
    share = np.clip((1 - np.abs(off)) / soft + 0.5, 0, 1)
    share = share * smoothstep(1.6, 0.7, sky.height / crown[which][None] + 1.2 * (leaves - 0.5))
    return over(light, share, np.maximum(bark, 0.01))


PIXEL_SOFT = 0.2  # degrees over which a trunk's edge goes


def snow(rng: np.random.Generator, sky: Sky, world: World) -> Surroundings:
    """White ground, a line of firs, mountains behind."""
    light = gradient(
        sky,
        (0, 1.0, 1.02, 1.08),
        (15, 0.70, 0.85, 1.10),
        (45, 0.35, 0.55, 1.0),
        (90, 0.18, 0.36, 0.82),
    )
    light = with_sun(light, sky, world, np.array([50, 47, 42.0]), np.array([0.9, 0.8, 0.6]))
    light = _peaks(rng, light, sky, world)
    wood = 0.9 + 0.5 * ridge(rng, sky, 5, 40) + 0.35 * ridge(rng, sky, 90, 420)
    speck = noise(rng, (900, 400), sky)
    far = np.array([0.20, 0.27, 0.36]) + 0.25 * (speck - 0.4)[..., None]
    light = over(light, below(wood, sky), far)
    light = _firs(rng, light, sky, world)
    rise = terrain.hills(world.seed, 1.0)
    layers = coats(grounds.snow, world, np.array([0.84, 0.87, 0.93]), 700, rise)
    land = terrain.rolling(rise)
    return Surroundings(light, layers, land, None, np.array([2.6, 2.4, 2.0]))


def _peaks(rng: np.random.Generator, light: np.ndarray, sky: Sky, world: World) -> np.ndarray:
    """Mountains whose folds run down from the crest, with rock between the snow."""
    peaks = 4.6 + 2.9 * ridge(rng, sky, 4, 60) + 0.22 * ridge(rng, sky, 60, 260)
    folds = np.zeros((len(sky.height), sky.azimuth.shape[1]), np.float32)
    for waves, size in ((40, 1.0), (95, 0.6), (230, 0.35), (520, 0.22)):
        bend = 2.2 * ridge(rng, sky, 3, 12) + 1.2 * ridge(rng, sky, 12, 40) * sky.height / 3
        line = np.radians(sky.azimuth) * waves + bend + rng.uniform(0, 2 * np.pi)
        folds += np.float32(size) * np.tanh(3 * np.sin(line)) * (1 - 0.12 * sky.height)
    side = np.sin(np.radians(world.sun[0] - sky.azimuth))
    side = np.tanh(6 * side)
    grain = noise(rng, (1500, 500), sky) - 0.5
    lit = smoothstep(-1.1, 1.1, folds * side + 0.9 * grain)[..., None]
    face = float32([0.46, 0.58, 0.82]) + float32(lit) * float32([0.62, 0.49, 0.24])
    crag = 0.55 * noise(rng, (520, 170), sky) + 0.45 * (grain + 0.5) - 0.12 * folds * side
    rock = smoothstep(0.54, 0.66, crag + 0.06 * sky.height / peaks)[..., None]
    face = face + float32(0.6 * rock) * (float32([0.27, 0.29, 0.35]) - face)
    mist = smoothstep(4.5, 0.3, sky.height)[..., None] * 0.5
    return over(light, below(peaks, sky), face + mist * (_at(light, sky, 3.0) - face))


def _firs(rng: np.random.Generator, light: np.ndarray, sky: Sky, world: World) -> np.ndarray:
    """Single firs with drooping, snowy boughs."""
    for count, scale, air in ((190, 0.55, 0.45), (95, 1.0, 0.12)):
        tall = scale * rng.uniform(1.4, 5.2, count)
        middle = rng.uniform(-180, 180, count)
        off = (sky.azimuth[0][:, None] - middle + 180) % 360 - 180
        cone = tall - np.abs(off) / 0.17
        which = cone.argmax(1)
        off, tip = off[np.arange(len(off)), which][None], tall[which][None]
        down = tip - sky.height  # degrees under the tip
        bough = (down * 2.6 / scale**0.5 + middle[which][None]) % 1
        half = 0.17 * down * (0.62 + 0.38 * bough) + 0.03 * (noise(rng, (1400, 600), sky) - 0.5)
        share = np.clip((half - np.abs(off)) / 0.18 + 0.5, 0, 1) * (down > 0)
        side = np.sign(np.sin(np.radians(world.sun[0] - middle[which])))[None]
        white = smoothstep(0.45, 0.05, bough) * (0.35 + 0.25 * np.tanh(8 * off * side))
        tone = float32([0.025, 0.05, 0.045]) + air * float32([0.45, 0.55, 0.68])
        tone = tone + np.maximum(white, 0)[..., None] * float32([0.62, 0.66, 0.72])
        light = over(light, share, tone)
    return light
