"""What is known of the samples' renders, on the grid of their latents, as the camera sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gen.study.recipe.train import FACTOR
from gen.study.scoring import samples
from gen.study.scoring.samples import Request
from gen.study.training.dataset import means
from gen.study.world.scene import Camera, Scene

ARRAYS = ("picture", "body", "normals", "reflection")


@dataclass(frozen=True)
class Shapes:
    """N held-out renders in the samples' order; directions are right, up and away from the camera.

    Each is the mean over the bodywork in a latent's square, a unit vector; zero where there is
    none. A sun is NaN in a world without.
    """

    scenes: tuple[Scene, ...]
    pictures: np.ndarray  # (N, H, W, 3) uint8
    bodies: np.ndarray  # (N, h, w) float32, the share of bodywork: 0..1
    normals: np.ndarray  # (N, h, w, 3) float32
    reflection: np.ndarray  # (N, h, w, 3) float32
    suns: np.ndarray  # (N, 3) float32


def shapes(request: Request, folder: Path) -> Shapes:
    """Of all wanted samples, read from their renders under <cache>/samples."""
    found = {
        sample.index: (sample.scene, _on_grid(sample.scene.camera, arrays))
        for sample, arrays in samples.by_shard(request, folder, ARRAYS)
    }
    scenes, grids = zip(*(found[index] for index in sorted(found)), strict=True)
    pictures, bodies, normals, reflection = (np.stack(a) for a in zip(*grids, strict=True))
    suns = np.stack([sun(scene) for scene in scenes])
    return Shapes(scenes, pictures, bodies, normals, reflection, suns)


def sun(seen: Scene) -> np.ndarray:
    """Where the sun stands, as the camera sees it: (3,) float32."""
    if seen.world.sun_azimuth is None:
        return np.full(3, np.nan, np.float32)
    azimuth, height = np.radians(seen.world.sun)
    toward = np.array(
        [np.cos(azimuth) * np.cos(height), np.sin(azimuth) * np.cos(height), np.sin(height)]
    )
    return seen_by(seen.camera, toward)


def seen_by(camera: Camera, directions: np.ndarray) -> np.ndarray:
    """Directions (..., 3) in the car's frame -> right, up and away from the camera, float32."""
    return (directions @ np.stack(camera.axes(), axis=1)).astype(np.float32)


def _on_grid(camera: Camera, arrays: Mapping[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Picture (H, W, 3), share of bodywork (h, w), normals and mirrored directions (h, w, 3)."""
    share = arrays["body"].astype(np.float32)[..., None] / 255
    directions = [
        _units(means((arrays[name].astype(np.float32) * share)[None], FACTOR)[0])
        for name in ("normals", "reflection")
    ]
    bodies = means(share[None], FACTOR)[0, ..., 0]
    return arrays["picture"], bodies, *(seen_by(camera, d) for d in directions)


def _units(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) of length 1, those without a length zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.where(length > 1e-4, vectors / np.maximum(length, 1e-4), 0)
