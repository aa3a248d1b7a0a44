"""The pipeline's heavy parts compiled by torch: slower to begin, quicker for many pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch._dynamo.exc import TorchDynamoException

from gen.core.errors import BadInput

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

# parts of the U-Net without the cross-attention, which is looked at from outside
PARTS = ("ResnetBlock2D", "FeedForward")
SELF_ATTENTION = "attn1"
REASON = 200  # letters of what torch says
SHAPES = 64  # kinds of one part that are compiled before torch gives up on it


def compile_parts(pipe: StableDiffusionPipeline, backend: str = "inductor") -> None:
    """Has torch compile the decoder as a whole, and of the U-Net what no view looks into.

    Nothing is compiled before it first runs. The last bits of pictures move.
    """
    torch._dynamo.config.recompile_limit = SHAPES
    for name, part in pipe.unet.named_modules():
        if type(part).__name__ in PARTS or name.endswith(SELF_ATTENTION):
            _compile(part, backend)
    _compile(pipe.vae.decoder, backend)


def is_compiled(pipe: StableDiffusionPipeline) -> bool:
    """Whether `compile_parts` was here."""
    return "forward" in vars(pipe.vae.decoder)


def _compile(part: nn.Module, backend: str) -> None:
    """Its arithmetic alone: hooks go on being called, and none is compiled in."""
    part.forward = _told(torch.compile(part.forward, backend=backend))


def _told(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Turns a compiler that is not there, or gives up, into one line. Raises BadInput."""

    def guarded(*inputs: Any, **named: Any) -> Any:
        try:
            return forward(*inputs, **named)
        except TorchDynamoException as error:
            told = getattr(error, "inner_exception", error)  # what a compiler said itself
            reason = str(told).strip().partition("\n")[0][:REASON]
            raise BadInput(
                f"--compile: torch cannot compile here ({reason}); leave it out"
            ) from error

    return guarded
