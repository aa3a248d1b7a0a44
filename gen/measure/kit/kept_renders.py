"""Renders that a measurement has made for itself: named by all that decides them, kept in files."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import numpy as np

from gen.core.canonical import canonical, digest
from gen.core.disk import make_folder
from gen.study.recipe.render import RenderRecipe
from gen.study.world.shards import write_arrays

Item = TypeVar("Item")
Arrays = dict[str, np.ndarray]


def render_key(recipe: RenderRecipe, more: dict) -> str:
    """Names renders by what was asked for, not by what came out: captions decide none of it."""
    fields = asdict(recipe)
    del fields["captions"]
    return digest(canonical({"render": fields, **more}))[:16]


def kept(
    folder: Path,
    name: str,
    items: Sequence[Item],
    at_once: int,
    make: Callable[[Sequence[Item]], Arrays],
    report: Callable[[int, int], None],
) -> Arrays:
    """What `make` renders of the items, some at a time, made once; by array, over all items.

    Each file is half a minute's work, so that little is lost when a run stops; `report` is told
    how many items are there, of how many.
    """
    make_folder(folder)
    parts = []
    for first in range(0, len(items), at_once):
        some = items[first : first + at_once]
        path = folder / f"{name}-{first:03d}-{len(some)}.npz"
        if not path.exists():
            write_arrays(path, make(some))
        with np.load(path, allow_pickle=False) as file:
            parts.append({array: file[array] for array in file.files})
        report(min(first + at_once, len(items)), len(items))
    return {array: np.concatenate([part[array] for part in parts]) for array in parts[0]}
