"""The picture that opens the site: a chrome car in a desert made for it, and what it mirrors."""

import io
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from PIL import Image

from gen.core import store
from gen.core.canonical import canonical, digest
from gen.core.measured import Staged
from gen.study.recipe.render import Body, RenderRecipe
from gen.study.world.mirrored import spots
from gen.study.world.render import rays, render_in
from gen.study.world.scene import Camera, Material, Scene, World
from gen.study.world.staged_desert import desert

ID = "desert"
FORMAT = 1  # raised when the same scene comes out another picture
WIDTH, HEIGHT = 1600, 840  # the share card's shape, and sharp at twice the width of a column
SAMPLES = 64  # paths a pixel, then a denoiser
EXPOSURE = 0.70
QUALITY = 88  # of the WebP: no blocks in sky and sand, and some tens of kilobytes

CAMERA = Camera(azimuth=-42.0, height=0.75, distance=18.6, fov=15.0, aim=(0.0, 0.0, 0.92))
WORLD = World("desert", 7, sun_azimuth=-118.0, sun_height=21.0)
STYLE = "coupe"  # the middle of what the recipe lets it measure
SPOKES = 7


def bring_up_to_date(root: Path, recipe: RenderRecipe, force: bool) -> Iterator[str]:
    """Make the picture if it is missing or another's, or anyway; yields its id."""
    there = ID in store.staged.ids(root)
    if force or not there or store.read_staged(root, ID).key != key(recipe):
        store.staged.refuse_unwritable(root)
        store.write_staged(root, *make(recipe))
        yield ID


def make(recipe: RenderRecipe) -> tuple[Staged, dict[str, bytes]]:
    """The record and its picture; takes minutes."""
    scene, large = scene_of(recipe), at_size(recipe, WIDTH, HEIGHT, SAMPLES)
    render = render_in(desert(scene.world, scene.camera), scene, large)
    file = io.BytesIO()
    Image.fromarray(render.picture).save(file, "WEBP", quality=QUALITY, method=6)
    files = {f"{ID}.webp": file.getvalue()}
    mirrored = tuple(spots(render, rays(CAMERA, WIDTH, HEIGHT)))
    digests = tuple((name, digest(data)) for name, data in files.items())
    return Staged(ID, key(recipe), WIDTH, HEIGHT, SAMPLES, mirrored, digests), files


def key(recipe: RenderRecipe) -> str:
    """Names the picture by all that decides it: its scene and its size."""
    decided = {"format": FORMAT, "scene": asdict(scene_of(recipe)), "exposure": EXPOSURE}
    numbers = {"size": [WIDTH, HEIGHT], "samples": SAMPLES, "quality": QUALITY}
    return digest(canonical(decided | numbers))[:16]


def scene_of(recipe: RenderRecipe) -> Scene:
    """A coupe of middle measures, mirror-finished, as a long lens sees it from a crouch."""
    ranges = recipe.body_styles[STYLE]
    shape = {name: float(np.mean(ends)) for name, ends in sorted(ranges.items())}
    body = Body(style=STYLE, spokes=SPOKES, **shape)
    chrome = Material("mirror", "chrome", 0.0)
    return Scene(77, "front three-quarter view", body, chrome, WORLD, CAMERA, None)


def at_size(recipe: RenderRecipe, width: int, height: int, samples: int) -> RenderRecipe:
    """The recipe for a picture of this size, brighter than those that are learned from."""
    desert = replace(recipe.worlds["desert"], exposure=EXPOSURE)
    worlds = recipe.worlds | {"desert": desert}
    return replace(recipe, width=width, height=height, samples=samples, worlds=worlds)
