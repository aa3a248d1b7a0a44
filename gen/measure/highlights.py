"""Measurement 2: is it the right amount of shine? Highlights on generated and rendered bodies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
from scipy import ndimage, stats

from gen.core.measured import Row
from gen.measure.kit import whites
from gen.measure.kit.bands import Band, nearer
from gen.measure.kit.clusters import chosen
from gen.measure.kit.pictures import FLOOR, NEAR_WHITE, Layer, inside, luminance, slug
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, bootstrapped, missing

ID, VERSION = "highlights", 4
QUESTION = "Is it the right amount of shine?"
METHOD = (
    "On the bodywork without its edge: the share of near-white pixels (240 of 255 and more), the "
    "kurtosis of luminance (high where a few highlights stand out) and the energy of luminance in"
    " three bands of detail, each two times as coarse as the last. For each finish, how far apart"
    " the distributions over pictures are: Wasserstein's distance in standard deviations of the "
    "rendered pictures. The ceiling compares one half of the renders with the other; the second "
    "ceiling is the renders through the autoencoder; the floor is the renders of another finish. "
    "Pictures drawn again from so few lie further apart, as any two small sets do: the interval is "
    "shifted back by as much. Pure white is 255 of 255 in all three colours, and counted on "
    "chrome, which hardly tints. Shares of white are compared sample by sample, of one prompt and "
    "one scene; all {whites} of these comparisons hold at once, and draw prompts again. "
    "Of metals, the distance of bands is held against that of matte paint, or of what else was "
    "drawn, and against the autoencoder's, from the same prompts drawn again; all {bands} of these "
    "hold at once, too."
)
NEEDS = ("model", "samples", "judging")
STATISTICS = ("near-white", "kurtosis", "fine", "middle", "coarse")
LEAST = 100  # pixels of bodywork: with fewer a share of near-white ones is chance
LEAST_SPREAD = 1e-6
NO_SPREAD = "renders of this finish are all alike here: there is no deviation to measure by"
FINISHES = ("mirror", "brushed", "glossy", "satin", "matte")
METALS, BANDS = ("mirror", "brushed"), ("fine", "middle", "coarse")
CHROME, TINTED = "chrome", "gold and copper"  # of mirrors: almost without a tint, and the rest


def of(project: Project) -> Measured:
    """The samples, their renders, and these through the autoencoder."""
    generated, rendered, through = project.layers()
    finishes = [s.scene.material.finish for s in project.samples.entries]
    if project.mask_doubt:  # what is known of the renders needs no judge
        rendered = replace(rendered, masks=project.samples.bodies)
    metals = [s.scene.material.colour for s in project.samples.entries]
    prompts = [s.prompt for s in project.samples.entries]
    others = generated, through
    return run(finishes, rendered, others, project.mask_doubt, metals, prompts)


def run(
    finishes: Sequence[str],
    rendered: Layer,
    others: Sequence[Layer],
    doubt: str = "",
    colours: Sequence[str] = (),
    prompts: Sequence[str] = (),
) -> Measured:
    """Distances of each other series to the rendered one; `finishes` (N,) hold for all of them.

    So do `colours`, without which none is known to be chrome, and `prompts`, else all different.
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
    shown = (rendered, *(() if doubt else others))
    labels = list(prompts or map(str, range(len(names))))
    near = {series: values[:, 0] for series, values in {rendered.series: true, **figures}.items()}
    pure = {layer.series: whites.pure(layer, LEAST) for layer in shown}
    groups = {finish: names == finish for finish in FINISHES if finish in names}
    mirrors = names == "mirror"
    plain = mirrors & (np.array(colours or names) == CHROME)
    chrome = {CHROME: plain} if plain.any() else {}
    tinted = {TINTED: mirrors & ~plain} if chrome and (mirrors & ~plain).any() else {}
    told = {
        "white": ("Near-white pixels", groups | chrome | tinted, near),
        "pure": ("Pure white pixels", chrome, pure),
    }
    count = sum(whites.pairs(some, white) for _, some, white in told.values())
    for name, (title, some, white) in told.items():
        rows += whites.means(name, title, some, white)
    for name, (title, some, white) in told.items():
        rows += whites.above(name, title, some, white, labels, count)
    every = _bands(names, (true, *figures.values()), labels) if len(figures) == 2 else ()
    bands = list(nearer(list(every), LEAST_SPREAD, NO_SPREAD))
    method = METHOD.format(whites=count, bands=len(bands))
    return Measured(QUESTION, method, (*rows, *bands))


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


def _bands(
    names: np.ndarray, layers: Sequence[np.ndarray], labels: Sequence[str]
) -> Iterator[Band]:
    """Each metal's bands in the three series, beside those of another finish as rendered."""
    for metal, band in product((metal for metal in METALS if metal in names), BANDS):
        mine, rest = names == metal, names == _unlike(metal, names)
        three = np.stack([values[:, STATISTICS.index(band)] for values in layers], 1)
        yield Band(
            metal, band, three[mine], chosen(labels, mine), three[rest, 0], chosen(labels, rest)
        )
