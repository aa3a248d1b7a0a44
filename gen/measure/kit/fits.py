"""How a body made for two worlds lies beside the true ones: figures, their panels and units."""

import numpy as np

from gen.measure.kit import bodies
from gen.measure.kit.changes import correlation, slope, spread
from gen.measure.kit.pictures import coarse
from gen.measure.kit.two_worlds import Pairs
from gen.study.world.mirrored import heights

WHOLE = 230  # of 255: bodywork that fills its pixel, where pictures are compared
PANELS = {  # figure: its panel and unit
    "slope": ("Slope of painted on true change", "ratio"),
    "slope-coarse": ("Slope in the large", "ratio"),
    "slope-fine": ("Slope in fine detail", "ratio"),
    "spread": ("Spread of painted over true change", "ratio"),
    "correlation": ("Correlation of painted and true change", "correlation"),
    "coarse": ("Correlation in the large", "correlation"),
    "fine": ("Correlation in fine detail", "correlation"),
    "error": ("Error on the body", "of 255"),
    "degrees": ("Bands off by", "degrees"),
    "brightest": ("Brightest place off by", "degrees"),
}
MIRRORED = ("degrees", "brightest")  # of mirrors alone
COMPARED = {"correlation": "all", "coarse": "in the large", "fine": "in fine detail"}
REVERSED = (
    "slope",
    "slope-coarse",
    "slope-fine",
    "spread",
    *COMPARED,
)  # of the other world's: -1, or 1


def compared(pairs: Pairs, i: int, made: np.ndarray) -> dict[str, float]:
    """How a body made for both worlds (2, H, W, 3) lies beside the true ones of car `i`."""
    inside = pairs.bodies[i] >= WHOLE
    true = pairs.pictures[i].astype(np.float32)
    made = made.astype(np.float32)
    change, truth = made[0] - made[1], true[0] - true[1]
    rough, rough_truth = coarse(change), coarse(truth)
    figures = {
        "slope": slope(change[inside], truth[inside]),
        "slope-coarse": slope(rough[inside], rough_truth[inside]),
        "slope-fine": slope((change - rough)[inside], (truth - rough_truth)[inside]),
        "spread": spread(change[inside], truth[inside]),
        "correlation": correlation(change[inside], truth[inside]),
        "coarse": correlation(rough[inside], rough_truth[inside]),
        "fine": correlation((change - rough)[inside], (truth - rough_truth)[inside]),
        "error": float(np.abs(made - true)[:, inside].mean()),
    }
    looks = pairs.reflection[i][inside]
    each = [_directions(looks, m[inside], t[inside]) for m, t in zip(made, true, strict=True)]
    return figures | dict(zip(MIRRORED, np.mean(each, 0), strict=True))


def _directions(looks: np.ndarray, made: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """Degrees by which bands, and the brightest place, lie off: MIRRORED. All (P, 3)."""
    between = bodies.degrees_between(*(bodies.brightest(looks, c) for c in (made, true)))
    return bodies.shift(heights(looks), made, true), between
