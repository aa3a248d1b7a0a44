"""Chrome cars and all that their bodywork could show: path-traced, kept with their surroundings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

import numpy as np

from gen.measure.kit.kept_renders import kept, render_key
from gen.study.recipe.render import RenderRecipe
from gen.study.world import scene
from gen.study.world.around import around
from gen.study.world.render import render
from gen.study.world.scene import Material, Scene

PAINTS = {  # the same cars in each
    "chrome": Material("mirror", "chrome", 0.0),
    "glossy": Material("glossy", "silver", 0.0),
    "matte": Material("matte", "silver", 1.0),
}
CARS = 36  # six of each world
AT_ONCE = 2  # cars in a file


@dataclass(frozen=True)
class Mirrors:
    """N held-out cars, each painted in every one of PAINTS, and what lies around each.

    `reflection` is the direction in which a mirror of that shape would look, a unit vector on the
    bodywork and zero off it; `cubes` is the linear light from everywhere: see `around`.
    """

    scenes: tuple[Scene, ...]  # of chrome
    pictures: np.ndarray  # (N, P, H, W, 3) uint8, in the order of PAINTS
    bodies: np.ndarray  # (N, H, W) uint8, 255 where bodywork fills the pixel
    reflection: np.ndarray  # (N, H, W, 3) float32
    cubes: np.ndarray  # (N, 6, side, side, 3) float16


def mirrors_key(recipe: RenderRecipe, held_out_every: int) -> str:
    """Names the renders that `mirrors` makes."""
    return render_key(recipe, {"mirrors": CARS, "every": held_out_every})


def mirrors(
    folder: Path, recipe: RenderRecipe, held_out_every: int, report: Callable[[int, int], None]
) -> Mirrors:
    """The first held-out cars, each world as often; rendered once, then kept."""
    scenes = chosen(recipe, held_out_every)
    name = f"mirrors-{mirrors_key(recipe, held_out_every)}"
    whole = kept(folder, name, scenes, AT_ONCE, lambda some: _rendered(some, recipe), report)
    whole["reflection"] = whole["reflection"].astype(np.float32)
    return Mirrors(tuple(scenes), **whole)


def chosen(recipe: RenderRecipe, held_out_every: int) -> list[Scene]:
    """The first CARS held-out scenes in turns of the worlds, in chrome and without a window."""
    worlds = list(recipe.worlds)
    each = -(-CARS // len(worlds))
    by_world = {name: islice(_in(name, recipe, held_out_every), each) for name in worlds}
    return [s for turn in zip(*by_world.values(), strict=True) for s in turn][:CARS]


def _in(world: str, recipe: RenderRecipe, every: int) -> islice:
    drawn = (scene.draw(seed, recipe) for seed in count(0, every))
    chrome = (replace(s, pane=None, material=PAINTS["chrome"]) for s in drawn)
    return islice((s for s in chrome if s.world.name == world), None)


def _rendered(scenes: Sequence[Scene], recipe: RenderRecipe) -> dict[str, np.ndarray]:
    """Some cars: every paint's picture, and what these share."""
    traced = [[render(replace(s, material=m), recipe) for m in PAINTS.values()] for s in scenes]
    bodies = np.stack([paints[0].body for paints in traced])
    reflection = np.stack([paints[0].reflection for paints in traced])
    cubes = np.stack([around(s, recipe, recipe.width // 2) for s in scenes])
    return {
        "pictures": np.stack([[r.picture for r in paints] for paints in traced]),
        "bodies": (bodies * 255 + 0.5).astype(np.uint8),
        "reflection": reflection.astype(np.float16),
        "cubes": cubes.astype(np.float16),
    }
