"""Measurement 1: does the shine match the scene? The body read alone, and the background alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit import controls, unnamed
from gen.measure.kit.clusters import mean_of, share_of
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import FLOOR, GENERATED, Layer, others, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing
from gen.study.judging.accuracy import apart, doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import WorldReading
from gen.study.scoring.prompts import Sample
from gen.study.world.scene import Camera

ID, VERSION = "agreement", 5
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
    "are. Controls: the mirrors' prompts that name no world, drawn from the same noise with glossy,"
    " satin and matte paint in the mirror's place, and the mirrors themselves with their bodywork "
    "upside down, column by column, or its pixels strewn over it; all are compared with the mirrors"
    " picture by picture, as mirrors painted and rendered are scene by scene. Pictures of one"
    " prompt are not independent: intervals and tests draw prompts, each with all its pictures."
)
NEEDS = ("model", "samples", "judging")
FINISHES = ("mirror", "glossy", "matte")


@dataclass(frozen=True)
class Worlds:
    """Samples, and the world that each one's bodywork shows, and its background: N of each."""

    samples: Sequence[Sample]
    body: np.ndarray
    background: np.ndarray

    def unnamed(self) -> "Worlds":
        """Those whose prompts name no world."""
        chosen = np.array(["world" not in s.named for s in self.samples], bool)
        silent = [s for s in self.samples if "world" not in s.named]
        return Worlds(silent, self.body[chosen], self.background[chosen])

    def with_more(self, more: "Worlds") -> "Worlds":
        """These, and others after them."""
        body, background = (
            np.concatenate(both)
            for both in ((self.body, more.body), (self.background, more.background))
        )
        return Worlds([*self.samples, *more.samples], body, background)


Again = tuple[Sequence[Sample], Layer]  # samples, and pictures of them from other noise
Paired = tuple[str, np.ndarray, np.ndarray]  # a series' ending, places of bodies, of backgrounds


def of(project: Project) -> Measured:
    """The samples and their renders; mirrors that name no world once more, and in other paints."""
    mirrors = unnamed.mirrors(project)
    more = mirrors.again()
    again = (more.samples, Layer(GENERATED, more.pictures, project.masks(more.pictures)))
    paints, samples = controls.paints(project, mirrors), project.samples.entries
    return run(samples, project.judging, project.layers(), again, paints, mirrors.prompts)


def run(
    samples: Sequence[Sample],
    judges: Judges,
    layers: Sequence[Layer],
    again: Again | None = None,
    paints: Mapping[str, Layer] | None = None,
    words: Sequence[str] = (),
) -> Measured:
    """Every series (N pictures each) by what N `samples` say of finish and words.

    `again` are more samples whose prompts name no world and pictures of them, of a series in
    `layers`: they are counted with its unnamed ones and nowhere else. `paints` are the controls'
    pictures by finish, `words` the prompt of each for a mirror. A reading whose judge is under its
    bound, for the bodywork's that on a finish, is not used, and its rows say so; of the controls,
    those of judges of any finish.
    """
    whole = doubt(judges, "mask", "background_world")
    why = {name: whole or doubt(judges, "body_world", of=name) for name in FINISHES}
    sure = [name for name in FINISHES if not why[name]]
    rows: list[Row] = []
    readings = {layer.series: _read(judges, layer) for layer in (layers if sure else ())}
    for layer in layers:
        rows += [_absent(layer.series, name, why[name]) for name in FINISHES if why[name]]
        if sure:
            rows += _series(samples, judges, layer, readings[layer.series], sure, again)
    rows += _less_than_rendered(samples, readings) if controls.MIRROR in sure else []
    if paints and controls.MIRROR in sure:
        rows += controls.rows(paints, judges, words)
    return Measured(QUESTION, METHOD, tuple(rows))


def _less_than_rendered(
    samples: Sequence[Sample], readings: Mapping[str, tuple[WorldReading, WorldReading]]
) -> list[Row]:
    """By how many points mirrors of each other series agree more, scene by scene."""
    mirrors = np.array([s.scene.material.finish == controls.MIRROR for s in samples])
    words = [s.prompt for s, mirror in zip(samples, mirrors, strict=True) if mirror]
    agree = {name: (a.world == b.world)[mirrors] for name, (a, b) in readings.items()}
    others = [name for name in agree if name != GENERATED and GENERATED in agree]
    return [
        shares_apart(
            f"{slug(name)}-more",
            Place("Mirrors agree more than generated ones", name, ""),
            agree[name],
            agree[GENERATED],
            looked_at=len(others),
            labels=words,
        )
        for name in others
    ]


