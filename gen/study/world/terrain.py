"""The shape of the ground: flat where the car stands, dunes or drifts further out."""

from collections.abc import Callable, Mapping

import numpy as np

from gen.study.world.grounds import HALVES, KERB
from gen.study.world.scene import smoothstep

SINK = 0.008  # metres by which tyres press into the ground
SECTORS = 512  # of a turn: what a skyline's straight pieces measure, 0.7 degrees

# of far normals towards the car: hills are seen from below, and shaded by their colours
LEAN = 0.06

EYES = (6.5, 0.15)  # metres: how far from the middle one looks from, how low at the least

Shape = tuple[np.ndarray, np.ndarray]  # vertices (N, 8): x y z, normal, u v; faces (M, 3)


def rolling(
    rise: Callable[[np.ndarray, np.ndarray], np.ndarray], end: float | None = None
) -> dict[str, Shape]:
    """Layers of a round land whose height in metres is rise(x, y).

    With an end, in metres, it stops there along a winding line: before trees, say.
    """
    turn = np.arange(SECTORS + 1) / SECTORS * 2 * np.pi
    layers = {"near": _grid(*_square(HALVES["near"]), _flat(SINK), "near")}
    rings = {"mid": np.geomspace(10, end or 70, 24)[:, None]}
    if end:
        bend = 1 + 0.05 * np.sin(5 * turn) + 0.06 * np.sin(13 * turn) + 0.03 * np.sin(41 * turn)
        rings["mid"] = 10 * (end / 10 * bend) ** (np.arange(24)[:, None] / 23)
    else:
        rings["far"] = np.geomspace(70, 1450, 72)[:, None]
    for name, radius in rings.items():
        x, y = radius * np.cos(turn), radius * np.sin(turn)
        layers[name] = _grid(x, y, lambda x, y: rise(x, y) + SINK - 0.003, name)
    return layers


def facing(land: Mapping[str, Shape]) -> dict[str, Shape]:
    """The same land, no place of which turns its back on an eye among EYES.

    A rolling land's normals stand nearly upright for some hundred metres: where it rises above an
    eye before that, it is seen from behind them, and black. Here they lean towards the middle as
    far as the eye looks up to them. In what is learned from land stays as it is, for to turn it
    would be another render.format: its cameras stand higher, and seldom see such a strip.
    """
    return {name: (_faced(vertices), faces) for name, (vertices, faces) in land.items()}


def _faced(vertices: np.ndarray) -> np.ndarray:
    (x, y, z), normal = vertices[:, :3].T, vertices[:, 3:6]
    radius = np.maximum(np.hypot(x, y), 1e-6)
    inward = np.stack([-x, -y], -1) / radius[:, None]
    lean = (normal[:, :2] * inward).sum(-1) / np.maximum(normal[:, 2], 1e-6)
    off, low = EYES
    rises = np.maximum(z - low, 0) / np.maximum(radius - off, 1)
    more = np.maximum(1.5 * rises - lean, 0) * (rises > 0)  # by half more than would do
    leaning = normal + np.pad(inward * (more * normal[:, 2])[:, None], ((0, 0), (0, 1)))
    leaning /= np.linalg.norm(leaning, axis=-1, keepdims=True)
    return np.concatenate([vertices[:, :3], leaning, vertices[:, 6:]], -1)


def kerbed(half: float) -> dict[str, Shape]:
    """Layers of a street along x, a kerb's height below its pavements, `half` metres each way."""
    across = np.array([-half, -KERB, -KERB + 0.02, KERB - 0.02, KERB, half])
    high = np.array([0.13, 0.13, 0, 0, 0.13, 0.13]) + SINK
    layers = {}
    for name, ends in {
        "near": ([-12, 12],),
        "mid": ([-72, -12], [12, 72]),
        "far": ([-420, -72], [72, 420]),
    }.items():
        clipped = np.clip(across, -HALVES[name], HALVES[name])
        pieces = [_strip(np.array(e, float), clipped, high, name) for e in ends]
        if name == "mid":  # beside the near layer, from its edge to the houses
            for side in (-1.0, 1.0):
                pieces.append(
                    _strip(np.array([-12.0, 12]), side * np.array([12.0, half]), high[[0, 0]], name)
                )
        layers[name] = _joined(pieces)
    return layers


def level() -> dict[str, Shape]:
    """Layers of a level floor; none lies under another, as a fading floor shows what is below."""
    near, mid = HALVES["near"], HALVES["mid"]
    flat = np.full(2, SINK)
    beside = np.array([-near, near])
    frame = [
        *(
            _strip(np.array(x), np.array([-mid, mid]), flat, "mid")
            for x in ([-mid, -near], [near, mid])
        ),
        *(_strip(beside, np.array(y), flat, "mid") for y in ([-mid, -near], [near, mid])),
    ]
    return {"near": _grid(*_square(near), _flat(SINK), "near"), "mid": _joined(frame)}


