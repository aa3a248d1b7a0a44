"""Measurement 6: is it copied? How near the nearest training render is, whole and part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from gen.core.measured import Row
from gen.measure.kit import nearness
from gen.measure.kit.bodies import grown, moved
from gen.measure.kit.nearness import Bounds, Described, Nearest
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import FLOOR, GENERATED, THROUGH, in_parts, sheet, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing, share
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.training.autoencoder import reconstructed

ID, VERSION = "copied", 2
QUESTION = "Is it copied?"
METHOD = (
    "The distance of each picture to its nearest training render (mirror images count): of the "
    "whole picture made small, of what surrounds the car (outside of the enlarged box of its "
    "bodywork), of the bodywork's brightness in its box, in standard deviations, so that another "
    "paint or place does not hide it, and in a judge's features. A picture counts as too near if "
    "fewer than one in twenty training renders come as near as that to another one, each world of "
    "the nearest one by itself; so 5 % is what no copying would give, and held-out renders say "
    "how well that holds; painted pictures are set beside renders of the same scenes through the "
    "autoencoder, scene by scene. Floors show what copies would look like, all through the "
    "autoencoder: training renders; the same with the middle of another render, car and ground, "
    "before their surroundings; and their cars in another paint before another's surroundings."
)
NEEDS = ("model", "samples", "judging", "training")
NEAR = 0.05
COUNT = 100  # copies of a kind made, for the floors
PAIRS = {"whole": 4, "surroundings": 4, "car": 4}  # shown: the nearest, where a copy would stand
HELD_OUT = "held-out renders"
COPIES, PLACES_COPIED, CARS_COPIED = (
    f"{FLOOR}: {what}" for what in ("copies", "copied surroundings", "copied cars")
)
TURNED = (1, 2, 0)  # colours' places in another paint: red becomes blue
PANEL = "Too near a training render"


class Pictures(NamedTuple):
    """Pictures (N, H, W, 3) and their bodywork (N, H, W), uint8."""

    pictures: np.ndarray
    bodies: np.ndarray

    def turned(self) -> "Pictures":
        """Their mirror images."""
        return Pictures(self.pictures[:, :, ::-1].copy(), self.bodies[:, :, ::-1].copy())


@dataclass(frozen=True)
class Way:
    """A way to compare pictures: what it sees in them, and how far apart that is (N, M)."""

    id: str
    label: str
    unit: str
    see: Callable[[np.ndarray, np.ndarray], Described]
    apart: Callable[[Described, Described], np.ndarray] = nearness.apart


WAYS = (
    Way("whole", "the whole picture", "of 255", nearness.whole),
    Way("surroundings", "what surrounds the car", "of 255", nearness.surroundings),
    Way("car", "the car alone", "standard deviations", nearness.car),
)


def of(project: Project) -> Measured:
    """The samples beside the renders that were trained on, and true copies of some."""
    renders = project.training
    trained, held_out = (
        Pictures(renders.pictures[some], renders.bodies[some])
        for some in (renders.trained, renders.held_out)
    )
    shown = {GENERATED: project.samples.pictures, THROUGH: project.through}
    shown |= {name: reconstructed(project.pipe.vae, copy) for name, copy in _copies(trained)}
    series = {name: Pictures(some, project.masks(some)) for name, some in shown.items()}
    worlds = [renders.scenes[i].world.name for i in renders.trained]
    why = doubt(project.judging, "finish", "world")
    return run(trained, worlds, {HELD_OUT: held_out, **series}, project.judging, why)


def _copies(trained: Pictures) -> Iterator[tuple[str, np.ndarray]]:
    """What somebody would paint who hands out what was learned, whole or in parts."""
    some = Pictures(*(each[:COUNT] for each in trained))
    other = Pictures(*(each[-COUNT:] for each in trained))
    yield COPIES, some.pictures
    yield PLACES_COPIED, _moved(other, some)
    yield CARS_COPIED, _moved(Pictures(_in_another_paint(*some), some.bodies), other)


def _moved(cars: Pictures, into: Pictures) -> np.ndarray:
    """The cars of pictures, with what lies in their boxes, before what surrounds others' cars."""
    every = zip(*cars, *into, strict=True)
    return np.stack([moved(car, grown(body), grown(at), onto) for car, body, onto, at in every])


