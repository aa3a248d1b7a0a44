"""What is asked of a model that is scored: scenes, words for them, noises."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import ScoreRecipe
from gen.study.world import captions, scene
from gen.study.world.scene import Scene

ORDINARY, HELD_OUT = 1_000_000, 2_000_000  # first seeds, far above any that is trained on


@dataclass(frozen=True)
class Sample:
    """One thing asked for: a scene, the words for it and the noise to begin with."""

    index: int
    scene: Scene  # the held-out render with the same meaning
    prompt: str
    named: frozenset[str]  # of finish, colour, world, view: what the prompt says
    seed: int  # of the starting noise
    held_out: bool  # a combination that training never saw


def all_samples(recipe: RenderRecipe, score: ScoreRecipe) -> tuple[Sample, ...]:
    """Every sample, the two kinds evenly mixed: the first few are a small set of the same make-up.

    Finish, colour and view are always named, the world in two of three, and whatever makes a
    combination held out; no scene is seen through a window.
    """
    counts = ((ORDINARY, score.ordinary), (HELD_OUT, score.held_out))
    order = sorted(
        (Fraction(2 * number + 1, 2 * count), first, number)
        for first, count in counts
        for number in range(count)
    )
    open_air = replace(recipe, window=0.0)
    return tuple(_sample(i, first, n, open_air) for i, (_, first, n) in enumerate(order))


def _sample(index: int, first: int, number: int, recipe: RenderRecipe) -> Sample:
    seed, held_out = first + number, first == HELD_OUT
    subject = scene.draw(seed, recipe, held_out)
    said = {"view", *_needed(subject, recipe)}
    if number % 3 != 2:
        said.add("world")
    if number % 2:
        said.add("body")
    words = np.random.default_rng([seed, 1])  # apart from the scene's own numbers
    prompt = captions.caption_of(subject, recipe, words, said)
    named = frozenset({"finish", "colour"} | said - {"body"})
    return Sample(index, subject, prompt, named, seed, held_out)


def _needed(subject: Scene, recipe: RenderRecipe) -> set[str]:
    """The slots without which a prompt would not say the scene's held-out combination."""
    meaning = subject.meaning().items()
    kinds = {kind for c in recipe.held_out if c.items() <= meaning for kind in c}
    return {{"style": "body"}.get(kind, kind) for kind in kinds} & {"body", "world", "view"}
