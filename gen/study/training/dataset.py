"""The renders of a training: which are held out, what a step draws of the rest."""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gen.core.errors import BadInput
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import FACTOR
from gen.study.world import scene


@dataclass(frozen=True)
class Renders:
    """Every render in a folder, and which of them may be trained on."""

    recipe: RenderRecipe
    shards: tuple[str, ...]  # file names, in the order of what follows
    scenes: tuple[scene.Scene, ...]
    pictures: np.ndarray  # (N, H, W, 3) uint8
    bodies: np.ndarray  # (N, H, W) uint8, 255 where bodywork fills the pixel
    trained: np.ndarray  # indices
    held_out: np.ndarray  # indices of those whose seed is held out
    digest: str

    @property
    def source(self) -> dict:
        """What a checkpoint says that it has learned from."""
        return {"count": len(self.scenes), "digest": self.digest}


def read_renders(folder: Path, recipe: RenderRecipe, held_out_every: int) -> Renders:
    """All shards of the recipe's format; one seed in `held_out_every` is not trained on.

    Raises BadInput where there is none, or where the recipe draws another scene now.
    """
    paths, scenes, pictures, bodies, hashed = [], [], [], [], sha256()
    for path, kept, shard in _shards(folder, recipe):
        paths.append(path)
        scenes += kept
        pictures.append(shard["picture"])
        bodies.append(shard["body"])
        hashed.update(path.name.encode() + pictures[-1].tobytes())
    unseen = np.array([scene.is_held_out(s, recipe) for s in scenes])
    scored = np.array([s.seed % held_out_every == 0 for s in scenes])
    return Renders(
        recipe,
        tuple(path.name for path in paths),
        tuple(scenes),
        np.concatenate(pictures),
        np.concatenate(bodies),
        np.flatnonzero(~unseen & ~scored),
        np.flatnonzero(~unseen & scored),
        hashed.hexdigest(),
    )


def read_scenes(folder: Path, recipe: RenderRecipe) -> list[scene.Scene]:
    """The scenes of what `read_renders` reads, without the pictures. Raises as that does."""
    return [one for _, kept, _ in _shards(folder, recipe) for one in kept]


def _shards(
    folder: Path, recipe: RenderRecipe
) -> Iterator[tuple[Path, list[scene.Scene], Mapping[str, np.ndarray]]]:
    """Each shard of a recipe's format: its place, its scenes, its arrays, read when asked for.

    Raises BadInput.
    """
    paths = sorted(folder.glob(f"renders-{recipe.format}-*.npz"))
    if not paths:
        raise BadInput(f"{folder}: no renders of format {recipe.format}; {_rendered(folder)}")
    for path in paths:
        with np.load(path, allow_pickle=False) as shard:
            yield path, scenes_in(path, shard, recipe), shard


def scenes_in(
    path: Path, shard: Mapping[str, np.ndarray], recipe: RenderRecipe
) -> list[scene.Scene]:
    """The scenes of a shard, which is known by format and seed alone: captions tell what it shows.

    Raises BadInput where the recipe draws another scene now.
    """
    kept = [scene.scene_of(json.loads(text)) for text in shard["scene"].tolist()]
    for one in kept:
        if one != scene.draw(one.seed, recipe, scene.is_held_out(one, recipe)):
            raise BadInput(
                f"{path}: seed {one.seed} shows another scene than sources/study.yml draws now; "
                f"undo what was changed there, or raise render > format above {recipe.format} and "
                f"{_rendered(path.parent)}"
            )
    return kept


def _rendered(folder: Path) -> str:
    """The command that makes as many renders as this site's were, for what lies in a folder."""
    how = "0 1000 --apart" if folder.name == "apart" else "0 2000"
    return f"run python -m gen study render {how}"


# ---- what a step draws ---------------------------------------------------------------------


def shuffled(seed: int, pool: np.ndarray, first: int, count: int) -> np.ndarray:
    """`count` of the pool from place `first` of an endless row of shuffles: each comes as often."""
    places = np.arange(first, first + count)
    epochs, within = np.divmod(places, len(pool))
    return np.array(
        [pool[shuffle(seed, e, len(pool))[w]] for e, w in zip(epochs, within, strict=True)]
    )


@functools.lru_cache(maxsize=2)  # a batch touches two epochs at most, unless the pool is tiny
def shuffle(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order of a pool of `count` in one epoch."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def corners(
    rng: np.random.Generator, bodies: Iterable[np.ndarray], crop: int, body: float
) -> Iterator[tuple[int, int]]:
    """Top left corners of square crops, on the latents' grid; a share `body` lies on bodywork."""
    for mask in bodies:  # (H, W)
        height, width = mask.shape
        y, x = int(rng.integers(height)), int(rng.integers(width))
        places = np.flatnonzero(mask)
        if len(places) and rng.random() < body:
            y, x = divmod(int(places[rng.integers(len(places))]), width)
        yield _corner(y, height, crop), _corner(x, width, crop)


def _corner(middle: int, side: int, crop: int) -> int:
    snapped = (middle - crop // 2) // FACTOR * FACTOR
    return int(np.clip(snapped, 0, side - crop))


def noise(rng: np.random.Generator, *shape: int) -> Tensor:
    """Normal noise, the same on every device."""
    return torch.from_numpy(rng.standard_normal(shape, dtype=np.float32))


# ---- pictures and tensors ------------------------------------------------------------


def as_input(pictures: np.ndarray) -> Tensor:
    """(N, H, W, 3) uint8 -> (N, 3, H, W) in -1..1; channels stay last in memory."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def as_pictures(images: Tensor) -> np.ndarray:
    """(N, 3, H, W) in -1..1 -> (N, H, W, 3) uint8."""
    levels = (images.clamp(-1, 1) + 1) * 127.5
    return levels.round().byte().permute(0, 2, 3, 1).cpu().numpy()


def halved(pictures: np.ndarray) -> np.ndarray:
    """(N, H, W, C) uint8 -> (N, H/2, W/2, C) uint8"""
    return shrunk(pictures, 2)


def shrunk(pictures: np.ndarray, by: int) -> np.ndarray:
    """(N, H, W, C) uint8 -> (N, H/by, W/by, C) uint8"""
    return means(pictures, by).round().astype(np.uint8)


def means(pictures: np.ndarray, cell: int) -> np.ndarray:
    """Means of squares of pixels: (N, H, W, C) -> (N, H/cell, W/cell, C)"""
    n, height, width, channels = pictures.shape
    grid = (n, height // cell, cell, width // cell, cell, channels)
    return pictures.reshape(grid).mean((2, 4), dtype=np.float32)
