"""Measurement 25: do the judges favour a painter that was raised on the same renders?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.clusters import mean_of, share_of
from gen.measure.kit.first import first
from gen.measure.kit.pictures import GENERATED, RENDERED, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import KINDS
from gen.study.scoring import samples
from gen.study.scoring.prompts import Sample
from gen.study.scoring.score import right

ID, VERSION = "raised", 1
QUESTION = "Do judges favour what they were raised with?"
METHOD = (
    "The judges of all other measurements that have any learned from renders of which the "
    "painter, too, had learned. A second set was trained alike on {renders} renders that the "
    "painter never saw. "
    "Both sets read the first {count} samples and the renders of the same scenes: how often is a "
    "picture read as its prompt asks, where it names the thing? A favour is what the first set "
    "gives painted pictures above renders, less what the second gives them, picture by picture. "
    "Each set's own errors on renders fall out of it. Pictures of one prompt are drawn together; "
    "all favours hold at once."
)
NEEDS = ("model", "samples", "judging", "apart")
COUNT = 300  # samples
TOGETHER, APART = "raised with the painter", "raised apart from it"


@dataclass(frozen=True)
class Read:
    """Whether each picture (N,) is read as its prompt asks: by series, by set of judges."""

    kind: str
    prompts: Sequence[str]
    right: Mapping[tuple[str, str], np.ndarray]


def of(project: Project) -> Measured:
    """The first samples, painted where they are not kept, and their renders."""
    request = first(project.request, COUNT)
    made = samples.make(request, project.cache / "samples", project.report, project.device)
    sets = {TOGETHER: project.judging, APART: project.apart}
    why = {kind: " ".join(filter(None, (doubt(j, kind) for j in sets.values()))) for kind in KINDS}
    layers = {GENERATED: made.pictures, RENDERED: made.renders}
    doubts = {kind: each for kind, each in why.items() if each}
    read = list(_read(made.entries, layers, sets, [kind for kind in KINDS if kind not in doubts]))
    return run(read, doubts, project.apart.trained_on)


def _read(
    entries: tuple[Sample, ...],
    layers: Mapping[str, np.ndarray],
    sets: Mapping[str, Judges],
    kinds: Sequence[str],
) -> Iterator[Read]:
    readings = {
        (series, name): judges.read(pictures)
        for series, pictures in layers.items()
        for name, judges in sets.items()
    }
    for kind in kinds:
        some = np.array([kind in entry.named for entry in entries])
        prompts = [entry.prompt for entry, one in zip(entries, some, strict=True) if one]
        shown = {at: right(entries, read, kind)[some] for at, read in readings.items()}
        yield Read(kind, prompts, shown)


def run(read: Sequence[Read], doubts: Mapping[str, str], renders: int) -> Measured:
    """Rows by kind; `doubts` say of the others why a set may not be leaned on.

    `renders` is how many the set apart learned from.
    """
    rows: list[Row] = []
    for each in read:
        rows += _shares(each)
        rows.append(_favour(each, len(read)))
    for kind, why in doubts.items():
        rows.append(missing(f"favour-{kind}", Place("Favour", kind, ""), "points", why))
    return Measured(QUESTION, METHOD.format(renders=renders, count=COUNT), tuple(rows))


def _shares(read: Read) -> Iterator[Row]:
    for (series, name), shown in read.right.items():
        place = Place(f"{read.kind.capitalize()} as asked", series, name)
        id = f"{slug(series)}-{read.kind}-{'apart' if name == APART else 'together'}"
        yield share_of(id, place, shown, read.prompts)


def _favour(read: Read, looked_at: int) -> Row:
    above = {
        name: read.right[GENERATED, name].astype(float) - read.right[RENDERED, name]
        for name in (TOGETHER, APART)
    }
    points = 100 * (above[TOGETHER] - above[APART])
    place = Place("Favour", read.kind, "")
    return mean_of(f"favour-{read.kind}", place, points, "points", read.prompts, "", looked_at)