def dunes(seed: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Heights of sand hills with sharp, winding crests, in metres."""
    wind = np.random.default_rng((seed, 71)).uniform(0, 2 * np.pi)

    def rise(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        r = np.hypot(x, y)
        total = 0.5 * smoothstep(14, 60, r) * (1 + waves(x, y, 40.0, seed, 1))
        for wave, size, start in ((130.0, 3.5, 45.0), (300.0, 17.0, 110.0), (600.0, 46.0, 430.0)):
            u = (float(np.cos(wind)) * x + float(np.sin(wind)) * y) / wave
            u = u + 0.45 * waves(x, y, 1.6 * wave, seed, int(wave))
            t = u - np.floor(u)
            back = np.minimum(t / 0.7, (1 - t) / 0.3)  # a long back, a steep slip face
            crest = back**1.3 * (0.6 + 0.4 * waves(x, y, 1.1 * wave, seed, int(wave) + 1))
            total = total + size * crest * smoothstep(start, 2.6 * start, r)
        return total

    return rise


def hills(
    seed: int, size: float, wave: float = 90.0
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Heights of soft hills, `size` metres at most for each hundred metres of distance."""

    def rise(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        r = np.hypot(x, y)
        soft = 0.5 + 0.5 * waves(x, y, wave, seed, 72) + 0.15 * waves(x, y, 0.3 * wave, seed, 73)
        small = 0.12 * waves(x, y, 17.0, seed, 74) * smoothstep(14, 30, r)
        return size * np.minimum(r, 600) / 100 * soft * smoothstep(14, 150, r) + small

    return rise


def waves(x: np.ndarray, y: np.ndarray, wave: float, seed: int, which: int) -> np.ndarray:
    """Smooth random numbers in about -1..1 at places in metres, bumps `wave` apart."""
    rng = np.random.default_rng((seed, which))
    total: np.ndarray | float = 0.0
    for turn in rng.uniform(0, 2 * np.pi, 7):
        stretch, phase = rng.uniform(0.55, 1.25) * np.pi / wave, rng.uniform(0, 2 * np.pi)
        a, b = float(np.cos(turn) * stretch), float(np.sin(turn) * stretch)
        total = total + np.sin(a * x + b * y + phase)
    return np.asarray(total / 3.2)


def _flat(height: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda x, y: np.full(x.shape, height)


def _square(half: float) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.meshgrid([-half, half], [-half, half])
    return x.T, y.T


def _grid(
    x: np.ndarray, y: np.ndarray, rise: Callable[[np.ndarray, np.ndarray], np.ndarray], layer: str
) -> Shape:
    """A surface over places (R, S), R outwards and S counter-clockwise."""
    r = np.hypot(x, y)
    lean = LEAN * smoothstep(40, 160, r) / np.maximum(r, 1)
    normal = np.stack([-lean * x, -lean * y, np.ones_like(x)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    place = np.stack([x, y, rise(x, y)], -1)
    uv = place[..., :2] / (2 * HALVES[layer]) + 0.5
    return np.concatenate([place, normal, uv], -1).reshape(-1, 8), faces(*x.shape)


def faces(rows: int, columns: int) -> np.ndarray:
    """(M, 3) two triangles for each cell of a grid, facing up."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    a, b, c, d = corner, corner + columns, corner + columns + 1, corner + 1
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])


def _strip(x: np.ndarray, y: np.ndarray, z: np.ndarray, layer: str) -> Shape:
    """A surface along x with this profile (y, z); each facet has vertices of its own."""
    pieces = []
    for k in range(len(y) - 1):
        if y[k] == y[k + 1]:
            continue
        across = np.array([0, z[k] - z[k + 1], y[k + 1] - y[k]])
        across *= np.sign(across[2])
        corners = [(x[i], y[j], z[j]) for i in (0, 1) for j in (k, k + 1)]
        place = np.array(corners)
        normal = np.tile(across / np.linalg.norm(across), (4, 1))
        uv = place[:, :2] / (2 * HALVES[layer]) + 0.5
        pieces.append((np.concatenate([place, normal, uv], 1), faces(2, 2)))
    return _joined(pieces)


def _joined(pieces: list[Shape]) -> Shape:
    starts = np.cumsum([0] + [len(v) for v, _ in pieces])
    faces = [f + start for (_, f), start in zip(pieces, starts, strict=False)]
    return np.concatenate([v for v, _ in pieces]), np.concatenate(faces)
