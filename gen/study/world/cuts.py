"""What is cut from the skin, and the lines where its panels meet."""

import numpy as np

from gen.study.recipe.render import Body
from gen.study.world.mesh import Field, Place, overlap
from gen.study.world.skin import arch, belt_line

SEAM = 0.0075  # metres: a wide real gap, half a pixel at 384 pixels; it reads, and stays whole


def lamp_height(b: Body) -> float:
    """Where the headlamps stand, metres above the ground."""
    return b.nose_height - 0.085


def rear_height(b: Body) -> float:
    """Where the taillamps stand, metres above the ground."""
    return b.deck_height - 0.16


def openings(b: Body) -> list[tuple[str, float, Field]]:
    """What is cut from the skin: part, width of its seal in metres, and where it lies."""
    tail = -b.length / 2

    def screen(front: float, end: float) -> Field:
        return lambda p: overlap((front - p.along) * 3, (p.along - end) * 3, p.around - 0.57)

    def valance(p: Place) -> np.ndarray:
        return overlap(p.z - b.clearance - 0.17, p.x - tail - 0.40)

    return [
        ("glass", 0.018, screen(b.cowl + 0.006, b.roof_front - 0.006)),
        ("glass", 0.016, screen(b.roof_rear + 0.012, b.deck - 0.012)),
        ("glass", 0.012, side_glass(b)),
        ("headlamp", 0.006, headlamp(b)),
        ("taillamp", 0.006, taillamp(b)),
        ("grille", 0.010, grille(b)),
        ("intake", 0.0, intake(b)),
        ("trim", 0.0, valance),
        ("trim", 0.0, lambda p: p.z - b.clearance - 0.045),  # sill
    ]


def headlamp(b: Body) -> Field:
    """A slanted eye that runs round the corner and narrows to its inner end."""

    def field(p: Place) -> np.ndarray:
        slant = p.z - lamp_height(b) - 0.10 * (p.y - 0.6)
        high = 0.045 + 0.03 * (p.y - 0.6)
        return overlap(np.abs(slant) - high, 0.40 - p.y - 0.5 * slant, b.length / 2 - 0.46 - p.x)

    return field


def taillamp(b: Body) -> Field:
    """A band from beside the boot's lid round the corner."""

    def field(p: Place) -> np.ndarray:
        slant = p.z - rear_height(b) - 0.06 * (p.y - 0.6)
        inner = 0.36 - p.y + 0.4 * slant
        return overlap(np.abs(slant) - 0.062, inner, p.x + b.length / 2 - 0.34)

    return field


def grille(b: Body) -> Field:
    """The upper opening, between the headlamps."""

    def field(p: Place) -> np.ndarray:
        height = np.abs(p.z - lamp_height(b) + 0.115)
        return overlap(height - 0.062, p.y - 0.46 + 0.6 * height, b.length / 2 - 0.30 - p.x)

    return field


def intake(b: Body) -> Field:
    """The lower opening, in the bumper."""

    def field(p: Place) -> np.ndarray:
        height = p.z - b.clearance - 0.16
        sides = p.y - 0.66 + 0.6 * np.abs(height + 0.03)
        return overlap(np.abs(height) - 0.052, sides, b.length / 2 - 0.40 - p.x)

    return field


def side_glass(b: Body) -> Field:
    """All side windows as one band; `pillar_field` says where the pillars stand in it."""
    end = rear_of_windows(b)

    def field(p: Place) -> np.ndarray:
        belt = belt_line(b, p.along)
        back = (p.along - end) * 3 - 0.55 * (belt + 0.15 - p.z)  # the rear pillar leans
        front = (b.cowl + 0.035 - p.along) * 4
        return overlap(belt + 0.025 - p.z, (0.70 - p.around) * 0.35, front, back, p.around - 1.1)

    return field


def rear_of_windows(b: Body) -> float:
    """Where the side windows end: on a hatchback before its thick rear pillar."""
    return b.roof_rear + (-0.035 if b.style == "hatchback" else 0.055)


def pillar(b: Body) -> float:
    """Where the middle pillar stands: further back where there is one door a side."""
    return 0.5 * (b.cowl + b.roof_rear) + (0.10 if b.style == "coupe" else 0.045)


