"""Small pictures of every world and body style, as they are to be: the tests compare with them.

Where a change is meant (study.yml's `render.format` is raised with it), write them anew and look:
python tests/study/world/pinned.py
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.whole import read_recipe
from gen.study.world.car import car
from gen.study.world.first_hits import first_hits
from gen.study.world.panoramas import UPPER, surroundings
from gen.study.world.render import PARTS
from gen.study.world.scene import World, draw
from gen.study.world.stage import sensor
from gen.study.world.surroundings import Surroundings

HERE = Path(__file__).parent
WORLDS, CARS = HERE / "worlds.png", HERE / "cars.png"
STYLES = ("coupe", "saloon", "hatchback")
TURNS = (90.0, 40.0, 140.0)  # degrees round the car: from its side, its nose, its tail
SIZE = (96, 56)  # of a car's picture
ROW = 16  # pixels: a world's height in the picture


def around(name: str) -> Surroundings:
    """A world whose sun stands on the left, not low."""
    return surroundings(World(name, 9, 70.0, 20.0))


def world(around: Surroundings) -> np.ndarray:
    """Its sky, its horizon, its ground near, mid and far: (ROW, 176, 3) uint8."""
    sky = _cells(around.panorama[: UPPER[0]], ROW, 64)
    horizon = _cells(around.panorama[UPPER[0] - 64 : UPPER[0]], ROW, 64)  # eleven degrees
    coats = [
        _cells(around.coats[layer].colour, ROW, ROW)
        if layer in around.coats
        else np.zeros((ROW, ROW, 3))
        for layer in ("near", "mid", "far")
    ]
    light = np.concatenate([sky, horizon], axis=1)
    whole = np.concatenate([light / (1 + light), *coats], axis=1)
    return np.round(255 * whole**0.5).astype(np.uint8)


def _cells(values: np.ndarray, rows: int, columns: int) -> np.ndarray:
    height, width, _ = values.shape
    return values.reshape(rows, height // rows, columns, width // columns, 3).mean((1, 3))


def styled(style: str, recipe: RenderRecipe) -> np.ndarray:
    """A car seen from all TURNS, its parts under its normals: (2 H, 3 W, 3) uint8."""
    scene = draw(4, replace(recipe, body_styles={style: recipe.body_styles[style]}))
    parts = car(scene.body)
    seen = [
        first_hits(parts, PARTS, sensor(replace(scene.camera, azimuth=turn), *SIZE, 1, 4))
        for turn in TURNS
    ]
    normals = np.concatenate([normal for _, normal in seen], axis=1)
    numbers = np.concatenate([part for part, _ in seen], axis=1)
    grey = np.repeat(numbers[..., None] * 15, 3, axis=-1)
    return np.concatenate([np.round(127.5 + 127.5 * normals), grey]).astype(np.uint8)


if __name__ == "__main__":
    recipe = read_recipe(HERE.parents[2] / "sources" / "study.yml").render
    worlds = [world(around(name)) for name in sorted(recipe.worlds)]
    Image.fromarray(np.concatenate(worlds)).save(WORLDS)
    Image.fromarray(np.concatenate([styled(style, recipe) for style in STYLES])).save(CARS)
