"""What the ground is made of: colour and grain near, halfway and far."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gen.study.world.scene import World, smoothstep
from gen.study.world.sky import enlarged, float32

SIDE = 1024  # texels of a layer's side
HALVES = {"near": 12.0, "mid": 72.0, "far": 1500.0}  # metres from the car to a layer's edge


class Coat(NamedTuple):
    """A layer's colours, (SIDE, SIDE, ...): rows along y, columns along x."""

    colour: np.ndarray  # (SIDE, SIDE, 3) reflectance
    wet: np.ndarray | None = None  # (SIDE, SIDE) share that is under water


class Spot:
    """The places of a layer's texels, and random fields that agree from layer to layer."""

    def __init__(self, name: str, seed: int, world: World) -> None:
        self.half, self.seed, self.world = HALVES[name], seed, world
        self.texel = 2 * self.half / SIDE
        line = ((np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1) * self.half
        self.x, self.y = line[None], line[:, None]
        r = np.hypot(self.x, self.y) / self.half
        self.inside = smoothstep(0.98, 0.62, r)  # where what the next layer cannot show is shown

    def noise(self, wave: float, which: int) -> np.ndarray:
        """(SIDE, SIDE) random in -1..1 with bumps `wave` metres apart; 0 where too fine to show."""
        if wave < 1.6 * self.texel:
            return np.zeros((1, 1), np.float32)
        lattice = np.random.default_rng((self.seed, which)).uniform(-1, 1, (128, 128))
        reach = int(np.ceil(self.half / wave)) + 3
        cells = np.arange(-reach, reach) % 128
        low, high = reach - self.half / wave, reach + self.half / wave
        field = enlarged(lattice[cells][:, cells], SIDE, (low, low, high, high))
        fading = wave < 9.6 * self.texel and self.half < HALVES["far"]
        return field * self.inside if fading else field

    def shaded(self, height: np.ndarray, sun: float, limit: float = 0.9) -> np.ndarray:
        """(SIDE, SIDE) light on a relief (metres) against light on a plain; sun: its share."""
        azimuth, above = self.world.sun
        a = np.radians(azimuth)
        slope = float(np.cos(a)) * np.gradient(height, axis=1)
        slope = slope + float(np.sin(a)) * np.gradient(height, axis=0)
        flat = float(np.tan(np.radians(max(above, 12.0))))
        steep = -slope / (self.texel * flat)
        return 1 + sun * np.clip(steep, -limit, limit)


def coats(
    paint: Callable[[Spot], Coat],
    world: World,
    haze: np.ndarray,
    reach: float,
    rise: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> dict[str, Coat]:
    """Each layer's coat; haze (3,) is what far ground turns into, over `reach` metres.

    rise(x, y), in metres, is the land's height: its slopes are lit or shaded.
    """
    layers = {}
    for name in HALVES:
        spot = Spot(name, world.seed, world)
        coat = paint(spot)
        if rise is not None and name == "far":
            coat = coat._replace(colour=coat.colour * _hillside(spot, rise)[..., None])
        veil = 1 - np.exp(-((np.hypot(spot.x, spot.y) / reach) ** 1.2))[..., None]
        colour = coat.colour + veil * (haze - coat.colour)
        layers[name] = coat._replace(colour=np.clip(colour, 0, 0.95).astype(np.float32))
    return layers


def _hillside(spot: Spot, rise: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """(SIDE, SIDE) light on far slopes: steeper than they are, as a long lens shows them."""
    coarse = slice(None, None, 3)
    height = rise(*np.broadcast_arrays(spot.x[:, coarse], spot.y[coarse]))
    height = enlarged(height, SIDE, (0, 0, SIDE / 3, SIDE / 3))
    return spot.shaded(5 * height, 0.6, 0.95)


def sand(spot: Spot) -> Coat:
    """Wind ripples on sand, over soft swells."""
    warp = 2.2 * spot.noise(3.1, 1) + 0.9 * spot.noise(0.9, 2)
    height = 0.10 * spot.noise(5.3, 3) + 0.9 * spot.noise(31.0, 4)
    for wave, size, turn in ((0.21, 0.012, 0.0), (1.7, 0.035, 0.25)):
        if wave > 3 * spot.texel:
            turn = np.radians(spot.world.sun[0]) + 0.5 + turn
            ahead = float(np.cos(turn)) * spot.x + float(np.sin(turn)) * spot.y
            phase = ahead * float(2 * np.pi / wave)
            phase = phase + warp * min(2.4, 0.5 / wave + 1)
            swell = 0.65 + 0.5 * spot.noise(2.3, 5)
            crest = np.sin(phase + 0.45 * np.sin(phase))  # steep on one side
            height = height + size * swell * crest * (spot.inside if wave < 1 else 1)
    tone = 1 + 0.05 * spot.noise(7.0, 6) + 0.08 * spot.noise(190.0, 8)
    grain = 1 + 0.07 * spot.noise(0.045, 7) + 0.05 * spot.noise(0.4, 9)
    light = spot.shaded(height, 0.75, 0.38) * tone * grain
    return Coat(float32([0.60, 0.39, 0.21]) * light[..., None])


def snow(spot: Spot) -> Coat:
    """Drifts, a light crust and the tracks that the car has left."""
    height = 0.10 * spot.noise(3.4, 1) + 0.02 * spot.noise(0.8, 2) + 0.8 * spot.noise(33.0, 3)
    along = 0.765 * spot.x + 0.644 * spot.y
    height = height + 0.009 * np.sin(along / 0.13 + 5 * spot.noise(1.1, 4)) * spot.noise(2.0, 5)
    side = 1 if spot.seed % 2 else -1
    bend = spot.y - 0.0032 * side * np.minimum(spot.x, 0) ** 2
    off = np.abs(np.abs(bend) - 0.76)
    behind = smoothstep(-0.9, -1.5, spot.x)
    soft = max(0.05, spot.texel)
    track = smoothstep(0.13 + soft, 0.13 - soft, off) * behind
    rim = np.exp(-(((off - 0.19) / (0.05 + soft)) ** 2)) * behind
    tread = 0.012 * np.sin(spot.x / 0.011) * (spot.texel < 0.03)
    height = height + track * (tread - 0.055) + 0.02 * rim
    grain = 1 + 0.035 * spot.noise(0.05, 6) + 0.02 * spot.noise(0.3, 7)
    light = spot.shaded(height, 0.6, 0.45) * grain
    shade = np.clip(light - 1, -1, 0)[..., None] * float32([0.35, 0.15, -0.15])  # shade is blue
    colour = float32([0.80, 0.82, 0.86]) * (light * (1 - 0.10 * track))[..., None] + 0.5 * shade
    return Coat(np.clip(colour, 0, 0.93))


def gravel(spot: Spot) -> Coat:
    """Trodden earth with stones, and puddles that hold the sky."""
    stones = sum(s * spot.noise(w, k) for w, s, k in ((0.05, 0.009, 1), (0.11, 0.016, 2)))
    rough = 0.03 * spot.noise(0.6, 3) + 0.12 * spot.noise(2.7, 4) + 0.5 * spot.noise(19.0, 5)
    basin = spot.noise(4.3, 6) + 0.45 * spot.noise(1.3, 7) + 0.12 * spot.noise(0.35, 8)
    rim = np.hypot(spot.x / 3.4, spot.y / 2.0)  # no water under the car
    level = basin - 0.9 * smoothstep(1.5, 0.8, rim)
    wet = smoothstep(0.52, 0.58 + spot.texel, level)
    damp = smoothstep(0.22, 0.52, level)
    light = spot.shaded(rough + 1.3 * stones * (1 - damp), 0.5, 0.6)
    tone = 1 + 0.16 * spot.noise(0.09, 9) + 0.12 * spot.noise(1.1, 10) + 0.12 * spot.noise(60.0, 11)
    earth = float32([0.215, 0.175, 0.157]) * (light * tone * (1 - 0.45 * damp))[..., None]
    return Coat(earth, np.broadcast_to(wet, (SIDE, SIDE)))


def litter(spot: Spot) -> Coat:
    """Moss and earth under fallen leaves, with spots of sunlight."""
    earth, moss = float32([0.17, 0.115, 0.06]), float32([0.075, 0.145, 0.035])
    patch = 0.5 + 0.5 * spot.noise(1.7, 1) + 0.3 * spot.noise(0.5, 2) + 0.3 * spot.noise(9.0, 7)
    green = 0.85 * smoothstep(0.1, 0.9, patch)[..., None]
    ground = earth + green * (moss - earth)
    ground = ground * (1 + 0.35 * spot.noise(0.06, 3) + 0.2 * spot.noise(0.2, 4))[..., None]
    if spot.texel < 0.05:
        share, leaf = _leaves(spot)
        share = share * (spot.inside * (1 - 0.6 * green[..., 0]))[..., None]
        ground = ground + share * (leaf - ground)
    shade = spot.noise(2.1, 5) + 0.5 * spot.noise(0.6, 6) + 0.25 * spot.noise(0.25, 8)
    dapple = smoothstep(0.10, 0.42, shade)[..., None]
    return Coat(np.clip(ground * (0.52 + 1.5 * dapple), 0, 0.9))


def _leaves(spot: Spot) -> tuple[np.ndarray, np.ndarray]:
    """(SIDE, SIDE, 1) where leaves lie, and their colours: a square of six metres, repeated."""
    rng, n = np.random.default_rng((spot.seed, 99)), SIDE // 4
    share, colour = np.zeros((n, n, 1)), np.zeros((n, n, 3))
    tones = np.array(
        [[0.30, 0.15, 0.04], [0.38, 0.24, 0.07], [0.20, 0.10, 0.04], [0.26, 0.20, 0.05]]
    )
    reach = np.arange(-3, 4)
    for _ in range(2600):
        j, i = rng.integers(n, size=2)
        turn, long = rng.uniform(0, np.pi), rng.uniform(1.4, 3.0)
        u = np.cos(turn) * reach[None] + np.sin(turn) * reach[:, None]
        v = np.cos(turn) * reach[:, None] - np.sin(turn) * reach[None]
        leaf = np.clip(1.5 - np.hypot(u / long, v / (0.55 * long)) * 1.2, 0, 1)[..., None]
        rows, columns = (j + reach)[:, None] % n, (i + reach)[None] % n
        tone = tones[rng.integers(4)] * rng.uniform(0.6, 1.3)
        share[rows, columns] = np.maximum(share[rows, columns], leaf)
        colour[rows, columns] += leaf * (tone - colour[rows, columns])
    return np.tile(share, (4, 4, 1)), np.tile(colour / np.maximum(share, 1e-3), (4, 4, 1))


def street(spot: Spot) -> Coat:
    """Asphalt with lane marks along x, kerbs, slabs of pavement aside."""
    rng = np.random.default_rng((spot.seed, 98))
    start, x, y = rng.uniform(0, 6), spot.x, spot.y
    away, soft = np.abs(y), spot.texel
    tone = 0.086 * (1 + 0.30 * spot.noise(0.045, 1) + 0.10 * spot.noise(0.13, 2))
    tone = tone * (1 + 0.16 * spot.noise(1.9, 3) + 0.14 * spot.noise(7.0, 4))
    lane = np.abs(away - 0.95) - 0.75  # tyres polish two strips of each lane
    tone = tone * (1 - 0.10 * np.exp(-((lane / 0.3) ** 2)))
    for _ in range(5):  # mended places
        u, v, long, wide = rng.uniform((-11, -5, 0.6, 0.4), (11, 5, 3.5, 1.2))
        patch = (np.abs(x - u) < long) & (np.abs(y - v) < wide)
        tone = tone * (1 - 0.22 * patch)
    crack = np.abs(spot.noise(2.9, 5) + 0.35 * spot.noise(0.5, 6) + 0.15 * spot.noise(0.15, 7))
    if soft < 0.05:
        tone = tone * (1 - 0.5 * smoothstep(0.030, 0.008, crack) * spot.inside)
    worn = smoothstep(-0.75, -0.35, spot.noise(0.22, 8) + 0.5 * spot.noise(0.07, 9))
    dash = np.clip((1.6 - np.abs((x + start) % 6 - 1.6)) / soft + 0.5, 0, 1)
    mark = np.clip((0.075 - np.abs(away - 1.9)) / soft + 0.5, 0, min(1, 0.15 / soft)) * dash
    tone = tone + mark * worn * (0.55 - tone)
    tone = np.where(away > 5.2, 0.13 * (1 + 0.15 * spot.noise(0.3, 10)), tone)  # gutter
    colour = tone[..., None] * float32([0.99, 1.0, 1.05])
    return Coat(np.where((away > KERB)[..., None], _pavement(spot), colour))


KERB = 5.5  # metres from the middle of the street


def _pavement(spot: Spot) -> np.ndarray:
    """(SIDE, SIDE, 3) a kerb stone, slabs, and setts beyond them."""
    away, x = np.abs(spot.y), spot.x
    setts = np.broadcast_to(away > 10.5, (SIDE, SIDE))
    wide = float32(np.where(setts, 0.24, 0.75))
    row = np.floor(away / wide)
    u, v = (x / wide + 0.5 * (row % 2)), away / wide
    dice = np.modf(np.abs(np.sin(np.floor(u) * 12.9898 + row * 78.233)) * 43758.5453)[0]
    gap = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v))) * wide
    joint = np.clip(1 - gap / max(0.018, spot.texel), 0, 1) * min(1, 0.03 / spot.texel)
    base = float32(np.where(setts, 0.21, 0.31)) * (1 + 0.24 * (dice - 0.5)) * (1 - 0.5 * joint)
    dirt = 1 + 0.12 * spot.noise(0.05, 11) + 0.14 * spot.noise(1.3, 12) + 0.1 * spot.noise(6.0, 13)
    base = np.where(away < KERB + 0.16, 0.40, base)
    return (base * dirt)[..., None] * float32([1.0, 0.98, 0.94])


def floor(spot: Spot, colour: np.ndarray) -> Coat:
    """A studio's painted floor, with a trace of use."""
    scuff = 1 + 0.02 * spot.noise(1.6, 1) + 0.012 * spot.noise(0.2, 2)
    return Coat(colour * np.broadcast_to(scuff, (SIDE, SIDE))[..., None])
