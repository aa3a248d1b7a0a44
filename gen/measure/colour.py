"""Measurement 8: from a finished picture back to the light. Convolution, table, network, curve."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor, nn

from gen.core.measured import Row
from gen.measure.kit.linear_light import Lit, decoded, middle_light
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean

ID, VERSION = "colour", 3
QUESTION = "How much of the light can be won back from a finished picture?"
METHOD = (
    "Each way back is fitted on {fitted} renders and measured on {measured} others whose light is"
    " known. Light is counted as on a sensor, after the exposure, in units of white. The "
    "convolution is one layer with a 3 × 3 kernel and a bias (the size is ours), fitted exactly "
    "by least squares; the network has three layers, and sees as many crops around a highlight as"
    " anywhere. Both are fitted on error relative to the light plus a tenth of white (the network"
    " on its logarithm), or the sun would decide all. The table is the mean light of each level, "
    "learned from the pairs alone. The floor takes the picture's own values as light; the ceiling"
    " undoes the very curve that the renders were made with, which nobody knows of a photograph. "
    "Ways are compared render by render: by how much less each misses the light than the picture "
    "left alone, and the table less than what else was fitted or given. All {pairs} of these "
    "comparisons hold at once."
)
STEPS = 600  # that the small network learns
NEEDS = ("light",)
DARK = 0.1  # of white: below it an error counts as if the light were this
WHITE = 1.0
RATE = 0.01  # Adam's; the network is small
LEFT, TABLE = "untouched", "table"  # what is compared with each of the others
PARTS = {  # what a way is tried on: the panel of its errors, and their unit
    "error": ("Up to white", "% of white"),
    "highlights": ("Highlights, brighter than white", "% of the light"),
}
LESS, TABLE_LESS = "Less off than the picture left alone", "Less off with the table than with"

Way = Callable[[np.ndarray], np.ndarray]  # pictures (N, H, W, 3) uint8 -> light (N, H, W, 3)


def of(project: Project) -> Measured:
    """Half of the renders whose light is known to fit on, half to look at."""
    half = len(project.lit.pictures) // 2
    return run(project.lit[:half], project.lit[half:])


def run(fitted: Lit, measured: Lit, steps: int | None = None) -> Measured:
    """Fit on some renders, measure on others; errors of a render are means over its values.

    `steps` are the network's. Below white the error is in percent of white, above it in percent of
    the light that was there.
    """
    every = ways(fitted, steps or STEPS)
    errors = {name: _errors(measured, way) for name, (_, _, way) in every.items()}
    rows = [
        mean(f"{name}-{part}", Place(PARTS[part][0], label, series), off, PARTS[part][1])
        for name, (label, series, _) in every.items()
        for part, off in errors[name].items()
    ]
    labels = {name: label for name, (label, _, _) in every.items()}
    rows += _compared(errors, labels)
    counts = {"fitted": len(fitted.pictures), "measured": len(measured.pictures)}
    method = METHOD.format(**counts, pairs=len(PARTS) * len(_pairs(labels)))
    return Measured(QUESTION, method, tuple(rows))


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Which way is compared with which other: each with nothing done, the table with each."""
    ways = [name for name in names if name != LEFT]
    return [(way, LEFT) for way in ways] + [(TABLE, way) for way in ways if way != TABLE]


def _compared(
    errors: Mapping[str, Mapping[str, np.ndarray]], labels: Mapping[str, str]
) -> Iterator[Row]:
    """By how much less one way misses the light than another: both errors are of one render."""
    pairs = _pairs(errors)
    for (one, other), (part, (panel, unit)) in product(pairs, PARTS.items()):
        less = errors[other][part] - errors[one][part]
        title, label = LESS, labels[one]
        if other != LEFT:
            title, label = TABLE_LESS, labels[other]
        place = Place(f"{title}: {panel.lower()}", label, "paired")
        name, count = f"{one}-less-{other}-{part}", len(PARTS) * len(pairs)
        yield mean(name, place, less, unit, looked_at=count)


def ways(fitted: Lit, steps: int) -> dict[str, tuple[str, str, Way]]:
    """Every way back by name: its label, its series, and the way itself."""
    return {
        "untouched": ("values taken as light", "floor", _scaled),
        "convolution": ("one convolution", "fitted", convolution(fitted, _scaled)),
        "curve": ("standard curve undone", "given", decoded),
        "both": ("curve, then convolution", "fitted", convolution(fitted, decoded)),
        "table": ("a learned table of levels", "fitted", table(fitted)),
        "network": ("small network", "fitted", network(fitted, steps)),
        "own-curve": ("the renders' own curve", "ceiling", middle_light),
    }


