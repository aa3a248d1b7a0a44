"""A pipeline without weights: what each part takes, gives and costs, from shapes alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import diffusers
import torch
from torch.utils.flop_counter import FlopCounterMode

from gen.capture import layouts, parts, vocabulary
from gen.capture.parts import Ran
from gen.core.sources import Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

Size = tuple[int, int, bool]  # width and height of the picture, and whether it is guided
_seen: WeakKeyDictionary[StableDiffusionPipeline, dict[Size, dict[str, Ran]]] = WeakKeyDictionary()


def ran(pipe: StableDiffusionPipeline, prompt: Prompt) -> dict[str, Ran]:
    """What each part does at one call each, by its dotted name, in the order of a picture's run.

    Of one prompt, whatever runs beside it. Counted once for a pipeline and a size.
    """
    size = (prompt.width, prompt.height, prompt.guidance_scale > 1)
    counted = _seen.setdefault(pipe, {})
    if size not in counted:
        counted[size] = _counted(pipe, *size)
    return counted[size]


def _counted(
    pipe: StableDiffusionPipeline, width: int, height: int, guided: bool
) -> dict[str, Ran]:
    """Shapes alone pass through a copy of the networks: half a second at any size."""
    copies, side = 1 + guided, pipe.vae_scale_factor
    empty = hollow(pipe)
    with (
        torch.no_grad(),
        torch.device("meta"),
        FlopCounterMode(display=False) as counter,
        parts.watch(empty, counter.get_total_flops) as seen,
    ):
        text = empty.text_encoder(torch.zeros(1, pipe.tokenizer.model_max_length).long())[0]
        latents = torch.zeros(1, pipe.unet.config.in_channels, height // side, width // side)
        given, embeds = (torch.cat([one] * copies) for one in (latents, text))
        empty.unet(given, torch.zeros(()), encoder_hidden_states=embeds, return_dict=False)
        empty.vae.decode(latents, return_dict=False)
    return seen


def of_shape(shape: Path) -> StableDiffusionPipeline:
    """The pipeline that a shape describes, whatever its weights: on torch's device of shapes alone.

    `shape` is a folder of sources/shapes. Raises ModelError for one that describes none.
    """
    with torch.device("meta"):
        return diffusers.StableDiffusionPipeline(
            **{part: layouts.network(part, shape) for part in layouts.NETWORKS},
            tokenizer=vocabulary.tokenizer(shape),
            scheduler=diffusers.DDIMScheduler.from_pretrained(shape / "scheduler"),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )


def hollow(pipe: StableDiffusionPipeline) -> StableDiffusionPipeline:
    """The same networks by their configs, on torch's device of shapes without values."""
    with torch.device("meta"):
        return diffusers.StableDiffusionPipeline(
            vae=type(pipe.vae).from_config(pipe.vae.config),
            text_encoder=type(pipe.text_encoder)(pipe.text_encoder.config),
            tokenizer=pipe.tokenizer,
            unet=type(pipe.unet).from_config(pipe.unet.config),
            scheduler=pipe.scheduler,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