def pillar_field(b: Body) -> Field:
    """The dark pillar between the side windows."""
    x = b.length * (0.5 - pillar(b))
    return lambda p: np.abs(p.x - x - 0.10 * (p.z - b.belt)) - 0.036


def seams(b: Body) -> list[Field]:
    """Lines of doors, bonnet, tail, bumpers and filler; NaN where a line cannot run."""
    return [*_doors(b), _bonnet(b), _lid(b), *_bumpers(b), _filler(b)]


def door_ends(b: Body) -> list[tuple[float, float]]:
    """(rear, front) of each door along x, metres, the front door first."""
    front = b.length * (0.5 - b.cowl - 0.012)
    post = b.length * (0.5 - pillar(b))
    if b.style == "coupe":
        return [(post - 0.03, front)]
    return [(post, front), (b.length * (0.5 - rear_of_windows(b) + 0.012), post)]


def _doors(b: Body) -> list[Field]:
    def door(rear: float, front: float) -> Field:
        def field(p: Place) -> np.ndarray:
            dx = np.abs(p.x - (front + rear) / 2) - (front - rear) / 2
            dz = b.clearance + 0.125 - p.z
            box = _rounded_corner(dx, dz, 0.07)
            clear = arch(b) + 0.05 - np.hypot(p.x - b.axles[1], p.z - b.wheel_radius)
            shape = _rounded_corner(box, clear, 0.05)
            side = (p.around > 0.8) & (p.z < belt_line(b, p.along) + 0.09)
            return np.where(side, shape, np.nan)

        return field

    return [door(rear, front) for rear, front in door_ends(b)]


def _bonnet(b: Body) -> Field:
    def field(p: Place) -> np.ndarray:
        side = p.y - b.width / 2 * (0.80 - 0.10 * (p.x / b.length) ** 2)
        front = p.x - b.length / 2 + 0.15 + 0.24 * (2 * p.y / b.width) ** 2
        shape = _rounded_corner(side, front, 0.10)
        shape = np.maximum(shape, (p.along - b.cowl + 0.004) * b.length)
        return np.where((p.around < 1.1) & (p.along < b.cowl + 0.02), shape, np.nan)

    return field


def _lid(b: Body) -> Field:
    """The boot's lid; on a hatchback the tailgate, which holds the rear window."""
    top = b.roof_rear - 0.004 if b.style == "hatchback" else b.deck - 0.002
    low = bumper_height(b)

    def field(p: Place) -> np.ndarray:
        rise = np.clip(p.z - belt_line(b, p.along), 0, None)
        side = p.y - (0.66 - 0.42 * rise if b.style == "hatchback" else 0.63)
        shape = _rounded_corner(side, low + 0.012 - p.z, 0.06)
        shape = _rounded_corner(shape, (top - p.along) * b.length, 0.05)
        return np.where(p.along > top - 0.02, shape, np.nan)

    return field


def bumper_height(b: Body) -> float:
    """Where the rear bumper's upper edge runs, metres."""
    return rear_height(b) - 0.285


def _bumpers(b: Body) -> list[Field]:
    front, rear = b.axles

    def nose(p: Place) -> np.ndarray:
        runs = (p.x > front + 0.1) & (p.x < b.length / 2 - 0.40) & (p.around > 1)
        return np.where(runs, p.z - lamp_height(b) + 0.012, np.nan)

    def tail(p: Place) -> np.ndarray:
        level = bumper_height(b) + 0.10 * np.clip(p.x + b.length / 2 - 0.25, 0, 1)
        return np.where((p.x < rear - 0.1) & (p.around > 0.5), p.z - level, np.nan)

    return [nose, tail]


def _filler(b: Body) -> Field:
    """The filler's flap, a round one above the rear wheel."""
    x, z = b.axles[1] - 0.20, b.belt - 0.085

    def field(p: Place) -> np.ndarray:
        d = np.hypot(p.x - x, p.z - z)
        return np.where((p.y > 0.4) & (d < 0.2), d - 0.055, np.nan)

    return field


def _rounded_corner(a: np.ndarray, b: np.ndarray, radius: float) -> np.ndarray:
    """Inside both, their corner an arc."""
    corner = np.hypot(np.maximum(a + radius, 0), np.maximum(b + radius, 0)) - radius
    return np.where((a > -radius) & (b > -radius), corner, np.maximum(a, b))
