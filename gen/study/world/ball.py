"""A chrome ball where a car would stand: where its mirror looks, and its path-traced picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyoidn

from gen.study.recipe.render import RenderRecipe
from gen.study.world.around import HEIGHT
from gen.study.world.looks import surface
from gen.study.world.render import BRIGHTEST, developed, rays
from gen.study.world.scene import Camera, Material, Scene
from gen.study.world.stage import sensor, stage
from gen.study.world.surroundings import Surroundings
from gen.study.world.tracer import mi
from gen.study.world.window import reflected

RADIUS = 0.5  # metres: it floats a hand's breadth above the ground
DISTANCE = 3.2  # of the camera, level with its middle
FOV = 33.0  # degrees across a picture of 3 : 2, of whose height the ball fills four fifths
SAMPLES = 16  # paths a pixel, then a denoiser
CHROME = Material("mirror", "chrome", 0.0)
MIDDLE = (0.0, 0.0, HEIGHT)


@dataclass(frozen=True)
class Look:
    """What a ball's mirror looks at: unit vectors (H, W, 3), zero off it; where it is (H, W)."""

    directions: np.ndarray
    on: np.ndarray


def camera(azimuth: float) -> Camera:
    """Where the ball is seen from: degrees counter-clockwise from where a car's nose would be."""
    return Camera(azimuth, HEIGHT, DISTANCE, FOV, MIDDLE)


def look(camera: Camera, width: int, height: int) -> Look:
    """Where each place of the ball looks in a picture of this size."""
    toward = rays(camera, width, height)
    start = camera.origin - np.array(MIDDLE)
    along = toward @ start
    root = along**2 - (start @ start - RADIUS**2)
    on = root > 0
    depth = -along - np.sqrt(np.maximum(root, 0))
    normals = (start + depth[..., None] * toward) / RADIUS
    return Look(reflected(toward, normals * on[..., None]) * on[..., None], on)


def traced(
    world: Surroundings,
    scene: Scene,
    recipe: RenderRecipe,
    cameras: Sequence[Camera],
    size: tuple[int, int],
) -> np.ndarray:
    """The ball in a scene's world, in pictures of `size` (width, height): (N, H, W, 3) uint8."""
    description = stage(scene, {}, world, recipe.paints)
    ball = {"type": "sphere", "center": list(MIDDLE), "radius": RADIUS}
    description["ball"] = ball | {"bsdf": surface(CHROME, recipe.paints)}
    light = mi.load_dict(description)
    exposure = recipe.worlds[scene.world.name].exposure
    return np.stack([developed(_light(light, camera, size), exposure) for camera in cameras])


def _light(light: object, camera: Camera, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3), denoised."""
    eye = mi.load_dict(sensor(camera, *size, SAMPLES, 0))
    path = mi.load_dict({"type": "path", "max_depth": 5})
    noisy = np.array(mi.render(light, sensor=eye, integrator=path, spp=SAMPLES, seed=0))
    cut = np.ascontiguousarray(np.minimum(noisy[..., :3], BRIGHTEST), np.float32)
    return np.maximum(pyoidn.denoise(cut, hdr=True), 0)
