"""The worlds: what a mirror shows."""

from typing import NamedTuple

import numpy as np

from gen.study.world.scene import Pane, World, smoothstep

UPPER = (256, 1024)  # the sky's half of a panorama
PIXEL = 360 / UPPER[1]  # 0.35 degrees: a far roof line stays a line in the bodywork


class Sky(NamedTuple):
    """Where a panorama's pixels look, in degrees."""

    azimuth: np.ndarray  # (1, W)
    height: np.ndarray  # (H, 1) above the horizon

    def away(self, azimuth: float, height: float) -> np.ndarray:
        """Degrees between each direction and the given one, (H, W)."""
        a, b, c = np.radians(self.azimuth - azimuth), np.radians(self.height), np.radians(height)
        cosine = np.sin(b) * np.sin(c) + np.cos(b) * np.cos(c) * np.cos(a)
        return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


class Surroundings(NamedTuple):
    """A world drawn out: light from far away, the ground's colours, the sun's light."""

    panorama: np.ndarray  # (512, 1024, 3) radiance; rows from zenith to nadir
    ground: np.ndarray  # (512, 512, 3) reflectance, GROUND metres square
    gloss: float | None  # roughness of a glossy ground
    sun: np.ndarray | None  # (3,) irradiance


GROUND = 40.0  # metres of ground with a pattern; beyond, its mean colour


def surroundings(world: World) -> Surroundings:
    """The world's panorama, ground and sunlight."""
    rng = np.random.default_rng(world.seed)
    h, w = UPPER
    height = 90 - (np.arange(h, dtype=np.float32) + 0.5) * PIXEL
    azimuth = 90 - (np.arange(w, dtype=np.float32) + 0.5) * PIXEL
    sky = Sky((azimuth[None] + 180) % 360 - 180, height[:, None])
    around = PANORAMAS[world.name](rng, sky, world)
    below = np.zeros_like(around.panorama)  # the ground hides it: no ray need be sent there
    below[:2] = around.panorama[-1]  # but the sky is read between rows, down to the horizon
    whole = np.concatenate([around.panorama, below])
    return around._replace(panorama=whole, ground=_fading(around.ground))


def _fading(ground: np.ndarray) -> np.ndarray:
    """The ground's pattern, faded into its mean colour towards its edge."""
    n = len(ground)
    metres = ((np.arange(n) + 0.5) / n - 0.5) * GROUND
    keep = smoothstep(GROUND / 2, GROUND / 4, np.hypot(metres[:, None], metres[None]))[..., None]
    mean = ground.mean((0, 1))
    return mean + keep * (ground - mean)


def _studio(rng, sky: Sky, world: World) -> Surroundings:
    """A cyclorama lit by softboxes on stands and strips under the ceiling."""
    wall = rng.choice([0.035, 0.11, 0.30]) * rng.uniform(0.8, 1.2)  # low key, grey, high key
    tint = 1 + rng.uniform(-0.06, 0.06) * np.array([1, 0, -1])
    fall = 0.55 + 0.9 * np.exp(-np.abs(sky.height) / 14)  # the wall is lit from below
    light = np.full(UPPER, wall) * fall
    boxes = 0
    for azimuth in rng.uniform(0, 360) + np.array([0, 130, 235])[: rng.integers(2, 4)]:
        across = np.abs((sky.azimuth - azimuth + 180) % 360 - 180)
        up = np.abs(sky.height - rng.uniform(24, 36))
        panel = _edge(across, rng.uniform(9, 20), 1) * _edge(up, rng.uniform(8, 16), 1)
        boxes = np.maximum(boxes, panel * rng.uniform(4, 7))
    over = 1 / np.tan(np.radians(np.clip(sky.height, 4, 89)))  # ceiling one unit above
    turn = np.radians(sky.azimuth - rng.normal(0, 8))
    along, aside = over * np.cos(turn), over * np.sin(turn)
    for offset in rng.permutation([-0.9, 0.0, 0.9])[: rng.integers(1, 4)]:
        strip = _edge(np.abs(aside - offset), rng.uniform(0.1, 0.3), 0.03)
        strip = strip * _edge(np.abs(along), 2.4, 0.1)
        boxes = np.maximum(boxes, strip * rng.uniform(5, 8) * (sky.height > 4))
    panorama = np.maximum(light, boxes)[..., None] * tint
    floor = np.full((8, 8, 3), rng.uniform(0.18, 0.45)) * tint
    return Surroundings(panorama, floor, 0.12, None)


