"""Rounds of a measurement: bodywork cut out of a picture, and the world that it stood in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from gen.core.measured import Measurement, Row
from gen.publish.draft import Draft
from gen.publish.examples import example
from gen.publish.macros import macro

PAINTS = ("mirror", "glossy", "matte")
WORLDS = (
    "city street",
    "desert",
    "forest",
    "snow",
    "studio",
    "sunset",
)  # to choose from, always all
SAYS = "the judge says "


@dataclass(frozen=True)
class Round:
    """One round: where the car stands, what it is painted with, what the judge says."""

    number: int
    world: str
    finish: str
    judged: str


@dataclass(frozen=True)
class Tally:
    """How many rounds there are of a paint, and in how many the judge is right."""

    finish: str
    rounds: int
    judged: int

    @property
    def chance(self) -> float:
        """How many one would name right by chance."""
        return self.rounds / len(WORLDS)


@macro
def where(draft: Draft, id: str) -> str:
    """The rounds that a measurement keeps, to be tried: bodywork alone, then the whole picture."""
    measurement = draft.measurement("where", id)
    rounds = list(_rounds(measurement))
    size = draft.materials.sizes[f"{id}-{rounds[0].number}-whole.webp"]
    tallies = [*(_tally(rounds, (finish,)) for finish in PAINTS), _tally(rounds, PAINTS)]
    return draft.aside(
        "where",
        **{"id": id, "rounds": rounds, "worlds": WORLDS, "tallies": tallies, "size": size},
        src=f"{draft.up}measurements/{id}-",
    )


@macro
def where_shown(draft: Draft, id: str) -> str:
    """The last mirror of these rounds, with its answer: bodywork alone, wiped over its picture."""
    rounds = list(_rounds(draft.measurement("where_shown", id)))
    (*_, last) = (r.number for r in rounds if r.finish == PAINTS[0])
    captions: dict[str, Any] = {
        f"{last}-body": "The bodywork of a painted car, alone",
        f"{last}-whole": "The whole picture",
    }
    return example(draft, id, wipe=tuple(captions), **captions)


def _rounds(measurement: Measurement) -> Iterator[Round]:
    """The rounds that are there, in their order."""
    rows = {row.name: row for row in measurement.rows}
    for number in count():
        row = rows.get(f"round-{number}")
        if row is None:
            return
        yield Round(number, row.label, row.series, _judged(row))


def _judged(row: Row) -> str:
    return row.note.removeprefix(SAYS)


def _tally(rounds: Iterable[Round], finishes: tuple[str, ...]) -> Tally:
    some = [r for r in rounds if r.finish in finishes]
    name = finishes[0] if len(finishes) == 1 else "all"
    return Tally(name, len(some), sum(r.judged == r.world for r in some))
