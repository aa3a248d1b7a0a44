"""What a diagram is made of: boxes in frames on levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

Trail = tuple[tuple[str, str], ...]  # ids and titles of levels, outermost first


@dataclass(frozen=True)
class Cite:
    """Where a box's fact stands, how that place is called, and what it says in our words."""

    url: str
    label: str
    text: str


@dataclass(frozen=True)
class Box:
    """One drawn part: what is known of it, and the fact or the reading that explains it."""

    name: str
    title: str
    figures: tuple[str, ...]  # read from the record
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
    trail: Trail  # its own last
    rows: tuple[Box | Frame, ...]


@dataclass(frozen=True)
class Scale:
    """What all blocks of a drawing are measured by: the widest side and the most channels in it."""

    side: int
    channels: int

    @classmethod
    def of(cls, sizes: Iterable[tuple[int, ...]]) -> Scale:
        """The scale for what some parts give; some of it must be grids (1, channels, h, w)."""
        grids = [size for size in sizes if len(size) == 4]
        return cls(max(max(size[2:]) for size in grids), max(size[1] for size in grids))

    def slab(self, size: tuple[int, ...]) -> tuple[int, int, int] | None:
        """A grid as a block: 40 units the widest side, 14 the most channels; None for others."""
        if len(size) != 4:
            return None
        _, channels, height, width = size
        return (
            max(2, round(40 * width / self.side)),
            max(2, round(40 * height / self.side)),
            max(1, round(14 * channels / self.channels)),
        )


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
