"""How far judges can be trusted: what they read in held-out renders against what was drawn."""

from collections.abc import Iterator

import numpy as np
from scipy import stats

from gen.study.judging.judges import Judges
from gen.study.judging.readings import KINDS, Accuracy, WorldReading, readable, sky
from gen.study.training.dataset import Renders

SUN_WITHIN = 30.0  # degrees: the sun stands on the side of the car that was said
HORIZON_WITHIN = 0.04  # of the picture's height: five pixels of 128


def accuracy(
    judges: Judges, renders: Renders, which: np.ndarray | None = None
) -> tuple[Accuracy, ...]:
    """Read renders (those held out, or those of these indices) and compare with what was drawn.

    World from a part is read under the judges' own masks, as it will be on generated pictures.
    """
    which = renders.held_out if which is None else which
    marks = dict(_marks(judges, renders, which))  # name -> (unit, (N,) marks, NaN where none)
    scenes = [renders.scenes[i] for i in which]
    groups = {"all": np.ones(len(scenes), bool), "window": np.array([bool(s.pane) for s in scenes])}
    for finish in judges.known.finish:
        groups[finish] = np.array([readable(s)["finish"] == finish for s in scenes])
    rows = []
    for name, (unit, mark) in marks.items():
        for of, member in groups.items():
            some = mark[member & ~np.isnan(mark)]
            if len(some):
                rows.append(Accuracy(name, of, unit, float(some.mean()), *_interval(unit, some)))
    return tuple(rows)


def doubt(judges: Judges, *names: str, of: str = "all") -> str:
    """Why these readings may not be leaned on; "" where all reach what is needed.

    The accuracies are those on held-out renders that a set of judges carries: on all, or on those
    of one finish.
    """
    known = {a.name: a for a in judges.accuracies if a.of == of}
    unknown = [name for name in names if name not in known]
    if unknown:
        return f"the judge of {unknown[0]} was never put to the test: not used"
    for name in names:
        if not known[name].usable:
            where = "" if of == "all" else f" on {of}"
            return f"the judge of {name} reaches only {known[name].value:.2f}{where}: not used"
    return ""


def _interval(unit: str, marks: np.ndarray) -> tuple[float, float, int]:
    """(low, high, n)"""
    n = len(marks)
    if unit == "share":
        return *wilson(int(marks.sum()), n), n
    mean, half = float(marks.mean()), 1.96 * float(marks.std(ddof=1)) / n**0.5 if n > 1 else 0.0
    return mean - half, mean + half, n


def wilson(hits: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); `n` need not be whole, where units are alike."""
    z, value = float(stats.norm.ppf(0.975)), hits / n
    middle = value + z**2 / (2 * n)
    spread = z * (value * (1 - value) / n + z**2 / (4 * n**2)) ** 0.5
    low, high = ((end / (1 + z**2 / n)) for end in (middle - spread, middle + spread))
    return (low if hits > 0 else 0.0), (high if hits < n else 1.0)


def _marks(
    judges: Judges, renders: Renders, which: np.ndarray
) -> Iterator[tuple[str, tuple[str, np.ndarray]]]:
    """Of each thing that is read: its name, unit, and a mark for each render."""
    pictures, scenes = renders.pictures[which], [renders.scenes[i] for i in which]
    read = judges.read(pictures)
    true = {kind: np.array([readable(s)[kind] for s in scenes]) for kind in KINDS}
    yield "mask", ("IoU", overlaps(read.mask, renders.bodies[which]))
    for kind in KINDS:
        yield kind, ("share", (getattr(read, kind) == true[kind]).astype(float))
    height, width = judges.size
    sun, horizon = sky(scenes, width / height).T
    yield from _sky_marks("", read, sun, horizon)
    for of in ("body", "background"):
        part = judges.read_world(pictures, read.mask, of)
        yield f"{of}_world", ("share", (part.world == true["world"]).astype(float))
        yield from _sky_marks(f"{of}_", part, sun, horizon)


def _sky_marks(
    prefix: str, read: WorldReading, sun: np.ndarray, horizon: np.ndarray
) -> Iterator[tuple[str, tuple[str, np.ndarray]]]:
    for name, unit, error, within in (
        ("sun", "degrees", apart(read.sun, sun), SUN_WITHIN),
        ("horizon", "height", np.abs(read.horizon - horizon), HORIZON_WITHIN),
    ):
        near = np.where(np.isnan(error), np.nan, error <= within)
        yield f"{prefix}{name}", ("share", near)
        yield f"{prefix}{name}_error", (unit, error)


def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Degrees between two directions, the short way round: 0..180."""
    return np.abs((a - b + 180) % 360 - 180)


def overlaps(masks: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Intersection over union of each pair of masks (N, H, W): (N,)."""
    masks, true = masks >= 128, true >= 128
    both, either = (masks & true).sum((1, 2)), (masks | true).sum((1, 2))
    return both / np.maximum(either, 1)
