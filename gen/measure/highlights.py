"""Measurement 2: is it the right amount of shine? Highlights on generated and rendered bodies."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy import ndimage, stats

from gen.core.measured import Row
from gen.measure.kit.pictures import FLOOR, NEAR_WHITE, Layer, inside, luminance, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, bootstrapped, mean, missing

ID, VERSION = "highlights", 3
QUESTION = "Is it the right amount of shine?"
METHOD = (
    "On the bodywork without its edge: the share of near-white pixels (240 of 255 and more), the "
    "kurtosis of luminance (high where a few highlights stand out) and the energy of luminance in"
    " three bands of detail, each two times as coarse as the last. For each finish, how far apart"
    " the distributions over pictures are: Wasserstein's distance in standard deviations of the "
    "rendered pictures. The ceiling compares one half of the renders with the other; the second "
    "ceiling is the renders through the autoencoder; the floor is the renders of another finish. "
    "Pictures drawn again from so few lie further apart, as any two small sets do: the interval is "
    "shifted back by as much."
)
NEEDS = ("model", "samples", "judging")
STATISTICS = ("near-white", "kurtosis", "fine", "middle", "coarse")
LEAST = 100  # pixels of bodywork: with fewer a share of near-white ones is chance
LEAST_SPREAD = 1e-6
NO_SPREAD = "renders of this finish are all alike here: there is no deviation to measure by"
FINISHES = ("mirror", "brushed", "glossy", "satin", "matte")


def of(project: Project) -> Measured:
    """The samples, their renders, and these through the autoencoder."""
    generated, rendered, through = project.layers()
    finishes = [s.scene.material.finish for s in project.samples.entries]
    if project.mask_doubt:  # what is known of the renders needs no judge
        rendered = replace(rendered, masks=project.samples.bodies)
    return run(finishes, rendered, (generated, through), project.mask_doubt)


def run(
    finishes: Sequence[str], rendered: Layer, others: Sequence[Layer], doubt: str = ""
) -> Measured:
    """Distances of each other series to the rendered one; `finishes` (N,) hold for all of them.

    `doubt` says why generated masks may not be used; then those series have no figures.
    """
    names = np.array(finishes)
    true = statistics(rendered)
    figures = {layer.series: statistics(layer) for layer in others if not doubt}
    rows: list[Row] = []
    for finish in (f for f in FINISHES if f in names):
        mine = true[names == finish]
        rest = true[names == _unlike(finish, names)]
        compared = {series: values[names == finish] for series, values in figures.items()}
        compared |= {"rendered, other half": None, f"{FLOOR}: another finish": rest}
        for series, values in compared.items():
            rows += _distances(finish, series, mine, values)
        rows += [
            missing(f"{finish}-{s}-{slug(o.series)}", Place(s, finish, o.series), "sd", doubt)
            for s in STATISTICS
            for o in others
            if doubt
        ]
    rows += _means(names, true, figures, rendered.series)
    return Measured(QUESTION, METHOD, tuple(rows))


def statistics(layer: Layer) -> np.ndarray:
    """(N, 5) in the order of STATISTICS; NaN where there is too little bodywork."""
    pairs = zip(layer.pictures, layer.masks, strict=True)
    return np.array([_statistics(picture, mask) for picture, mask in pairs])


def _statistics(picture: np.ndarray, mask: np.ndarray) -> list[float]:
    body = inside(mask)
    if body.sum() < LEAST:
        return [np.nan] * len(STATISTICS)
    light = luminance(picture)
    values = light[body].astype(np.float64)
    kurtosis = float(stats.kurtosis(values)) if values.std() > 1 else 0.0  # one grey has no shape
    blurred = [light, *(ndimage.gaussian_filter(light, sigma) for sigma in (1, 2, 4))]
    bands = [float(((a - b)[body] ** 2).mean() ** 0.5) for a, b in pairwise(blurred)]
    return [100 * float((picture.min(-1)[body] >= NEAR_WHITE).mean()), kurtosis, *bands]


def _unlike(finish: str, names: np.ndarray) -> str:
    """Another finish that was drawn: matte for all that shines, mirror for what does not."""
    wanted = "mirror" if finish == "matte" else "matte"
    rest = [f for f in FINISHES if f in names and f != finish]
    return wanted if wanted in rest else (rest or [""])[0]


def _distances(finish: str, series: str, mine: np.ndarray, values: np.ndarray | None) -> list[Row]:
    """A row for each statistic; with no values, one half of the renders against the other."""
    rows = []
    for at, statistic in enumerate(STATISTICS):
        place = Place(f"{statistic}: distance", finish, series)
        name = f"{finish}-{statistic}-{slug(series)}"
        ours = mine[:, at][~np.isnan(mine[:, at])]
        scale = float(ours.std()) if len(ours) else 1.0
        if scale < LEAST_SPREAD:
            rows.append(missing(name, place, "sd", NO_SPREAD))
            continue
        theirs = ours[1::2] if values is None else values[:, at][~np.isnan(values[:, at])]
        ours = ours[::2] if values is None else ours
        samples = (ours / scale, theirs / scale)
        rows.append(bootstrapped(name, place, samples, "sd", _wasserstein, biased=True))
    return rows


def _wasserstein(a: np.ndarray, b: np.ndarray, axis: int) -> float:
    return stats.wasserstein_distance(a, b)


def _means(names: np.ndarray, true: np.ndarray, figures: dict, rendered: str) -> list[Row]:
    """The share of near-white pixels itself, for a reader who wants to see one."""
    return [
        mean(f"{finish}-white-{slug(series)}", Place("Near-white pixels", finish, series), v, "%")
        for finish in FINISHES
        for series, values in {rendered: true, **figures}.items()
        if len(v := values[names == finish][:, 0])
    ]
