"""Measurement 11: what needs no judge and no render, on every model that was captured."""

from collections.abc import Sequence

import numpy as np

from gen.core.measured import Row
from gen.measure.decided import BANDS, bands, presence, settled
from gen.measure.kit.captures import CaptureArrays, ModelCaptures, arrays_of
from gen.measure.kit.pictures import NEAR_WHITE
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean

ID, VERSION = "captured", 3
QUESTION = "What can be said of every model?"
METHOD = (
    "From the captures alone, whole pictures, every idea that a model was captured with. "
    "Already there: as in the question of when the shine is decided, the share of the final "
    "picture's variance that a step's predicted clean picture holds, at each tenth of the way; "
    "the frames kept of it are compressed, and more of a model that this site can do without: "
    "there the last frame stands for the final picture. One word changed: the mean absolute "
    "difference, of 255, between captures of one noise whose prompts differ in their words, "
    "against captures of one prompt from other noise, no capture in two pairs of these, and how "
    "much of the way is gone when the first pair is half as far apart as at last. Attention: the "
    "smallest share of the picture that holds half of a word's attention, of all words and steps; "
    "half would be none. Near-white and clipped as in the measurements of highlights and "
    "guidance. n counts captures, or pairs of them. Models were asked in their own words, at their "
    "own size and steps: their figures stand side by side and are no race."
)
NEEDS = ("captures",)
WAY = "Settled after, percent of the way"
TENTHS = range(20, 101, 10)  # percent of the way; before, prompts differ too much for a mean


def of(project: Project) -> Measured:
    """Every capture that there is, of every model."""
    return run(arrays_of(project.root, project.inputs, project.captures))


def run(models: Sequence[ModelCaptures]) -> Measured:
    """A series for each model; whatever it has too few captures for is left empty and says so."""
    rows = [row for model in models for row in _rows(model)]
    return Measured(QUESTION, METHOD, tuple(rows))


def _rows(model: ModelCaptures) -> list[Row]:
    every = [model.arrays[key] for key in model.ideas]
    there = {band: np.array([_there(t, band) for t in every]) for band in BANDS}
    rows = [_settles(model, band, every) for band in BANDS]
    for band in BANDS:
        panel = f"{band.capitalize()}: already there, by percent of the way"
        for tenth, values in zip(TENTHS, there[band].T, strict=True):
            place = Place(panel, str(tenth), model.title)
            rows.append(mean(f"{model.id}-{band}-{tenth}", place, values, "%"))
    rows += _changes(model)
    shares = {
        "attention": ("Half of a word's attention lies on", _halves),
        "near-white": ("Near-white pixels", lambda t: (t.whole.min(-1) >= NEAR_WHITE).mean()),
        "clipped": ("Clipped values", lambda t: ((t.whole == 0) | (t.whole == 255)).mean()),
    }
    for id, (label, figure) in shares.items():
        values = 100 * np.array([figure(t) for t in every])
        rows.append(mean(f"{model.id}-{id}", Place("Share", label, model.title), values, "%"))
    return rows


def _steps(capture: CaptureArrays, band: str) -> np.ndarray:
    """Percent of the final picture that each step's clean picture holds, in a band: (S,)."""
    whole = np.ones(capture.final.shape[:2], bool)
    final = bands(capture.final)[band]
    return np.array([presence(bands(frame)[band], final, whole) for frame in capture.frames])


def _there(capture: CaptureArrays, band: str) -> np.ndarray:
    """The same at each of TENTHS: (9,)."""
    steps = len(capture.frames)
    at = [max(1, round(steps * tenth / 100)) - 1 for tenth in TENTHS]
    return _steps(capture, band)[at]


def _settles(model: ModelCaptures, band: str, every: list[CaptureArrays]) -> Row:
    """How much of the way is gone when a band has settled, in percent."""
    gone = [100 * settled(_steps(t, band)) / len(t.frames) for t in every]
    place = Place(WAY, band, model.title)
    return mean(f"{model.id}-{band}-settles", place, np.array(gone), "%")


def _changes(model: ModelCaptures) -> list[Row]:
    """One word against other noise: how far final pictures are apart, and when they part."""
    rows = []
    for name, pairs in (("word", model.words), ("noise", model.noises)):
        label = {"word": "one word changed", "noise": "other noise"}[name]
        both = [(model.arrays[a], model.arrays[b]) for a, b in pairs]
        apart = [_apart(a.whole, b.whole) for a, b in both]
        place = Place("Pictures apart, of 255", label, model.title)
        rows.append(mean(f"{model.id}-{name}-change", place, np.array(apart), "of 255"))
        if name == "word":
            gone = np.array([_parts(a, b) for a, b in both])
            place = Place(WAY, "one word's pictures part", model.title)
            rows.append(mean(f"{model.id}-word-parts", place, gone, "%"))
    return rows


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(np.float32) - b).mean())


def _parts(a: CaptureArrays, b: CaptureArrays) -> float:
    """Percent of the way at which two captures are half as far apart as at last."""
    apart = np.array([_apart(x, y) for x, y in zip(a.frames, b.frames, strict=True)])
    last = _apart(a.final, b.final)
    return 100 * float((apart >= last / 2).argmax() + 1) / len(apart) if last else np.nan


def _halves(capture: CaptureArrays) -> float:
    """The smallest share of positions that holds half of a word's attention: mean of all."""
    maps = capture.attention.reshape(-1, capture.attention.shape[-2] * capture.attention.shape[-1])
    strongest = -np.sort(-maps, axis=1)
    reached = np.cumsum(strongest, 1) >= maps.sum(1, keepdims=True) / 2
    return float((reached.argmax(1) + 1).mean() / maps.shape[1])
