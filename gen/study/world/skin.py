"""The bodywork's skin: one smooth lofted grid, nothing cut out yet."""

import numpy as np

from gen.study.recipe.render import Body
from gen.study.world.mesh import Mesh, blurred, quads
from gen.study.world.scene import smoothstep


def arch(b: Body) -> float:
    """Radius of a wheel arch."""
    return b.wheel_radius + 0.045


def skin(b: Body) -> Mesh:
    """The left half of the bodywork as one smooth grid, nothing cut out yet."""
    x, closing = _stations(b)
    along = 0.5 - x / b.length
    top, belt = centre_line(b, along), belt_line(b, along)
    y, z, around = _section(b, along, top, belt)
    middle = 0.5 * (top + b.clearance) + 0.02
    y, z = y * closing, middle + (z - middle) * closing
    x = _bowed(b, x, y, z, along, top, belt)
    y = y + _fenders(b, x, y, z)
    columns = np.broadcast_arrays(x, y, z, *_normals(x, y, z), x, z, along, around)
    return Mesh(np.stack(columns, -1).reshape(-1, 10), quads(*y.shape))


def _stations(b: Body) -> tuple[np.ndarray, np.ndarray]:
    """Where sections stand along x, and how far each is drawn together: nose and tail close."""
    turn = np.linspace(0, np.pi / 2, 20)
    # a superellipse: flat face, round edge
    out, closing = np.cos(turn) ** 0.62, np.sin(turn) ** 0.62
    nose, tail = b.length / 2 - 0.22 * (1 - out), -b.length / 2 + 0.16 * (1 - out)
    between = np.linspace(nose[-1], tail[-1], 120)[1:-1]
    x = np.concatenate([nose, between, tail[::-1]])
    closing = np.concatenate([closing, np.ones(118), closing[::-1]])
    return x[:, None], closing[:, None]


def centre_line(b: Body, along: np.ndarray) -> np.ndarray:
    """Height of the car's upper outline, metres."""
    knots = [
        (-0.20, b.nose_height - 0.07),
        (0.00, b.nose_height - 0.05),
        (0.04, b.nose_height),
        (0.6 * b.cowl, 0.38 * b.nose_height + 0.62 * b.cowl_height + 0.015),  # a crowned bonnet
        (b.cowl, b.cowl_height),
        (b.roof_front, b.height - 0.035),
        (0.5 * (b.roof_front + b.roof_rear), b.height + 0.012),
        (b.roof_rear, b.height - 0.05),
        (b.deck, b.deck_height),
        (0.985, b.deck_height - 0.01),
        (1.20, b.deck_height - 0.06),
    ]
    fine, (places, heights) = np.arange(-0.2, 1.2, 0.002), zip(*knots, strict=True)
    return np.interp(along, fine, blurred(np.interp(fine, places, heights), 9))


def belt_line(b: Body, along: np.ndarray) -> np.ndarray:
    """Height at which bodywork turns into greenhouse, or into bonnet and boot; metres."""
    rising, crown = b.belt + 0.05 * (along - 0.5), centre_line(b, along) - 0.055
    return 0.5 * (rising + crown - np.hypot(rising - crown, 0.05))  # the lower one, smoothly


def _section(
    b: Body, along: np.ndarray, top: np.ndarray, belt: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Half a cross-section at each station, from the centre line round to the floor."""
    narrow = 0.07 * smoothstep(0.25, 0.0, along) + 0.08 * smoothstep(0.72, 1.0, along)
    half = b.width / 2 * (1 - narrow)
    sill = b.clearance + 0.07 * (smoothstep(0.18, 0.0, along) + smoothstep(0.80, 1.0, along))
    cabin = smoothstep(0.1, 0.3, top - belt)

    turn = np.linspace(0, np.pi / 2, 34)[None]
    power = 2 / (2.6 + 0.9 * cabin)  # the roof is boxier than the bonnet
    z = belt + (top - belt) * np.cos(turn) ** power
    upper = half * 0.95 - 0.012 - 0.03 * cabin  # the greenhouse stands inside the shoulder
    y = upper * np.sin(turn) ** power * (1 - 0.40 * (z - belt))

    v = np.linspace(1, 0, 40)[None, 1:]  # 1 at the belt, 0 at the sill
    side = 1 - 0.055 * (np.clip(v - 0.62, 0, 1) / 0.38) ** 2  # shoulder
    side = side - 0.075 * (np.clip(0.42 - v, 0, 1) / 0.42) ** 1.6  # turning under
    side = side - 0.014 * np.exp(-(((v - 0.52) / 0.15) ** 2))  # waist: it bends reflections
    floor = np.linspace(0, 1, 8)[None, 1:]
    low = half * side[:, -1:] * (1 - floor)
    y = np.concatenate([y, half * side, low], 1)
    z = np.concatenate([z, sill + (belt - sill) * v, sill + 0 * low], 1)
    around = np.concatenate([turn / (np.pi / 2), 2 - v, 2 + floor], 1)
    y, z = _rounded(y, -1), _rounded(z, 1)
    y[:, -1] = 0  # the halves meet under the floor
    return y, z, around


def _rounded(a: np.ndarray, parity: int) -> np.ndarray:
    """Corners of the sections softened, across the plane of symmetry too."""
    n = a.shape[1]
    return blurred(np.concatenate([parity * a[:, :0:-1], a], 1), 1.3)[:, n - 1 :]


def _bowed(
    b: Body,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    along: np.ndarray,
    top: np.ndarray,
    belt: np.ndarray,
) -> np.ndarray:
    """Stations bent in plan: nose, tail, windscreen and rear window are curved, not flat."""
    across = (y / (b.width / 2)) ** 2
    nose = 0.24 * across * smoothstep(b.length / 2 - 1.1, b.length / 2, x)
    tail = 0.14 * across * smoothstep(0.8 - b.length / 2, -b.length / 2, x)
    middle, span = (b.cowl + b.deck) / 2, (b.deck - b.cowl) / 2
    lean = np.clip((middle - along) / span, -1, 1)
    lean = lean * smoothstep(1.25, 1.0, np.abs(middle - along) / span)
    screen = 0.17 * lean * across * smoothstep(0.0, 0.15, z - belt)
    return x - nose + tail - screen


def _fenders(b: Body, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """How far the sides swell round the wheels."""

    def swell(axle: float) -> np.ndarray:
        off = np.hypot(x - axle, z - b.wheel_radius) - arch(b)
        return np.exp(-((np.clip(off, 0, None) / 0.17) ** 2))

    front, rear = b.axles
    return b.flare * (swell(front) + swell(rear)) * smoothstep(0.3, 0.7, y)


def _normals(
    x: np.ndarray, y: np.ndarray, z: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outward unit normals of a grid of points."""
    points = np.stack(np.broadcast_arrays(x, y, z), -1)
    n = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    n[:, 0, 1] = 0  # symmetric across the centre line
    n[0], n[-1] = [1, 0, 0], [-1, 0, 0]  # where nose and tail close in one point
    n /= np.linalg.norm(n, axis=-1, keepdims=True) + 1e-12
    if n[len(n) // 2, 0, 2] < 0:
        n[1:-1] *= -1
    return n[..., 0], n[..., 1], n[..., 2]
