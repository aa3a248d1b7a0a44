"""Close-ups of pictures that the site shows anyway: what to look at, ringed, thing by thing."""

from dataclasses import dataclass

from gen.core.errors import BadInput, MissingRecord
from gen.core.yamlfile import nearest
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.pictures import upscaled


@dataclass(frozen=True)
class Ring:
    """A ring in shares of a picture's width and height; its size in those of the width.

    Its number stands above it, or `under` it.
    """

    x: float
    y: float
    size: float
    under: bool = False


@dataclass(frozen=True)
class CloseUp:
    """A part of a picture (left, top, width, height, in shares), rings on it, and what they show.

    `of` is a staged picture's id, or an idea's, whose picture the required model painted.
    """

    of: str
    part: tuple[float, float, float, float]
    rings: tuple[Ring, ...]
    says: str
    painted: bool = False


DESERT = "desert"
CLOSE_UPS = {
    "roof": CloseUp(
        DESERT,
        (0.30, 0.14, 0.50, 0.42),
        (Ring(0.455, 0.367, 0.012), Ring(0.73, 0.28, 0.02)),
        "The roof (1) shows a sky like the one behind the car (2), only higher up and so bluer.",
    ),
    "doors": CloseUp(
        DESERT,
        (0.20, 0.58, 0.35, 0.42),
        (Ring(0.384, 0.72, 0.018), Ring(0.345, 0.94, 0.018)),
        "The foot of the door (1) shows the sand in front of it (2).",
    ),
    "band": CloseUp(
        DESERT,
        (0.11, 0.50, 0.42, 0.34),
        (Ring(0.25, 0.625, 0.018), Ring(0.476, 0.648, 0.018)),
        "A strip of sand, with sky above and below it, closes to a point (1, 2): follow its edge.",
    ),
    "shadow": CloseUp(
        DESERT,
        (0.44, 0.56, 0.56, 0.42),
        (Ring(0.925, 0.845, 0.022), Ring(0.5362, 0.8214, 0.014, under=True)),
        "The shadow falls to the right (1), so the light comes from the left; the brightest spot,"
        " on a wheel (2), faces that way.",
    ),
    "camera": CloseUp(
        DESERT,
        (0.56, 0.56, 0.24, 0.28),
        (Ring(0.6616, 0.7077, 0.02),),
        "Here (1) the bumper faces the camera. In a photograph somebody would stand in it.",
    ),
    "stripes": CloseUp(
        "chrome-studio",
        (0.0, 0.2, 0.78, 0.516),
        (Ring(0.2, 0.455, 0.03),),
        "Painted by the study model: the upper half is black (1), and nothing in sight is black."
        " A dark room out of sight does that, too, to some path-traced cars of ours: a question,"
        " no proof.",
        painted=True,
    ),
    "skin": CloseUp(
        "glossy-red-studio",
        (0.14, 0.2, 0.76, 0.4845),
        (Ring(0.345, 0.4, 0.03), Ring(0.56, 0.555, 0.03)),
        "Painted by the study model: bands of light run over roof, glass (1) and bonnet (2) as if"
        " all were one skin, and bend with none of them.",
        painted=True,
    ),
    "twins": CloseUp(
        "chrome-sunset",
        (0.36, 0.3, 0.6, 0.54),
        (Ring(0.468, 0.68, 0.055), Ring(0.8, 0.55, 0.055)),
        "Painted by the study model, the first try: one wheel is whole (1), the other fell apart"
        " (2).",
        painted=True,
    ),
}


@dataclass(frozen=True)
class Drawn:
    """A close-up on a page: its picture, and all that is drawn in that picture's pixels."""

    says: str
    file: str
    size: tuple[int, int]
    box: tuple[float, float, float, float]
    rings: tuple[tuple[float, float, float, float], ...]  # middle, radius, foot of its number
    letters: float  # how high these are


@macro
def close_up(draft: Draft, *names: str) -> str:
    """One thing to look at: only the part of a picture that shows it, and rings; several abreast.

    Raises BadInput for an unknown name, MissingRecord where a staged picture is not there.
    """
    drawn = []
    for name in names:
        if name not in CLOSE_UPS:
            raise BadInput(f"{draft.path}: close_up: no {name}; {nearest(name, CLOSE_UPS)}")
        shown = CLOSE_UPS[name]
        if not shown.painted:
            drawn.append(_staged(draft, shown))
            continue
        prompt, capture = draft.find(shown.of)
        if capture is None:
            return draft.missing(prompt)
        file = f"{draft.folder(capture)}{upscaled.FILE}"
        drawn.append(_drawn(shown, file, (prompt.width, prompt.height)))
    return draft.aside("close-up", drawn=drawn)


def _staged(draft: Draft, shown: CloseUp) -> Drawn:
    if shown.of not in draft.materials.staged:
        raise MissingRecord(f"{draft.path}: close_up: no {shown.of}; run gen study stage")
    whole = draft.materials.staged[shown.of]
    return _drawn(shown, f"{draft.up}staged/{whole.id}.webp", (whole.width, whole.height))


def _drawn(shown: CloseUp, file: str, size: tuple[int, int]) -> Drawn:
    across, down = size
    left, top, width, height = shown.part
    box = (left * across, top * down, width * across, height * down)
    unit = width * across / 100  # what is drawn by it is as large in every part
    rings = []
    for ring in shown.rings:
        x, y, r = ring.x * across, ring.y * down, ring.size * across
        rings.append((x, y, r, y + r + 5.6 * unit if ring.under else y - r - 1.2 * unit))
    return Drawn(shown.says, file, size, box, tuple(rings), 6 * unit)
