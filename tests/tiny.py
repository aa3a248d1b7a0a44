"""A tiny recipe, pictures of nothing, trainings on them: the real classes and loop."""

import json
from pathlib import Path

import numpy as np
import torch
import yaml
from safetensors.torch import load_file

from gen.measure.kit import linear_light
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.whole import Recipe, read_recipe
from gen.study.training import train
from gen.study.training.checkpoint import CHECKPOINT, read_state
from gen.study.training.clock import Progress
from gen.study.training.dataset import Renders, read_renders
from gen.study.world import scene
from gen.study.world.shards import shard_path, write_arrays

ROOT = Path(__file__).parents[1]
TINY = {
    "seed": 7,
    "held_out_every": 20,
    "average": 6.94,
    "precision": "float32",
    "autoencoder": {
        "channels": [8, 8, 8, 8],
        "layers": 1,
        "groups": 1,
        "crop": 32,
        "batch": 4,
        "whole_every": 3,
        "body": 0.5,
        "gradient": 0.5,
        "chroma": 0.25,
        "kl": 0.0001,
        "pace": {"rate": 0.005, "warmup": 4, "knee": 100},
    },
    "text_encoder": {"width": 16, "layers": 1, "heads": 2},
    "unet": {
        "channels": [16, 16],
        "attention": [False, True],
        "layers": 1,
        "heads": 2,
        "groups": 8,
    },
    "diffusion": {
        "batch": 4,
        "halved": 2,
        "dropout": 0.1,
        "snr_floor": 0.1,
        "weight_limit": 100.0,
        "snr_limit": 5.0,
        "body": 1.0,
        "pace": {"rate": 0.002, "warmup": 4, "knee": 100},
    },
    "decoder": {
        "critic": [8, 8, 8],
        "push": 0.5,
        "elsewhere": 0.3,
        "noise": 0.1,
        "crop": 32,
        "batch": 4,
        "body": 0.5,
        "pace": {"rate": 0.001, "warmup": 4, "knee": 100},
    },
    "sheet": {"prompts": ["a chrome car"], "seeds": 1, "steps": 2, "guidance_scale": 2.0},
}


def make_place(folder: Path, **changes) -> Path:
    """A recipe and two shards of small pictures: noise over a colour, a block of bodywork."""
    folder.mkdir(exist_ok=True)
    given = yaml.safe_load((ROOT / "sources/study.yml").read_text("utf-8"))
    given["render"] |= {"width": 64, "height": 64}
    given["train"] = TINY | changes
    (folder / "study.yml").write_text(yaml.safe_dump(given, sort_keys=False), "utf-8")
    recipe = read_recipe(folder / "study.yml").render
    (folder / "renders").mkdir()
    for first in (0, 50):
        _shard(folder / "renders", recipe, first)
    return folder


def _shard(folder: Path, recipe: RenderRecipe, first: int) -> None:
    rng = np.random.default_rng(first)
    scenes = [scene.draw(seed, recipe, held_out=seed == 3) for seed in range(first, first + 20)]
    colours = rng.integers(40, 200, (20, 1, 1, 3))
    bodies = np.zeros((20, 64, 64), np.uint8)
    bodies[:, 24:48, 16:56] = 255
    np.savez_compressed(
        shard_path(folder, recipe, first),
        scene=np.array([json.dumps(scene.record(s, recipe)) for s in scenes]),
        picture=(colours + rng.integers(0, 20, (20, 64, 64, 3))).astype(np.uint8),
        body=bodies,
    )


def recipe_of(place: Path) -> Recipe:
    return read_recipe(place / "study.yml")


def renders_of(place: Path) -> Renders:
    recipe = recipe_of(place)
    return read_renders(place / "renders", recipe.render, recipe.train.held_out_every)


def trained(stage: str, place: Path, work: str, **asked) -> list[Progress]:
    """Train a stage on; all that was told."""
    told: list[Progress] = []
    train.train(stage, recipe_of(place), place / "renders", place / work, told.append, **asked)
    return told


def checkpoint(place: Path, stage: str, work: str = "work") -> dict[str, torch.Tensor]:
    return load_file(place / work / stage / CHECKPOINT)


def equal(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def steps_in(path: Path) -> int:
    return read_state(path)["step"] if path.exists() else 0


def light_up(place: Path) -> None:
    """Light for the first shard of the tiny renders: what their pictures would be of."""
    path = shard_path(place / "renders", recipe_of(place).render, 0)
    with np.load(path, allow_pickle=False) as shard:
        arrays = dict(shard)
    write_arrays(path, arrays | {"linear": linear_light.decoded(arrays["picture"])})
