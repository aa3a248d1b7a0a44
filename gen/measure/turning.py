"""Measurement 20: how late can it change its mind? Other words from one step on, every step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gen.core.measured import Row
from gen.measure.kit import turns
from gen.measure.kit.clusters import share_of
from gen.measure.kit.pictures import small_sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rewording import reworded
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.sides import Sides, nearer
from gen.measure.kit.turns import CHROME, MATTE, PAINT, VIEW, Change
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import ALIKE, Readings
from gen.study.recipe.train import Of
from gen.study.world.captions import understood

ID, VERSION = "turning", 2
PAINTINGS = 1  # raised when the same inputs paint other pictures
QUESTION = "How late can it change its mind?"
METHOD = (
    "The words say one thing for k of {steps} steps and another from there on, from the same "
    "noise, for every k from 0 to {steps}; {pairs} pairs of words, {noises} noises of each. Judges "
    "read each final picture: the world from what surrounds the car and, of chrome, from the "
    "bodywork alone; finish, colour and view from the whole; whose outline the bodywork has is "
    "that of the two unchanged pictures which it covers better (intersection over union). The new "
    "words can win up to the last k at which a picture is read as they say; the old have won for "
    "good from the first k on at which, and at all later ones, it is read as these say. Both are "
    "of runs whose two unchanged pictures are read as asked. Noises of one pair are averaged "
    "first: n counts pairs, and intervals draw pairs again. Pairs that do not differ in what is "
    "read are left out of it."
)
NEEDS = ("model", "judging")
UNIT = "% of pictures"
SHEET_BYTES = 90_000  # of one sheet, at most: a page has six
SHOWN = {  # sheets for a page, by panel, and the place of their change among those of its kind
    "world-snow": (CHROME, 0),
    "world-sunset": (CHROME, 1),
    "world-matte": (MATTE, 0),
    "paint-chrome": (PAINT, 0),
    "paint-gold": (PAINT, 1),
    "view-front": (VIEW, 0),
}


@dataclass(frozen=True)
class Aspect:
    """One thing that is read of every picture of a kind of change."""

    kind: str
    name: str
    series: str
    judge: str
    says: str = ""  # what of a sentence it is held against; "" where it is held against pictures
    part: Of | None = None  # of the picture, that its judge sees alone
    of: str = "all"  # renders on which its judge must be good

    @property
    def row(self) -> str:
        """How the names of its rows begin."""
        return f"{self.kind}-{self.name}"


BEHIND, MIRRORED = "behind the car", "in the mirror"
BACKGROUND = Aspect(CHROME, "background", BEHIND, "background_world", "world", "background")
MIRROR = Aspect(CHROME, "mirror", MIRRORED, "body_world", "world", "body", "mirror")
ASPECTS = (
    BACKGROUND,
    MIRROR,
    replace(BACKGROUND, kind=MATTE, series="behind matte"),
    Aspect(PAINT, "finish", "finish", "finish", "finish"),
    Aspect(PAINT, "colour", "colour", "colour", "colour"),
    Aspect(VIEW, "view", "view", "view", "view"),
    Aspect(VIEW, "outline", "outline", "mask"),
)
PANELS = {CHROME: "world", MATTE: "world", PAINT: "paint", VIEW: "view"}
LAST, SETTLED = "new words can win up to", "old words have won from"


@dataclass(frozen=True)
class Turned:
    """A change as it was read, by aspect, and the pictures (k, H, W, 3) of its first noise."""

    change: Change
    sides: Mapping[str, Sides]
    pictures: np.ndarray


def of(project: Project) -> Measured:
    """Every change painted and read, one after the other: a run that is stopped goes on."""
    every, turned = turns.changes(), []
    for done, change in enumerate(every, 1):
        pictures = _painted(project, change)
        turned.append(Turned(change, _read(project, change, pictures), pictures[0]))
        project.report("turning: pairs of words", done, len(every))
    doubts = {a.row: _doubt(project.judging, a) for a in ASPECTS}
    return run(turned, {row: why for row, why in doubts.items() if why})


def _painted(project: Project, change: Change) -> np.ndarray:
    """(N, K, H, W, 3) uint8"""
    render, how = project.recipe.render, project.recipe.score
    words, size = (change.before, change.after), (render.height, render.width)
    paint_one = partial(reworded, steps=how.steps, guidance_scale=how.guidance_scale, eta=how.eta)

    def paint() -> np.ndarray:
        each = (paint_one(project.pipe, *words, seed, size) for seed in change.seeds)
        return np.stack(list(each))

    return project.made("turning", [words, change.seeds, size, PAINTINGS], paint)


def _read(project: Project, change: Change, pictures: np.ndarray) -> dict[str, Sides]:
    """By aspect; none in which the words do not differ."""
    flat = pictures.reshape(-1, *pictures.shape[2:])
    read = project.judging.read(flat)
    sides = {}
    for aspect in (a for a in ASPECTS if a.kind == change.kind):
        if not aspect.says:
            sides[aspect.name] = nearer(read.mask.reshape(pictures.shape[:-1]) >= 128)
            continue
        old, new = (_says(text, aspect, project) for text in (change.before, change.after))
        if old != new:
            names = _names(project.judging, aspect, flat, read).reshape(pictures.shape[:2])
            sides[aspect.name] = Sides(names == new, names == old)
    return sides


def _says(text: str, aspect: Aspect, project: Project) -> str:
    """What a prompt says of an aspect, as judges can tell it."""
    said = understood(text, project.recipe.render)[aspect.says]
    return ALIKE.get(said, said)


def _names(judges: Judges, aspect: Aspect, pictures: np.ndarray, read: Readings) -> np.ndarray:
    """What a judge reads of each picture: (N,) names."""
    if aspect.part:
        return judges.read_world(pictures, read.mask, aspect.part).world
    names: np.ndarray = getattr(read, aspect.says)
    return names


def _doubt(judges: Judges, aspect: Aspect) -> str:
    """Why an aspect may not be leaned on; "" where it may. The mask decides what judges see."""
    return doubt(judges, "mask") or doubt(judges, aspect.judge, of=aspect.of)


# ---- rows ------------------------------------------------------------------------------------


def run(turned: Sequence[Turned], doubts: Mapping[str, str]) -> Measured:
    """Rows by aspect; `doubts` says of which why they may not be leaned on."""
    rows: list[Row] = []
    for aspect in ASPECTS:
        sides = [t.sides[aspect.name] for t in turned if _has(t, aspect)]
        if aspect.row in doubts or not sides:
            why = doubts.get(aspect.row, "no pair of words differs in it")
            rows.append(missing(f"{aspect.row}-last", _place(aspect, LAST), "steps", why))
        else:
            rows += _points(aspect, sides)
            rows += _curve(aspect, sides)
    both = [t for t in turned if _has(t, BACKGROUND) and _has(t, MIRROR)]
    if both and not {BACKGROUND.row, MIRROR.row} & set(doubts):
        rows += _apart([(t.sides[BACKGROUND.name], t.sides[MIRROR.name]) for t in both])
    steps, pairs = len(turned[0].pictures) - 1, len(turned)
    method = METHOD.format(steps=steps, pairs=pairs, noises=turns.NOISES)
    return Measured(QUESTION, method, tuple(rows), dict(_sheets(turned)))


def _has(turned: Turned, aspect: Aspect) -> bool:
    return turned.change.kind == aspect.kind and aspect.name in turned.sides


def _place(aspect: Aspect, which: str) -> Place:
    return Place("The point of no return, in steps under the old words", aspect.series, which)


def _points(aspect: Aspect, sides: Sequence[Sides]) -> Iterator[Row]:
    """The last k at which the new words win, the first from which the old have won."""
    last, settled = ([_mean(s.last) for s in sides], [_mean(s.settled) for s in sides])
    yield mean(f"{aspect.row}-last", _place(aspect, LAST), np.array(last), "steps")
    yield mean(f"{aspect.row}-settled", _place(aspect, SETTLED), np.array(settled), "steps")
    asked = np.concatenate([s.as_asked for s in sides])
    place = Place("", aspect.series, "runs read as asked without a change")
    pairs = [number for number, s in enumerate(sides) for _ in s.as_asked]
    yield share_of(f"{aspect.row}-asked", place, asked, pairs, of="pairs of words", n="runs")


def _mean(values: np.ndarray) -> float:
    """The mean of a pair's runs, NaN left out; NaN where none is left."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else np.nan


