"""What a picture says of itself: texts of ours, and the lines that common viewers read."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from dataclasses import asdict

from PIL import Image

from gen.core.sources import Model, Prompt

PARAMETERS = "parameters"  # the PNG text in which they look for them
SETTINGS = ("negative", "seed", "steps", "guidance_scale", "scheduler", "revision")
NAMES = ("model", "text", *SETTINGS, PARAMETERS)
# under `prompt`, as older pictures have it, ComfyUI looks for a graph and then reads nothing else
KNOWN = ("model", "prompt", "text", *SETTINGS, PARAMETERS)
HASH = 10  # digits of a model's sha256 that they show
SAMPLERS = {  # what they call a scheduler
    "DDIMScheduler": "DDIM",
    "PNDMScheduler": "PLMS",
    "EulerDiscreteScheduler": "Euler",
    "EulerAncestralDiscreteScheduler": "Euler a",
    "DPMSolverMultistepScheduler": "DPM++ 2M",
}


def parameters(prompt: Prompt, model: Model) -> str:
    """Prompt, negative prompt and settings, in three lines; the second is left out if empty.

    The model's hash is that of its one file, as these tools take it, or of its folder's revision.
    """
    settings = {
        "Steps": prompt.steps,
        "Sampler": SAMPLERS.get(prompt.scheduler, prompt.scheduler),
        "Schedule type": "Karras" if prompt.karras else None,
        "CFG scale": f"{prompt.guidance_scale:g}",
        "Seed": prompt.seed,
        "Size": f"{prompt.width}x{prompt.height}",
        "Model hash": model.revision and model.revision[:HASH],
        "Model": model.title,
        "VAE hash": model.vae and model.vae[:HASH],
        "Clip skip": prompt.clip_skip if prompt.clip_skip > 1 else None,
        "Eta DDIM": f"{prompt.eta:g}" if prompt.eta else None,
    }
    named = (
        f"{name}: {_quoted(str(value))}" for name, value in settings.items() if value is not None
    )
    negative = [f"Negative prompt: {prompt.negative}"] if prompt.negative else []
    return "\n".join([prompt.text, *negative, ", ".join(named)])


def texts(prompt: Prompt, model: Model, names: Collection[str] = NAMES) -> dict[str, str]:
    """What a picture says of itself, by the names of its PNG texts, in their order."""
    fields = asdict(prompt) | {"prompt": prompt.text, "model": model.title}
    fields |= {"revision": model.revision, PARAMETERS: parameters(prompt, model)}
    return {name: str(fields[name]) for name in KNOWN if name in names}


def names_in(png: bytes) -> tuple[str, ...]:
    """The texts that a picture has: one made before may have others, and stays as it is."""
    with Image.open(io.BytesIO(png)) as picture:
        return tuple(name for name in KNOWN if name in picture.info)


def _quoted(value: str) -> str:
    """A value that holds what parts the settings stands in quotation marks."""
    return json.dumps(value, ensure_ascii=False) if any(c in value for c in ',:"\n') else value
