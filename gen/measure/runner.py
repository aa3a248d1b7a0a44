"""Which measurements are up to date, and making those that are not: the only one who knows all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BadInput, BrokenRecord, BuildError, MissingRecord, StoreError
from gen.core.measured import Measurement, measurement_key
from gen.core.yamlfile import nearest
from gen.measure import (
    agreement,
    asked,
    ball,
    captured,
    chrome,
    colour,
    copied,
    cut,
    decided,
    elsewhere,
    guidance,
    highlights,
    means,
    mixing,
    picking,
    places,
    quiz,
    raised,
    repaint,
    shape,
    turning,
    under,
    where,
    word,
)
from gen.measure.kit import chart
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, record

MODULES = (
    *(asked, agreement, highlights, decided, word, guidance, copied, picking),
    *(captured, colour, mixing, repaint, chrome, ball, quiz, means),
    *(shape, cut, places, elsewhere, turning, where, raised, under),
)


class Experiment(Protocol):
    """A file of measure/: one measurement, whole."""

    ID: str
    VERSION: int  # raised when the same inputs give other rows
    QUESTION: str
    METHOD: str
    NEEDS: tuple[str, ...]  # what it is made from: see Project.key

    def of(self, project: Project) -> Measured:
        """Draw what it needs, and compute."""


EXPERIMENTS: dict[str, Experiment] = {module.ID: module for module in MODULES}


def measure_all(
    project: Project, ids: Sequence[str], say: Callable[[str], None], force: bool
) -> None:
    """Makes what is not up to date and can be made; the rest is told at the end, a line each.

    Raises BadInput for an unknown id, and with those lines; StoreError.
    """
    for id in ids:
        if id not in EXPERIMENTS:
            raise BadInput(f"{id}: no measurement of that id; {nearest(id, EXPERIMENTS)}")
    wanting = []
    for id in ids or EXPERIMENTS:
        try:
            say(f"{id}: {_measure(project, id, force)}")
        except StoreError:
            raise
        except BuildError as error:
            wanting.append(f"{id}: {error}")
    if wanting:
        raise BadInput("\n".join(wanting))


def _measure(project: Project, id: str, force: bool) -> str:
    """Make one, unless it is there; what happened, in a few words."""
    experiment = EXPERIMENTS[id]
    inputs = _inputs(project, experiment)
    there = None if force else _up_to_date(project.root, id, measurement_key(id, inputs))
    if there is not None:
        return "drawn anew" if _redrawn(project.root, there) else "up to date"
    if lost := _lost(project, id, {need for need, _ in inputs}):
        raise BadInput(f"stays as it was made: {lost}")
    store.measurements.refuse_unwritable(project.root)
    measured = experiment.of(project)
    measurement, files = record(id, measured, _measured_on(project, inputs), inputs, chart.files)
    store.write_measurement(project.root, measurement, files)
    return f"{len(measurement.rows)} rows"


def _measured_on(project: Project, inputs: tuple[tuple[str, str], ...]) -> str:
    """The titles of the models that took part."""
    needs = dict(inputs)
    if "captures" in needs:
        return ", ".join(dict.fromkeys(c.model.title for c in project.captures.values()))
    return project.model.title if "model" in needs else ""


def _inputs(project: Project, experiment: Experiment) -> tuple[tuple[str, str], ...]:
    """Name and key of all that it is made from; what it can do without only where it is there."""
    extra = _better_with(experiment.ID)
    needs = (*experiment.NEEDS, *(extra if extra and project.has(extra) else ()))
    keys = [("version", str(experiment.VERSION)), *((need, project.key(need)) for need in needs)]
    return tuple(sorted(keys))


def _lost(project: Project, id: str, needs: set[str]) -> str:
    """What the measurement in the store was made with and is not here: a part replaces no whole."""
    try:
        there = store.read_measurement(project.root, id)
    except (MissingRecord, BrokenRecord):
        return ""
    made_with = {name for name, _ in there.inputs} & set(_better_with(id))
    return "; ".join(filter(None, map(project.missing, sorted(made_with - needs))))


def _better_with(id: str) -> tuple[str, ...]:
    """What a measurement can do without."""
    extra: tuple[str, ...] = getattr(EXPERIMENTS[id], "BETTER_WITH", ())
    return extra


def _up_to_date(root: Path, id: str, key: str) -> Measurement | None:
    """The measurement in the store, if it was made from the same inputs."""
    try:
        measurement = store.read_measurement(root, id)
    except (MissingRecord, BrokenRecord):
        return None
    return measurement if measurement.key == key else None


def _redrawn(root: Path, there: Measurement) -> bool:
    """Draw a kept measurement's chart again where charts would now draw another; whether it did.

    The SVG decides: the same PNG may be packed into other bytes on another machine.
    """
    known = {file: store.measured_file(root, there.id, file) for file, _ in there.digests}
    bare, svg = replace(there, digests=()), f"{there.id}.svg"
    if known.get(svg) == chart.svg(bare) and f"{there.id}.png" in known:
        return False
    files = known | chart.files(bare)
    digests = tuple((file, digest(content)) for file, content in files.items())
    store.write_measurement(root, replace(there, digests=digests), files)
    return True
