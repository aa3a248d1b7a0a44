"""A model's folder, hub id or file -> a pipeline with the pinned weights; fetches nothing."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import diffusers
import torch
import transformers
from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from gen.core.canonical import canonical, digest
from gen.core.errors import BadInput, ModelError
from gen.core.sources import Inputs, Model

if TYPE_CHECKING:  # diffusers loads its pipelines on first use, and then warns of what it lacks
    from diffusers import StableDiffusionPipeline

PICKLED = (".ckpt", ".bin", ".pt", ".pth", ".pkl")  # opening one can run what is inside it


def load(
    model: Model,
    root: Path,
    weights: Path | None = None,
    device: str | None = None,
    dtype: torch.dtype | None = None,
    shape: Model | None = None,
) -> StableDiffusionPipeline:
    """A pipeline whose weights are those that models.yml pins; nothing is fetched, nothing run.

    Looks in `weights` if given, else where the model says. `shape` is the model that the location
    of a single file names. Without `device`: CUDA in half precision, else the CPU in single.
    Raises ModelError for weights that are absent, pickled, not pinned or not as pinned, and
    BadInput for a device that is not there.
    """
    device = _device(device)
    dtype = dtype or (torch.float16 if device.startswith("cuda") else torch.float32)
    path = weights or _place(model, root)
    _refuse_pickles(model, path)
    _refuse_others(model, path)
    _quiet()
    pipe = _open(model, path, root, shape, dtype)
    _refuse_unlike(model, pipe)
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device)


def opener(
    root: Path, inputs: Inputs, weights: Path | None = None, device: str | None = None
) -> Callable[[Model], StableDiffusionPipeline]:
    """Model -> its pipeline, loaded when first asked for; see `load`."""

    @functools.cache
    def pipe_of(model: Model) -> StableDiffusionPipeline:
        shape = inputs.model(model.location) if model.kind == "file" else None
        return load(model, root, weights, device=device, shape=shape)

    return pipe_of


def revision_of(path: Path) -> str:
    """The sha256 of one weights file, or of a pipeline folder: of all that loading it may read.

    For a folder it is the hash of {relative path: sha256} of model_index.json and of every file in
    its components' folders, except pickles and variants, which are never opened.
    """
    if path.is_file():
        return _sha256(path)
    return digest(canonical({str(p.relative_to(path)): _sha256(p) for p in _files(path)}))


def _device(device: str | None) -> str:
    """The device that was asked for, if this machine has it."""
    if device is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise BadInput(f"--device {device}: torch sees no such device here; use --device cpu")
    return device


def _place(model: Model, root: Path) -> Path:
    """Where a model's weights lie on this machine."""
    if model.kind == "file":
        raise ModelError(f"{model.id}: its weights are one file; give it with --weights FILE")
    return root / model.location if model.kind == "folder" else _cached(model)


def _cached(model: Model) -> Path:
    """The snapshot of a hub model in the local cache."""
    try:
        return Path(snapshot_download(model.location, local_files_only=True))
    except LocalEntryNotFoundError:
        raise ModelError(
            f"{model.id}: {model.location} is not in the local hub cache; download it there with "
            "the hub's own client, or give a folder with --weights FOLDER"
        ) from None


def _refuse_pickles(model: Model, path: Path) -> None:
    """Stops at weights that cannot be read without trusting them, or that are not there."""
    if path.suffix in PICKLED:
        raise ModelError(f"{model.id}: {path.name} is pickled and never opened; give .safetensors")
    if not path.exists():
        raise ModelError(f"{model.id}: {path} is not there; make it, or give --weights PATH")
    if path.is_file() and path.suffix != ".safetensors":
        raise ModelError(f"{model.id}: {path.name} holds no weights; give a .safetensors file")
    if path.is_dir() and not (path / "model_index.json").is_file():
        raise ModelError(f"{model.id}: {path} has no model_index.json; give a diffusers folder")
    for part in _components(path) if path.is_dir() else ():
        pickled = sorted(p.name for p in part.iterdir() if p.suffix in PICKLED)
        if pickled and not list(part.glob("*.safetensors")):
            raise ModelError(
                f"{model.id}: {part.name}/{pickled[0]} is pickled and never opened; "
                "give a folder with .safetensors"
            )


def _refuse_others(model: Model, path: Path) -> None:
    """Stops at weights other than the pinned ones."""
    revision = revision_of(path)
    if model.revision != revision:
        pinned = f"pinned to {model.revision}" if model.revision else "not pinned"
        raise ModelError(
            f"sources/models.yml: {model.id} is {pinned}; if {path.name} is what you mean, "
            f"paste this line there: `revision: {revision}`"
        )


def _refuse_unlike(model: Model, pipe: StableDiffusionPipeline) -> None:
    """Stops at a pipeline that the loop below would not run as diffusers does."""
    predicts = pipe.scheduler.config.prediction_type
    if predicts != "epsilon" or pipe.unet.config.time_cond_proj_dim is not None:
        raise ModelError(
            f"{model.id}: a model that predicts {predicts} cannot be captured; give one in the "
            "shape of Stable Diffusion 1.5"
        )


def _open(
    model: Model, path: Path, root: Path, shape: Model | None, dtype: torch.dtype
) -> StableDiffusionPipeline:
    """Opens a folder, or one file in the shape of another model's folder."""
    if path.is_dir():
        return diffusers.StableDiffusionPipeline.from_pretrained(
            path, dtype=dtype, use_safetensors=True, local_files_only=True
        )
    return diffusers.StableDiffusionPipeline.from_single_file(
        str(path), config=str(_place(shape or model, root)), dtype=dtype, local_files_only=True
    )


def _quiet() -> None:
    """Leaves progress and warnings to us."""
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()


def _components(path: Path) -> list[Path]:
    """The folders that model_index.json names."""
    index = json.loads((path / "model_index.json").read_bytes())
    return [path / name for name in sorted(index) if (path / name).is_dir()]


def _files(path: Path) -> list[Path]:
    """Every file of a pipeline folder that loading may read."""
    inside = [p for part in _components(path) for p in sorted(part.rglob("*")) if p.is_file()]
    return [path / "model_index.json", *(p for p in inside if not _passed_over(p))]


def _passed_over(path: Path) -> bool:
    """Whether loading leaves it alone: a pickle, or a variant such as model.fp16.safetensors."""
    return path.suffix in PICKLED or (path.suffix == ".safetensors" and "." in path.stem)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