def _sunset(rng, sky: Sky, world: World) -> Surroundings:
    """A low sun in a banded sky over dark hills."""
    towards = 0.5 + 0.5 * np.cos(np.radians(sky.azimuth - world.sun_azimuth))[..., None]
    warm = _gradient(
        sky,
        (0, 2.3, 0.75, 0.18),
        (5, 1.7, 0.62, 0.22),
        (14, 0.85, 0.45, 0.40),
        (35, 0.22, 0.26, 0.52),
        (90, 0.07, 0.12, 0.34),
    )
    cool = _gradient(
        sky,
        (0, 0.75, 0.36, 0.34),
        (6, 0.62, 0.34, 0.42),
        (18, 0.32, 0.27, 0.46),
        (40, 0.13, 0.18, 0.42),
        (90, 0.07, 0.12, 0.34),
    )
    light = cool + (warm - cool) * towards**1.5
    streaks = _noise(rng, (9, 30)) * smoothstep(2, 8, sky.height) * smoothstep(40, 15, sky.height)
    cloud = smoothstep(0.52, 0.75, streaks)[..., None]
    light = light + cloud * (np.array([1.5, 0.42, 0.28]) * (0.25 + towards) - 0.6 * light)
    light = _with_sun(light, sky, world, np.array([45, 20, 5.0]), np.array([1.2, 0.45, 0.1]))
    hills = 1.2 + 1.1 * _ridge(rng, sky, 3, 30)
    light = _over(light, _below(hills, sky), np.array([0.035, 0.022, 0.026]))
    ground = _patches(rng, np.array([0.20, 0.165, 0.15]), 0.22)
    return Surroundings(light, ground, None, np.array([3.4, 1.45, 0.42]))


def _city(rng, sky: Sky, world: World) -> Surroundings:
    """A street along x between two rows of houses."""
    light = _gradient(
        sky,
        (0, 0.95, 0.98, 1.05),
        (25, 0.62, 0.78, 1.05),
        (90, 0.25, 0.45, 0.95),
    )
    light = _with_sun(light, sky, world, np.array([55, 52, 46.0]), np.array([0.7, 0.65, 0.5]))
    aside = np.abs(np.sin(np.radians(sky.azimuth))) + 1e-6
    far = 30 / aside  # metres to the house fronts: a wide street, as a long lens sees few windows
    along = far * np.cos(np.radians(sky.azimuth)) + np.where(sky.azimuth > 0, 0, 4000.0)
    up = far * np.tan(np.radians(np.clip(sky.height, 0, 85)))
    house, edge, front, storeys = _row_of_houses(rng, along)
    colour = front[house] * np.where(np.abs(edge) < 0.25, 0.6, 1)[..., None]
    roof = 4 + 3.2 * storeys[house]
    walls = _house_front(rng, house, along, up, far, colour, roof)
    solid = (up < roof) & (far < 400)
    light = np.where(solid[..., None], walls, light)
    return Surroundings(light, _street(rng), 0.32, np.array([2.3, 2.2, 2.0]))


def _row_of_houses(rng, along):
    """For each column: which house, metres to its nearer edge; for each house: colour, storeys."""
    ends = np.cumsum(rng.uniform(8, 20, 700)) - 500  # both sides of the street, one after the other
    house = np.clip(np.searchsorted(ends, along), 1, len(ends) - 1)
    edge = np.minimum(along - ends[house - 1], ends[house] - along)
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
    return house, edge, front, rng.integers(3, 9, len(ends))


