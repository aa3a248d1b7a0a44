"""Renders in files of fifty: made, named, kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gen.core.disk import make_folder, whole, writing
from gen.core.errors import BadInput
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import SHARD
from gen.study.world.render import render
from gen.study.world.scene import Scene, draw, record

APART = 500_000  # first seed of the renders that judges apart learn from, and nothing else


def shard_path(out: Path, recipe: RenderRecipe, first: int) -> Path:
    """Where the shard that begins at seed `first` is kept."""
    return out / f"renders-{recipe.format}-{first:07d}.npz"


def render_range(
    recipe: RenderRecipe, out: Path, first: int, count: int, held_out: bool = False
) -> Iterator[Path]:
    """Render seeds first..first+count into shards of 50; yields each path, made or already there.

    A shard holds `picture` (N, H, W, 3) uint8, `body` (N, H, W) uint8 of 255 and `scene` (N,)
    JSON strings; every `full_every`th also float16 `linear`, `normals`, `reflection`, and of its
    window scenes, in order, `behind` and `pane`. It is written beside its place and moved there
    whole, and needs no pickle. BadInput where the seeds do not fill whole shards, StoreError where
    the disk refuses one.
    """
    if first % SHARD or count % SHARD:
        raise BadInput(f"seeds {first}+{count}: give multiples of {SHARD}, the size of a shard")
    make_folder(out)
    for start in range(first, first + count, SHARD):
        path = shard_path(out, recipe, start)
        if not path.exists():
            full = start // SHARD % recipe.full_every == 0
            scenes = [draw(seed, recipe, held_out) for seed in range(start, start + SHARD)]
            write_arrays(path, _shard(scenes, recipe, full))
        yield path


def _shard(scenes: list[Scene], recipe: RenderRecipe, full: bool) -> dict[str, np.ndarray]:
    renders = [render(scene, recipe) for scene in scenes]
    shard = {
        "scene": np.array([json.dumps(record(s, recipe), sort_keys=True) for s in scenes]),
        "picture": np.stack([r.picture for r in renders]),
        "body": np.stack([(r.body * 255 + 0.5).astype(np.uint8) for r in renders]),
    }
    if full:
        for name in ("linear", "normals", "reflection"):
            shard[name] = np.stack([getattr(r, name) for r in renders]).astype(np.float16)
        for name in ("behind", "pane"):
            layers = [getattr(r, name) for r in renders if r.pane is not None]
            shard[name] = np.array(layers, np.float16)
    return shard


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Arrays by name as one compressed file, put in place whole. Raises StoreError."""
    with writing(path), whole(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # no array is an option's
