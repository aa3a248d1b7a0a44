"""made.json: when and on what a capture was made, and in which manner. No machine, no path."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import torch

from gen.capture.compiling import is_compiled
from gen.capture.devices import formats
from gen.capture.room import Room, device_of, offloaded

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

LIBRARIES = ("torch", "diffusers", "transformers")


def circumstances(pipe: StableDiffusionPipeline, seconds: float, room: Room) -> dict[str, object]:
    """Of a capture that took so many seconds of a device, among so many others."""
    device = device_of(pipe)
    named = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": named,
        "threads": torch.get_num_threads(),
        "seconds": round(seconds, 1),
        "offloaded": offloaded(pipe),
        "versions": {"python": platform.python_version(), **{n: version(n) for n in LIBRARIES}},
        **_manner(pipe, room),
    }


def manner(made: Mapping[str, object]) -> str:
    """What of it moves a picture's last bits, in words."""
    said = [str(made.get("dtype", "an unknown format"))]
    for name, what in (("prompts", "prompts at once"), ("pictures", "decoded at once")):
        if made.get(name, 1) != 1:
            said.append(f"{made[name]} {what}")
    return ", ".join([*said, "compiled"] if made.get("compiled") else said)


def manner_of(pipe: StableDiffusionPipeline, room: Room) -> str:
    """The same of a pipeline as it runs now."""
    return manner(_manner(pipe, room))


def _manner(pipe: StableDiffusionPipeline, room: Room) -> dict[str, object]:
    return {
        "dtype": formats(pipe),
        "prompts": room.prompts,
        "pictures": room.pictures,
        "compiled": is_compiled(pipe),
    }
