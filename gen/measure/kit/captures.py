"""What measurements read of captures: captures of one model -> frames, pictures, attention."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from gen.core import store
from gen.core.errors import MissingRecord
from gen.core.records import END, SHEET_COLUMNS, START, Capture, View
from gen.core.sources import Inputs, Model

Pairs = Callable[[Sequence[str]], Iterable[tuple[str, str]]]
VARIED: Mapping[str, Pairs] = {  # what pairs are made of
    "text": pairwise,
    "seed": lambda keys: zip(keys[::2], keys[1::2], strict=False),  # no picture in two of them
}


@dataclass(frozen=True)
class CaptureArrays:
    """What one capture shows. Its attention, of W words, is on one scale for each word."""

    frames: np.ndarray  # the clean picture of each step, (S, h, w, 3) uint8
    final: np.ndarray  # the final picture at their size, (h, w, 3) uint8; see `read_arrays`
    whole: np.ndarray  # the final picture as stored, (H, W, 3) uint8
    attention: np.ndarray  # shares of attention, (W, S, h', w')


@dataclass(frozen=True)
class ModelCaptures:
    """The captures of one model, by key, and which of them differ in one thing."""

    id: str
    title: str
    arrays: Mapping[str, CaptureArrays]
    ideas: tuple[str, ...]
    words: tuple[tuple[str, str], ...]  # pairs that differ in their words alone
    noises: tuple[tuple[str, str], ...]  # pairs that differ in their noise alone


def all_captures(root: Path, inputs: Inputs) -> dict[str, Capture]:
    """By key, of ideas and comparisons; a model that need not be there may lack some, or all.

    Raises MissingRecord for one of a required model, BrokenRecord for one of any.
    """
    found = {}
    for prompt in inputs.prompts:
        key, required = inputs.key(prompt), inputs.model(prompt.model).required
        if key is None:
            continue
        who = prompt.id if required else f"{prompt.id} --model {prompt.model}"
        try:
            found[key] = store.read(root, key, who)
        except MissingRecord:
            if required:
                raise
    return found


def arrays_of(
    root: Path, inputs: Inputs, captures: Mapping[str, Capture]
) -> tuple[ModelCaptures, ...]:
    """Every model that was captured, in models.yml's order. Raises BrokenRecord."""
    models = []
    for model in inputs.models:
        own = {key: c for key, c in captures.items() if c.model.revision == model.revision}
        if own:
            models.append(_arrays_of_model(root, inputs, model, own))
    return tuple(models)


def _arrays_of_model(
    root: Path, inputs: Inputs, model: Model, captures: Mapping[str, Capture]
) -> ModelCaptures:
    every = dict.fromkeys(
        p.pinned_key(model) for idea in inputs.ideas for p in idea.prompts if p.model == model.id
    )
    ideas = tuple(key for key in every if key in captures)
    pairs = {varies: _pairs(inputs, model, varies, captures) for varies in VARIED}
    needed = {key for both in pairs.values() for pair in both for key in pair}
    arrays = {key: read_arrays(root, captures[key]) for key in sorted({*ideas, *needed})}
    return ModelCaptures(model.id, model.title, arrays, ideas, pairs["text"], pairs["seed"])


def _pairs(
    inputs: Inputs, model: Model, varies: str, captures: Mapping[str, Capture]
) -> tuple[tuple[str, str], ...]:
    """Captures that differ in one field alone, as the comparisons of it set them side by side."""
    comparisons = [c for c in inputs.comparisons if c.varies == varies]
    rows = [[p.pinned_key(model) for p in c.prompts if p.model == model.id] for c in comparisons]
    there = ([key for key in keys if key in captures] for keys in rows)
    return tuple(pair for keys in there for pair in VARIED[varies](keys))


def read_arrays(root: Path, capture: Capture) -> CaptureArrays:
    """The pictures of a stored capture. Raises BrokenRecord where one is absent.

    Where sheets are sparing, the last frame stands for the final picture, which has fine detail
    that no frame kept.
    """
    views = {(view.kind, view.word): view for view in capture.views}
    frames = _frames(root, capture, views["clean", None]).astype(np.uint8)
    whole = Image.open(io.BytesIO(store.image(root, capture.key, capture.final))).convert("RGB")
    height, width = frames.shape[1:3]
    final = np.asarray(whole.resize((width, height), Image.Resampling.BOX))
    words = {token.word for token in capture.tokens} - {START, END}
    looks = [v for v in capture.views if v.kind == "attention" and v.word in words]
    return CaptureArrays(
        frames,
        final if capture.model.required else frames[-1],
        np.asarray(whole),
        np.stack([_scaled(_frames(root, capture, view), view) for view in looks]),
    )


def _frames(root: Path, capture: Capture, view: View) -> np.ndarray:
    """A sheet's frames, (N, h, w, 3)."""
    sheet = Image.open(io.BytesIO(store.image(root, capture.key, view.sheet))).convert("RGB")
    width, height = view.frame_size
    rows = np.asarray(sheet).reshape(-1, height, SHEET_COLUMNS, width, 3)
    return rows.swapaxes(1, 2).reshape(-1, height, width, 3)[: view.frames]


def _scaled(frames: np.ndarray, view: View) -> np.ndarray:
    """Grey frames (S, h, w, 3) as what they stand for, (S, h, w)."""
    assert view.scale is not None, f"{view.sheet} is a sheet of pictures"
    low, high = view.scale
    return low + frames[..., 0].astype(np.float64) / 255 * (high - low)
