"""The car: a lofted skin, everything cut out of it, and its wheels, as triangles."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gen.study.world.scene import Body, smoothstep


class Mesh(NamedTuple):
    """Triangles; a vertex is position, normal, texture place, and where it lies on the skin."""

    vertices: np.ndarray  # (N, 10): x y z, nx ny nz, two for texture, along, around
    faces: np.ndarray  # (M, 3)


class Place(NamedTuple):
    """Columns of vertices as arrays (N,): metres, and the skin's own coordinates."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    along: np.ndarray  # 0 at the nose, 1 at the tail
    around: np.ndarray  # 0 on the centre line, 1 at the belt, 2 at the sill, 3 under the floor


Field = Callable[[Place], np.ndarray]  # negative inside; roughly metres near its border


def car(b: Body) -> dict[str, Mesh]:
    """The car's parts by material: body, glass, trim, tyre, rim, headlamp, taillamp, plate."""
    parts: dict[str, list[Mesh]] = {}
    shell = skin(b)
    for axle in b.axles:
        _, shell = split(
            shell, lambda p, axle=axle: np.hypot(p.x - axle, p.z - b.wheel_radius) - arch(b)
        )
    for name, edge, field in openings(b):
        piece, shell = split(shell, lambda p, f=field, e=edge: f(p) - e)
        piece, seal = split(piece, field)
        parts.setdefault(name, []).append(piece)
        parts.setdefault("trim", []).append(seal)
    for line in seams(b):
        near, rest = split(shell, lambda p, f=line: f(p) - SEAM / 2)
        rest2, gap = split(near, lambda p, f=line: f(p) + SEAM / 2)
        parts["trim"].append(gap)
        shell = join([rest, rest2])
    parts["body"] = [shell, mirror_housing(b)]
    for name, mesh in wheels(b):
        parts.setdefault(name, []).append(mesh)
    whole = {name: mirrored(join(meshes)) for name, meshes in parts.items()}
    whole["trim"] = join([whole["trim"], underside(b)])
    return whole


SEAM = 0.014  # metres: twice a real gap, half a pixel wide at 192 pixels


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
    return Mesh(np.stack(columns, -1).reshape(-1, 10), _quads(*y.shape))


def _stations(b: Body) -> tuple[np.ndarray, np.ndarray]:
    """Where sections stand along x, and how far each is drawn together: nose and tail close."""
    turn = np.linspace(0, np.pi / 2, 20)
    out, closing = (
        np.cos(turn) ** 0.62,
        np.sin(turn) ** 0.62,
    )  # a superellipse: flat face, round edge
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
    fine = np.arange(-0.2, 1.2, 0.002)
    return np.interp(along, fine, _blurred(np.interp(fine, *zip(*knots, strict=True)), 9))


def belt_line(b: Body, along: np.ndarray) -> np.ndarray:
    """Height at which bodywork turns into greenhouse, or into bonnet and boot; metres."""
    rising, crown = b.belt + 0.05 * (along - 0.5), centre_line(b, along) - 0.055
    return 0.5 * (rising + crown - np.hypot(rising - crown, 0.05))  # the lower one, smoothly


def _section(b: Body, along, top, belt) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    return _blurred(np.concatenate([parity * a[:, :0:-1], a], 1), 1.3)[:, n - 1 :]


def _bowed(b: Body, x, y, z, along, top, belt) -> np.ndarray:
    """Stations bent in plan: nose, tail, windscreen and rear window are curved, not flat."""
    across = (y / (b.width / 2)) ** 2
    nose = 0.24 * across * smoothstep(b.length / 2 - 1.1, b.length / 2, x)
    tail = 0.14 * across * smoothstep(0.8 - b.length / 2, -b.length / 2, x)
    middle, span = (b.cowl + b.deck) / 2, (b.deck - b.cowl) / 2
    lean = np.clip((middle - along) / span, -1, 1)
    lean = lean * smoothstep(1.25, 1.0, np.abs(middle - along) / span)
    screen = 0.17 * lean * across * smoothstep(0.0, 0.15, z - belt)
    return x - nose + tail - screen


