"""Blueprints of the shapes that ideas are worded for: what runs in them, without any weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gen.capture import hollow, parts, words
from gen.core import blueprints, shapes
from gen.core.disk import writing
from gen.core.errors import RecordError
from gen.core.records import Blueprint, Split
from gen.core.sources import Inputs, Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from transformers import CLIPTokenizer


def draw_all(root: Path, inputs: Inputs) -> Iterator[str]:
    """Keeps each blueprint that is asked for and not kept yet, removes the others; says which.

    Raises ModelError for a shape that describes no pipeline, StoreError where nothing can be kept.
    """
    jobs = blueprints.wanted(inputs)
    for key, (prompt, model) in jobs.items():
        texts = blueprints.texts(inputs, key)
        fresh = _kept(root, key, texts)
        if not fresh:
            blueprints.shelf.write(root, key, draw(root, prompt, model, texts), {})
        yield f"{key}  {model.id}, {prompt.width} x {prompt.height}: {'fresh' if fresh else 'made'}"
    for key in set(blueprints.shelf.ids(root)) - set(jobs):
        path = blueprints.shelf.path(root, key)
        with writing(path):
            path.unlink()


def draw(root: Path, prompt: Prompt, model: Model, texts: Sequence[str] = ()) -> Blueprint:
    """The blueprint of a model that has a shape, for one prompt's settings: a second or two.

    Its tokenizer splits all the texts.
    """
    assert model.shape is not None, f"{model.id} has no shape"
    pipe = hollow.of_shape(shapes.folder(root, model.shape))
    tree = parts.tree(pipe, prompt, hollow.ran(pipe, prompt))
    record = blueprints.blank(prompt, model, tree)
    assert record is not None
    return replace(record, splits=tuple(_split(pipe.tokenizer, text) for text in texts))


def _split(tokenizer: CLIPTokenizer, text: str) -> Split:
    return Split(text, tuple(token.text for token in words.tokens(tokenizer, text)))


def _kept(root: Path, key: str, texts: Sequence[str]) -> bool:
    """Whether a blueprint is there and splits these texts."""
    try:
        record = blueprints.shelf.read(root, key)
    except RecordError:
        return False
    return [split.text for split in record.splits] == list(texts)