def _in_another_paint(pictures: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """Pictures (N, H, W, 3) uint8 whose bodywork (N, H, W) has its colours changed about."""
    share = bodies[..., None].astype(np.float32) / 255
    mixed = pictures * (1 - share) + pictures[..., TURNED] * share
    return mixed.round().astype(np.uint8)


def run(
    trained: Pictures,
    worlds: Sequence[str],
    series: Mapping[str, Pictures],
    judges: Judges | None = None,
    doubt: str = "",
) -> Measured:
    """`worlds` are the training renders'; `series` has GENERATED and all floors.

    `doubt` says why a judge's features may not be used.
    """
    ways = list(WAYS)
    if judges is not None and not doubt:
        see = partial(_features, judges)
        ways.append(Way("features", "as a judge sees it", "cosine distance", see, _cosines))
    rows: list[Row] = []
    pictures = {}
    for way in ways:
        known = way.see(*trained)
        bounds = Bounds(_among(way, known, trained), worlds, NEAR)
        near = {name: _near(way, known, some) for name, some in series.items()}
        rows += _rows(way, near, bounds)
        rows.append(_more_than_renders(way, near, bounds, len(ways)))
        if way.id in PAIRS:
            relative = bounds.relative(near[GENERATED])
            chosen = np.argsort(relative, kind="stable")[: PAIRS[way.id]]
            both = _pairs(series[GENERATED], trained, near[GENERATED], chosen)
            pictures[f"{way.id}.webp"] = sheet(both)
    if doubt:
        rows.append(missing("features", Place("", "features", ""), "cosine distance", doubt))
    return Measured(QUESTION, METHOD, tuple(rows), pictures)


def _near(way: Way, known: Described, ours: Pictures) -> Nearest:
    as_is, turned = way.see(*ours), way.see(*ours.turned())
    return nearness.nearest(way.apart(as_is, known), way.apart(turned, known))


def _among(way: Way, known: Described, trained: Pictures) -> Nearest:
    """Of each training render among the others; its own mirror image is none of them."""
    both = (way.apart(known, known), way.apart(way.see(*trained.turned()), known))
    for distances in both:
        np.fill_diagonal(distances, np.inf)
    return nearness.nearest(*both)


def _features(judges: Judges, pictures: np.ndarray, bodies: np.ndarray) -> Described:
    """What a judge sees, every feature alike."""
    values = in_parts(lambda part: judges.read(part).features, pictures)
    return Described(values, np.ones_like(values))


def _cosines(ours: Described, known: Described) -> np.ndarray:
    return cdist(ours.values, known.values, "cosine")


def _rows(way: Way, near: Mapping[str, Nearest], bounds: Bounds) -> Iterator[Row]:
    """Each series' mean distance, and how many are nearer than unrelated renders mostly are."""
    for name, found in near.items():
        there = np.where(np.isfinite(found.distances), found.distances, np.nan)
        place = Place("", f"nearest training render: {way.label}", name)
        yield mean(f"{slug(name)}-{way.id}", place, there, way.unit)
        too_near = bounds.relative(found) <= 1
        yield share(f"{slug(name)}-{way.id}-near", Place(PANEL, way.label, name), too_near)


def _more_than_renders(
    way: Way, near: Mapping[str, Nearest], bounds: Bounds, looked_at: int
) -> Row:
    """Painted pictures that are too near against renders of the same scenes, scene by scene."""
    painted, rendered = (bounds.relative(near[name]) <= 1 for name in (GENERATED, THROUGH))
    place = Place("", f"too near, {way.label}: painted more than rendered", "paired by scene")
    return shares_apart(f"more-{way.id}", place, painted, rendered, looked_at)


def _pairs(
    ours: Pictures, trained: Pictures, near: Nearest, chosen: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Painted pictures, and under each the training render that it comes nearest to."""
    renders = (trained.pictures[near.places[i]] for i in chosen)
    turned = (near.mirrored[i] for i in chosen)
    below = [r[:, ::-1] if turn else r for r, turn in zip(renders, turned, strict=True)]
    return ours.pictures[chosen], below
