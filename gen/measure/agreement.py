"""Measurement 1: does the shine match the scene? The body read alone, and the background alone."""

from collections.abc import Sequence

import numpy as np

from gen.measure.common import Measured, Place, mean, missing, share
from gen.measure.pictures import FLOOR, Shown, doubt, others, slug
from gen.records import Row
from gen.study.trust import apart

ID, VERSION = "agreement", 2
QUESTION = "Does the shine match the scene?"
METHOD = (
    "A judge that sees nothing but the bodywork names the world around the car, another one that "
    "sees nothing but the background names it too: how often do they agree? A word in the prompt "
    "would make them agree without any reflection, so the floor pairs each body with the "
    "background of another picture of the same words (or, where the words stand alone, of the "
    "same world), and prompts that name no world are counted apart. Within a world that both see,"
    " the sun's direction and the horizon's height, read from each, are compared: mean error in "
    "degrees, the floor again from another picture of that world. Renders are judged under the "
    "masks that the judges find, as generated pictures are."
)
FINISHES = ("mirror", "glossy", "matte")


def run(asked: Sequence, judges, shown: Sequence[Shown]) -> Measured:
    """Every series (N pictures each) by what `asked` (N samples) says of finish and words.

    A reading whose judge is under its bound, for the bodywork's that on a finish, is not used, and
    its rows say so.
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
        rows += _worlds(asked, series.series, sure, body.world, behind.world)
        rows += _angles(asked, judges, series, sure, body, behind)
    return Measured(QUESTION, METHOD, tuple(rows))


def _worlds(
    asked: Sequence, series: str, finishes: list[str], body: np.ndarray, behind: np.ndarray
) -> list[Row]:
    rng = np.random.default_rng(0)
    finish = np.array([s.scene.material.finish for s in asked])
    unnamed = np.array(["world" not in s.named for s in asked])
    other = _another(asked, rng)
    rows = []
    for name in finishes:
        for told, group in (("", finish == name), ("-unnamed", (finish == name) & unnamed)):
            panel = "No world named: they agree" if told else "Body and background agree"
            place = Place(panel, name, series)
            rows.append(share(f"{slug(series)}-{name}{told}", place, (body == behind)[group]))
            paired = group & (other >= 0)
            floor = body[paired] == behind[other[paired]]
            place = Place(panel, name, f"{series}, {FLOOR}")
            rows.append(share(f"{slug(series)}-{name}{told}-floor", place, floor))
    return rows


def _another(asked: Sequence, rng: np.random.Generator) -> np.ndarray:
    """Of each sample another one of the same words, else of words that say as much of the world."""
    same = others([s.prompt for s in asked], rng)
    said = [s.scene.world.name if "world" in s.named else "" for s in asked]
    return np.where(same >= 0, same, others(said, rng))


def _angles(asked: Sequence, judges, shown: Shown, finishes: list[str], body, behind) -> list[Row]:
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


def _degrees_high(camera, shape: tuple[int, ...]) -> float:
    """The angle that a picture's height takes in: `fov` is its width's."""
    half = np.tan(np.radians(camera.fov / 2)) * shape[1] / shape[2]
    return float(2 * np.degrees(np.arctan(half)))


def _absent(series: str, finish: str, why: str) -> Row:
    place = Place("Body and background agree", finish, series)
    return missing(f"{slug(series)}-{finish}", place, "%", why)
