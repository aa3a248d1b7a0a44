"""Measurement 9: two layers of light added as light, and added as finished pictures."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from gen.core.measured import Row
from gen.measure.kit.linear_light import Windows, decoded, encoded, picture
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean

ID, VERSION = "mixing", 2
QUESTION = "What goes wrong when a reflection is added to a finished picture?"
METHOD = (
    "{n} held-out renders seen through a window, of which both layers are known: the light that "
    "comes through the pane and the light that it mirrors. The car behind it is path-traced; the "
    "pane is worked out by the laws of glass and added as light, so the first way is right but "
    "for rounding and shows only that: the question is how far the others fall short. Each way "
    "gives a picture, compared with the render in peak signal-to-noise ratio (a whole level wrong"
    " everywhere is 48 decibels). The floor leaves the reflection out. Brightness is that of the "
    "picture behind the pane, from 0 to 255, without the window's frame; of generated pictures, "
    "that of the one without a window, from the same noise. Another prompt from the same noise "
    "shows what any repainting does to dark and light. The example shown is chosen for its error, "
    "which is larger than that of nine in ten."
)
NEEDS = ("windows",)
BETTER_WITH = ("model", "samples")
WINDOWS = 30  # samples that are drawn again, seen through a window
BANDS = {"shadows": (0, 64), "middle": (64, 192), "highlights": (192, 256)}  # levels: ends quarters
ROUNDING = 1 / 12  # mean squared error of numbers rounded to whole ones: no picture is nearer
FRAME = 1.0  # levels: where both layers together are darker than the frame there is nothing to see

Way = Callable[[np.ndarray, np.ndarray], np.ndarray]  # light of both layers -> pictures


Pair = tuple[np.ndarray, np.ndarray]  # pictures, and the same with something changed


def of(project: Project) -> Measured:
    """Renders through windows that training never saw, and the model's own, if it is there."""
    if not project.has(BETTER_WITH):
        return run(project.windows)
    few, plain = project.samples.entries[:WINDOWS], project.samples.pictures[:WINDOWS]
    seeds, scale = [s.seed for s in few], project.recipe.score.guidance_scale
    seen = project.generated(
        "windows", [f"{s.prompt}, seen through a window" for s in few], seeds, scale
    )
    other = [s.prompt for s in project.samples.entries[WINDOWS : 2 * WINDOWS]]
    unlike = project.generated("unlike", other, seeds, scale)
    return run(project.windows, (plain, seen), (plain, unlike))


def run(
    windows: Windows,
    generated: Pair | None = None,
    unlike: Pair | None = None,
) -> Measured:
    """Four ways to put two layers together, each against the render (N, H, W, 3).

    `generated` are pictures made without and with a window from the same noise, (N, H, W, 3) each;
    `unlike` are pairs of two prompts, for what any repainting does to dark and to light.
    """
    sums = {name: way(windows.behind, windows.pane) for name, (_, _, way) in WAYS.items()}
    rows = [_psnr(name, windows.pictures, sums[name]) for name in WAYS]
    rows += _wrong(windows, sums["finished"])
    rows += _lifts(windows, sums, generated, unlike)
    pictures = _example(windows, sums)
    return Measured(QUESTION, METHOD.format(n=len(windows.pictures)), tuple(rows), pictures)


def _added(behind: np.ndarray, pane: np.ndarray) -> np.ndarray:
    """As light: then the curve, once."""
    return picture(behind + pane)


def _finished(behind: np.ndarray, pane: np.ndarray) -> np.ndarray:
    """As finished pictures: the curve first, then the sum, cut off at white."""
    levels = picture(behind).astype(np.int16) + picture(pane)
    return np.clip(levels, 0, 255).astype(np.uint8)


def _standard(behind: np.ndarray, pane: np.ndarray) -> np.ndarray:
    """As finished pictures taken back through the standard curve, and forth again."""
    return encoded(decoded(picture(behind)) + decoded(picture(pane)))


def _left_out(behind: np.ndarray, pane: np.ndarray) -> np.ndarray:
    return picture(behind)


WAYS: dict[str, tuple[str, str, Way]] = {
    "light": ("added as light", "ceiling", _added),
    "standard": ("standard curve undone, added", "pictures", _standard),
    "finished": ("finished pictures added", "pictures", _finished),
    "left-out": ("no reflection at all", "floor", _left_out),
}


def _psnr(name: str, true: np.ndarray, made: np.ndarray) -> Row:
    """Decibels, averaged over renders."""
    squared = ((made.astype(np.float32) - true) ** 2).mean((1, 2, 3))  # (N,)
    decibels = 10 * np.log10(255**2 / np.maximum(squared, ROUNDING))
    label, series, _ = WAYS[name]
    return mean(f"{name}-psnr", Place("Nearness to the render", label, series), decibels, "dB")


def _wrong(windows: Windows, made: np.ndarray) -> list[Row]:
    """Where the error of adding finished pictures sits: how far too bright, by brightness."""
    off = made.astype(np.float32) - windows.pictures
    panel = "Finished pictures added: too bright by"
    return [
        mean(f"finished-{band}", Place(panel, band, "pictures"), marks, "levels")
        for band, marks in _by_band(picture(windows.behind), off).items()
    ]


def _lifts(
    windows: Windows,
    sums: dict[str, np.ndarray],
    generated: Pair | None,
    unlike: Pair | None,
) -> list[Row]:
    """How much brighter a window's reflection makes what is dark and what is light behind it."""
    behind = picture(windows.behind)
    pairs = {
        "rendered": ("rendered", behind, windows.pictures),
        "added": ("finished pictures added", behind, sums["finished"]),
    }
    if generated is not None:
        pairs["generated"] = ("generated, same noise", *generated)
    if unlike is not None:
        pairs["unlike"] = ("generated, another prompt", *unlike)
    return [
        mean(f"lift-{name}-{band}", Place("A window adds", band, series), marks, "levels")
        for name, (series, without, with_) in pairs.items()
        for band, marks in _by_band(without, with_.astype(np.float32) - without).items()
    ]


def _by_band(behind: np.ndarray, values: np.ndarray) -> dict[str, np.ndarray]:
    """Each band's mean of values (N, H, W, 3) by the brightness behind: (N,), NaN where none."""
    bright = behind.astype(np.float32).mean(-1)  # (N, H, W)
    values = values.mean(-1)
    means = {}
    for band, (low, high) in BANDS.items():
        inside = (bright >= max(low, FRAME)) & (bright < high)
        count = inside.sum((1, 2))
        total = (values * inside).sum((1, 2))
        means[band] = np.where(count, total / np.maximum(count, 1), np.nan)
    return means


def _example(windows: Windows, sums: dict[str, np.ndarray]) -> dict[str, bytes]:
    """One window, its layers and its sums, for a slider: its error is the tenth largest of 100."""
    off = (sums["finished"].astype(np.float32) - windows.pictures) ** 2
    order = np.argsort(off.mean((1, 2, 3)), kind="stable")
    i = int(order[9 * len(order) // 10])  # the middle one shows too little at this size
    error = np.abs(sums["finished"][i].astype(np.int16) - windows.pictures[i])
    layers = {
        "behind": picture(windows.behind[i]),
        "pane": picture(windows.pane[i]),
        "light": sums["light"][i],
        "finished": sums["finished"][i],
        "error": error.astype(np.uint8),
    }
    return {f"{name}.webp": _webp(pixels) for name, pixels in layers.items()}


def _webp(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=100, method=6)
    return buffer.getvalue()
