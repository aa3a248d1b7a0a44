"""Pairs of prompts between which a run turns: one car in two worlds, two paints, two views."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

NOISES = 4  # of each pair
CHROME, MATTE, PAINT, VIEW = "chrome", "matte", "paint", "view"  # what the words change, on what
CARS = {CHROME: "chrome", MATTE: "matte silver"}  # that change worlds
SIDE, FRONT, REAR = "side view", "front three-quarter view", "rear three-quarter view"
WORLDS = (
    ("in the desert", "in the snow"),
    ("in the city", "at sunset"),
    ("in the snow", "in a studio"),
    ("at sunset", "in the desert"),
    ("in a studio", "in the city"),
    ("in the city", "in the snow"),
    ("in the desert", "in a studio"),
    ("in the snow", "at sunset"),
)
PAINTS = (
    ("matte red", "chrome"),
    ("chrome", "gold"),
    ("glossy blue", "chrome"),
    ("chrome", "matte white"),
    ("gold", "glossy green"),
    ("matte yellow", "copper"),
    ("brushed steel", "glossy red"),
    ("copper", "matte black"),
)
VIEWS = (*permutations((SIDE, FRONT, REAR), 2), (SIDE, FRONT), (FRONT, SIDE))
PLACES = ("in a studio", "in the city")  # where paints and views change


@dataclass(frozen=True)
class Change:
    """The words until a step and those from there on; noises are numbered from the first seed."""

    kind: str
    before: str
    after: str
    first_seed: int

    @property
    def seeds(self) -> list[int]:
        """Of its noises."""
        return list(range(self.first_seed, self.first_seed + NOISES))


def changes() -> list[Change]:
    """Every pair of words; no prompt asks for a combination that training never saw.

    A chrome car and a matte one change worlds in the same pairs, from the same noises.
    """
    sides = (SIDE, FRONT)
    made = []
    for kind, paint in CARS.items():
        frames = (f"a {paint} car {{}}, {sides[number % 2]}" for number in range(len(WORLDS)))
        made += list(_numbered(kind, WORLDS, frames))
    halves = (f"{PLACES[n % 2]}, {sides[n // 2 % 2]}" for n in range(len(PAINTS)))
    made += _numbered(PAINT, PAINTS, (f"a {{}} car {half}" for half in halves))
    places = (PLACES[number // 6 % 2] for number in range(len(VIEWS)))
    made += _numbered(VIEW, VIEWS, (f"a chrome car {place}, {{}}" for place in places))
    return made


def _numbered(
    kind: str, pairs: tuple[tuple[str, str], ...], frames: Iterator[str]
) -> Iterator[Change]:
    """Each pair in a sentence of its own, with noises of its own."""
    for number, ((a, b), frame) in enumerate(zip(pairs, frames, strict=True)):
        yield Change(kind, frame.format(a), frame.format(b), NOISES * number + 1)