def _curve(aspect: Aspect, sides: Sequence[Sides]) -> Iterator[Row]:
    """How many pictures are read as the new words say, for every k."""
    panel = f"Read as the new words say: {PANELS[aspect.kind]}, by steps under the old words"
    won = 100 * np.array([s.new.mean(0) for s in sides])  # (pairs, K)
    for k, values in enumerate(won.T):
        yield mean(f"{aspect.row}-{k}", Place(panel, str(k), aspect.series), values, UNIT)


def _apart(both: Sequence[tuple[Sides, Sides]]) -> Iterator[Row]:
    """How much longer the mirror can turn than what lies behind, and how often they disagree."""
    for name, says in (("last", LAST), ("settled", SETTLED)):
        later = [_mean(getattr(m, name) - getattr(b, name)) for b, m in both]
        place = Place("The mirror later than what lies behind it", says, "")
        yield mean(f"mirror-later-{name}", place, np.array(later), "steps", looked_at=2)
    panel = "Mirror and background say two things, by steps under the old words"
    for series, name, split in (
        ("old in the mirror", "split", lambda b, m: b.new & m.old),
        ("new in the mirror", "split-other", lambda b, m: b.old & m.new),
    ):
        for k, values in enumerate(np.array([100 * split(*each).mean(0) for each in both]).T):
            yield mean(f"{name}-{k}", Place(panel, str(k), series), values, UNIT)


def _sheets(turned: Sequence[Turned]) -> Iterator[tuple[str, bytes]]:
    """The first noise of a few changes, every k of it."""
    for name, (kind, number) in SHOWN.items():
        of_kind = [t for t in turned if t.change.kind == kind]
        if number < len(of_kind):
            yield f"{name}.webp", small_sheet(of_kind[number].pictures, SHEET_BYTES)