def _house_front(rng, house, along, up, far, colour, roof) -> np.ndarray:
    """Windows, lit and unlit, over shop fronts."""
    column, storey = np.floor(along / 2.6), np.floor((up - 4) / 3.2)
    pane = np.abs(along / 2.6 - column - 0.5) < 0.28
    pane = pane & (np.abs((up - 4) / 3.2 - storey - 0.52) < 0.30)
    dice = _hashed(column + 7 * house, storey)
    glass = np.where((dice < 0.22)[..., None], [1.7, 1.15, 0.55], [0.16, 0.21, 0.28])
    glass = glass * (0.7 + 0.6 * _hashed(column, storey + 31))[..., None]
    walls = np.where((pane & (up < roof - 0.8))[..., None], glass, colour)
    shop = (up < 3.1) & (up > 0.5) & (np.abs(along / 5.2 - np.floor(along / 5.2) - 0.5) < 0.42)
    open_now = (_hashed(np.floor(along / 5.2), house) < 0.6)[..., None]
    lit = np.where(open_now, [1.9, 1.45, 0.85], [0.10, 0.12, 0.14])
    walls = np.where(shop[..., None], lit, walls)
    awning = (up >= 3.1) & (up < 3.9)
    paint = np.stack([_hashed(house, k) for k in (1, 2, 3)], -1) * 0.4 + 0.04
    walls = np.where(awning[..., None], paint, walls)
    haze = smoothstep(60, 300, far)[..., None]  # far windows are finer than a pixel: to the mean
    return walls + haze * (np.array([0.48, 0.50, 0.55]) - walls)


def _street(rng) -> np.ndarray:
    """Asphalt with lane marks along x and pavements aside."""
    n = 512
    metres = ((np.arange(n) + 0.5) / n - 0.5) * GROUND
    y, x = metres[:, None], metres[None]
    ground = _patches(rng, np.array([0.085, 0.085, 0.09]), 0.25)
    marks = (np.abs(np.abs(y) - 1.9) < 0.09) & ((x + rng.uniform(0, 6)) % 6 < 3.2)
    ground[marks] = 0.62
    pavement = np.broadcast_to(np.abs(y) > 5.5, (n, n))
    ground[pavement] = 0.32 * (1 - 0.25 * ((x % 1.2 < 0.1) | (y % 1.2 < 0.1))[pavement])[:, None]
    return ground


def _desert(rng, sky: Sky, world: World) -> Surroundings:
    """Dunes before far mesas under a deep blue sky."""
    light = _gradient(
        sky,
        (0, 0.95, 0.88, 0.80),
        (8, 0.62, 0.74, 0.95),
        (35, 0.20, 0.40, 0.88),
        (90, 0.06, 0.17, 0.58),
    )
    light = _with_sun(light, sky, world, np.array([60, 57, 50.0]), np.array([0.8, 0.75, 0.6]))
    mesa = 3.4 * smoothstep(0.45, 0.55, 0.5 + 0.5 * _ridge(rng, sky, 2, 9)) + 0.4
    light = _over(light, _below(mesa, sky), np.array([0.50, 0.33, 0.30]))
    for base, size, shade in ((1.0, 4.2, 0.80), (0.3, 2.6, 1.0)):
        dune = base + size * (1 - np.abs(_ridge(rng, sky, 3, 9))) ** 1.5  # sharp crests
        lit = smoothstep(-0.02, 0.02, _towards_sun(dune, sky, world) - 0.01 * sky.height / dune)
        face = np.array([0.42, 0.25, 0.15]) + lit[..., None] * np.array([0.58, 0.38, 0.19])
        light = _over(light, _below(dune, sky), face * shade)
    ground = _patches(rng, np.array([0.60, 0.39, 0.21]), 0.12)
    ripples = np.sin(np.arange(512) * 1.1 + 6 * _noise(rng, (9, 9), (512, 512)))
    ground = ground * (1 + 0.10 * ripples)[..., None]
    return Surroundings(light, ground, None, np.array([3.0, 2.8, 2.45]))


