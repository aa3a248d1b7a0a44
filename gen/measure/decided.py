"""Measurement 3: when is the shine decided? What of the final picture each step already holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gen.core.measured import Row
from gen.core.sources import Prompt
from gen.measure.kit.alike import alike
from gen.measure.kit.pictures import coarse, inside, luminance
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.watching import frames
from gen.study.world import captions

ID, VERSION = "decided", 6
QUESTION = "When is the shine decided?"
METHOD = (
    "{n} prompts for a mirror, each drawn also with a matte paint in the mirror's place, from the "
    "same noise. For every step, the picture of the predicted clean latents against the final one:"
    " how much is there, 100 % less the mean squared error within a part, taken as a share of the "
    "whole picture's variance, which is one yardstick for all parts (100 % is the same picture, "
    "0 % is no better than one colour for all). Coarse is what a blur over a fiftieth of the width "
    "leaves, fine is the rest. Highlights are the brightest twentieth of the final picture's "
    "bodywork. A part settles at the first step from which on 90 % is there. Later in the mirror: "
    "its step less the matte car's, pair by pair. That a mirror is late may be because it has much "
    "to show. So squares of bodywork are also paired with squares of the same picture's background "
    "that lie as far from its mean colour in the final picture, band by band; body after "
    "background is told of both, picture by picture. All these comparisons hold at once. The floor "
    "compares with the final picture of another prompt and seed."
)
NEEDS = ("model", "judging", "recipe")
WATCHED = 50  # pairs, of which every step is decoded: some ten minutes
FINISH, BESIDE = "mirror", "matte"
SETTLED = 90.0  # %: what is missing then is hard to see at this size
BRIGHTEST = 0.05  # share of the bodywork
LEAST = 20  # pixels of a part: fewer have no variance to speak of
BANDS = ("coarse", "fine")
SQUARES = ("body-squares", "alike")  # see kit/alike.py
PARTS = ("background", "body", "highlights", *SQUARES)
TITLES = dict(zip(SQUARES, ("squares of bodywork", "background as varied"), strict=True))
AFTER = {  # a comparison within a picture: what may come after what
    "body-after-background": ("Body after all the background by", "body", "background"),
    "body-after-alike": ("Body after background with as much to show by", "body-squares", "alike"),
}


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
        for (part, band), held in _held(pictures, parts).items():
            settles[finish, part, band] = np.array([settled(values) for values in held.steps])
            rows += _rows(finish, part, band, held, settles[finish, part, band])
    both = {FINISH, BESIDE} <= set(looked)
    beside = [part for part in parts if both and part not in SQUARES]
    after = () if doubt else tuple(AFTER)
    count = len(BANDS) * (len(beside) + len(after) * len(looked))
    for part in beside:
        for band in BANDS:
            later = settles[FINISH, part, band] - settles[BESIDE, part, band]
            place = Place("Later in the mirror by", part, band)
            rows.append(mean(f"{part}-{band}-later", place, later, "steps", looked_at=count))
    for finish, name in product(looked, after):
        title, one, other = AFTER[name]
        for band in BANDS:
            later = settles[finish, one, band] - settles[finish, other, band]
            place = Place(title, finish, band)
            rows.append(mean(f"{finish}-{name}-{band}", place, later, "steps", looked_at=count))
    if doubt:
        rows += [
            missing(f"{finish}-{part}-{band}-settles", Place("Settles", part, band), "step", doubt)
            for finish in looked
            for part in PARTS
            for band in BANDS
        ]
    return Measured(QUESTION, METHOD.format(n=len(next(iter(looked.values())).finals)), tuple(rows))


Key = tuple[str, str]  # part and band


@dataclass(frozen=True)
class Held:
    """Of one part and band, in percent: what every step holds (N, S), and another picture (N,).

    `shows` (N,) is what one colour for all would be off by there, of the same over the picture.
    """

    steps: np.ndarray
    floor: np.ndarray
    shows: np.ndarray


def _held(looked: Looked, parts: Sequence[str]) -> dict[Key, Held]:
    every = [_held_of(looked, at, parts) for at in range(len(looked.finals))]
    return {
        key: Held(*(np.array(values) for values in zip(*(one[key] for one in every), strict=True)))
        for key in every[0]
    }


def _held_of(
    looked: Looked, at: int, parts: Sequence[str]
) -> dict[Key, tuple[list[float], float, float]]:
    final = looked.finals[at]
    last, other = bands(final), bands(looked.finals[at - 1])
    steps = [bands(frame) for frame in looked.frames[at]]
    return {
        (part, band): (
            [presence(step[band], last[band], area) for step in steps],
            presence(other[band], last[band], area),
            shows(last[band], area),
        )
        for (part, band), area in _areas(final, looked.masks[at], parts).items()
    }


def _areas(final: np.ndarray, mask: np.ndarray, parts: Sequence[str]) -> dict[Key, np.ndarray]:
    whole = {"whole": np.ones(final.shape[:2], bool)}
    if "body" not in parts:
        return {(part, band): area for part, area in whole.items() for band in BANDS}
    body, background = inside(mask), inside(255 - mask)
    areas = whole | {"background": background, "body": body}
    areas |= {"highlights": brightest(luminance(final), body)}
    every = {(part, band): area for part, area in areas.items() for band in BANDS}
    for band, picture in bands(final).items():
        pair = alike(picture, body, background)
        every |= dict(zip((("body-squares", band), ("alike", band)), pair, strict=True))
    return every


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
    return float(100 * np.clip(1 - _share(step - final, final, area), 0, 1))


def shows(final: np.ndarray, area: np.ndarray) -> float:
    """Percent of the whole picture's variance that an area has, about the picture's mean colour.

    NaN where the area is too small or the whole picture flat.
    """
    return 100 * _share(final - final.mean((0, 1)), final, area)


def _share(off: np.ndarray, final: np.ndarray, area: np.ndarray) -> float:
    """What is off in an area, squared, over the whole final picture's variance; or NaN."""
    spread = float(((final - final.mean((0, 1))) ** 2).mean())
    if area.sum() < LEAST or spread < 1e-3:
        return np.nan
    return float((off[area] ** 2).mean() / spread)


def _rows(finish: str, part: str, band: str, held: Held, settles: np.ndarray) -> list[Row]:
    """Where the part settles, what it has to show, and its presence at each step."""
    name = f"{finish}-{part}-{band}"
    at = Place(f"{finish.capitalize()}: settles at step", TITLES.get(part, part), band)
    rows = [
        mean(f"{name}-settles", at, settles, "step"),
        mean(f"{name}-floor", Place("", part, f"{finish}, {band}, floor"), held.floor, "%"),
        mean(f"{name}-shows", Place("", part, f"{finish}, {band}, shows"), held.shows, "%"),
    ]
    for step, values in enumerate(held.steps.T if part not in SQUARES else (), 1):
        place = Place(f"{finish.capitalize()}, {band}: already there, by step", str(step), part)
        rows.append(mean(f"{name}-{step}", place, values, "%"))
    return rows


def settled(there: np.ndarray) -> float:
    """The first step, from 1, from which on the presence stays at 90 % or more: of (S,)."""
    if np.isnan(there).any():
        return np.nan
    below = np.flatnonzero(there < SETTLED)
    return float(min(below[-1] + 2, len(there)) if len(below) else 1)
