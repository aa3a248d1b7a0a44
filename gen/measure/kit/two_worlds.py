"""One car before one camera in two worlds: path-traced pairs whose truth is known, kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

import numpy as np

from gen.measure.kit.kept_renders import kept, render_key
from gen.study.recipe.render import RenderRecipe
from gen.study.world import scene
from gen.study.world.render import render
from gen.study.world.scene import Material, Scene

FINISHES = ("mirror", "glossy", "matte")  # the same cars in each, so that they compare in pairs
SCENES = 100  # of each finish
AT_ONCE = 5  # scenes in a file
ELSEWHERE = 5_000_000  # first seeds of the second worlds, far above any that is trained on
TRIES = 1000  # seeds of second worlds for each scene

Pair = tuple[Scene, Scene]  # the same but for the world


@dataclass(frozen=True)
class Pairs:
    """N scenes of one finish, each in two worlds.

    `reflection` is the direction in which a mirror of that shape would look (x ahead, y left,
    z up), a unit vector on the bodywork and zero off it.
    """

    scenes: tuple[Pair, ...]
    pictures: np.ndarray  # (N, 2, H, W, 3) uint8
    bodies: np.ndarray  # (N, H, W) uint8, 255 where bodywork fills the pixel
    reflection: np.ndarray  # (N, H, W, 3) float32


def pairs_key(recipe: RenderRecipe, held_out_every: int) -> str:
    """Names the renders that `pairs` makes."""
    wanted = {"scenes": SCENES, "finishes": FINISHES, "every": held_out_every}
    return render_key(recipe, wanted)


def pairs(
    folder: Path,
    recipe: RenderRecipe,
    held_out_every: int,
    finish: str,
    report: Callable[[int, int], None],
) -> Pairs:
    """The pairs of one finish; rendered once, then kept. `report` hears how many are there."""
    chosen = [pair[finish] for pair in islice(subjects(recipe, held_out_every), SCENES)]
    name = f"pairs-{pairs_key(recipe, held_out_every)}-{finish}"
    whole = kept(folder, name, chosen, AT_ONCE, lambda some: _rendered(some, recipe), report)
    reflection = whole["reflection"].astype(np.float32)
    return Pairs(tuple(chosen), whole["pictures"], whole["bodies"], reflection)


def subjects(recipe: RenderRecipe, held_out_every: int) -> Iterator[dict[str, Pair]]:
    """Held-out cars without a window, by finish: the same car, camera and worlds in each.

    None shows a combination that training never sees: what is asked is how the model paints what
    it knows.
    """
    for seed in count(0, held_out_every):
        subject = replace(scene.draw(seed, recipe), pane=None)
        if (other := _elsewhere(subject, recipe)) is not None:
            yield {
                finish: (_coated(subject, finish, recipe), _coated(other, finish, recipe))
                for finish in FINISHES
            }


def _elsewhere(subject: Scene, recipe: RenderRecipe) -> Scene | None:
    """The subject in another world; None where any finish would be a combination never trained."""
    rng = np.random.default_rng([ELSEWHERE, subject.seed])
    names = [name for name in recipe.worlds if name != subject.world.name]
    wanted = names[rng.integers(len(names))]
    drawn = (scene.draw(ELSEWHERE + subject.seed * TRIES + n, recipe).world for n in range(TRIES))
    other = replace(subject, world=next(world for world in drawn if world.name == wanted))
    every = [_coated(s, finish, recipe) for s in (subject, other) for finish in FINISHES]
    return None if any(scene.is_held_out(s, recipe) for s in every) else other


def _coated(subject: Scene, finish: str, recipe: RenderRecipe) -> Scene:
    """The subject in another finish, colour and roughness drawn for it."""
    rng = np.random.default_rng([ELSEWHERE, subject.seed, FINISHES.index(finish)])
    coat = recipe.finishes[finish]
    colour = coat.colours[rng.integers(len(coat.colours))]
    return replace(subject, material=Material(finish, colour, float(rng.uniform(*coat.roughness))))


def _rendered(chosen: Sequence[Pair], recipe: RenderRecipe) -> dict[str, np.ndarray]:
    """Some pairs: their pictures, and what both pictures of a pair share."""
    traced = [[render(s, recipe) for s in pair] for pair in chosen]
    bodies = np.stack([first.body for first, _ in traced])
    return {
        "pictures": np.stack([[r.picture for r in pair] for pair in traced]),
        "bodies": (bodies * 255 + 0.5).astype(np.uint8),
        "reflection": np.stack([first.reflection for first, _ in traced]).astype(np.float16),
    }
