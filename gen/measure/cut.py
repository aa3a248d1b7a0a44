"""Measurement 17: is it self-attention that brings the scene onto the car? The two kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit import cutting, unnamed
from gen.measure.kit.clusters import Labels, mean_of, share_of
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import FLOOR, sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges

ID, VERSION = "cut", 2
QUESTION = "Is it self-attention that brings the scene onto the car?"
METHOD = (
    "Mirrors by prompts that name no world are painted again from the same noise while no place on "
    "the bodywork may look at any place off it, nor the other way round, in any self-attention "
    "layer and at any step. Where the bodywork lies is read from the picture as it came without a "
    "cut. The control cuts along the same outline turned upside down: as long a border, through as "
    "many places, but not around the car. In each picture one judge names the world from the "
    "bodywork it finds there, another from what surrounds it; agreement is how often they say the "
    "same, the floor how often a body says the same as other pictures' backgrounds. Cut cars read "
    "as mirrors, and the change of whole pictures, say whether a cut breaks more than that. The "
    "pictures are paired; convolutions stay whole, and carry what lies near across any border. "
    "Each prompt is drawn from two noises: intervals and tests draw prompts, not pictures."
)
NEEDS = ("model", "samples", "judging")
WHOLE, CUT, CONTROL = "as it is", "cut around the car", "cut along the outline upside down"
SHORT = {WHOLE: "whole", CUT: "cut", CONTROL: "control"}
PAINTED = 1  # raised when the same inputs give other pictures
SHOWN = 6  # pictures on the sheet: the first
PAIRS = ((WHOLE, CUT), (WHOLE, CONTROL), (CONTROL, CUT))


@dataclass(frozen=True)
class Read:
    """N pictures (N, H, W, 3) uint8; the world of each body and background, and the finish."""

    pictures: np.ndarray
    body: np.ndarray
    background: np.ndarray
    finish: np.ndarray


def of(project: Project) -> Measured:
    """Mirrors as they are, and painted again under each cut."""
    asked = unnamed.mirrors(project)
    masks = project.masks(asked.pictures)
    borders = {CUT: masks, CONTROL: np.ascontiguousarray(masks[:, ::-1])}
    pictures = {WHOLE: asked.pictures}
    for series, border in borders.items():
        pictures[series] = _painted(project, asked, SHORT[series], border)
    read = {series: _read(project.judging, some) for series, some in pictures.items()}
    why = doubt(project.judging, "mask", "background_world")
    why = why or doubt(project.judging, "body_world", of=unnamed.FINISH)
    return run(read, why, asked.prompts)


def _painted(project: Project, asked: unnamed.Unnamed, name: str, border: np.ndarray) -> np.ndarray:
    how = project.recipe.score
    decided_by = [asked.prompts, asked.seeds, PAINTED]

    def paint() -> np.ndarray:
        return cutting.painted(
            project.pipe,
            asked.prompts,
            asked.seeds,
            border,
            steps=how.steps,
            guidance_scale=how.guidance_scale,
            eta=how.eta,
            report=project.telling(f"{name}: pictures"),
        )

    return project.made(f"cut-{name}", [*decided_by, project.key("judging")], paint)


def _read(judges: Judges, pictures: np.ndarray) -> Read:
    read = judges.read(pictures)
    body = judges.read_world(pictures, read.mask, "body").world
    background = judges.read_world(pictures, read.mask, "background").world
    return Read(pictures, body, background, read.finish)


def run(read: Mapping[str, Read], why: str = "", prompts: Labels = ()) -> Measured:
    """By series, each picture at the same place. `why` says that a judge may not be leaned on.

    Pictures of which `prompts` say the same are not independent; without any, all are.
    """
    words = prompts or range(len(read[WHOLE].pictures))
    agree = {series: r.body == r.background for series, r in read.items()}
    rows: list[Row] = []
    for series, r in read.items():
        rows += _changed(series, r, read[WHOLE], words)
        rows += [] if why else _agreement(series, r, agree[series], words)
    rows += [
        shares_apart(
            f"{SHORT[a]}-less-{SHORT[b]}",
            Place("Agreement: more than", a, f"than {b}"),
            agree[a],
            agree[b],
            looked_at=len(PAIRS),
            labels=words,
        )
        for a, b in (() if why else PAIRS)
    ]
    if why:
        rows.append(missing("whole", Place("Body and background agree", WHOLE, ""), "%", why))
    few = {"pictures.webp": sheet([r.pictures[:SHOWN] for r in read.values()])}
    return Measured(QUESTION, METHOD, tuple(rows), few)


def _agreement(series: str, read: Read, agree: np.ndarray, words: Labels) -> list[Row]:
    """How often body and background agree, and a body with others' backgrounds (the floor)."""
    panel, name = "Body and background agree", SHORT[series]
    same = read.body[:, None] == read.background[None]
    floor = 100 * (same.sum(1) - np.diag(same)) / max(len(same) - 1, 1)
    mirror = read.finish == unnamed.FINISH
    return [
        share_of(name, Place(panel, series, "its own background"), agree, words),
        mean_of(f"{name}-floor", Place(panel, series, f"{FLOOR}: others'"), floor, "%", words),
        share_of(f"{name}-mirror", Place("Read as a mirror", series, ""), mirror, words),
    ]


def _changed(series: str, read: Read, whole: Read, words: Labels) -> list[Row]:
    """How much a cut changes of the whole picture."""
    if series == WHOLE:
        return []
    apart = np.abs(read.pictures.astype(np.float32) - whole.pictures).mean((1, 2, 3))
    name, place = f"{SHORT[series]}-change", Place("Change", series, "")
    return [mean_of(name, place, apart, "of 255", words)]
