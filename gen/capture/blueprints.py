"""Blueprints of the shapes that ideas are worded for: what runs in them, without any weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gen.capture import hollow, parts
from gen.core import blueprints, shapes
from gen.core.disk import writing
from gen.core.errors import RecordError
from gen.core.records import Blueprint
from gen.core.sources import Inputs, Model, Prompt


def draw_all(root: Path, inputs: Inputs) -> Iterator[str]:
    """Keeps each blueprint that is asked for and not kept yet, removes the others; says which.

    Raises ModelError for a shape that describes no pipeline, StoreError where nothing can be kept.
    """
    jobs = blueprints.wanted(inputs)
    for key, (prompt, model) in jobs.items():
        fresh = _kept(root, key)
        if not fresh:
            blueprints.shelf.write(root, key, draw(root, prompt, model), {})
        yield f"{key}  {model.id}, {prompt.width} x {prompt.height}: {'fresh' if fresh else 'made'}"
    for key in set(blueprints.shelf.ids(root)) - set(jobs):
        path = blueprints.shelf.path(root, key)
        with writing(path):
            path.unlink()


def draw(root: Path, prompt: Prompt, model: Model) -> Blueprint:
    """The blueprint of a model that has a shape, for one prompt's settings: a second or two."""
    assert model.shape is not None, f"{model.id} has no shape"
    pipe = hollow.of_shape(shapes.folder(root, model.shape))
    tree = parts.tree(pipe, prompt, hollow.ran(pipe, prompt))
    record = blueprints.blank(prompt, model, tree)
    assert record is not None
    return record


def _kept(root: Path, key: str) -> bool:
    try:
        blueprints.shelf.read(root, key)
    except RecordError:
        return False
    return True