def _forest(rng, sky: Sky, world: World) -> Surroundings:
    """Trunks before hazy green, under a canopy with gaps."""
    light = _gradient(
        sky,
        (0, 0.42, 0.50, 0.20),
        (10, 0.62, 0.74, 0.32),
        (30, 0.30, 0.42, 0.12),
        (90, 0.10, 0.17, 0.04),
    )
    leaves = 0.6 * _noise(rng, (60, 15)) + 0.4 * _noise(rng, (190, 48))
    light = light * (0.35 + 1.3 * leaves[..., None])
    gaps = smoothstep(0.60, 0.68, leaves) * smoothstep(6, 40, sky.height)
    light = light + gaps[..., None] * np.array([1.5, 1.75, 1.6])
    light = _with_sun(light, sky, world, np.array([50, 47, 38.0]), np.array([0.9, 0.85, 0.5]))
    for count, width, shade in ((90, 0.5, 0.55), (44, 1.1, 0.28), (20, 1.7, 0.12)):
        centres, widths = rng.uniform(-180, 180, count), width * rng.uniform(0.6, 1.4, count)
        off = ((sky.azimuth[0][:, None] - centres + 180) % 360 - 180) / widths  # (W, trunks)
        nearest = np.abs(off).argmin(1)
        off = off[np.arange(len(off)), nearest][None]
        bark = shade * np.array([1.0, 0.82, 0.58]) * (1.0 - 0.55 * off[..., None])
        crown = rng.uniform(25, 60, count)[nearest][None]
        trunk = (np.abs(off) < 1) * smoothstep(1.6, 0.7, sky.height / crown + 1.2 * (leaves - 0.5))
        light = light + trunk[..., None] * (bark - light)
    bush = 1.3 + 1.1 * _ridge(rng, sky, 12, 60)
    shrub = np.array([0.07, 0.12, 0.03]) * (0.4 + 1.6 * leaves[..., None])
    light = _over(light, _below(bush, sky), shrub)
    return Surroundings(light, _forest_floor(rng), None, np.array([1.5, 1.4, 1.05]))


def _forest_floor(rng) -> np.ndarray:
    """Moss and earth, with spots of sunlight."""
    earth, moss = np.array([0.16, 0.11, 0.06]), np.array([0.08, 0.15, 0.04])
    ground = earth + _noise(rng, (30, 30), (512, 512))[..., None] * (moss - earth)
    dapple = smoothstep(0.55, 0.68, _noise(rng, (26, 26), (512, 512)))[..., None]
    return ground * (0.55 + 1.6 * dapple) * (0.8 + 0.4 * rng.uniform(size=(512, 512, 1)))


def _snow(rng, sky: Sky, world: World) -> Surroundings:
    """White ground, a line of firs, mountains behind."""
    light = _gradient(
        sky,
        (0, 1.0, 1.02, 1.08),
        (15, 0.70, 0.85, 1.10),
        (45, 0.35, 0.55, 1.0),
        (90, 0.18, 0.36, 0.82),
    )
    light = _with_sun(light, sky, world, np.array([50, 47, 42.0]), np.array([0.9, 0.8, 0.6]))
    peaks = 8.5 + 5.0 * _ridge(rng, sky, 4, 60)
    folds = peaks + 2.0 * _noise(rng, (120, 40))  # ridges run down, not only along
    lit = smoothstep(-0.06, 0.06, _towards_sun(folds, sky, world))[..., None]
    face = np.array([0.40, 0.52, 0.76]) + lit * np.array([0.74, 0.60, 0.34])
    rock = smoothstep(0.45, 0.75, _noise(rng, (240, 25)) + 0.25 - 0.5 * sky.height / peaks)
    face = face + 0.6 * rock[..., None] * (np.array([0.20, 0.22, 0.28]) - face)
    light = _over(light, _below(peaks, sky), face)
    count = 150
    tall = rng.uniform(1.2, 5.5, count)
    off = np.abs((sky.azimuth[0][:, None] - rng.uniform(-180, 180, count) + 180) % 360 - 180)
    firs = (tall * (1 - off / (0.24 * tall))).max(1)[None]
    frost = smoothstep(0.6, 0.75, _noise(rng, (500, 125)))[..., None]
    light = _over(light, _below(firs, sky), np.array([0.02, 0.045, 0.035]) + 0.35 * frost)
    ground = _patches(rng, np.array([0.80, 0.82, 0.86]), 0.05)
    return Surroundings(light, ground, None, np.array([2.6, 2.4, 2.0]))


PANORAMAS = {
    "studio": _studio,
    "sunset": _sunset,
    "city street": _city,
    "desert": _desert,
    "forest": _forest,
    "snow": _snow,
}


def _gradient(sky: Sky, *stops: tuple[float, float, float, float]) -> np.ndarray:
    """(H, W, 3) colour by height above the horizon; a stop is degrees, red, green, blue."""
    heights, *channels = zip(*stops, strict=True)
    rows = [np.interp(sky.height[:, 0], heights, channel) for channel in channels]
    return np.repeat(np.stack(rows, -1)[:, None], UPPER[1], 1)


