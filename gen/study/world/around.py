"""What is seen from one place, in every direction: a world without its car, as six pictures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyoidn

from gen.study.recipe.render import RenderRecipe
from gen.study.world.panoramas import surroundings
from gen.study.world.render import BRIGHTEST, render, render_in
from gen.study.world.scene import Camera, Scene
from gen.study.world.stage import sensor, stage
from gen.study.world.surroundings import Surroundings
from gen.study.world.tracer import mi

HEIGHT = 0.6  # metres above the middle of where a car stands: half way up its doors
SAMPLES = 16  # paths a pixel, then a denoiser
FACES = (  # of a cube: where each looks, and what is up there
    ((1, 0, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 0, 1)),
    ((0, 1, 0), (0, 0, 1)),
    ((0, -1, 0), (0, 0, 1)),
    ((0, 0, 1), (1, 0, 0)),
    ((0, 0, -1), (1, 0, 0)),
)


def around(scene: Scene, recipe: RenderRecipe, side: int) -> np.ndarray:
    """The linear light that arrives where a car would stand: (6, side, side, 3), as FACES.

    Neither car nor shadow is there, and what is near is seen from one place alone.
    """
    return around_in(surroundings(scene.world), scene, recipe, side)


def around_in(world: Surroundings, scene: Scene, recipe: RenderRecipe, side: int) -> np.ndarray:
    """The same in these surroundings, whatever the scene's own world would be."""
    light = mi.load_dict(stage(scene, {}, world, recipe.paints))
    return np.stack([_face(light, toward, up, side) for toward, up in FACES])


def _face(light: object, toward: tuple[int, ...], up: tuple[int, ...], side: int) -> np.ndarray:
    """(side, side, 3), denoised."""
    x, y, z = toward
    camera = sensor(Camera(0, HEIGHT, 0, 90, (x, y, HEIGHT + z)), side, side, SAMPLES, 0, up)
    path = mi.load_dict({"type": "path", "max_depth": 4})
    noisy = mi.render(light, sensor=mi.load_dict(camera), integrator=path, spp=SAMPLES, seed=0)
    cut = np.minimum(np.array(noisy)[..., :3], BRIGHTEST)
    return np.maximum(pyoidn.denoise(np.ascontiguousarray(cut, np.float32), hdr=True), 0)


def seen(cube: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The light (..., 3) of a cube in directions (..., 3) other than zero: its nearest pixel."""
    flat = directions.reshape(-1, 3)
    face = np.argmax([flat @ np.array(toward) for toward, _ in FACES], axis=0)
    light, side = np.empty((len(flat), 3), np.float32), cube.shape[1]
    for number, (toward, up) in enumerate(FACES):
        here = face == number
        d = flat[here] / (flat[here] @ np.array(toward))[:, None]
        column = (d @ np.cross(toward, up) + 1) / 2 * side
        row = (1 - d @ np.array(up)) / 2 * side
        at = (np.clip(place, 0, side - 1).astype(int) for place in (row, column))
        light[here] = cube[(number, *at)]
    return light.reshape(directions.shape)


def panorama(cube: np.ndarray, width: int) -> np.ndarray:
    """A cube unrolled as the worlds' own panoramas are: (width / 2, width, 3), zenith first."""
    azimuth = np.radians(90 - (np.arange(width) + 0.5) / width * 360)
    height = np.radians(90 - (np.arange(width // 2) + 0.5)[:, None] / width * 360)
    ahead, left = np.cos(height) * np.cos(azimuth), np.cos(height) * np.sin(azimuth)
    return seen(cube, np.stack([ahead, left, np.sin(height) + 0 * azimuth], -1))


def clad(
    scene: Scene, recipe: RenderRecipe, skies: Sequence[np.ndarray]
) -> tuple[list[np.ndarray], np.ndarray]:
    """The scene's picture where its bodywork mirrors each of `skies`, and not what is there.

    Panoramas as `panorama` makes them -> pictures (H, W, 3) uint8, and the bodywork of all of them
    (H, W) uint8, 255 where it fills the pixel. World and mirror are path-traced apart, and the
    bodywork's share of each pixel joins them. A window is left out.
    """
    scene = replace(scene, pane=None)
    there = render(scene, recipe)
    share = there.body[..., None]
    mirrored = (render_in(Surroundings(sky, {}, {}, None, None), scene, recipe) for sky in skies)
    pictures = [
        (one.picture * share + there.picture * (1 - share) + 0.5).astype(np.uint8)
        for one in mirrored
    ]
    return pictures, (there.body * 255 + 0.5).astype(np.uint8)
