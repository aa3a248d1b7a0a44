"""A folder with all that text encoder and U-Net learn from, without a render: for a GPU elsewhere.

latents.npz    int8 latents and bodywork of every render, every second one mirrored; seeds
recipe.json    the recipe, and the digest of the renders
vae/, tokenizer/    what rests while they learn
"""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from transformers import CLIPTokenizer

from gen.core.canonical import canonical
from gen.core.errors import BadInput, ModelError
from gen.study.recipe.whole import Recipe
from gen.study.training.checkpoint import RECORD, Kind, read_record, write_folder
from gen.study.training.dataset import Renders
from gen.study.training.diffusion import Frozen
from gen.study.training.examples import Examples, token_ids, worded
from gen.study.training.latents import Latents
from gen.study.training.start import refuse_other_parts
from gen.study.world import scene

STEPS = 26.0  # of an int8 for one standard deviation: what is cut off lies past 4.8 of them
LATENTS = "latents.npz"
PACK = Kind("packs", frozenset({LATENTS, RECORD, "vae", "tokenizer"}), LATENTS)


def write(folder: Path, recipe: dict, renders: Renders, whole: Latents, parts: Frozen) -> None:
    """Write the folder, put in place whole: some 6 kB a render of 384 x 256 pixels."""
    row = torch.arange(len(renders.scenes))
    scale = float(whole.values.float().std()) / STEPS
    record = {"recipe": recipe, "source": renders.source, "scale": scale}

    def fill(new: Path) -> None:
        np.savez_compressed(
            new / LATENTS,
            values=_rounded(whole.values[row, row % 2] / scale),
            bodies=_rounded(whole.bodies[row, row % 2] * 127),
            seeds=np.array([s.seed for s in renders.scenes], np.int32),
            trained=renders.trained.astype(np.int32),
            held_out=renders.held_out.astype(np.int32),
            unseen=np.array([scene.is_held_out(s, renders.recipe) for s in renders.scenes]),
        )
        (new / RECORD).write_bytes(canonical(record))
        AutoencoderKL.save_pretrained(parts.vae, new / "vae")
        parts.tokenizer.save_pretrained(new / "tokenizer")

    write_folder(folder, fill, PACK)


def _rounded(values: Tensor) -> np.ndarray:
    return values.float().round().clamp(-127, 127).to(torch.int8).numpy()


def read(folder: Path, recipe: Recipe, place: Path) -> tuple[Frozen, Examples]:
    """What was packed; vae and tokenizer are put in `place` too, where saving looks for them.

    Raises BadInput where there is none, ModelError for one of another recipe, or where the parts in
    `place` are others.
    """
    if not all((folder / name).is_file() for name in (RECORD, LATENTS)):
        raise BadInput(f"{folder}: holds no pack; make one with python -m gen study pack FOLDER")
    record = read_record(folder)
    if canonical(record.get("recipe", {}).get("render")) != canonical(recipe.as_json()["render"]):
        raise ModelError(
            f"{folder}: was packed from other renders than sources/study.yml describes"
        )
    refuse_other_parts(place, "--packed", folder)
    with np.load(folder / LATENTS, allow_pickle=False) as file:
        packed = {name: torch.from_numpy(file[name]) for name in file.files}
    parts = Frozen(
        AutoencoderKL.from_pretrained(folder / "vae", use_safetensors=True).requires_grad_(False),
        CLIPTokenizer.from_pretrained(folder / "tokenizer"),
    )
    for name, part in zip(("vae", "tokenizer"), parts, strict=True):
        if not (place / name).is_dir():
            write_folder(place / name, part.save_pretrained)
    return parts, _examples(packed, record, recipe, parts.tokenizer)


def _examples(
    packed: dict[str, Tensor], record: dict, recipe: Recipe, tokenizer: CLIPTokenizer
) -> Examples:
    scenes = [
        scene.draw(int(seed), recipe.render, bool(unseen))
        for seed, unseen in zip(packed["seeds"], packed["unseen"], strict=True)
    ]
    whole = Latents(
        (packed["values"].float() * record["scale"]).half()[:, None],
        (packed["bodies"].float() / 127).half()[:, None],
    )
    return Examples(
        whole,
        None,
        worded(scenes, recipe.render, tokenizer, recipe.train.seed),
        token_ids([""], tokenizer)[0],
        packed["trained"].long(),
        packed["held_out"].long(),
        record["source"],
    )
