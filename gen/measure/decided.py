"""Measurement 3: when is the shine decided? What of the final picture each step already holds."""

from collections.abc import Sequence

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.pictures import coarse, inside, luminance
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.watching import frames

ID, VERSION = "decided", 4
QUESTION = "When is the shine decided?"
METHOD = (
    "For every step, the picture of the predicted clean latents against the final picture: the "
    "share of the final one's variance, within a part of it, that is already there (100 % is the "
    "same picture, 0 % no better than the part's mean colour). Coarse is what a blur over a "
    "fiftieth of the width leaves, fine is the rest. Highlights are the brightest twentieth of the "
    "final picture's bodywork. A part settles at the first step from which on 90 % is there. The "
    "floor compares with the final picture of another prompt and seed."
)
NEEDS = ("model", "judging")
WATCHED = 50  # samples whose every step is decoded: some five minutes
SETTLED = 90.0  # %: what is missing then is hard to see at this size
BRIGHTEST = 0.05  # share of the bodywork
LEAST = 20  # pixels of a part: fewer have no variance to speak of
BANDS = ("coarse", "fine")
PARTS = ("background", "body", "highlights")


def of(project: Project) -> Measured:
    """The first samples' prompts and noises, drawn again and watched."""
    few = [project.prompt_with(s.prompt, s.seed) for s in project.request.every[:WATCHED]]
    watched = frames(project.pipe, few, project.telling("decided: pictures"))
    masks = project.masks(watched.finals)
    return run(watched.frames, watched.finals, masks, project.mask_doubt)


def run(
    frames: np.ndarray,
    finals: np.ndarray,
    masks: np.ndarray | None,
    doubt: str = "",
) -> Measured:
    """Frames (N, S, H, W, 3) uint8 of S steps, final pictures (N, H, W, 3), bodywork (N, H, W).

    Without masks, or with a `doubt` about them, only the whole picture is measured: so for a model
    that no judge was trained for.
    """
    parts = ("whole", *(PARTS if masks is not None and not doubt else ()))
    there: dict[tuple[str, str], list[list[float]]] = {
        (part, band): [] for part in parts for band in BANDS
    }
    floor: dict[tuple[str, str], list[float]] = {key: [] for key in there}
    for i, (pictures, final) in enumerate(zip(frames, finals, strict=True)):
        areas = _areas(final, None if masks is None else masks[i], parts)
        last, other = bands(final), bands(finals[i - 1])
        steps = [bands(frame) for frame in pictures]
        for part, band in there:
            area = areas[part]
            there[part, band].append([presence(s[band], last[band], area) for s in steps])
            floor[part, band].append(presence(other[band], last[band], area))
    rows: list[Row] = []
    for key, values in there.items():
        rows += _rows(*key, np.array(values), np.array(floor[key]))
    if doubt:
        rows += [
            missing(f"{part}-{band}-settles", Place("Settles", part, band), "step", doubt)
            for part in PARTS
            for band in BANDS
        ]
    return Measured(QUESTION, METHOD, tuple(rows))


def _areas(
    final: np.ndarray, mask: np.ndarray | None, parts: Sequence[str]
) -> dict[str, np.ndarray]:
    whole = {"whole": np.ones(final.shape[:2], bool)}
    if mask is None or "body" not in parts:
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
    """Percent of the final variance that is there, 0 at least; NaN where the part is too small."""
    if area.sum() < LEAST:
        return np.nan
    wanted = final[area]  # (P, 3)
    spread = ((wanted - wanted.mean(0)) ** 2).sum()
    if spread < 1e-3 * wanted.size:  # a flat part has nothing that could be there
        return np.nan
    return float(100 * np.clip(1 - ((step[area] - wanted) ** 2).sum() / spread, 0, 1))


def _rows(part: str, band: str, there: np.ndarray, floor: np.ndarray) -> list[Row]:
    """Where the part settles, and its presence at each step: `there` is (N, S) in percent."""
    settles = np.array([settled(values) for values in there])
    rows = [
        mean(f"{part}-{band}-settles", Place("Settles at step", part, band), settles, "step"),
        mean(f"{part}-{band}-floor", Place("", part, f"{band}, floor"), floor, "%"),
    ]
    for step, values in enumerate(there.T, 1):
        place = Place(f"{band.capitalize()}: already there, by step", str(step), part)
        rows.append(mean(f"{part}-{band}-{step}", place, values, "%"))
    return rows


def settled(there: np.ndarray) -> float:
    """The first step, from 1, from which on the presence stays at 90 % or more: of (S,)."""
    if np.isnan(there).any():
        return np.nan
    below = np.flatnonzero(there < SETTLED)
    return float(min(below[-1] + 2, len(there)) if len(below) else 1)
