"""What viewers of generated pictures read in one: lines as the common web interfaces write."""

from __future__ import annotations

import io
import json

from PIL import Image

from gen.core.sources import Model, Prompt

NAME = "parameters"  # of the PNG text in which they look for it
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
    }
    named = (
        f"{name}: {_quoted(str(value))}" for name, value in settings.items() if value is not None
    )
    negative = [f"Negative prompt: {prompt.negative}"] if prompt.negative else []
    return "\n".join([prompt.text, *negative, ", ".join(named)])


def has_parameters(png: bytes) -> bool:
    """Whether a picture carries them: those made before do not, and stay as they are."""
    with Image.open(io.BytesIO(png)) as picture:
        return NAME in picture.info


def _quoted(value: str) -> str:
    """A value that holds what parts the settings stands in quotation marks."""
    return json.dumps(value, ensure_ascii=False) if any(c in value for c in ',:"\n') else value
