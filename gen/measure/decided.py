"""Measurement 3: when is the shine decided? What of the final picture each step already holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.core.sources import Prompt
from gen.measure.kit.pictures import coarse, inside, luminance
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.watching import frames
from gen.study.world import captions

ID, VERSION = "decided", 5
QUESTION = "When is the shine decided?"
METHOD = (
    "{n} prompts for a mirror, each drawn also with a matte paint in the mirror's place, from the "
    "same noise. For every step, the picture of the predicted clean latents against the final one:"
    " how much is there, 100 % less the mean squared error within a part, taken as a share of the "
    "whole picture's variance, which is one yardstick for all parts (100 % is the same picture, "
    "0 % is no better than one colour for all). Coarse is what a blur over a fiftieth of the width "
    "leaves, fine is the rest. Highlights are the brightest twentieth of the final picture's "
    "bodywork. A part settles at the first step from which on 90 % is there. Later in the mirror: "
    "its step less the matte car's, pair by pair. The floor compares with the final picture of "
    "another prompt and seed."
)
NEEDS = ("model", "judging")
WATCHED = 50  # pairs, of which every step is decoded: some ten minutes
FINISH, BESIDE = "mirror", "matte"
SETTLED = 90.0  # %: what is missing then is hard to see at this size
BRIGHTEST = 0.05  # share of the bodywork
LEAST = 20  # pixels of a part: fewer have no variance to speak of
BANDS = ("coarse", "fine")
PARTS = ("background", "body", "highlights")


@dataclass(frozen=True)
class Looked:
    """N pictures of one finish: S steps' (N, S, H, W, 3), the final ones, bodywork (N, H, W)."""

    frames: np.ndarray
    finals: np.ndarray
    masks: np.ndarray


def of(project: Project) -> Measured:
    """The first samples that ask for a mirror, watched, and again as matte cars."""
    looked = {}
    for finish, prompts in prompts_of(project).items():
        watched = frames(project.pipe, prompts, project.telling(f"decided: {finish}"))
        looked[finish] = Looked(watched.frames, watched.finals, project.masks(watched.finals))
    return run(looked, project.mask_doubt)


def prompts_of(project: Project) -> dict[str, list[Prompt]]:
    """By finish: the same sentences but for the paint, from the same noises."""
    recipe = project.recipe.render
    mirrors = [s for s in project.request.every if s.scene.material.finish == FINISH][:WATCHED]
    return {
        FINISH: [project.prompt_with(s.prompt, s.seed) for s in mirrors],
        BESIDE: [
            project.prompt_with(captions.in_paint(s.prompt, recipe, BESIDE, number), s.seed)
            for number, s in enumerate(mirrors)
        ],
    }


def run(looked: Mapping[str, Looked], doubt: str = "") -> Measured:
    """By finish, each pair at the same place. With a `doubt` about masks whole pictures alone."""
    parts = ("whole",) if doubt else ("whole", *PARTS)
    rows: list[Row] = []
    settles: dict[tuple[str, str, str], np.ndarray] = {}
    for finish, pictures in looked.items():
        for (part, band), (there, floor) in _presences(pictures, parts).items():
            settles[finish, part, band] = np.array([settled(values) for values in there])
            rows += _rows(finish, part, band, there, floor, settles[finish, part, band])
    for part in parts if {FINISH, BESIDE} <= set(looked) else ():
        for band in BANDS:
            later = settles[FINISH, part, band] - settles[BESIDE, part, band]
            place = Place("Later in the mirror by", part, band)
            rows.append(mean(f"{part}-{band}-later", place, later, "steps"))
    if doubt:
        rows += [
            missing(f"{finish}-{part}-{band}-settles", Place("Settles", part, band), "step", doubt)
            for finish in looked
            for part in PARTS
            for band in BANDS
        ]
    return Measured(QUESTION, METHOD.format(n=len(next(iter(looked.values())).finals)), tuple(rows))


Key = tuple[str, str]  # part and band


def _presences(looked: Looked, parts: Sequence[str]) -> dict[Key, tuple[np.ndarray, np.ndarray]]:
    """Of each part and band what every step holds (N, S), and what another picture does (N,)."""
    there: dict[Key, list[list[float]]] = {(part, band): [] for part in parts for band in BANDS}
    floor: dict[Key, list[float]] = {key: [] for key in there}
    for i, (pictures, final) in enumerate(zip(looked.frames, looked.finals, strict=True)):
        areas = _areas(final, looked.masks[i], parts)
        last, other = bands(final), bands(looked.finals[i - 1])
        steps = [bands(frame) for frame in pictures]
        for part, band in there:
            area = areas[part]
            there[part, band].append([presence(s[band], last[band], area) for s in steps])
            floor[part, band].append(presence(other[band], last[band], area))
    return {key: (np.array(there[key]), np.array(floor[key])) for key in there}


def _areas(final: np.ndarray, mask: np.ndarray, parts: Sequence[str]) -> dict[str, np.ndarray]:
    whole = {"whole": np.ones(final.shape[:2], bool)}
    if "body" not in parts:
        return whole
    body = inside(mask)
    areas = whole | {"background": inside(255 - mask), "body": body}
    return areas | {"highlights": brightest(luminance(final), body)}


def brightest(light: np.ndarray, body: np.ndarray) -> np.ndarray:
    """The brightest twentieth of the bodywork: every body has one, however dark it is."""
    if not body.any():
        return body
    return body & (light >= np.quantile(light[body], 1 - BRIGHTEST))


def bands(picture: np.ndarray) -> dict[str, np.ndarray]:
    """A picture (H, W, 3) as its large forms and what is left: float32, of 255."""
    low = coarse(picture)
    return {"coarse": low, "fine": picture - low}


def presence(step: np.ndarray, final: np.ndarray, area: np.ndarray) -> float:
    """Percent of the final picture that is there in an area: see METHOD.

    At least 0; NaN where the area is too small or the whole picture flat.
    """
    spread = float(((final - final.mean((0, 1))) ** 2).mean())
    if area.sum() < LEAST or spread < 1e-3:
        return np.nan
    return float(100 * np.clip(1 - ((step - final)[area] ** 2).mean() / spread, 0, 1))


def _rows(
    finish: str, part: str, band: str, there: np.ndarray, floor: np.ndarray, settles: np.ndarray
) -> list[Row]:
    """Where the part settles, and its presence at each step: `there` is (N, S) in percent."""
    name = f"{finish}-{part}-{band}"
    at = Place(f"{finish.capitalize()}: settles at step", part, band)
    rows = [
        mean(f"{name}-settles", at, settles, "step"),
        mean(f"{name}-floor", Place("", part, f"{finish}, {band}, floor"), floor, "%"),
    ]
    for step, values in enumerate(there.T, 1):
        place = Place(f"{finish.capitalize()}, {band}: already there, by step", str(step), part)
        rows.append(mean(f"{name}-{step}", place, values, "%"))
    return rows


def settled(there: np.ndarray) -> float:
    """The first step, from 1, from which on the presence stays at 90 % or more: of (S,)."""
    if np.isnan(there).any():
        return np.nan
    below = np.flatnonzero(there < SETTLED)
    return float(min(below[-1] + 2, len(there)) if len(below) else 1)
