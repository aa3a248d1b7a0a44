"""What is fitted to the bodywork: lamps, grilles, plates, mirrors, handles, exhausts."""

import numpy as np

from gen.study.recipe.render import Body
from gen.study.world.cuts import (
    door_ends,
    grille,
    headlamp,
    intake,
    lamp_height,
    rear_height,
    taillamp,
)
from gen.study.world.mesh import Field, Mesh, Place, grown, join, lathe, overlap, quads, split
from gen.study.world.relief import box, lengthwise, moved, pushed, refined, slanted, walls
from gen.study.world.scene import smoothstep

Pieces = list[tuple[str, Mesh]]  # each with its material

PLATE = 0.26, 0.055  # metres: half the width and half the height of a number plate


# ---- lamps ---------------------------------------------------------------------------------


def headlamps(b: Body, piece: Mesh) -> Pieces:
    """A dark housing with two bright bowls in it and a strip of light along its lower edge."""
    piece, edge = refined(piece, 0.022), headlamp(b)
    strip, piece = split(piece, lambda p: _strip(b, p, edge(p)))
    pieces = [("headlamp", strip)]
    for across, radius in ((0.535, 0.033), (0.665, 0.036)):
        centre = _nearest(piece, across, lamp_height(b) + 0.10 * (across - 0.6) + 0.007)
        far = _distance(centre)
        piece = refined(piece, 0.011, _disc(far, radius))
        bowl, piece = split(piece, grown(far, radius))
        bulb, bowl = split(_hollow(bowl, far, radius), grown(far, radius / 2))
        pieces += [("reflector", bowl), ("headlamp", bulb)]
    return [*pieces, ("lens", pushed(piece, lambda p: 0.012 * smoothstep(0, 0.012, -edge(p))))]


def _strip(b: Body, p: Place, edge: np.ndarray) -> np.ndarray:
    slant = p.z - lamp_height(b) - 0.10 * (p.y - 0.6)
    high = 0.045 + 0.03 * (p.y - 0.6)
    return overlap(np.abs(slant + high - 0.012) - 0.0065, edge + 0.008)


def _nearest(mesh: Mesh, y: float, z: float) -> np.ndarray:
    """(3,) the mesh's vertex nearest to a place seen along the car."""
    v = mesh.vertices[np.unique(mesh.faces)]
    return v[np.hypot(v[:, 1] - y, v[:, 2] - z).argmin(), :3]


def _distance(centre: np.ndarray) -> Field:
    return lambda p: np.linalg.norm([p.x - centre[0], p.y - centre[1], p.z - centre[2]], axis=0)


def _hollow(mesh: Mesh, far: Field, radius: float) -> Mesh:
    """A disc of the skin pressed into a bowl half as deep as it is wide."""
    return pushed(mesh, lambda p: 0.6 * radius * np.clip(1 - (far(p) / radius) ** 2, 0, 1))


def taillamps(b: Body, piece: Mesh) -> Pieces:
    """A red glass with a lit ring and a clear reversing lamp in it, each sunk a little."""
    piece, edge = refined(piece, 0.022), taillamp(b)
    ring, piece = _between(piece, edge, -0.0295, -0.0125)
    clear, piece = split(piece, lambda p: overlap(np.abs(p.y - 0.52) - 0.045, edge(p) + 0.038))
    piece = pushed(piece, lambda p: 0.010 * smoothstep(0.030, 0.036, -edge(p)))
    return [("lit", ring), ("headlamp", clear), ("taillamp", piece)]


# ---- openings ------------------------------------------------------------------------------


def grilles(b: Body, piece: Mesh) -> Pieces:
    """The upper opening: a dark hollow behind bright slats."""
    return _slatted(
        refined(piece, 0.022, grille(b), 0.012), grille(b), lamp_height(b) - 0.115, 0.026, "rim"
    )


def intakes(b: Body, piece: Mesh) -> Pieces:
    """The lower opening: a dark hollow behind dark slats that catch some light."""
    return _slatted(
        refined(piece, 0.022, intake(b), 0.012), intake(b), b.clearance + 0.16, 0.034, "lens"
    )


