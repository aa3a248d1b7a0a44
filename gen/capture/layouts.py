"""Whether tensors fill the networks of a config, by names and shapes: none is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import diffusers
import torch
import transformers
from diffusers.loaders import single_file_utils as original
from huggingface_hub.errors import StrictDataclassError

from gen.capture.headers import Shapes, short
from gen.capture.kinds import UNET
from gen.core.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor, nn

NONE = (  # what the libraries raise at a config of none of theirs
    *(TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RuntimeError),
    StrictDataclassError,
)
NETWORKS = ("unet", "vae", "text_encoder")
OLD_NAMES = (  # of the VAE's attention, as older folders have them
    (r"\.query\.", ".to_q."),
    (r"\.key\.", ".to_k."),
    (r"\.value\.", ".to_v."),
    (r"\.proj_attn\.", ".to_out.0."),
)


def refuse_unlike(name: str, part: str, shapes: Shapes, config: Path) -> None:
    """Stops at a network's tensors, under diffusers' names, that do not fill its config's network.

    `config` is a pipeline's folder. Raises ModelError with the first name that is wrong.
    """
    held = {_bare(part, key): shape for key, shape in shapes.items()}
    wanted = expected(part, config)
    wrong = [
        f"{key} is missing" if key not in held else f"{key} is {held[key]}, not {shape}"
        for key, shape in wanted.items()
        if held.get(key) != shape
    ]
    if part == "unet":  # what it does not know it leaves out, and paints another picture
        wrong += [f"{short(key)} is none of it" for key in sorted(held.keys() - wanted.keys())]
    if wrong:
        more = f" (and {len(wrong) - 1:,} more)" if wrong[1:] else ""
        raise ModelError(
            f"{name} does not fill the {part} that {config.name}/{part}/config.json describes: "
            f"{wrong[0]}{more}; give a whole one in the shape of Stable Diffusion 1.5"
        )


def expected(part: str, config: Path) -> Shapes:
    """Names and shapes of a network's tensors. Raises ModelError as `network` does."""
    held = network(part, config).state_dict()
    return {_bare(part, key): tuple(one.shape) for key, one in held.items()}


def network(part: str, config: Path) -> nn.Module:
    """A network of a pipeline's folder, made without memory.

    Raises ModelError for a config that describes none.
    """
    try:
        with torch.device("meta"):
            return _network(part, config)
    except NONE:
        place = f"{config.name}/{part}/config.json"
        raise ModelError(f"{place} describes no {part}; download it again") from None


def renamed(part: str, shapes: Shapes, config: Path) -> Shapes:
    """A single file's tensors of one network under diffusers' names, by diffusers' own rules.

    Those of the U-Net for which it has none stay as they are.
    """
    tensors: dict[str, Tensor] = {
        key: torch.empty(shape, device="meta") for key, shape in shapes.items()
    }
    if part == "text_encoder":
        changed = original.convert_ldm_clip_checkpoint(tensors)
    else:
        convert = {
            "unet": original.convert_ldm_unet_checkpoint,
            "vae": original.convert_ldm_vae_checkpoint,
        }[part]
        changed = convert(tensors, _kind(part).load_config(config, subfolder=part))
    return {key: tuple(one.shape) for key, one in changed.items()} | (
        _left(tensors, changed) if part == "unet" else {}
    )


def _left(tensors: dict[str, Tensor], changed: dict[str, Tensor]) -> Shapes:
    """The U-Net's tensors that diffusers' rules pass over."""
    taken = {id(one) for one in changed.values()}
    inside = (key for key in tensors if key.startswith(UNET) and id(tensors[key]) not in taken)
    return {key: tuple(tensors[key].shape) for key in inside}


def _network(part: str, config: Path) -> nn.Module:
    if part == "text_encoder":
        shape = transformers.CLIPTextConfig.from_pretrained(config / part, local_files_only=True)
        return transformers.CLIPTextModel(shape)
    return _kind(part).from_config(_kind(part).load_config(config, subfolder=part))


def _kind(part: str) -> Any:
    return {"unet": diffusers.UNet2DConditionModel, "vae": diffusers.AutoencoderKL}[part]


def _bare(part: str, key: str) -> str:
    """A name as this release has it: others wrap the text encoder once more, or name otherwise."""
    if part == "text_encoder":
        return key.removeprefix("text_model.")
    for old, new in OLD_NAMES if part == "vae" else ():
        key = re.sub(old, new, key)
    return key