def _fenders(b: Body, x, y, z) -> np.ndarray:
    """How far the sides swell round the wheels."""
    swell = 0
    for axle in b.axles:
        off = np.hypot(x - axle, z - b.wheel_radius) - arch(b)
        swell = swell + np.exp(-((np.clip(off, 0, None) / 0.17) ** 2))
    return b.flare * swell * smoothstep(0.3, 0.7, y)


def _normals(x, y, z) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outward unit normals of a grid of points."""
    points = np.stack(np.broadcast_arrays(x, y, z), -1)
    n = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    n[:, 0, 1] = 0  # symmetric across the centre line
    n[0], n[-1] = [1, 0, 0], [-1, 0, 0]  # where nose and tail close in one point
    n /= np.linalg.norm(n, axis=-1, keepdims=True) + 1e-12
    if n[len(n) // 2, 0, 2] < 0:
        n[1:-1] *= -1
    return n[..., 0], n[..., 1], n[..., 2]


def openings(b: Body) -> list[tuple[str, float, Field]]:
    """What is cut from the skin: part, width of its seal in metres, and where it lies."""
    nose, tail = b.length / 2, -b.length / 2
    lamp, rear = b.nose_height - 0.085, b.deck_height - 0.16

    def screen(front: float, end: float) -> Field:
        return lambda p: _all((front - p.along) * 3, (p.along - end) * 3, p.around - 0.56)

    def headlamp(p: Place):
        slant = p.z - lamp - 0.10 * (p.y - 0.6)
        return _all(np.abs(slant) - 0.043 - 0.03 * (p.y - 0.6), 0.40 - p.y, nose - 0.46 - p.x)

    def taillamp(p: Place):
        slant = p.z - rear - 0.06 * (p.y - 0.6)
        return _all(np.abs(slant) - 0.062, 0.34 - p.y, p.x - tail - 0.34)

    def grille(p: Place):
        height = np.abs(p.z - lamp + 0.11)
        return _all(height - 0.06, p.y - 0.42 + 0.5 * height, nose - 0.30 - p.x)

    def intake(p: Place):
        return _all(np.abs(p.z - b.clearance - 0.16) - 0.05, p.y - 0.62, nose - 0.40 - p.x)

    def valance(p: Place):
        return _all(p.z - b.clearance - 0.17, p.x - tail - 0.40)

    def plate(p: Place):
        return _all(np.abs(p.z - rear + 0.19) - 0.055, p.y - 0.26, p.x - tail - 0.30)

    return [
        ("glass", 0.030, screen(b.cowl + 0.008, b.roof_front - 0.006)),
        ("glass", 0.030, screen(b.roof_rear + 0.012, b.deck - 0.012)),
        ("glass", 0.022, side_glass(b)),
        ("headlamp", 0.012, headlamp),
        ("taillamp", 0.010, taillamp),
        ("trim", 0.0, grille),
        ("trim", 0.0, intake),
        ("trim", 0.0, valance),
        ("trim", 0.0, lambda p: p.z - b.clearance - 0.045),  # sill
        ("plate", 0.0, plate),
    ]


def side_glass(b: Body) -> Field:
    """The side windows, with the pillar between them left out."""
    end = rear_of_windows(b)

    def field(p: Place):
        belt = belt_line(b, p.along)
        back = (p.along - end) * 3 - 0.55 * (belt + 0.15 - p.z)  # the rear pillar leans
        post = 0.046 - np.abs(p.x - b.length * (0.5 - pillar(b)))
        front = (b.cowl + 0.035 - p.along) * 4
        return _all(belt + 0.025 - p.z, (0.70 - p.around) * 0.35, front, back, post, p.around - 1.1)

    return field


def rear_of_windows(b: Body) -> float:
    """Where the side windows end: on a hatchback before its thick rear pillar."""
    return b.roof_rear + (-0.035 if b.style == "hatchback" else 0.055)


def pillar(b: Body) -> float:
    """Where the middle pillar stands: further back where there is one door a side."""
    return 0.5 * (b.cowl + b.roof_rear) + (0.10 if b.style == "coupe" else 0.045)


def seams(b: Body) -> list[Field]:
    """Lines of the doors and the bonnet; zero on the line, 1 where it does not run."""
    doors = [b.cowl + 0.015, pillar(b) - 0.008]
    if b.style != "coupe":
        doors.append(rear_of_windows(b) - 0.03)

    def door(where: float) -> Field:
        x = b.length * (0.5 - where)
        return lambda p: np.where(
            (p.around > 0.8) & (p.z > b.clearance + 0.12) & (p.z < belt_line(b, p.along) + 0.04),
            p.x - x,
            1.0,
        )

    def bonnet(p: Place):
        runs = (p.around > 0.3) & (p.along < b.cowl) & (p.along > 0.05)
        return np.where(runs, (p.around - 1.0) * 0.3, 1.0)

    return [*map(door, doors), bonnet]


def mirror_housing(b: Body) -> Mesh:
    """The left wing mirror."""
    turn = np.linspace(0.01, np.pi - 0.01, 16)
    ball = lathe(np.sin(turn), np.cos(turn), 24)
    radii = np.array([0.07, 0.11, 0.065])
    v = ball.vertices.copy()
    v[:, 3:6] = v[:, :3] / radii
    v[:, 3:6] /= np.linalg.norm(v[:, 3:6], axis=1, keepdims=True)
    place = [b.length * (0.5 - b.cowl) - 0.28, b.width / 2 + 0.05, b.belt + 0.07]
    v[:, :3] = v[:, :3] * radii + place
    return Mesh(v, ball.faces)


def wheels(b: Body) -> list[tuple[str, Mesh]]:
    """The left wheels, their rims and wells, each with its material."""
    radius, rim = b.wheel_radius, 0.69 * b.wheel_radius
    r = [0.69, 0.72, 0.82, 0.92, 0.975, 0.995, 1.0, 1.0, 0.95, 0.7]
    y = [0.085, 0.10, 0.11, 0.105, 0.09, 0.07, 0.04, -0.06, -0.10, -0.10]
    dish = np.linspace(0.01, rim, 14)
    face = lathe(dish, 0.082 - 0.03 * (1 - (dish / rim) ** 2), 120)
    _, face = split(face, lambda p: _spoke_window(p, rim, b.spokes))
    one = [
        ("tyre", lathe(radius * np.array(r), np.array(y), 64)),
        ("rim", face),
        ("trim", lathe(np.array([0.01, rim]), np.array([-0.02, -0.02]), 32)),
        ("trim", lathe(np.array([rim, rim]), np.array([-0.02, 0.085]), 48)),
    ]
    depth = b.width / 2 - 0.105
    well = lathe(np.full(2, arch(b) + 0.01), np.array([0.6 - depth, 0.07]), 48)
    well = split(well, lambda p: b.clearance + 0.06 - b.wheel_radius - p.z)[0]
    return [
        (name, _moved(mesh, (axle, depth, radius)))
        for axle in b.axles
        for name, mesh in [*one, ("trim", well)]
    ]


def _spoke_window(p: Place, rim: float, spokes: int) -> np.ndarray:
    """The holes between a rim's spokes; there `along` is the angle and `around` the radius."""
    period = 2 * np.pi / spokes
    off = np.abs(p.along % period - period / 2) * p.around
    half = 0.24 / spokes * (0.5 + 1.2 * p.around / rim)  # a spoke widens outwards
    return _all(half - off, 0.26 * rim - p.around, p.around - 0.86 * rim)