def _disc(far: Field, radius: float) -> Field:
    """Inside a radius, all of it near the border: so that it is cut fine throughout."""
    return lambda p: np.maximum(far(p) - radius, 0) - 1e-4


def _slatted(piece: Mesh, edge: Field, middle: float, pitch: float, look: str) -> Pieces:
    behind = pushed(piece, lambda p: 0.045 * smoothstep(0, 0.012, -edge(p)))
    rest = pushed(piece, lambda p: 0.012 * smoothstep(0, 0.010, -edge(p)))
    slats = []
    for level in middle + pitch * np.arange(-2, 3):
        slat, rest = _between(rest, _above(level), -0.17 * pitch, 0.17 * pitch)
        slats.append(join([slat, walls(slat, (-0.02, 0, 0))]))
    return [("trim", behind), (look, join(slats))]


def _above(level: float) -> Field:
    return lambda p: p.z - level


def _between(mesh: Mesh, field: Field, low: float, high: float) -> tuple[Mesh, Mesh]:
    """(where the field lies between two values, the rest)."""
    under, over = split(mesh, lambda p: field(p) - high)
    below, band = split(under, lambda p: field(p) - low)
    return band, join([below, over])


# ---- plates --------------------------------------------------------------------------------


def plates(b: Body, skin: Mesh) -> Pieces:
    """Front and rear number plate in dark frames, flat, leaning as the body behind them does."""
    front = 0.5 * (b.clearance + lamp_height(b)) + 0.02
    return [*_plate(skin, front, 1), *_plate(skin, rear_height(b) - 0.175, -1)]


def _plate(skin: Mesh, z: float, ahead: int) -> Pieces:
    x, lean = _backing(skin, z, ahead)
    wide, high = PLATE
    frame = box((-0.03, -wide - 0.010, -high - 0.010), (0.008, wide + 0.010, high + 0.010))
    sheet = box((0.0, -wide, -high), (0.011, wide, high))
    turned = [_facing(mesh, ahead) for mesh in (frame, sheet)]
    frame, sheet = (moved(slanted(mesh, lean), (x, 0, z)) for mesh in turned)
    return [("trim", frame), ("plate", sheet)]


def _backing(skin: Mesh, z: float, ahead: int) -> tuple[float, float]:
    """(x, lean) of the plane that touches the skin's outermost points behind a plate."""
    v = skin.vertices
    behind = (np.abs(v[:, 2] - z) < PLATE[1] + 0.02) & (v[:, 1] < PLATE[0]) & (ahead * v[:, 0] > 1)
    x, up = v[behind, 0], v[behind, 2] - z
    lean = float(np.clip(np.polyfit(up, x, 1)[0], -0.25, 0.25))
    return ahead * float((ahead * (x - lean * up)).max()), lean


def _facing(mesh: Mesh, ahead: int) -> Mesh:
    """The mesh, or its mirror image that looks backwards."""
    v = mesh.vertices.copy()
    v[:, [0, 3]] *= ahead
    return Mesh(v, mesh.faces[:, ::ahead])


# ---- mirrors, handles, exhausts ------------------------------------------------------------


def mirror(b: Body, skin: Mesh) -> Pieces:
    """The left wing mirror: a shell, the glass in its back, and the stalk to the door."""
    foot = mirror_foot(b, skin)
    place = foot + np.array([-0.015, 0.145, 0.075])
    shell, glass = _mirror_shell()
    stalk = box((-0.035, -0.03, -0.014), (0.03, 0.10, 0.014))
    v = stalk.vertices.copy()
    v[:, 2] += 0.35 * (v[:, 1] + 0.03)
    stalk = moved(Mesh(v, stalk.faces), tuple(foot))
    return [
        ("body", moved(shell, tuple(place))),
        ("mirror", moved(glass, tuple(place))),
        ("trim", stalk),
    ]


