"""Tiny judges, and a training of them on pictures of nothing."""

from dataclasses import replace
from pathlib import Path

from tiny import make_place
from tiny import recipe_of as study_recipe_of

from gen.study.judging import judges, training
from gen.study.recipe.train import JudgesRecipe
from gen.study.recipe.whole import Recipe

TINY = JudgesRecipe(
    mask=[8, 8, 8, 8],
    mask_share=2,
    hidden=16,
    features=16,
    body_margin=2,
    background_margin=3,
    batch=8,
    clean=0.5,
    reconstructed=4,
    pace={"rate": 0.01, "warmup": 4, "knee": 1000},
)


def recipe_of(place: Path, **changes) -> Recipe:
    return replace(study_recipe_of(place), judges=TINY.model_copy(update=changes))


def trained(place: Path, which: judges.Which, steps: int, **asked) -> list:
    """Train a set on; all that was told."""
    told: list = []
    recipe = recipe_of(place)
    training.train_judges(
        recipe, place / "renders", place / "work", which, told.append, steps=steps, **asked
    )
    return told


def make_judged_place(folder: Path) -> Path:
    """A place with renders, and one set trained for a few steps and saved in `judges`."""
    place = make_place(folder)
    trained(place, "judging", steps=3)
    training.save(recipe_of(place), place / "renders", place / "work", "judging", place / "judges")
    return place
