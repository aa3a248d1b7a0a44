"""Renders whose light is known: pictures with their linear light, windows with their two layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path

import numpy as np

from gen.core.errors import BadInput
from gen.measure.kit.kept_renders import kept, render_key
from gen.study.recipe.render import RenderRecipe
from gen.study.training.dataset import scenes_in
from gen.study.world import scene
from gen.study.world.render import developed, render
from gen.study.world.shards import SHARD, shard_path

SHARDS = 4  # of full renders: 100 to fit on and 100 to measure on
WINDOWS = 100  # renders through a window: what a row needs
AT_ONCE = 10  # windows in a file


@dataclass(frozen=True)
class Lit:
    """Pictures (N, H, W, 3) uint8 and the light (N, H, W, 3) float32 that made them.

    Light is after the exposure and before the curve, as on a sensor: 1 is what a white paper gives.
    """

    pictures: np.ndarray
    light: np.ndarray

    def __getitem__(self, which: slice) -> "Lit":
        return Lit(self.pictures[which], self.light[which])


@dataclass(frozen=True)
class Windows:
    """Pictures through a window (N, H, W, 3) uint8, and the light of both layers, float32.

    `behind` is what comes through the pane, `pane` what it mirrors; both after the exposure.
    """

    pictures: np.ndarray
    behind: np.ndarray
    pane: np.ndarray


def lit_key(recipe: RenderRecipe) -> str:
    """Names the full renders that `lit` reads: what was asked for, not what came out."""
    return render_key(recipe, {"shards": _full_shards(recipe)})


def lit(folder: Path, recipe: RenderRecipe) -> Lit:
    """The first full renders of a folder.

    Raises BadInput where they are not, or where the recipe draws another scene now.
    """
    pictures, light = [], []
    for first in _full_shards(recipe):
        path = shard_path(folder, recipe, first)
        if not path.exists():
            raise BadInput(
                f"{path.name}: is not among the renders; run python -m gen study render 0 "
                f"{_full_shards(recipe)[-1] + SHARD}"
            )
        with np.load(path, allow_pickle=False) as shard:
            scenes = scenes_in(path, shard, recipe)
            pictures.append(shard["picture"])
            light.append(exposed(shard["linear"], scenes, recipe))
    return Lit(np.concatenate(pictures), np.concatenate(light))


def windows_key(recipe: RenderRecipe, held_out_every: int) -> str:
    """Names the renders that `windows` makes."""
    return render_key(recipe, {"windows": WINDOWS, "held_out_every": held_out_every})


def windows(
    folder: Path,
    recipe: RenderRecipe,
    held_out_every: int,
    report: Callable[[int, int], None],
) -> Windows:
    """The first held-out scenes that are seen through a window; rendered once, then kept.

    Few renders have a window, and fewer keep their layers: waiting for a hundred among all renders
    would take a day. `report` is told how many are there, of how many.
    """
    every = (scene.draw(seed, recipe) for seed in count(0, held_out_every))
    scenes = list(islice((s for s in every if s.pane is not None), WINDOWS))
    name = f"windows-{windows_key(recipe, held_out_every)}"
    whole = kept(folder, name, scenes, AT_ONCE, lambda some: _layers(some, recipe), report)
    behind, pane = (exposed(whole[name], scenes, recipe) for name in ("behind", "pane"))
    return Windows(whole["pictures"], behind, pane)


def exposed(linear: np.ndarray, scenes: list[scene.Scene], recipe: RenderRecipe) -> np.ndarray:
    """Linear light (N, H, W, 3) times the exposure of each scene's world: float32."""
    gain = [recipe.worlds[s.world.name].exposure for s in scenes]
    return linear.astype(np.float32) * np.array(gain, np.float32)[:, None, None, None]


def picture(light: np.ndarray) -> np.ndarray:
    """Light after the exposure -> the picture (..., 3) uint8 that a render of it would be."""
    return developed(light, 1.0)


def middle_light(pictures: np.ndarray) -> np.ndarray:
    """Pictures -> of all light that the renders' curve shows as each level the middle: float32.

    The highest level stands for all light above it: the least of that light is given. For the light
    that the curve makes each level of exactly, see turntable.exact_light.
    """
    return _light_of_levels()[pictures]


@cache
def _light_of_levels() -> np.ndarray:
    """(256,) the light that the curve shows as each level, by trying it on very many."""
    light = np.concatenate([[0.0], np.geomspace(1e-6, 10, 200_000)])
    level = developed(light, 1.0)
    first, last = (np.searchsorted(level, np.arange(256), side) for side in ("left", "right"))
    lowest, highest = light[first], light[np.minimum(last, len(light) - 1)]
    return np.where(np.arange(256) < 255, (lowest + highest) / 2, lowest).astype(np.float32)


def decoded(pictures: np.ndarray) -> np.ndarray:
    """Pictures, uint8 -> light from 0 to 1, float32: sRGB's standard curve undone."""
    levels = np.arange(256) / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)[pictures]


def encoded(light: np.ndarray) -> np.ndarray:
    """Light -> pictures, uint8, by sRGB's standard curve; what is above 1 is cut off."""
    x = np.clip(light, 0, 1)
    levels = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-8) ** (1 / 2.4) - 0.055)
    return (levels * 255 + 0.5).astype(np.uint8)


def _full_shards(recipe: RenderRecipe) -> list[int]:
    return [number * SHARD * recipe.full_every for number in range(SHARDS)]


def _layers(scenes: Sequence[scene.Scene], recipe: RenderRecipe) -> dict[str, np.ndarray]:
    """Some windows, rendered: their pictures and the light of both layers."""
    renders = [render(s, recipe) for s in scenes]
    return {
        "pictures": np.stack([r.picture for r in renders]),
        "behind": np.array([r.behind for r in renders], np.float16),
        "pane": np.array([r.pane for r in renders], np.float16),
    }
