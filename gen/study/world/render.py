"""The picture: a scene ray-traced, seen through a window or not."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyoidn

from gen.study.recipe.render import RenderRecipe
from gen.study.world.car import car
from gen.study.world.first_hits import first_hits, texture_places
from gen.study.world.grounds import SIDE
from gen.study.world.looks import FITTINGS, reflectance
from gen.study.world.mesh import Mesh
from gen.study.world.panoramas import surroundings
from gen.study.world.scene import Camera, Scene
from gen.study.world.stage import land, sensor, stage
from gen.study.world.surroundings import Surroundings
from gen.study.world.tracer import mi
from gen.study.world.window import hidden, reflected, through


@dataclass(frozen=True)
class Render:
    """A picture and what is known about each of its pixels, all (H, W, ...).

    `linear` is light before the curve; `body` is the share of a pixel that bodywork covers;
    `normals` and `reflection` are unit vectors in the car's frame (x ahead, y left, z up), zero
    off the body. Through a window, `behind` and `pane` add up to `linear`, and `body` leaves out
    what the window's bars hide; else they are None.
    """

    picture: np.ndarray  # (H, W, 3) uint8, sRGB
    linear: np.ndarray  # (H, W, 3) float32
    body: np.ndarray  # (H, W) float32, 0..1
    normals: np.ndarray  # (H, W, 3) float32
    reflection: np.ndarray  # (H, W, 3) float32
    behind: np.ndarray | None
    pane: np.ndarray | None


PARTS = ("body", *FITTINGS, "near", "mid", "far")  # what a ray can meet, in the order of numbers


class Guides(NamedTuple):
    """What tells the denoiser grain from noise, both (H, W, 3) float32."""

    albedo: np.ndarray
    normals: np.ndarray


def render(scene: Scene, recipe: RenderRecipe) -> Render:
    """Trace a scene: the same scene and recipe give the same bytes on one machine."""
    return render_in(surroundings(scene.world), scene, recipe)


def render_in(world: Surroundings, scene: Scene, recipe: RenderRecipe) -> Render:
    """Trace a scene's car in these surroundings, whatever its own world would be."""
    parts = car(scene.body)
    guides, body, normals = _guides(scene, parts, world, recipe)
    linear = _traced(stage(scene, parts, world, recipe.paints), scene, recipe, guides)
    toward = rays(scene.camera, recipe.width, recipe.height)
    reflection = reflected(toward, normals) * (body > 0)[..., None]
    behind = pane = None
    if scene.pane:
        behind, pane, clear = through(scene.pane, scene.camera, linear, toward)
        linear, body = behind + pane, body * clear
    picture = developed(linear, recipe.worlds[scene.world.name].exposure)
    return Render(picture, linear, body, normals, reflection, behind, pane)


def bodywork(scene: Scene, recipe: RenderRecipe) -> np.ndarray:
    """`body` of a scene's Render (H, W) without any light, to a few quarters of a pixel on edges.

    Nothing around a car stands before it.
    """
    camera = sensor(scene.camera, 2 * recipe.width, 2 * recipe.height, 1, scene.seed)
    body, _ = _of_body(*first_hits(car(scene.body), PARTS, camera))
    return body * (1 - hidden(scene.pane, *body.shape)) if scene.pane else body


def _guides(
    scene: Scene, parts: dict[str, Mesh], world: Surroundings, recipe: RenderRecipe
) -> tuple[Guides, np.ndarray, np.ndarray]:
    """What the denoiser is told of a picture, and its bodywork: `body` and `normals` of Render."""
    size = (2 * recipe.width, 2 * recipe.height)  # quarters of pixels
    camera = sensor(scene.camera, *size, 1, scene.seed)
    part, normals = first_hits(parts | land(world), PARTS, camera)
    place = texture_places(land(world), camera)  # where a car stands before it, nobody asks
    away = (normals * rays(scene.camera, *size)).sum(-1) > 0
    normals[away] *= -1  # a smooth normal may lean past the edge of what is seen
    body, of_body = _of_body(part, normals)
    albedo = _albedo(part, place, scene, world, recipe)
    if world.fade is not None:  # the denoiser must not see an edge between floor and wall
        open_ground = (part == 0) | (part >= 1 + PARTS.index("near"))
        albedo[open_ground], normals[open_ground] = world.coats["near"].colour[0, 0], (0, 0, 1)
    return Guides(_halved(albedo), _halved(normals)), body, of_body


