"""How far off probes are -> rows: by step and block, against floors, of pictures being painted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.noised import TARGETS
from gen.measure.kit.pictures import FLOOR, slug
from gen.measure.kit.rows import Place, mean, missing

TRAINED, UNTRAINED = "trained network", f"{FLOOR}: untrained network"
COLOURS, WHERE = f"{FLOOR}: the picture's colours", f"{FLOOR}: the place alone"
VIEW = f"{FLOOR}: kind, view and the place on the car"
ANOTHER = f"{FLOOR}: another picture"
SHORT = {TRAINED: "trained", UNTRAINED: "untrained", COLOURS: "colours"}
SHORT |= {WHERE: "place", VIEW: "view"}

Degrees = Mapping[str, np.ndarray]  # by target: (tested,), NaN where there is none
ByStep = dict[tuple[str, int], Degrees]  # by series and step
ByBlock = dict[tuple[str, str, str], np.ndarray]  # by series, target and block
BLOCKWISE = ("normals", "mirrored")  # what is read from single blocks


@dataclass(frozen=True)
class Found:
    """How far off all probes are: by series and step; by series, target and block halfway.

    `settling` is the same by step for pictures being painted: their own (K,), and the floor.
    """

    by_step: ByStep
    by_block: ByBlock
    finishes: Sequence[str]  # of the renders tested
    settling: Mapping[int, tuple[np.ndarray, np.ndarray]]


def rows_of(found: Found, doubt: str = "") -> list[Row]:
    """All rows; `doubt` says why bodywork cannot be found in generated pictures."""
    rows = [*_by_step(found), *_gains(found), *_at_each(found), *_blocks(found)]
    return [*rows, *_finishes(found), *_settled(found, doubt)]


def _by_step(found: Found) -> Iterator[Row]:
    for target, title in TARGETS.items():
        for (series, step), errors in found.by_step.items():
            place = Place(f"{title} off by, by step", str(step), series)
            yield mean(f"{target}-{SHORT[series]}-{step}", place, errors[target], "degrees")


def _gains(found: Found) -> Iterator[Row]:
    """How much nearer the trained network's readings are, over all steps, render by render."""
    floors = [series for series in SHORT if series != TRAINED]
    for target, title in TARGETS.items():
        for floor in floors:
            place = Place("Fewer degrees off, over all steps", title, f"than {floor}")
            nearer = _over_steps(found, floor, target) - _over_steps(found, TRAINED, target)
            name, count = f"{target}-nearer-{SHORT[floor]}", len(TARGETS) * len(floors)
            yield mean(name, place, nearer, "degrees", looked_at=count)


def _over_steps(found: Found, series: str, target: str) -> np.ndarray:
    """Mean degrees off of each render tested: (N,)."""
    every = [errors[target] for (of, _), errors in found.by_step.items() if of == series]
    return np.mean(every, 0)


def _at_each(found: Found) -> Iterator[Row]:
    """At each step, how much nearer it reads than the hardest floor, render by render."""
    for target, title in TARGETS.items():
        steps = [step for series, step in found.by_step if series == TRAINED]
        for step in steps:
            both = [found.by_step[series, step][target] for series in (VIEW, TRAINED)]
            place = Place("Fewer degrees off than kind, view and place, by step", str(step), title)
            count = len(steps) * len(TARGETS)
            name, nearer = f"{target}-nearer-{SHORT[VIEW]}-{step}", both[0] - both[1]
            yield mean(name, place, nearer, "degrees", looked_at=count)


def _blocks(found: Found) -> Iterator[Row]:
    for (series, target, block), errors in found.by_block.items():
        place = Place(f"{TARGETS[target]}, from one block halfway", block, series)
        name = "block" if target == BLOCKWISE[0] else f"block-{target}"
        yield mean(f"{name}-{SHORT[series]}-{slug(block)}", place, errors, "degrees")


def _finishes(found: Found) -> Iterator[Row]:
    """Whether a mirror's shape is read as well as others', over all steps."""
    names = np.array(found.finishes)
    for finish in dict.fromkeys(found.finishes):
        for series in (TRAINED, COLOURS):
            errors = _over_steps(found, series, "normals")[names == finish]
            place = Place("Surface, finish by finish", finish, series)
            yield mean(f"{finish}-{SHORT[series]}", place, errors, "degrees")


def _settled(found: Found, doubt: str) -> Iterator[Row]:
    panel = "Painted: surface as at last but for, by step"
    if doubt:
        yield missing("settling", Place(panel, "1", "painted"), "degrees", doubt)
    for step, both in found.settling.items():
        for series, name, errors in zip(("painted", ANOTHER), ("own", "other"), both, strict=True):
            yield mean(
                f"settling-{name}-{step}", Place(panel, str(step), series), errors, "degrees"
            )