def mirror_foot(b: Body, skin: Mesh) -> np.ndarray:
    """(3,) the point of the skin where the side window's lower front corner is."""
    v = skin.vertices
    at = b.length * (0.5 - b.cowl - 0.045), b.belt + 0.005
    off = np.hypot(v[:, 0] - at[0], v[:, 2] - at[1]) + 9 * (v[:, 1] < 0.5)
    return v[off.argmin(), :3]


def _mirror_shell() -> tuple[Mesh, Mesh]:
    """A rounded box, domed to the front, and its flat glass, sunk at the back."""
    turn = np.pi / 2 * np.linspace(0.0001, 1, 14) ** 1.6
    deep = np.concatenate([0.085 * np.cos(turn) ** 0.9, [-0.02, -0.032, -0.036, -0.034]])
    wide = np.concatenate([np.sin(turn) ** 0.62, [0.985, 0.97, 0.945, 0.90]])
    shell = _boxy(deep, wide)
    glass = _boxy(np.array([-0.034, -0.034]), np.array([0.90, 0.01]))
    return pushed(shell, lambda p: 0 * p.x), glass


def _boxy(deep: np.ndarray, wide: np.ndarray) -> Mesh:
    """Sections along x, each a rounded rectangle `wide` of the full size."""
    angle = np.linspace(0, 2 * np.pi, 41)[:, None]
    c, s = np.cos(angle), np.sin(angle)
    y = 0.105 * np.sign(c) * np.abs(c) ** 0.6 * wide
    z = 0.066 * np.sign(s) * np.abs(s) ** 0.6 * wide * (1 + 1.2 * y)
    x, y, z = np.broadcast_arrays(deep - 0.25 * np.abs(y) ** 1.5, y, z)
    flat = np.ptp(deep) == 0
    n = np.stack([0 * x - 1, 0 * y, 0 * z] if flat else [x + 0.02, y, z], -1)
    n /= np.linalg.norm(n, axis=-1, keepdims=True)
    v = np.concatenate([np.stack([x, y, z], -1), n, np.zeros((*x.shape, 4))], -1)
    return Mesh(v.reshape(-1, 10), quads(41, len(deep)))


def handles(b: Body) -> list[Field]:
    """Where the doors' handles lie."""

    def handle(rear: float) -> Field:
        def field(p: Place) -> np.ndarray:
            level = b.belt - 0.095 + 0.02 * (p.x - rear)
            along = np.abs(p.x - rear - 0.155) - 0.085
            off = np.hypot(np.maximum(along, 0), p.z - level) - 0.016
            return np.where((p.y > 0.5) & (p.around > 1), off, 1.0)

        return field

    return [handle(rear) for rear, _ in door_ends(b)]


def raised(piece: Mesh, edge: Field) -> Pieces:
    """A handle: a bar that stands off the door in a dark recess."""
    piece = refined(piece, 0.015)
    bar, recess = split(piece, lambda p: edge(p) + 0.005)
    bar = pushed(bar, lambda p: -0.020 * smoothstep(0.0, 0.008, -edge(p) - 0.005))
    return [("body", bar), ("trim", recess)]


def exhausts(b: Body) -> Pieces:
    """Two pipes under the tail."""
    r = np.array([0.034, 0.036, 0.033, 0.031, 0.031])
    pipe = lengthwise(lathe(r, np.array([0.10, -0.006, -0.008, -0.004, 0.08]), 24))
    at = (-b.length / 2 + 0.045, 0.50, b.clearance + 0.10)
    plug = lengthwise(lathe(np.array([0.0005, 0.031]), np.array([0.03, 0.03]), 16))
    return [("rim", moved(pipe, at)), ("trim", moved(plug, at))]


def underside(b: Body) -> Mesh:
    """A dark box that one meets when looking in past the wheels."""
    low = (-b.length / 2 + 0.35, -0.6, b.clearance + 0.02)
    return box(low, (b.length / 2 - 0.45, 0.6, 0.62))