def _with_sun(light, sky: Sky, world: World, disc: np.ndarray, glow: np.ndarray) -> np.ndarray:
    """The sun as a mirror shows it; what it lights is lit by a lamp of its own, without noise."""
    away = sky.away(world.sun_azimuth, world.sun_height)[..., None]
    halo = np.exp(-away / 9) + 0.35 * np.exp(-away / 30)
    return light + glow * halo + disc * _edge(away, 1.5, 0.3)  # thrice the real size: 2 pixels


def _towards_sun(line: np.ndarray, sky: Sky, world: World) -> np.ndarray:
    """How steeply a skyline's slopes face the sun, degrees a pixel."""
    side = np.sin(np.radians(world.sun_azimuth - sky.azimuth))
    return -np.gradient(line, axis=1) * np.sign(side)


def _ridge(rng, sky: Sky, low: int, high: int) -> np.ndarray:
    """(1, W) a closed random line between about -1 and 1, of waves low..high per turn."""
    k = np.arange(low, high)[:, None]
    waves = np.sin(k * np.radians(sky.azimuth) + rng.uniform(0, 2 * np.pi, k.shape)) / k
    line = waves.sum(0, keepdims=True)
    return line / np.abs(line).max()


def _noise(rng, cells: tuple[int, int], shape: tuple[int, int] = UPPER) -> np.ndarray:
    """Smooth random (H, W) in 0..1: (across, down) cells; closes round the horizon."""
    across, down = cells
    lattice = rng.uniform(size=(down + 1, across))
    y, x = np.arange(shape[0]) / shape[0] * down, np.arange(shape[1]) / shape[1] * across
    j, i = y.astype(int), x.astype(int)
    ty, tx = smoothstep(0, 1, y - j)[:, None], smoothstep(0, 1, x - i)[None]
    rows = lattice[j] * (1 - ty) + lattice[j + 1] * ty  # (H, across)
    return rows[:, i] * (1 - tx) + rows[:, (i + 1) % across] * tx


def _patches(rng, colour: np.ndarray, contrast: float) -> np.ndarray:
    """(512, 512, 3) ground of one colour with soft patches and grain."""
    soft = _noise(rng, (14, 14), (512, 512)) + 0.5 * _noise(rng, (90, 90), (512, 512)) - 0.75
    return colour * (1 + contrast * soft)[..., None]


def _edge(distance: np.ndarray, half: float, soft: float) -> np.ndarray:
    """1 within half, 0 beyond, over a soft border."""
    return np.clip((half - distance) / soft + 0.5, 0, 1)


def _below(line: np.ndarray, sky: Sky) -> np.ndarray:
    """(H, W) what share of each pixel lies under a skyline."""
    return np.clip((line - sky.height) / PIXEL + 0.5, 0, 1)


def _over(light: np.ndarray, share: np.ndarray, colour: np.ndarray) -> np.ndarray:
    return light + share[..., None] * (colour - light)


def _hashed(a: np.ndarray, b) -> np.ndarray:
    """A number in 0..1 for each pair of whole numbers."""
    return np.modf(np.abs(np.sin(a * 12.9898 + b * 78.233)) * 43758.5453)[0]


def room(pane: Pane, d: np.ndarray) -> np.ndarray:
    """Lamps, a bright doorway and shelves behind us, in directions d (right, up, backward)."""
    rng = np.random.default_rng(pane.seed)
    a, h = np.degrees(np.arctan2(d[..., 0], d[..., 2])), np.degrees(np.arcsin(d[..., 1]))
    light = 0.10 + 0.10 * _edge(np.abs((h + 40) % 7 - 3.5), 2.6, 0.4) * _edge(h, 2, 1)  # shelves
    light = light[..., None] * np.array([1.0, 0.8, 0.6])
    door = _edge(np.abs(a - rng.uniform(-25, 25)), rng.uniform(3, 6), 0.4) * _edge(
        np.abs(h + 3), 9, 0.4
    )
    light = light + door[..., None] * np.array([3.2, 3.6, 4.2])
    for _ in range(rng.integers(2, 6)):
        centre, size = (rng.uniform(-38, 38), rng.uniform(2, 11)), rng.uniform(0.7, 1.8)
        lamp = _edge(np.hypot(a - centre[0], h - centre[1]), size, 0.4)
        light = light + lamp[..., None] * np.array([18, 13, 7.0])
    return light
