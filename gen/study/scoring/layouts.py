"""sources/models/layouts.json: how cars lie in pictures that may be trained on, and a score of it.

Of each: its area, its box's height, its middle across and down. Known without any light, so that
who chooses among pictures needs no renders.
"""

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from gen.core.canonical import canonical, digest
from gen.core.counting import Counting
from gen.core.disk import make_folder, put, writing
from gen.core.errors import BadInput
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import SHARD
from gen.study.recipe.whole import Recipe
from gen.study.training.checkpoint import write_array
from gen.study.world import scene
from gen.study.world.render import bodywork

FIGURES = 4  # of a layout: see `layout`
PARTS = 100  # as many as percent
AGAIN = "run python -m gen study layouts 0 2000"
Percentiles = Annotated[tuple[float, ...], Field(min_length=PARTS + 1, max_length=PARTS + 1)]


@dataclass(frozen=True)
class Layouts:
    """The percentiles, from 0 to 100, of each figure of `layout` among a recipe's scenes."""

    recipe: str  # digest of the render recipe, but for how captions word a scene
    first: int  # seed
    count: int  # of seeds; those that are held out are left out
    percentiles: Annotated[tuple[Percentiles, ...], Field(min_length=FIGURES, max_length=FIGURES)]

    @cached_property
    def key(self) -> str:
        """Names all that it says."""
        return digest(canonical(asdict(self)))[:16]

    def score(self, masks: np.ndarray) -> np.ndarray:
        """How usual each mask's layout (N, H, W) is, from 0 (never seen) to 1 (the middle)."""
        percent = np.linspace(0, 1, PARTS + 1)
        below = [
            np.interp(own, known, percent)
            for own, known in zip(layout(masks).T, self.percentiles, strict=True)
        ]
        return 1 - 2 * np.abs(np.array(below) - 0.5).mean(0)


def layout(masks: np.ndarray) -> np.ndarray:
    """Of each mask (N, H, W): its area, its box's height, its middle across and down, as shares."""
    _, height, width = masks.shape
    body = masks >= 128
    down = body.any(2)  # (N, H)
    area = body.mean((1, 2))
    count = np.maximum(body.sum((1, 2)), 1)
    x = (body.sum(1) * np.arange(width)).sum(1) / count / width
    y = (body.sum(2) * np.arange(height)).sum(1) / count / height
    return np.stack([area, down.mean(1), x, y], axis=1)


def draw(recipe: Recipe, cache: Path, first: int, count: int, report: Counting) -> Layouts:
    """Look at each scene of `count` seeds from `first` on that may be trained on.

    What was looked at is kept under <cache>/layouts/. Raises BadInput where there is none.
    """
    seeds = [seed for seed in range(first, first + count) if seed % recipe.train.held_out_every]
    if not seeds:
        raise BadInput(f"seeds {first}+{count}: all are held out; give more")
    folder, figures = cache / "layouts" / _key(recipe.render), []
    make_folder(folder)
    for done in range(0, len(seeds), SHARD):
        some = seeds[done : done + SHARD]
        path = folder / f"{some[0]:07d}-{some[-1]:07d}.npy"
        if not path.exists():
            write_array(path, np.concatenate([_looked_at(seed, recipe.render) for seed in some]))
        figures.append(np.load(path, allow_pickle=False))
        report("layouts", done + len(some), len(seeds))
    lines = percentiles(np.concatenate(figures))
    return Layouts(_key(recipe.render), first, count, lines)


def _looked_at(seed: int, recipe: RenderRecipe) -> np.ndarray:
    mask = (bodywork(scene.draw(seed, recipe), recipe) * 255 + 0.5).astype(np.uint8)
    return layout(mask[None])


def percentiles(figures: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """Of layouts (N, 4): the percentiles of each figure, from 0 to 100."""
    lines = np.percentile(figures, np.linspace(0, 100, PARTS + 1), axis=0).T
    return tuple(tuple(map(_short, line)) for line in lines)


def _short(value: float) -> float:
    return round(float(value), 5)  # a pixel is a hundred thousandth of a picture


def _key(recipe: RenderRecipe) -> str:
    """Names what scenes are drawn from; another wording of captions leaves them as they are."""
    look = asdict(recipe)
    del look["captions"]
    return digest(canonical(look))[:16]


def place(root: Path) -> Path:
    """Where a project keeps them."""
    return root / "sources" / "models" / "layouts.json"


def write(root: Path, layouts: Layouts) -> None:
    """Keep them as canonical JSON, put in place whole. Raises StoreError."""
    path = place(root)
    with writing(path):
        put(path, canonical(asdict(layouts)) + b"\n")


def read(root: Path, recipe: RenderRecipe) -> Layouts:
    """Those that are kept. Raises BadInput, with the command that makes them, where they are not
    there, are no such file, or are of another recipe.
    """
    path = place(root)
    if not path.is_file():
        raise BadInput(f"{path}: is not there; {AGAIN}")
    try:
        layouts = TypeAdapter(Layouts).validate_json(path.read_bytes())
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise BadInput(f"{path}: is of another version ({where or 'no JSON'}); {AGAIN}") from None
    if layouts.recipe != _key(recipe):
        raise BadInput(f"{path}: is of other scenes than sources/study.yml draws now; {AGAIN}")
    return layouts
