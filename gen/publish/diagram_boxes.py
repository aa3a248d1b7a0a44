"""What a diagram is made of: boxes in frames on levels, and how shapes and sizes are worded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Cite:
    """Where a box's fact stands, how that place is called, and what it says in our words."""

    url: str
    label: str
    text: str


@dataclass(frozen=True)
class Box:
    """One drawn part: what was captured of it, and the fact or the reading that explains it."""

    name: str
    title: str
    figures: tuple[str, ...]  # read from the capture
    cls: str = ""
    cite: Cite | None = None
    tells: bool = False  # the fact's text stands here: its first box in the diagram
    ours: str = ""
    slab: tuple[int, int, int] | None = None  # width, height, depth of what it gives, in units
    inside: Level | None = None
    like: str = ""  # id of the level that shows a part built from the same kinds of parts


@dataclass(frozen=True)
class Frame:
    """Rows that belong together: what runs in a loop, side by side, or on one grid."""

    kind: str  # pair | strand | loop | grid | block
    label: str
    rows: tuple[Box | Frame, ...]


@dataclass(frozen=True)
class Level:
    """What one box shows when it is opened, and the levels around it, outermost first."""

    id: str
    title: str
    intro: str
    trail: tuple[tuple[str, str], ...]  # ids and titles, its own last
    rows: tuple[Box | Frame, ...]


def shape(size: tuple[int, ...]) -> str:
    """A tensor's shape without its batch, width first: (1, 4, 64, 96) is "96 × 64 × 4"."""
    if len(size) == 4:
        size = (size[0], size[3], size[2], size[1])  # pictures are read width, height, channels
    return " × ".join(f"{n:,}" for n in size[1:]) or "1"


def count(parameters: int) -> str:
    """A number of parameters in three figures: 859520964 is "860 M"."""
    for unit, scale in (("M", 10**6), ("k", 10**3)):
        if parameters >= scale:
            value = parameters / scale
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return str(parameters)


def percent(share: float) -> str:
    """A share of the arithmetic with one decimal; what would round to nothing says so."""
    return "under 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def framed(boxes: list[tuple[tuple[int, ...], Box]]) -> tuple[Frame, ...]:
    """Boxes with what they take -> frames, a run on a coarser grid inside the finer one around."""
    if not boxes:
        return ()
    finest = max((size[2:] for size, _ in boxes), key=lambda grid: grid[0] * grid[1])
    rows: list[Box | Frame] = []
    for here, group in groupby(boxes, key=lambda pair: pair[0][2:] == finest):
        run = list(group)
        rows += [box for _, box in run] if here else framed(run)
    return (Frame("grid", f"grid of {finest[1]} × {finest[0]}", tuple(rows)),)
