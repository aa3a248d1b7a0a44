"""White on bodywork: how much there is in each series, and sample by sample how much more."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.clusters import Labels, chosen, mean_of
from gen.measure.kit.pictures import Layer, inside, slug
from gen.measure.kit.rows import Place, mean

PURE = 255
Groups = Mapping[str, np.ndarray]  # which samples (N,) bool
White = Mapping[str, np.ndarray]  # by series, of each sample in percent (N,); NaN without a body


def pure(layer: Layer, least: int) -> np.ndarray:
    """Percent of each body's pixels that are as bright as can be in every colour: (N,).

    NaN where bodywork without its edge has fewer than `least` pixels.
    """
    bodies = [inside(mask) for mask in layer.masks]
    return np.array(
        [
            100 * float((picture.min(-1)[body] == PURE).mean()) if body.sum() >= least else np.nan
            for picture, body in zip(layer.pictures, bodies, strict=True)
        ]
    )


def means(name: str, title: str, groups: Groups, white: White) -> Iterator[Row]:
    """The share itself, for a reader who wants to see one."""
    for (group, some), (series, values) in product(groups.items(), white.items()):
        place = Place(title, group, series)
        yield mean(f"{group}-{name}-{slug(series)}", place, values[some], "%")


def pairs(groups: Groups, white: White) -> int:
    """How many rows `above` has."""
    return len(groups) * len(_both(white))


def above(
    name: str, title: str, groups: Groups, white: White, labels: Labels, looked_at: int
) -> Iterator[Row]:
    """By how many points the first series has more than each other, and the last than those before.

    The first are renders, the last are these through the autoencoder.
    """
    for (group, some), (one, other) in product(groups.items(), _both(white)):
        points = (white[one] - white[other])[some]
        place = Place("", f"{group}, {title.lower()}", f"{one} above {other}")
        mine = chosen(labels, some)
        id = f"{group}-{name}-{slug(one)}-above-{slug(other)}"
        yield mean_of(id, place, points, "points", mine, looked_at=looked_at)


def _both(white: White) -> list[tuple[str, str]]:
    first, *rest = white
    return [*((first, series) for series in rest), *((rest[-1], series) for series in rest[:-1])]
