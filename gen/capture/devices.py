"""Which device and number format a pipeline runs in; what is said when memory does not suffice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from gen.core.errors import BadInput, TooLarge

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

DTYPES = {name: getattr(torch, name) for name in ("float32", "float16", "bfloat16")}
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "ALLOC_FAILED")


def device(name: str | None) -> str:
    """The device that was asked for, if this machine has it; `gpu` is whichever kind there is.

    Without a name: CUDA, else the CPU. Raises BadInput.
    """
    if name is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    typed = name
    if name == "gpu":
        name = "mps" if torch.backends.mps.is_available() else "cuda"
    try:
        kind, number = torch.device(name).type, torch.device(name).index or 0
    except RuntimeError:
        raise BadInput(f"--device {typed}: no such device; known are cpu, cuda, mps, gpu") from None
    there = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": torch.backends.mps.is_available()}
    if number >= there.get(kind, 0):
        raise BadInput(f"--device {typed}: torch sees no such device here; use --device cpu")
    return name


def dtype(name: str | None, device: str) -> torch.dtype:
    """The number format that was asked for; half precision on CUDA, else single."""
    if name is not None:
        return DTYPES[name]
    return torch.float16 if device.startswith("cuda") else torch.float32


def own(name: str) -> torch.device:
    """A device by its number: of a CUDA device without one, the one that this process is at."""
    device = torch.device(name)
    if device.type == "cuda" and device.index is None:
        return torch.device("cuda", torch.cuda.current_device())
    return device


def wait(device: torch.device) -> None:
    """Until a device has done all that it was given; a processor has when it answers."""
    if device.type != "cpu":
        torch.accelerator.synchronize(device)


def formats(pipe: StableDiffusionPipeline) -> str:
    """In which number format a pipeline runs, and its decoder where that has fallen back."""
    own, decoder = (str(part.dtype).removeprefix("torch.") for part in (pipe.unet, pipe.vae))
    return own if own == decoder else f"{own}, its decoder {decoder}"


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turns running out of memory, on any device, into one line. Raises TooLarge."""
    try:
        yield
    except RuntimeError as error:  # torch's own kind for GPUs is one of these; others have none
        if not any(sign in str(error) for sign in OUT_OF_MEMORY):
            raise
        reason = str(error).strip().splitlines()[0]
        raise TooLarge(
            f"the device's memory does not suffice ({reason}); end what else uses it, make width "
            "and height smaller in sources/models.yml, or take --dtype float16 or --device cpu"
        ) from None
