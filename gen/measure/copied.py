"""Measurement 6: is it copied? How near the nearest training render is."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy.spatial.distance import cdist

from gen.core.measured import Row
from gen.measure.kit.pictures import FLOOR, GENERATED, THROUGH, in_parts, sheet, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing, share
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.training.autoencoder import reconstructed
from gen.study.training.dataset import means

ID, VERSION = "copied", 1
QUESTION = "Is it copied?"
METHOD = (
    "The distance of each picture to its nearest training render (mirror images count), in pixels"
    " made small (root mean square of 255) and in a judge's features (cosine distance). A picture"
    " counts as too near if fewer than one held-out render in twenty comes as near as that, so 5 "
    "% is what no copying would give. The floor shows what copies would look like: training "
    "renders through the autoencoder, each of which has itself among the training renders."
)
NEEDS = ("model", "samples", "judging", "training")
SMALL = 8  # the side's divisor: 24 x 16 pixels, where a copy a little shifted is still near
NEAR = 0.05
COUNT = 100  # copies made, for the floor
PAIRS = 8  # shown: the nearest of all, which is where a copy would stand
HELD_OUT = "held-out renders"
COPIES = f"{FLOOR}: copies"


def of(project: Project) -> Measured:
    """The samples beside the renders that were trained on, and true copies of some."""
    renders = project.training
    pictures = renders.pictures
    copies = reconstructed(project.pipe.vae, pictures[renders.trained[:COUNT]])
    series = {
        GENERATED: project.samples.pictures,
        THROUGH: project.through,
        COPIES: copies,
    }
    why = doubt(project.judging, "finish", "world")
    held_out = pictures[renders.held_out]
    return run(pictures[renders.trained], held_out, series, project.judging, why)


def run(
    training: np.ndarray,
    held_out: np.ndarray,
    series: Mapping[str, np.ndarray],
    judges: Judges | None = None,
    doubt: str = "",
) -> Measured:
    """Pictures, all (N, H, W, 3) uint8: `shown` by series, GENERATED and COPIES among them.

    `doubt` says why features may not be used; without judges pixels alone are compared.
    """
    spaces = {"pixels": (_pixels, "euclidean", "of 255")}
    if judges is not None and not doubt:
        spaces["features"] = (partial(_features, judges), "cosine", "cosine distance")
    rows: list[Row] = []
    pictures = {}
    for space, (described, metric, unit) in spaces.items():
        known = described(training)
        near = {
            name: _either_way(pictures, described, known, metric)
            for name, pictures in {HELD_OUT: held_out, **series}.items()
        }
        rows += _rows(space, near, unit)
        if space == "pixels":
            pictures["pairs.webp"] = _pairs(series[GENERATED], training, *near[GENERATED])
    if doubt:
        rows.append(missing("features", Place("", "features", ""), "cosine distance", doubt))
    return Measured(QUESTION, METHOD, tuple(rows), pictures)


def _rows(space: str, near: Mapping[str, tuple[np.ndarray, np.ndarray]], unit: str) -> list[Row]:
    """Each series' mean distance, and how many are nearer than held-out renders mostly are."""
    bound = np.quantile(near[HELD_OUT][1], NEAR)
    rows = []
    for name, (_, distance) in near.items():
        place = Place(f"Nearest training render, {space}", name, "")
        rows.append(mean(f"{slug(name)}-{space}", place, distance, unit))
        place = Place(f"Too near, {space}", name, "")
        rows.append(share(f"{slug(name)}-{space}-near", place, distance <= bound))
    return rows


def _either_way(
    pictures: np.ndarray,
    described: Callable[[np.ndarray], np.ndarray],
    known: np.ndarray,
    metric: str,
) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest`, of pictures or their mirror images; a place of those is len(known) higher."""
    as_is = nearest(described(pictures), known, metric)
    turned = nearest(described(pictures[:, :, ::-1].copy()), known, metric)
    mirrored = turned[1] < as_is[1]
    places = np.where(mirrored, turned[0] + len(known), as_is[0])
    return places, np.minimum(turned[1], as_is[1])


def nearest(vectors: np.ndarray, known: np.ndarray, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Of each row of `found` (N, D): the place of the nearest of `known`, and how far it is."""
    places, distances = [], []
    for part in np.array_split(vectors, -(-len(vectors) // 100)):
        apart = cdist(part, known, metric)
        places.append(apart.argmin(1))
        distances.append(apart.min(1))
    return np.concatenate(places), np.concatenate(distances)


def _pixels(pictures: np.ndarray) -> np.ndarray:
    """(N, D) float32 so scaled that a distance is the root mean square over pixels and colours."""
    small = means(pictures, SMALL).reshape(len(pictures), -1)
    return small / small.shape[1] ** 0.5


def _features(judges: Judges, pictures: np.ndarray) -> np.ndarray:
    """(N, features)"""
    return in_parts(lambda part: judges.read(part).features, pictures)


def _pairs(
    pictures: np.ndarray, training: np.ndarray, places: np.ndarray, distances: np.ndarray
) -> bytes:
    """The pictures that are nearest to a training render, and under each that render."""
    order = np.argsort(distances, kind="stable")[:PAIRS]
    turns, at = np.divmod(places[order], len(training))
    below = [
        training[i, :, ::-1] if turn else training[i] for i, turn in zip(at, turns, strict=True)
    ]
    return sheet((pictures[order], below))
