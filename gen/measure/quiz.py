"""Measurement 14: mirrors that are right, upside down or another world's, to be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gen.measure.kit.mirrors import chosen
from gen.measure.kit.pictures import webp
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean
from gen.study.world.around import around, clad, panorama

ID, VERSION = "quiz", 1
QUESTION = "Does a wrong mirror show?"
METHOD = (
    "{n} held-out chrome cars in worlds that take turns, no model among them. What lies around "
    "each is path-traced from its middle; the car is then path-traced under that picture of its "
    "surroundings, under the same picture upside down, and under another car's, and its bodywork "
    "laid over the scene. So all three are made alike and differ in what they mirror alone. The "
    "figure is by how many of 255 levels, on average, a place of the bodywork differs from the "
    "right mirror. In the quiz the wrong one is another world's in half of the pairs, else the "
    "right one upside down."
)
NEEDS = ("mirrors",)
CARS = 10
LARGER, SAMPLES = 1.5, 16  # sides and paths a pixel of what is shown
SKY = 2048  # pixels all around
WRONG = ("other", "turned")  # mirrors, by turns
WHOLE = 230  # of 255: bodywork that fills its pixel


@dataclass(frozen=True)
class Looks:
    """One car in its world, all (H, W, 3) uint8 but for `body` (H, W), 255 where bodywork is."""

    right: np.ndarray
    other: np.ndarray
    turned: np.ndarray
    body: np.ndarray


def of(project: Project) -> Measured:
    """The first of the cars that `chrome` looks at."""
    recipe = project.recipe.render
    scenes = chosen(recipe, project.recipe.train.held_out_every)[:CARS]
    width, height = (int(LARGER * side) for side in (recipe.width, recipe.height))
    larger = replace(recipe, samples=SAMPLES, width=width, height=height)
    skies = [panorama(around(s, larger, width // 2), SKY) for s in scenes]
    looks = []
    for i, (subject, sky) in enumerate(zip(scenes, skies, strict=True)):
        another = skies[(i + 1) % len(skies)]
        (right, other, turned), body = clad(subject, larger, (sky, another, sky[::-1]))
        looks.append(Looks(right, other, turned, body))
        project.report("quiz: cars", i + 1, len(scenes))
    return run(looks)


def run(looks: Sequence[Looks]) -> Measured:
    """How far wrong mirrors are from right ones, and the pairs to be told apart."""
    panel = "A wrong mirror differs by"
    rows = [
        mean(
            f"{wrong}-differs",
            Place(panel, label, "path-traced"),
            _differences(looks, wrong),
            "of 255",
        )
        for wrong, label in zip(WRONG, ("another world's", "upside down"), strict=True)
    ]
    pictures = {}
    for i, look in enumerate(looks):
        pictures[f"{i}-right.webp"] = webp(look.right)
        pictures[f"{i}-{WRONG[i % 2]}.webp"] = webp(getattr(look, WRONG[i % 2]))
    return Measured(QUESTION, METHOD.format(n=len(looks)), tuple(rows), pictures)


def _differences(looks: Sequence[Looks], wrong: str) -> np.ndarray:
    """(N,) mean absolute differences on bodywork."""
    pairs = [(look.right, getattr(look, wrong), look.body >= WHOLE) for look in looks]
    return np.array([np.abs(a[on].astype(int) - b[on]).mean() for a, b, on in pairs])
