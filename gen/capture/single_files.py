"""One file of weights in a shape of sources/shapes: whether it fits, and the pipeline of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import diffusers
import torch

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
    given = {} if vae is None else {"vae": vae}
    return diffusers.StableDiffusionPipeline.from_single_file(
        str(path),
        config=str(shape),
        tokenizer=vocabulary.tokenizer(shape),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
        dtype=dtype,
        local_files_only=True,
        **given,
    )


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
