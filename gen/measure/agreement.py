"""Measurement 1: does the shine match the scene? The body read alone, and the background alone."""

from collections.abc import Sequence

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.pictures import FLOOR, GENERATED, Shown, doubt, others, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing, share
from gen.study.judging.accuracy import apart
from gen.study.judging.judges import Judges
from gen.study.judging.readings import WorldReading
from gen.study.world.scene import Camera

ID, VERSION = "agreement", 3
QUESTION = "Does the shine match the scene?"
METHOD = (
    "A judge that sees nothing but the bodywork names the world around the car, another one that "
    "sees nothing but the background names it too: how often do they agree? A word in the prompt "
    "would make them agree without any reflection, so the floor pairs each body with the "
    "background of every other picture of the same words (or, where the words stand alone, of the "
    "same world), and prompts that name no world are counted apart, each drawn once more from "
    "other noise. Within a world that both see, the sun's direction and the horizon's height, "
    "read from each, are compared: mean error in degrees, the floor again from another picture of "
    "that world. Renders are judged under the masks that the judges find, as generated pictures "
    "are."
)
NEEDS = ("model", "samples", "judging")
FINISHES = ("mirror", "glossy", "matte")
AGAIN = "mirror"  # whose bodies are drawn once more where no world is named


def of(project: Project) -> Measured:
    """The samples and their renders; prompts that name no world once more, from other noise."""
    unnamed = [s for s in project.samples.asked if "world" not in s.named]
    mirrors = [s for s in unnamed if s.scene.material.finish == AGAIN]
    seeds, scale = [s.seed + 1 for s in mirrors], project.recipe.score.guidance_scale
    drawn = project.generated("unnamed", [s.prompt for s in mirrors], seeds, scale)
    again = (mirrors, Shown(GENERATED, drawn, project.masks(drawn)[0]))
    return run(project.samples.asked, project.judging, project.layers()[0], again)


def run(
    asked: Sequence,
    judges: Judges,
    shown: Sequence[Shown],
    again: tuple[Sequence, Shown] | None = None,
) -> Measured:
    """Every series (N pictures each) by what `asked` (N samples) says of finish and words.

    `again` are more samples whose prompts name no world and pictures of them, of a series in
    `shown`: they are counted with its unnamed ones and nowhere else. A reading whose judge is under
    its bound, for the bodywork's that on a finish, is not used, and its rows say so.
    """
    whole = doubt(judges, "mask", "background_world")
    why = {name: whole or doubt(judges, "body_world", of=name) for name in FINISHES}
    sure = [name for name in FINISHES if not why[name]]
    rows: list[Row] = []
    for series in shown:
        rows += [_absent(series.series, name, why[name]) for name in FINISHES if why[name]]
        if not sure:
            continue
        body = judges.read_world(series.pictures, series.masks, "body")
        behind = judges.read_world(series.pictures, series.masks, "background")
        named = (asked, body.world, behind.world)
        unnamed = _unnamed(*named)
        if again is not None and again[1].series == series.series:
            more, drawn = again
            unnamed = _joined(unnamed, _unnamed(more, *_both(judges, drawn)))
        for told, group in (("", named), ("-unnamed", unnamed)):
            for name in sure:
                rows += _worlds(series.series, name, told, *group)
        rows += _angles(asked, judges, series, sure, body, behind)
    return Measured(QUESTION, METHOD, tuple(rows))


def _both(judges: Judges, shown: Shown) -> tuple[np.ndarray, np.ndarray]:
    """The world that each picture's bodywork shows, and the one that its background shows."""
    body, background = (
        judges.read_world(shown.pictures, shown.masks, part).world
        for part in ("body", "background")
    )
    return body, background


def _unnamed(asked: Sequence, body: np.ndarray, behind: np.ndarray) -> tuple:
    """Those of the samples whose prompts name no world, and what was read of them."""
    chosen = np.array(["world" not in s.named for s in asked], bool)
    return [s for s in asked if "world" not in s.named], body[chosen], behind[chosen]


def _joined(first: tuple, more: tuple) -> tuple:
    asked, *read = zip(first, more, strict=True)
    return [*asked[0], *asked[1]], *map(np.concatenate, read)


def _worlds(
    series: str, finish: str, told: str, asked: Sequence, body: np.ndarray, behind: np.ndarray
) -> list[Row]:
    """How often a finish's bodies agree with their own background, and with others' (the floor)."""
    panel = "No world named: they agree" if told else "Body and background agree"
    name = f"{slug(series)}-{finish}{told}"
    mine = [i for i, s in enumerate(asked) if s.scene.material.finish == finish]
    like = _alike(asked)
    floor = [np.mean(body[i] == behind[like[i]]) if len(like[i]) else np.nan for i in mine]
    place, under = Place(panel, finish, series), Place(panel, finish, f"{series}, {FLOOR}")
    return [
        share(name, place, (body == behind)[mine]),
        mean(f"{name}-floor", under, 100 * np.array(floor), "%"),
    ]


def _alike(asked: Sequence) -> list[np.ndarray]:
    """Of each sample the others of the same words, else of words that say as much of the world."""
    words = np.array([s.prompt for s in asked])
    said = np.array([s.scene.world.name if "world" in s.named else "" for s in asked])
    found = []
    for i in range(len(asked)):
        for like in (words, said):
            same = np.flatnonzero(like == like[i])
            if len(same) > 1:
                break
        found.append(same[same != i])
    return found


def _angles(
    asked: Sequence,
    judges: Judges,
    shown: Shown,
    finishes: list[str],
    body: WorldReading,
    behind: WorldReading,
) -> list[Row]:
    """How far apart sun and horizon are, in degrees, where both parts see one world with a sun."""
    lit = {s.scene.world.name for s in asked if s.scene.world.sun_azimuth is not None}
    both = (body.world == behind.world) & np.isin(body.world, list(lit))
    other = others([world if seen else None for world, seen in zip(body.world, both, strict=True)],
                   np.random.default_rng(0))  # fmt: skip
    across = np.array([_degrees_high(s.scene.camera, shown.pictures.shape) for s in asked])
    finish = np.array([s.scene.material.finish for s in asked])
    rows = []
    for kind, panel, error in (
        ("sun", "Sun: error", lambda i, j: apart(body.sun[i], behind.sun[j])),
        (
            "horizon",
            "Horizon: error",
            lambda i, j: np.abs(body.horizon[i] - behind.horizon[j]) * across[i],
        ),
    ):
        for name in finishes:
            why = doubt(judges, f"background_{kind}") or doubt(judges, f"body_{kind}", of=name)
            mine = np.flatnonzero(both & (finish == name))
            paired = mine[other[mine] >= 0]
            pairs = (("", mine, mine), (f", {FLOOR}", paired, other[paired]))
            for end, i, j in pairs:
                id = f"{slug(shown.series)}-{name}-{kind}{'-floor' if end else ''}"
                place = Place(panel, name, shown.series + end)
                found = missing(id, place, "degrees", why)
                rows.append(found if why else mean(id, place, error(i, j), "degrees"))
    return rows


def _degrees_high(camera: Camera, shape: tuple[int, ...]) -> float:
    """The angle that a picture's height takes in: `fov` is its width's."""
    half = np.tan(np.radians(camera.fov / 2)) * shape[1] / shape[2]
    return float(2 * np.degrees(np.arctan(half)))


def _absent(series: str, finish: str, why: str) -> Row:
    place = Place("Body and background agree", finish, series)
    return missing(f"{slug(series)}-{finish}", place, "%", why)