def developed(linear: np.ndarray, exposure: float) -> np.ndarray:
    """Linear light -> 8-bit sRGB by one fixed curve: Narkowicz's fit of the ACES film curve, 2015.

    It keeps softboxes and sky apart up to some ten times white, where a plain cut would not.
    """
    x = linear * exposure
    x = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-8) ** (1 / 2.4) - 0.055)
    return (x * 255 + 0.5).astype(np.uint8)


def rays(camera: Camera, width: int, height: int) -> np.ndarray:
    """(H, W, 3) unit directions from the camera through the middle of each pixel."""
    right, up, forward = camera.axes()
    half = np.tan(np.radians(camera.fov / 2))
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * half
    y = (1 - (np.arange(height) + 0.5) / height * 2) * half * height / width
    d = forward + x[None, :, None] * right + y[:, None, None] * up
    return d / np.linalg.norm(d, axis=-1, keepdims=True)


def _albedo(
    part: np.ndarray, place: np.ndarray, scene: Scene, world: Surroundings, recipe: RenderRecipe
) -> np.ndarray:
    """(2H, 2W, 3) what share of light each part returns, as the denoiser wants it.

    The ground's is read off its pattern, so that grain is not taken for noise.
    """
    paint = recipe.paints.get(scene.material.colour, (1, 1, 1))
    colours = {name: reflectance(look) for name, look in FITTINGS.items()} | {"body": paint}
    table = [(0, 0, 0), *(colours.get(name, (0, 0, 0)) for name in PARTS)]
    albedo = np.array(table, np.float32)[part]
    for name, coat in world.coats.items():
        on = part == 1 + PARTS.index(name)
        column, row = np.clip(place[on] * SIDE, 0, SIDE - 1).astype(int).T
        albedo[on] = coat.colour[row, column]
    return albedo


def _of_body(part: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share of each pixel that is bodywork (H, W), and its unit normal there (H, W, 3)."""
    body = (part == 1 + PARTS.index("body")).astype(np.float32)
    mean = _halved(normals * body[..., None])
    size = np.linalg.norm(mean, axis=-1, keepdims=True)
    share = _halved(body[..., None])[..., 0] * (size[..., 0] > 0.05)
    return share, np.where(share[..., None] > 0, mean / np.maximum(size, 1e-6), 0)


def _halved(a: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels."""
    h, w, channels = a.shape
    return a.reshape(h // 2, 2, w // 2, 2, channels).mean((1, 3))


def _traced(description: dict, scene: Scene, recipe: RenderRecipe, guides: Guides) -> np.ndarray:
    """(H, W, 3) denoised linear light."""
    size, samples = (recipe.width, recipe.height), recipe.samples
    camera = mi.load_dict(sensor(scene.camera, *size, samples, scene.seed))
    path = mi.load_dict({"type": "path", "max_depth": 5})  # sky, mirror, ground, mirror, sky
    light, seed = mi.load_dict(description), scene.seed % 2**31
    noisy = np.array(mi.render(light, sensor=camera, integrator=path, spp=samples, seed=seed))
    noisy = np.minimum(noisy[..., :3], BRIGHTEST)
    images = [np.ascontiguousarray(a, np.float32) for a in (noisy, *guides)]
    return np.maximum(pyoidn.denoise(*images, hdr=True), 0)


BRIGHTEST = 40.0  # the sun's disc; a pixel above it is a stray path