def _series(
    samples: Sequence[Sample],
    judges: Judges,
    layer: Layer,
    read: tuple[WorldReading, WorldReading],
    finishes: list[str],
    again: Again | None,
) -> list[Row]:
    """What is found in one series, of the finishes on which bodywork may be read."""
    body, behind = read
    every = Worlds(samples, body.world, behind.world)
    unnamed = every.unnamed()
    if again is not None and again[1].series == layer.series:
        more = Worlds(again[0], *(reading.world for reading in _read(judges, again[1])))
        unnamed = unnamed.with_more(more.unnamed())
    rows: list[Row] = []
    for suffix, worlds in (("", every), ("-unnamed", unnamed)):
        for name in finishes:
            rows += _agreeing(layer.series, name, suffix, worlds)
    return rows + _angles(samples, judges, layer, finishes, body, behind)


def _read(judges: Judges, layer: Layer) -> tuple[WorldReading, WorldReading]:
    """What each picture's bodywork shows of the world, and what its background shows."""
    body = judges.read_world(layer.pictures, layer.masks, "body")
    return body, judges.read_world(layer.pictures, layer.masks, "background")


def _agreeing(series: str, finish: str, suffix: str, worlds: Worlds) -> list[Row]:
    """How often a finish's bodies agree with their own background, and with others' (the floor)."""
    panel = "No world named: they agree" if suffix else "Body and background agree"
    name = f"{slug(series)}-{finish}{suffix}"
    body, behind = worlds.body, worlds.background
    mine = [i for i, s in enumerate(worlds.samples) if s.scene.material.finish == finish]
    like = _alike(worlds.samples)
    floor = [np.mean(body[i] == behind[like[i]]) if len(like[i]) else np.nan for i in mine]
    place, under = Place(panel, finish, series), Place(panel, finish, f"{series}, {FLOOR}")
    words = [worlds.samples[i].prompt for i in mine]
    return [
        share_of(name, place, (body == behind)[mine], words),
        mean_of(f"{name}-floor", under, 100 * np.array(floor), "%", words),
    ]


def _alike(samples: Sequence[Sample]) -> list[np.ndarray]:
    """Of each sample the others of the same words, else of words that say as much of the world."""
    words = np.array([s.prompt for s in samples])
    said = np.array([s.scene.world.name if "world" in s.named else "" for s in samples])
    alike = []
    for i in range(len(samples)):
        for like in (words, said):
            same = np.flatnonzero(like == like[i])
            if len(same) > 1:
                break
        alike.append(same[same != i])
    return alike


def _angles(
    samples: Sequence[Sample],
    judges: Judges,
    layer: Layer,
    finishes: list[str],
    body: WorldReading,
    behind: WorldReading,
) -> list[Row]:
    """How far apart sun and horizon are, in degrees, where both parts see one world with a sun."""
    across = np.array([_degrees_high(s.scene.camera, layer.pictures.shape) for s in samples])
    errors = {
        "sun": lambda i, j: apart(body.sun[i], behind.sun[j]),
        "horizon": lambda i, j: np.abs(body.horizon[i] - behind.horizon[j]) * across[i],
    }
    pairs = _pairs(samples, finishes, body.world, behind.world)
    rows = []
    for kind, error in errors.items():
        for name in finishes:
            why = doubt(judges, f"background_{kind}") or doubt(judges, f"body_{kind}", of=name)
            for end, i, j in pairs[name]:
                id = f"{slug(layer.series)}-{name}-{kind}{'-floor' if end else ''}"
                place = Place(f"{kind.capitalize()}: error", name, layer.series + end)
                absent = missing(id, place, "degrees", why)
                words = [samples[at].prompt for at in i]
                rows.append(absent if why else mean_of(id, place, error(i, j), "degrees", words))
    return rows


def _pairs(
    samples: Sequence[Sample], finishes: list[str], body: np.ndarray, behind: np.ndarray
) -> dict[str, tuple[Paired, ...]]:
    """Of each finish the places of bodies and of backgrounds: their own, and as the floor others'.

    Only where both parts show one world, and it has a sun; the other picture is of that world.
    """
    lit = {s.scene.world.name for s in samples if s.scene.world.sun_azimuth is not None}
    both = (body == behind) & np.isin(body, list(lit))
    seen = [world if agree else None for world, agree in zip(body, both, strict=True)]
    other = others(seen, np.random.default_rng(0))
    finish = np.array([s.scene.material.finish for s in samples])
    pairs: dict[str, tuple[Paired, ...]] = {}
    for name in finishes:
        mine = np.flatnonzero(both & (finish == name))
        paired = mine[other[mine] >= 0]
        pairs[name] = (("", mine, mine), (f", {FLOOR}", paired, other[paired]))
    return pairs


def _degrees_high(camera: Camera, shape: tuple[int, ...]) -> float:
    """The angle that a picture's height takes in: `fov` is its width's."""
    half = np.tan(np.radians(camera.fov / 2)) * shape[1] / shape[2]
    return float(2 * np.degrees(np.arctan(half)))


def _absent(series: str, finish: str, why: str) -> Row:
    place = Place("Body and background agree", finish, series)
    return missing(f"{slug(series)}-{finish}", place, "%", why)
