"""A chrome ball and a car's door that a reader turns, and where three places of the ball look."""

from dataclasses import dataclass
from math import asin, atan2, degrees, radians, sqrt, tan

from gen.core.errors import BadInput
from gen.publish.draft import Draft
from gen.publish.macros import macro

WORLDS = {  # by the names of their files; what stands between ground and sky there
    "desert": ("desert", ""),
    "sunset": ("sunset", ""),
    "city": ("city street", "the houses"),
}
SHAPES = {"ball": "a ball", "door": "a car’s door"}
EYE = 6.4  # radii of the ball between its middle and the viewer's eye
ACROSS = {"ball": 33.0, "door": 19.0}  # degrees, of the picture's width
TINT = (0.90, 0.92, 0.94)  # of what it mirrors, what chrome sends on
SUN = 130.0  # degrees to the left of where the viewer first looks
TURNS, TILTS = range(-180, 180, 5), range(-30, 31, 5)  # degrees that a link may name
LETTERS = {  # places of the ball in its picture, from its upper left corner
    "A": (0.43, 0.3),
    "B": (0.36, 0.5),
    "C": (0.57, 0.74),
}


@dataclass(frozen=True)
class Letter:
    """A place of the ball and the place of the unrolled surroundings that it shows, in percent."""

    name: str
    x: float
    y: float
    column: float
    row: float


@macro
def ball(draft: Draft, id: str) -> str:
    """What a measurement keeps to be turned: panoramas, stills, a door's shape. Raises BadInput."""
    stored = dict(draft.measurement("ball", id).digests)
    names = [f"{w}-{part}" for w in WORLDS for part in ("around", "still", "door")]
    files = {name: f"{id}-{name}.webp" for name in (*names, "normals")}
    for file in files.values():
        if file not in stored:
            raise BadInput(f"{draft.path}: ball: {id} keeps no {file}; see its JSON")
    sizes = {name: draft.materials.sizes[file] for name, file in files.items()}
    width, height = sizes["desert-still"]
    letters = [_letter(name, *place, width / height) for name, place in LETTERS.items()]
    fixed = {"worlds": WORLDS, "shapes": SHAPES, "eye": EYE, "across": ACROSS, "tint": TINT}
    fixed |= {"turns": TURNS, "tilts": TILTS, "sun": SUN}
    places = {"files": files, "sizes": sizes, "letters": letters}
    return draft.aside("ball", id=id, src=f"{draft.up}measurements/", **fixed, **places)


def _letter(name: str, x: float, y: float, aspect: float) -> Letter:
    """Where a mirror looks at a place of the ball's picture, level with the viewer's eye."""
    across, up, ahead = _reflected(x, y, aspect)
    column = 50 + degrees(atan2(across, ahead)) / 3.6
    return Letter(name, 100 * x, 100 * y, column % 100, (90 - degrees(asin(up))) / 1.8)


def _reflected(x: float, y: float, aspect: float) -> tuple[float, ...]:
    """(to the right, up, ahead), a unit vector."""
    half = tan(radians(ACROSS["ball"] / 2))
    ray = ((2 * x - 1) * half, (1 - 2 * y) * half / aspect, 1.0)
    size = sqrt(sum(part**2 for part in ray))
    toward = [part / size for part in ray]
    along = toward[2] * EYE
    depth = along - sqrt(along**2 - EYE**2 + 1)
    normal = [depth * part - middle for part, middle in zip(toward, (0, 0, EYE), strict=True)]
    into = sum(a * b for a, b in zip(toward, normal, strict=True))
    return tuple(t - 2 * into * n for t, n in zip(toward, normal, strict=True))
