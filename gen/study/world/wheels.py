"""The wheels: tyre, rim with its spokes, brake, and the well they stand in."""

import numpy as np

from gen.study.recipe.render import Body
from gen.study.world.mesh import Mesh, Place, join, lathe, overlap, split
from gen.study.world.relief import moved, walls
from gen.study.world.skin import arch

RIM = 0.72  # of the wheel's radius; the tyre stands round it
FACE = 0.088  # metres from the wheel's middle to the outer edge of its rim


def wheels(b: Body) -> list[tuple[str, Mesh]]:
    """The left wheels and their wells, each piece with its material."""
    depth = b.width / 2 - 0.105
    one = [*_wheel(b), ("trim", _well(b, depth))]
    return [
        (name, moved(mesh, (axle, depth, b.wheel_radius))) for axle in b.axles for name, mesh in one
    ]


def _wheel(b: Body) -> list[tuple[str, Mesh]]:
    rim = RIM * b.wheel_radius
    return [
        ("tyre", _tyre(b.wheel_radius)),
        ("rim", _spokes(rim, b.spokes)),
        ("rim", _lip(rim)),
        ("trim", lathe(np.array([0.93, 0.93]) * rim, np.array([-0.10, FACE - 0.02]), 64)),
        ("trim", lathe(np.array([0.001, 0.93]) * rim, np.array([-0.06, -0.06]), 32)),
        *_brake(rim),
        *_hub(rim, b.spokes),
    ]


def _tyre(radius: float) -> Mesh:
    """Bead, bulging sidewall with one groove, round shoulder, tread with three grooves."""
    side = [(0.700, 0.080), (0.722, 0.094), (0.76, 0.105), (0.80, 0.111), (0.805, 0.108)]
    side += [(0.815, 0.108), (0.82, 0.1115), (0.87, 0.111), (0.92, 0.106), (0.955, 0.098)]
    side += [(0.98, 0.086), (0.993, 0.072), (0.999, 0.060)]
    tread = [(1.0, 0.05), (0.985, 0.046), (0.985, 0.040), (1.0, 0.036), (1.0, 0.006)]
    tread += [(0.985, 0.004), (0.985, -0.004), (1.0, -0.006), (1.0, -0.036), (0.985, -0.04)]
    tread += [(0.985, -0.046), (1.0, -0.05), (0.99, -0.075), (0.95, -0.098), (0.7, -0.10)]
    r, y = np.array(side + tread).T
    return lathe(r * radius, y, 72)


def _lip(rim: float) -> Mesh:
    """The polished edge that holds the tyre: it rolls outwards, then falls in to the spokes."""
    turn = np.linspace(-0.25 * np.pi, 1.1 * np.pi, 12)
    roll = np.stack([0.975 + 0.022 * np.cos(turn), FACE + 0.006 * np.sin(turn)], 1)
    r, y = np.concatenate([[(1.0, 0.06)], roll, [(0.945, FACE - 0.012), (0.925, FACE - 0.03)]]).T
    return lathe(r * rim, y, 64)


def _face(rim: float, r: np.ndarray) -> np.ndarray:
    """How far out the spokes' front stands at a radius: hollow between hub and lip."""
    t = r / rim
    return FACE - 0.016 - 0.030 * (1 - t**2) + 0.010 * np.exp(-((t / 0.2) ** 2))


def _spokes(rim: float, spokes: int) -> Mesh:
    """Hub and spokes as one sheet with windows cut through it, and the windows' walls."""
    r = np.linspace(0.002, 0.95 * rim, 16)
    face = lathe(r, _face(rim, r), 120)
    _, face = split(face, lambda p: _window(p, rim, spokes))
    return join([face, walls(face, (0, -0.030, 0))])


def _window(p: Place, rim: float, spokes: int) -> np.ndarray:
    """The holes between the spokes; on a wheel `along` is the angle and `around` the radius."""
    bars, ray = _design(spokes)
    period = 2 * np.pi / bars
    off = np.abs((p.along + period / 2) % period - period / 2)  # angle from the nearest bar
    t = p.around / rim
    edge = _bar(off * p.around, t, ray)
    ends = overlap(0.27 * rim - p.around, p.around - 0.885 * rim)
    return np.maximum(edge, ends)


def _design(spokes: int) -> tuple[int, str]:
    """How many bars there are and of which kind: pairs where there are few, blades where many."""
    kinds = {5: "pair", 6: "wide", 7: "plain", 8: "plain", 9: "fork", 10: "plain"}
    return (5 if spokes == 9 else spokes), kinds.get(spokes, "plain")


def _bar(off: np.ndarray, t: np.ndarray, kind: str) -> np.ndarray:
    """Negative beside a bar, positive on it; `off` is metres from its middle, `t` the radius."""
    scale = {"pair": 0.015, "wide": 0.026, "plain": 0.0165, "fork": 0.0145}[kind]
    width = scale * (1.1 - 0.25 * t + 0.3 * np.exp(-(((t - 0.9) / 0.1) ** 2)))
    if kind == "pair":
        return width * 0.8 - np.abs(off - 0.014 - 0.016 * t)
    if kind == "fork":
        return width - np.abs(off - 0.075 * np.clip(t - 0.45, 0, 1))
    return width - off


def _brake(rim: float) -> list[tuple[str, Mesh]]:
    """Disc and caliper, seen between the spokes."""
    disc = np.array([0.30, 0.31, 0.72, 0.73]) * rim
    front = lathe(disc, np.array([-0.01, 0.0, 0.0, -0.01]), 64)
    hat = lathe(np.array([0.01, 0.29, 0.31]) * rim, np.array([0.018, 0.018, 0.0]), 48)
    r, y = np.array([[0.50, 0.0], [0.52, 0.022], [0.76, 0.022], [0.78, 0.0]]).T
    arc = split(lathe(r * rim, y, 64), lambda p: (np.abs(p.along - 0.9 * np.pi) - 0.36) * 0.1)[0]
    return [("brake", front), ("trim", hat), ("trim", arc)]


def _hub(rim: float, spokes: int) -> list[tuple[str, Mesh]]:
    """A dark cap with a bright edge, and five lugs round it in dark pockets."""
    r = np.array([0.001, 0.085, 0.10, 0.115, 0.118]) * rim
    out = _face(rim, np.array(0.1 * rim))
    cap = lathe(r, out + np.array([0.0060, 0.0055, 0.0045, 0.002, -0.004]), 40)
    bolts = []
    for angle in 2 * np.pi * (np.arange(5) + 0.5) / 5:
        at = (0.185 * rim * np.cos(angle), 0, 0.185 * rim * np.sin(angle))
        level = float(_face(rim, np.array(0.185 * rim)))
        pocket = lathe(np.array([0.0005, 0.0115]), np.full(2, level + 0.003), 16)
        bolt = lathe(np.array([0.0005, 0.006, 0.007]), level + np.array([0.009, 0.009, 0.003]), 6)
        bolts += [("trim", moved(pocket, at)), ("rim", moved(bolt, at))]
    return [("lens", cap), *bolts]


def _well(b: Body, depth: float) -> Mesh:
    """The dark inside of a wheel arch; its edge draws in below, where the skin turns under."""
    tube = lathe(np.full(2, arch(b) + 0.004), np.array([0.6 - depth, 0.07]), 48)
    v = tube.vertices.copy()
    v[:, 1] -= 0.5 * np.clip(0.08 - v[:, 2], 0, None) * (v[:, 1] > 0)
    return split(Mesh(v, tube.faces), lambda p: b.clearance + 0.06 - b.wheel_radius - p.z)[0]