def convolution(fitted: Lit, before: Way) -> Way:
    """One 3 × 3 convolution over what `before` makes of a picture: the best there is.

    Weighted least squares by its normal equations, a picture at a time.
    """
    size = 3 * 9 + 1
    left, right = np.zeros((3, size, size)), np.zeros((3, size))
    for picture, light in zip(fitted.pictures, fitted.light, strict=True):
        a = _around(before(picture[None])[0])  # (H * W, 28)
        y = light.reshape(-1, 3).astype(np.float64)
        w = _weight(y)
        for c in range(3):
            left[c] += (a * w[:, c, None]).T @ a
            right[c] += (a * w[:, c, None]).T @ y[:, c]
    kernel = np.linalg.solve(left + 1e-6 * np.eye(size), right[..., None])[..., 0]  # (3, 28)

    def way(pictures: np.ndarray) -> np.ndarray:
        light = np.stack([_around(before(p[None])[0]) @ kernel.T for p in pictures])
        return np.maximum(light, 0).reshape(pictures.shape).astype(np.float32)

    return way


def table(fitted: Lit) -> Way:
    """The mean light of each of 256 levels, whatever the colour; levels not seen lie between."""
    levels, light = fitted.pictures.ravel(), fitted.light.ravel().astype(np.float64)
    seen = np.bincount(levels, minlength=256)
    there = np.flatnonzero(seen)
    means = np.bincount(levels, light, 256)[there] / seen[there]
    entries = np.interp(np.arange(256), there, means).astype(np.float32)
    return lambda pictures: entries[pictures]


def network(fitted: Lit, steps: int) -> Way:
    """Three layers, 3 × 3 and twice 1 × 1, trained on crops, on the logarithm of light."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layers = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1, padding_mode="replicate"),
            nn.SiLU(),
            nn.Conv2d(32, 32, 1),
            nn.SiLU(),
            nn.Conv2d(32, 3, 1),
        )
    optimizer = torch.optim.Adam(layers.parameters(), lr=RATE)
    falling = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for x, y in _crops(fitted, steps):
        loss = ((layers(x) - (y + DARK).log()) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()

    @torch.no_grad()
    def way(pictures: np.ndarray) -> np.ndarray:
        parts = _tensor(_scaled(pictures)).split(8)
        light = torch.cat([layers(part) for part in parts]).exp() - DARK
        return light.clamp(min=0).permute(0, 2, 3, 1).numpy()

    return way


def _crops(fitted: Lit, steps: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of eight crops: pictures and light, (8, 3, side, side); half hold a highlight."""
    rng = np.random.default_rng(0)
    n, height, width, _ = fitted.pictures.shape
    side = min(32, height, width)  # pixels: the layers see no further than three
    bright = np.argwhere(fitted.light.max(-1) > WHITE)  # (M, 3): picture, row, column
    ends = np.array([n - 1, height - side, width - side])
    for _ in range(steps):
        at = rng.integers(ends + 1, size=(8, 3))
        if len(bright):
            around = bright[rng.integers(len(bright), size=4)] - [0, side // 2, side // 2]
            at[:4] = np.clip(around, 0, ends)
        spans = [(i, slice(y, y + side), slice(x, x + side)) for i, y, x in at]
        x = np.stack([_scaled(fitted.pictures[span]) for span in spans])
        yield _tensor(x), _tensor(np.stack([fitted.light[span] for span in spans]))


def _errors(measured: Lit, way: Way) -> dict[str, np.ndarray]:
    """By part of PARTS the mean error of each render (N,), in percent; NaN where it has none."""
    errors = []
    for picture, y in zip(measured.pictures, measured.light, strict=True):
        off, bright = np.abs(way(picture[None])[0] - y), y > WHITE
        above = 100 * (off[bright] / y[bright]).mean() if bright.any() else np.nan
        errors.append((100 * off[~bright].mean() / WHITE if (~bright).any() else np.nan, above))
    return dict(zip(PARTS, np.array(errors).T, strict=True))


def _weight(light: np.ndarray) -> np.ndarray:
    """What a squared error counts: as raw pixels are weighted by Mildenhall et al. 2022."""
    return 1 / (light + DARK) ** 2


def _around(values: np.ndarray) -> np.ndarray:
    """(H, W, 3) -> (H * W, 28): each pixel's 3 × 3 neighbours, the edge repeated, and a one."""
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)), mode="edge")
    near = sliding_window_view(padded, (3, 3), axis=(0, 1)).reshape(-1, 27).astype(np.float64)
    return np.pad(near, ((0, 0), (0, 1)), constant_values=1.0)


def _scaled(pictures: np.ndarray) -> np.ndarray:
    return pictures.astype(np.float32) / 255


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values).permute(0, 3, 1, 2)