def underside(b: Body) -> Mesh:
    """A dark box that one meets when looking in past the wheels."""
    ends = [(-b.length / 2 + 0.35, b.length / 2 - 0.45), (-0.6, 0.6), (b.clearance + 0.02, 0.62)]
    corners = np.array([[x, y, z] for x in ends[0] for y in ends[1] for z in ends[2]])
    faces = (0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5)
    points = corners[np.array(faces)]  # (6, 4, 3)
    normals = points.mean(1) - corners.mean(0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    v = np.concatenate([points, np.repeat(normals[:, None], 4, 1), np.zeros((6, 4, 4))], -1)
    halves = np.array([[0, 1, 2], [0, 2, 3]])
    return Mesh(v.reshape(-1, 10), (4 * np.arange(6)[:, None, None] + halves).reshape(-1, 3))


def lathe(radius: np.ndarray, y: np.ndarray, turns: int) -> Mesh:
    """A surface of revolution about the y axis."""
    angle = np.linspace(0, 2 * np.pi, turns + 1)[:, None]
    n_r, n_y = np.gradient(y), -np.gradient(radius)
    size = np.hypot(n_r, n_y) + 1e-12
    n_r, n_y = -n_r / size, -n_y / size
    c, s = np.cos(angle), np.sin(angle)
    columns = [radius * c, y, radius * s, n_r * c, n_y, n_r * s, c, s, angle, radius]
    v = np.stack(np.broadcast_arrays(*columns), -1)
    return Mesh(v.reshape(-1, 10), _quads(turns + 1, len(radius)))


def split(mesh: Mesh, field: Field) -> tuple[Mesh, Mesh]:
    """(where the field is negative, the rest): triangles on the border are cut along it."""
    v, faces = mesh
    f = field(Place(v[:, 0], v[:, 1], v[:, 2], v[:, 8], v[:, 9]))
    outside = f[faces] >= 0
    count = outside.sum(1)
    crossed = (count == 1) | (count == 2)
    tri, out = faces[crossed], outside[crossed]
    lone = np.where(count[crossed] == 1, out.argmax(1), (~out).argmax(1))
    row = np.arange(len(tri))
    a, b, c = (tri[row, (lone + i) % 3] for i in range(3))
    p, q = len(v) + row, len(v) + len(row) + row
    v = np.concatenate([v, _crossing(v, f, a, b), _crossing(v, f, a, c)])
    tip = np.stack([a, p, q], 1)
    rest = np.concatenate([np.stack([p, b, c], 1), np.stack([p, c, q], 1)])
    tip_out = out[row, lone]
    rest_out = np.concatenate([~tip_out, ~tip_out])
    inner = np.concatenate([faces[count == 0], tip[~tip_out], rest[~rest_out]])
    outer = np.concatenate([faces[count == 3], tip[tip_out], rest[rest_out]])
    return _compact(v, inner), Mesh(v, outer)


def _crossing(v, f, a, b) -> np.ndarray:
    """Vertices where the field is zero between a and b."""
    return v[a] + (f[a] / (f[a] - f[b]))[:, None] * (v[b] - v[a])


def _compact(v: np.ndarray, faces: np.ndarray) -> Mesh:
    """Without the vertices that no face names."""
    used, numbered = np.unique(faces, return_inverse=True)
    return Mesh(v[used], numbered.reshape(-1, 3))


def join(meshes: list[Mesh]) -> Mesh:
    """One mesh of several."""
    first = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    faces = [m.faces + n for m, n in zip(meshes, first, strict=True)]
    return Mesh(np.concatenate([m.vertices for m in meshes]), np.concatenate(faces))


def mirrored(mesh: Mesh) -> Mesh:
    """The left half and its mirror image."""
    v = mesh.vertices.copy()
    v[:, [1, 4]] *= -1  # y and the normal's y
    return join([mesh, Mesh(v, mesh.faces[:, ::-1])])


def _moved(mesh: Mesh, by: tuple[float, float, float]) -> Mesh:
    v = mesh.vertices.copy()
    v[:, :3] += by
    return Mesh(v, mesh.faces)


def _quads(rows: int, columns: int) -> np.ndarray:
    """Two triangles for each cell of a grid."""
    i = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:]
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)


def _all(*fields: np.ndarray) -> np.ndarray:
    """Inside every one of them."""
    return np.maximum.reduce(np.broadcast_arrays(*fields))


def _blurred(a: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian along the last axis, its ends held."""
    reach = int(3 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(a, [(0, 0)] * (a.ndim - 1) + [(reach, reach)], mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), -1)
    return windows @ (kernel / kernel.sum())
