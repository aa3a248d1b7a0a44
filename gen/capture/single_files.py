"""One file of weights in a shape of sources/shapes: whether it fits, and the pipeline of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import diffusers
import torch
import transformers
from safetensors import safe_open

from gen.capture import headers, kinds, layouts, vocabulary
from gen.capture.headers import Shapes
from gen.core.errors import ModelError

if TYPE_CHECKING:  # see weights.py
    from diffusers import AutoencoderKL, StableDiffusionPipeline

MOVE = "give one with --vae FILE"


def refuse_unfit(id: str, path: Path, shape: Path, vae: Path | None) -> None:
    """Stops at a file, and a VAE beside it, that do not fill the shape. Raises ModelError."""
    name, shapes = f"{id}: {path.name}", headers.shapes(path, f"{id}: {path.name}")
    kinds.refuse_other_kinds(name, shapes)
    if vae is None and not kinds.has_vae(shapes):
        raise ModelError(f"{name} is a checkpoint without its VAE; {MOVE}")
    for part in layouts.NETWORKS:
        if part != "vae" or vae is None:
            layouts.refuse_unlike(name, part, _renamed(name, part, shapes, shape), shape)


def refuse_unfit_vae(id: str, path: Path, config: Path) -> None:
    """Stops at a file that is no VAE of the shape. Raises ModelError."""
    name, shapes = f"{id}: {path.name}", headers.shapes(path, f"{id}: {path.name}")
    if not kinds.is_vae(shapes):
        raise ModelError(f"{name} is no VAE alone; {MOVE}")
    named = any("mid_block" in key for key in shapes)  # as diffusers names them, already
    ours = shapes if named else _renamed(name, "vae", shapes, config)
    layouts.refuse_unlike(name, "vae", ours, config)


def open_file(
    path: Path, shape: Path, vae: AutoencoderKL | None, dtype: torch.dtype
) -> StableDiffusionPipeline:
    """The pipeline of a file that fits; of a shape come configs, scheduler and tokenizer."""
    parts: dict[str, object] = {} if vae is None else {"vae": vae}
    parts |= _flat_text_encoder(path, shape, dtype)
    return diffusers.StableDiffusionPipeline.from_single_file(
        str(path),
        config=str(shape),
        tokenizer=vocabulary.tokenizer(shape),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
        dtype=dtype,
        local_files_only=True,
        **parts,
    )


def _flat_text_encoder(path: Path, shape: Path, dtype: torch.dtype) -> dict[str, object]:
    """The text encoder of a file that names it as transformers does from 5.6 on, one level less.

    Diffusers does not look for it there; of a file with the original's names it is no part.
    """
    with safe_open(path, "pt") as file:
        names = [name for name in file.keys() if name.startswith(kinds.TEXT)]  # noqa: SIM118
        if any(name.startswith(f"{kinds.TEXT}text_model.") for name in names):
            return {}
        tensors = {name.removeprefix(kinds.TEXT): file.get_tensor(name) for name in names}
    config = transformers.CLIPTextConfig.from_pretrained(shape / "text_encoder")
    encoder = transformers.CLIPTextModel(config)
    encoder.load_state_dict(tensors, strict=False)  # position_ids may be there: they are no weights
    return {"text_encoder": encoder.to(dtype).eval()}


def open_vae(path: Path, config: Path, dtype: torch.dtype) -> AutoencoderKL:
    """The autoencoder of a file of its own, under the original's names or diffusers'."""
    return diffusers.AutoencoderKL.from_single_file(
        str(path), config=str(config), subfolder="vae", dtype=dtype, local_files_only=True
    )


def _renamed(name: str, part: str, shapes: Shapes, config: Path) -> Shapes:
    """A network's tensors under diffusers' names, whose rules stop at a layout with holes."""
    try:
        return layouts.renamed(part, shapes, config)
    except (KeyError, IndexError) as error:
        raise ModelError(f"{name} lacks {error.args[0]}; {kinds.WHOLE}") from None
