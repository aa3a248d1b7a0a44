"""Measurement 17: is it self-attention that brings the scene onto the car? The two kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit import cutting, unnamed
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import FLOOR, sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing, share
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges

ID, VERSION = "cut", 1
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
    "pictures are paired; convolutions stay whole, and carry what lies near across any border."
)
NEEDS = ("model", "samples", "judging")
WHOLE, CUT, CONTROL = "as it is", "cut around the car", "cut along the outline upside down"
SHORT = {WHOLE: "whole", CUT: "cut", CONTROL: "control"}
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
    return run(read, why or doubt(project.judging, "body_world", of=unnamed.FINISH))


def _painted(project: Project, asked: unnamed.Unnamed, name: str, border: np.ndarray) -> np.ndarray:
    steps, scale = project.recipe.score.steps, project.recipe.score.guidance_scale
    decided_by = [asked.prompts, asked.seeds, steps, scale, VERSION]

    def paint() -> np.ndarray:
        return cutting.painted(
            project.pipe,
            asked.prompts,
            asked.seeds,
            border,
            steps=steps,
            guidance_scale=scale,
            report=project.telling(f"{name}: pictures"),
        )

    return project.made(f"cut-{name}", [*decided_by, project.key("judging")], paint)


def _read(judges: Judges, pictures: np.ndarray) -> Read:
    read = judges.read(pictures)
    body = judges.read_world(pictures, read.mask, "body").world
    background = judges.read_world(pictures, read.mask, "background").world
    return Read(pictures, body, background, read.finish)


def run(read: Mapping[str, Read], why: str = "") -> Measured:
    """By series, each picture at the same place. `why` says that a judge may not be leaned on."""
    agree = {series: r.body == r.background for series, r in read.items()}
    rows: list[Row] = []
    for series, r in read.items():
        rows += _changed(series, r, read[WHOLE])
        rows += [] if why else _agreement(series, r, agree[series])
    rows += [
        shares_apart(
            f"{SHORT[a]}-less-{SHORT[b]}",
            Place("Agreement: more than", a, f"than {b}"),
            agree[a],
            agree[b],
            looked_at=len(PAIRS),
        )
        for a, b in (() if why else PAIRS)
    ]
    if why:
        rows.append(missing("whole", Place("Body and background agree", WHOLE, ""), "%", why))
    few = {"pictures.webp": sheet([r.pictures[:SHOWN] for r in read.values()])}
    return Measured(QUESTION, METHOD, tuple(rows), few)


def _agreement(series: str, read: Read, agree: np.ndarray) -> list[Row]:
    """How often body and background agree, and a body with others' backgrounds (the floor)."""
    panel, name = "Body and background agree", SHORT[series]
    same = read.body[:, None] == read.background[None]
    others = (same.sum(1) - np.diag(same)) / max(len(same) - 1, 1)
    mirror = read.finish == unnamed.FINISH
    return [
        share(name, Place(panel, series, "its own background"), agree),
        mean(f"{name}-floor", Place(panel, series, f"{FLOOR}: others'"), 100 * others, "%"),
        share(f"{name}-mirror", Place("Read as a mirror", series, ""), mirror),
    ]


def _changed(series: str, read: Read, whole: Read) -> list[Row]:
    """How much a cut changes of the whole picture."""
    if series == WHOLE:
        return []
    apart = np.abs(read.pictures.astype(np.float32) - whole.pictures).mean((1, 2, 3))
    return [mean(f"{SHORT[series]}-change", Place("Change", series, ""), apart, "of 255")]
