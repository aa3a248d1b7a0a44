"""A model's folder, hub id or file -> a pipeline with the pinned weights; fetches nothing."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import diffusers
import torch
import transformers

from gen.capture import compiling, devices, folders, headers, layouts, single_files
from gen.capture.places import place
from gen.capture.room import settle
from gen.core import loaded, shapes
from gen.core.committed import refuse_other, restore
from gen.core.digests import revision_of
from gen.core.errors import ModelError, TooMuch
from gen.core.sources import Model

if TYPE_CHECKING:  # diffusers loads its pipelines on first use, and then warns of what it lacks
    from diffusers import StableDiffusionPipeline

HALF = (".part", ".incomplete", ".crdownload", ".download", ".aria2", ".tmp")
PipeOf = Callable[[Model], "StableDiffusionPipeline"]


@dataclass(frozen=True)
class Choice:
    """What a person chose for this run: where weights lie, and how they are run."""

    weights: Path | None = None
    vae: Path | None = None
    device: str | None = None
    dtype: str | None = None
    compiled: bool = False


def load(
    model: Model,
    root: Path,
    weights: Path | None = None,
    device: str | None = None,
    dtype: torch.dtype | None = None,
    vae: Path | None = None,
) -> StableDiffusionPipeline:
    """A pipeline whose weights are those that models.yml pins; nothing is fetched, nothing run.

    Looks in `weights` if given, else where the model says. Without `device`: CUDA in half
    precision, else the CPU in single; where memory is short, parts wait for their turn. What is
    given is looked at first, by names and shapes, and hashed only if it fits. Raises ModelError for
    weights that are absent, pickled, of another kind, not pinned or not as pinned, and BadInput for
    a device that is not there.
    """
    _quiet()
    device = devices.device(device)
    dtype = dtype or devices.dtype(None, device)
    path = place(model, root, weights)
    refuse_unfit(model, root, path, vae)
    _refuse_others(model, root, path, vae)
    with (
        _committed(model, root, path),
        _sound(f"{model.id}: {path.name}"),
        devices.enough_memory(),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", FutureWarning)  # diffusers', of what it mends in configs
        pipe = _open(model, root, path, vae, dtype)
        settle(pipe, device)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def opener(root: Path, choice: Choice) -> PipeOf:
    """Model -> its pipeline, loaded when first asked for; see `load`."""

    @functools.cache
    def pipe_of(model: Model) -> StableDiffusionPipeline:
        device = devices.device(choice.device)
        dtype = devices.dtype(choice.dtype, device)
        pipe = load(model, root, choice.weights, device, dtype, choice.vae)
        if choice.compiled:
            compiling.compile_parts(pipe)
        return pipe

    return pipe_of


def refuse_unfit(model: Model, root: Path, path: Path, vae: Path | None = None) -> None:
    """Stops at what is no pipeline in the shape of Stable Diffusion 1.5, and says what it is.

    Reads names, shapes and configs alone. Raises ModelError.
    """
    with _committed(model, root, path):
        _refuse_pickles(model, path, own=path == root / model.location)
    if vae is not None and vae.is_dir():
        raise ModelError(f"{model.id}: {vae.name} is a folder; give the .safetensors file in it")
    if vae is not None:
        _refuse_pickles(model, vae)
    try:
        _refuse_unlike(model, root, path, vae)
    except OSError as error:
        place = Path(str(error.filename)).name
        raise ModelError(
            f"{model.id}: {place} cannot be read ({error.strerror}); make it readable"
        ) from None


@contextmanager
def _committed(model: Model, root: Path, path: Path) -> Iterator[None]:
    """Advises git where weights are at fault that the checkout holds: no download brings them."""
    try:
        yield
    except TooMuch:
        raise  # git would leave it there
    except ModelError as error:
        if not _held(model, root, path):
            raise
        raise error.moved(restore(model)) from None


def _held(model: Model, root: Path, path: Path) -> bool:
    """Whether these are weights that the checkout holds, and none that a person gave."""
    return model.committed and path == root / model.location


def _refuse_unlike(model: Model, root: Path, path: Path, vae: Path | None) -> None:
    if path.is_dir():
        with _committed(model, root, path):
            folders.refuse_unfit(model.id, path)
    elif model.shape is None:
        raise ModelError(
            f"{model.id}: {path.name} is one file; give a folder with --weights FOLDER"
        )
    else:
        single_files.refuse_unfit(model.id, path, shapes.folder(root, model.shape), vae)
    if vae is not None:
        single_files.refuse_unfit_vae(model.id, vae, _config(model, root, path))


def _config(model: Model, root: Path, path: Path) -> Path:
    """Where the configs lie: in the folder, or in the shape of a single file."""
    if path.is_dir() or model.shape is None:
        return path
    return shapes.folder(root, model.shape)


def _refuse_pickles(model: Model, path: Path, own: bool = False) -> None:
    """Stops at weights that cannot be read without trusting them, or that are not there.

    `own` are those that the checkout makes for itself.
    """
    if path.suffix in loaded.PICKLED:
        raise ModelError(f"{model.id}: {path.name} is pickled and never opened; give .safetensors")
    if not _there(path):
        move = "make it, or give --weights PATH" if own else "give the path of what is"
        raise ModelError(f"{model.id}: {path} is not there; {move}")
    if path.suffix in HALF:
        raise ModelError(f"{model.id}: {path.name} is half a download; download it to its end")
    if path.is_file() and path.suffix != ".safetensors":
        what = headers.sign(path) or "no .safetensors file; give one"
        raise ModelError(f"{model.id}: {path.name} is {what}")
    if path.is_dir() and not (path / loaded.INDEX).is_file():
        raise ModelError(f"{model.id}: {path} has no {loaded.INDEX}; {folders.inside(path)}")


def _there(path: Path) -> bool:
    """Whether there is anything of that name, however odd it is."""
    with suppress(OSError):
        return path.exists()
    return False


def _refuse_others(model: Model, root: Path, path: Path, vae: Path | None) -> None:
    """Stops at weights other than the pinned ones, and at a VAE other than the pinned one."""
    if _held(model, root, path):
        refuse_other(model, path)
    else:
        _refuse_other(model, "revision", model.revision, path)
    if vae is not None:
        _refuse_other(model, "vae", model.vae, vae)
    elif model.vae is not None:
        raise ModelError(f"{model.id}: its VAE is a file of its own; give it with --vae FILE")


def _refuse_other(model: Model, field: str, pin: str | None, path: Path) -> None:
    revision = revision_of(path)
    if pin != revision:
        pinned = f"pinned to {pin}" if pin else "not pinned"
        raise ModelError(
            f"sources/models.yml: {model.id} is {pinned}; if {path.name} is what you mean, "
            f"put this line there under `{model.id}:`, in place of any `{field}` it has: "
            f"`{field}: {revision}`"
        )


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Turns what the libraries still stop at into one line. Raises ModelError."""
    try:
        yield
    except (*layouts.NONE, ImportError, OSError) as error:
        reason = headers.short(str(error).strip().partition("\n")[0])
        raise ModelError(
            f"{name} cannot be opened ({type(error).__name__}: {reason}); download it again, or "
            "give another"
        ) from error


def _open(
    model: Model, root: Path, path: Path, vae: Path | None, dtype: torch.dtype
) -> StableDiffusionPipeline:
    """Opens a folder, or one file in its shape; a VAE of its own takes the place of theirs."""
    config = _config(model, root, path)
    own = single_files.open_vae(vae, config, dtype) if vae else None
    if path.is_dir():
        return _open_folder(path, dtype, {} if own is None else {"vae": own})
    return single_files.open_file(path, config, own, dtype)


def _open_folder(
    path: Path, dtype: torch.dtype, replaced: dict[str, object]
) -> StableDiffusionPipeline:
    """Opens a diffusers folder; the parts that a capture does not need are left closed."""
    return diffusers.StableDiffusionPipeline.from_pretrained(
        path,
        variant=loaded.variant(path),
        safety_checker=None,
        feature_extractor=None,
        image_encoder=None,
        requires_safety_checker=False,
        dtype=dtype,
        use_safetensors=True,
        local_files_only=True,
        **replaced,
    )


def _quiet() -> None:
    """Leaves progress and warnings to us."""
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()
