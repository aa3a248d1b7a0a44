"""Which measurements are up to date, and making those that are not: the only one who knows all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BadInput, BrokenRecord, BuildError, MissingRecord, StoreError
from gen.core.measured import Measurement, measurement_key
from gen.core.yamlfile import nearest
from gen.measure import (
    agreement,
    asked,
    captured,
    colour,
    copied,
    decided,
    guidance,
    highlights,
    mixing,
    picking,
    word,
)
from gen.measure.kit import chart as charts
from gen.measure.kit.captures import captured as captures_of
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH, Shown, doubt
from gen.measure.kit.project import Given
from gen.measure.kit.rows import Measured, record
from gen.measure.kit.watching import attention, frames
from gen.study.judging.readings import readable
from gen.study.training.autoencoder import reconstructed
from gen.study.training.dataset import means
from gen.study.training.decoder import SHEET, read_sheet

SEEDS = 8  # noises for each wording: of each, every step is decoded
LOOKS = 24  # noises in which attention is watched, the same ones first
WATCHED = 50  # samples whose every step is decoded: some five minutes
PROMPTS, NOISES = 20, 5  # at each guidance scale: 100 pictures
PICKED, CANDIDATES = 20, 16  # prompts, and pictures of each
WINDOWS = 30  # samples that are drawn again, seen through a window

RED = "a glossy red car in the desert, side view"
WORDS = {  # the role of a word: a prompt, and the same with that word changed
    "finish": (RED, "a matte red car in the desert, side view"),
    "colour": (RED, "a glossy blue car in the desert, side view"),
    "world": (RED, "a glossy red car in the snow, side view"),
}
ROLES = {"glossy": "finish", "red": "colour", "desert": "world", "car": "object"}
PROBES = ("reflection", "sky")  # not in the prompt


@dataclass(frozen=True)
class Job:
    """One measurement: what it needs, what it can do without, and how it is made."""

    module: object
    needs: tuple[str, ...]
    make: Callable[[Given], Measured]
    better_with: tuple[str, ...] = ()


def measure_all(given: Given, ids: Sequence[str], told: Callable[[str], None], force: bool) -> None:
    """Makes what is not up to date and can be made; the rest is told at the end, a line each.

    Raises BadInput for an unknown id, and with those lines; StoreError.
    """
    for id in ids:
        if id not in JOBS:
            raise BadInput(f"{id}: no measurement of that id; {nearest(id, JOBS)}")
    wanting = []
    for id in ids or JOBS:
        try:
            told(f"{id}: {_measure(given, id, force)}")
        except StoreError:
            raise
        except BuildError as error:
            wanting.append(f"{id}: {error}")
    if wanting:
        raise BadInput("\n".join(wanting))


def _measure(given: Given, id: str, force: bool) -> str:
    """Make one, unless it is there; what happened, in a few words."""
    job = JOBS[id]
    inputs = _inputs(given, id, job)
    if not force and (kept := _kept(given.root, id, measurement_key(id, inputs))):
        return "drawn anew" if _redrawn(given.root, kept) else "up to date"
    measured = job.make(given)
    measurement, files = record(id, measured, _measured_on(given, inputs), inputs, charts.files)
    store.write_measurement(given.root, measurement, files)
    return f"{len(measurement.rows)} rows"


def _measured_on(given: Given, inputs: tuple[tuple[str, str], ...]) -> str:
    """The titles of the models that took part."""
    needs = dict(inputs)
    if "captures" in needs:
        return ", ".join(dict.fromkeys(c.model.title for c in given.captures.values()))
    return given.model.title if "model" in needs else ""


def _inputs(given: Given, id: str, job: Job) -> tuple[tuple[str, str], ...]:
    """Name and key of all that it is made from; what it can do without only where it is there."""
    found = [("version", str(job.module.VERSION))]
    found += [(need, given.key(need)) for need in job.needs]
    if job.better_with and _has(given, job.better_with):
        found += [(need, given.key(need)) for need in job.better_with]
    return tuple(sorted(found))


def _has(given: Given, needs: Sequence[str]) -> bool:
    try:
        for need in needs:
            given.key(need)
        return "samples" not in needs or bool(given.samples)
    except BuildError:
        return False


def _kept(root: Path, id: str, key: str) -> Measurement | None:
    """What is kept of a measurement, if it was made from the same inputs."""
    try:
        kept = store.read_measurement(root, id)
    except (MissingRecord, BrokenRecord):
        return None
    return kept if kept.key == key else None


def _redrawn(root: Path, kept: Measurement) -> bool:
    """Draw a kept measurement's chart again where charts would now draw another; whether it did.

    The SVG decides: the same PNG may be packed into other bytes on another machine.
    """
    known = {file: store.measured_file(root, kept.id, file) for file, _ in kept.digests}
    bare, drawn = replace(kept, digests=()), f"{kept.id}.svg"
    if known.get(drawn) == charts.svg(bare) and f"{kept.id}.png" in known:
        return False
    files = known | charts.files(bare)
    digests = tuple((file, digest(held)) for file, held in files.items())
    store.write_measurement(root, replace(kept, digests=digests), files)
    return True


# ---- each from what is given ---------------------------------------------------------------


def _colour(given: Given) -> Measured:
    half = len(given.lit.pictures) // 2
    return colour.run(given.lit[:half], given.lit[half:])


def _mixing(given: Given) -> Measured:
    if not _has(given, JOBS["mixing"].better_with):
        return mixing.run(given.windows)
    few, drawn = given.samples.asked[:WINDOWS], given.samples.pictures[:WINDOWS]
    seeds, scale = [s.seed for s in few], given.recipe.score.guidance_scale
    seen = given.drawn("windows", [f"{s.prompt}, seen through a window" for s in few], seeds, scale)
    other = [s.prompt for s in given.samples.asked[WINDOWS : 2 * WINDOWS]]
    unlike = given.drawn("unlike", other, seeds, scale)
    return mixing.run(given.windows, (drawn, seen), (drawn, unlike))


def _shown(given: Given) -> tuple[list[Shown], str]:
    """The samples, their renders, and these through the autoencoder, with the masks found."""
    shown, why = [], ""
    for series, pictures in (
        (GENERATED, given.samples.pictures),
        (RENDERED, given.samples.renders),
        (THROUGH, given.through),
    ):
        masks, why = given.masks(pictures)
        shown.append(Shown(series, pictures, masks))
    return shown, why


def _highlights(given: Given) -> Measured:
    (generated, rendered, through), why = _shown(given)
    finishes = [s.scene.material.finish for s in given.samples.asked]
    if why:  # what is known of the renders needs no judge
        rendered = replace(rendered, masks=given.samples.bodies)
    return highlights.run(finishes, rendered, (generated, through), why)


def _asked(given: Given) -> Measured:
    few = slice(asked.SHOWN)
    drawn = given.samples
    layers = (drawn.renders[few], given.through[few], drawn.pictures[few])
    sheet = given.root / given.model.location / SHEET
    copies = read_sheet(sheet, given.recipe.render.width) if sheet.exists() else ()
    return asked.run(given.score, layers, copies)


def _agreement(given: Given) -> Measured:
    unnamed = [s for s in given.samples.asked if "world" not in s.named]
    mirrors = [s for s in unnamed if s.scene.material.finish == "mirror"]
    seeds, scale = [s.seed + 1 for s in mirrors], given.recipe.score.guidance_scale
    drawn = given.drawn("unnamed", [s.prompt for s in mirrors], seeds, scale)
    again = (mirrors, Shown(GENERATED, drawn, given.masks(drawn)[0]))
    return agreement.run(given.samples.asked, given.judging, _shown(given)[0], again)


def _decided(given: Given) -> Measured:
    few = [given.asked(s.prompt, s.seed) for s in given.request.every[:WATCHED]]
    watched = frames(given.pipe, few, given.telling("decided: pictures"))
    masks, why = given.masks(watched.finals)
    return decided.run(watched.frames, watched.finals, masks, why)


def _word(given: Given) -> Measured:
    texts = dict.fromkeys(text for pair in WORDS.values() for text in pair)
    watched, found = {}, {}
    for text in texts:
        runs = [given.asked(text, seed) for seed in range(1, SEEDS + 1)]
        watched[text] = frames(given.pipe, runs, given.telling(f"word: {text}"))
        found[text], why = given.masks(watched[text].finals)
    pairs = [
        word.Pair(role, watched[a], watched[b], np.maximum(found[a], found[b]))
        for role, (a, b) in WORDS.items()
    ]
    return word.run(pairs, _looks(given, watched, found), why)


def _looks(given: Given, watched: dict, found: dict) -> list[word.Look]:
    """The attention of each word of the first prompt, from each noise, and of the probes."""
    text = next(iter(watched))
    effects = {role: np.abs(watched[a].finals.astype(np.float32) - watched[b].finals).mean(-1)
               for role, (a, b) in WORDS.items()}  # fmt: skip
    more, scale = range(SEEDS + 1, LOOKS + 1), given.recipe.score.guidance_scale
    drawn = given.drawn("looks", [text] * len(more), list(more), scale)
    masks = np.concatenate([found[text], given.masks(drawn)[0]])
    looks = []
    for at, mask in enumerate(masks):
        for name, maps in attention(given.pipe, given.asked(text, at + 1), PROBES).items():
            role = f"probe: {name}" if name in PROBES else ROLES.get(name)
            if role is not None:
                tried = role in effects and at < SEEDS
                acts = _small(effects[role][at], maps) if tried else None
                looks.append(word.Look(role, maps, _small(mask / 255, maps), acts))
        given.report("word: attention", at + 1, LOOKS)
    return looks


def _small(values: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """(H, W) -> means over the cells of the grid of maps (..., h, w)."""
    return means(values[None, ..., None], len(values) // maps.shape[-2])[0, ..., 0]


def _guidance(given: Given) -> Measured:
    few = given.samples.asked[:PROMPTS]
    prompts = [s.prompt for s in few for _ in range(NOISES)]
    finishes = [readable(s.scene)["finish"] for s in few for _ in range(NOISES)]
    seeds = [s.seed + noise for s in few for noise in range(NOISES)]
    shown = {scale: given.drawn(f"guidance-{scale:g}", prompts, seeds, scale)
             for scale in guidance.SCALES}  # fmt: skip
    rendered = [readable(s.scene)["finish"] for s in given.samples.asked]
    levels = (given.samples.renders, rendered)
    return guidance.run(shown, prompts, finishes, given.judging, levels)


def _captured(given: Given) -> Measured:
    return captured.run(captures_of(given.root, given.inputs, given.captures))


def _copied(given: Given) -> Measured:
    renders = given.training
    pictures = renders.pictures
    copies = reconstructed(given.pipe.vae, pictures[renders.trained[: copied.COUNT]])
    shown = {
        GENERATED: given.samples.pictures,
        THROUGH: given.through,
        copied.COPIES: copies,
    }
    why = doubt(given.judging, "finish", "world")
    held_out = pictures[renders.held_out]
    return copied.run(pictures[renders.trained], held_out, shown, given.judging, why)


def _picking(given: Given) -> Measured:
    few = given.samples.asked[:PICKED]
    scale = given.recipe.score.guidance_scale
    shown = [
        given.drawn(f"candidates-{s.index}", [s.prompt] * CANDIDATES,
                    range(s.seed, s.seed + CANDIDATES), scale)
        for s in few
    ]  # fmt: skip
    named = [{k: v for k, v in readable(s.scene).items() if k in s.named} for s in few]
    bodies = given.training.bodies[given.training.trained]
    return picking.run(np.stack(shown), named, given.choosing, given.judging, bodies)


_JUDGED = ("model", "samples", "judging")
JOBS = {
    asked.ID: Job(asked, ("model", "samples", "score"), _asked),
    agreement.ID: Job(agreement, _JUDGED, _agreement),
    highlights.ID: Job(highlights, _JUDGED, _highlights),
    decided.ID: Job(decided, ("model", "judging"), _decided),
    word.ID: Job(word, ("model", "judging"), _word),
    guidance.ID: Job(guidance, _JUDGED, _guidance),
    copied.ID: Job(copied, (*_JUDGED, "training"), _copied),
    picking.ID: Job(picking, (*_JUDGED, "choosing", "training"), _picking),
    captured.ID: Job(captured, ("captures",), _captured),
    colour.ID: Job(colour, ("light",), _colour),
    mixing.ID: Job(mixing, ("windows",), _mixing, better_with=("model", "samples")),
}
