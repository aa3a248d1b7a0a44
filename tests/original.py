"""A pipeline's tensors under the names of the listed repository (08ab4d3): one file's layout."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

Held = TypeVar("Held")  # tensors, or their shapes
DTYPES = {"F8_E4M3": 1, "F16": 2, "BF16": 2, "F32": 4}  # bytes of a value


def original(networks: Mapping[str, Mapping[str, Held]], layers: int = 1) -> dict[str, Held]:
    """Networks by diffusers' names, each of them the tensors by theirs; `layers` a U-Net block."""
    kinds = (
        ("unet", "model.diffusion_model.", unet_names(layers)),
        ("vae", "first_stage_model.", VAE_NAMES),
        ("text_encoder", "cond_stage_model.transformer.", ((r"^(?!text_model)", "text_model."),)),
    )
    return {
        prefix + renamed(name, names): tensor
        for part, prefix, names in kinds
        for name, tensor in networks[part].items()
    }


def renamed(name: str, names: tuple) -> str:
    for pattern, to in names:
        name = re.sub(pattern, to, name)
    return name


def sparse(path: Path, shapes: Mapping[str, tuple[int, ...]], dtype: str = "F16") -> Path:
    """A whole .safetensors file of zeros that takes no room on the disk, however large."""
    header, end = {}, 0
    for name, shape in shapes.items():
        size = DTYPES[dtype]
        for side in shape:
            size *= side
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)
    return path


def at(template: str, number: Callable[..., int]) -> Callable[[re.Match], str]:
    """A replacement with a computed number in it."""
    return lambda found: template.format(number(*map(int, found.groups())))


def upsampler(layers: int) -> Callable[[re.Match], str]:
    """Behind a block's last layer: its second part, or its third where attention is the second."""

    def place(found: re.Match) -> str:
        block = int(found[1])
        return f"output_blocks.{(layers + 1) * block + layers}.{1 if block == 0 else 2}"

    return place


def unet_names(layers: int) -> tuple:
    """Renamings of a U-Net whose down blocks have so many layers, its up blocks one more."""
    each = layers + 1
    down = r"^down_blocks\.(\d)\."
    up = r"^up_blocks\.(\d)\."
    inner = r"(?=\.\w+$)(?<!transformer_blocks\.\d\.norm"
    return (
        (r"^conv_in", "input_blocks.0.0"),
        (r"^time_embedding\.linear_1", "time_embed.0"),
        (r"^time_embedding\.linear_2", "time_embed.2"),
        (r"^conv_norm_out", "out.0"),
        (r"^conv_out", "out.2"),
        (down + r"resnets\.(\d)", at("input_blocks.{}.0", lambda i, j: each * i + j + 1)),
        (down + r"attentions\.(\d)", at("input_blocks.{}.1", lambda i, j: each * i + j + 1)),
        (down + r"downsamplers\.0\.conv", at("input_blocks.{}.0.op", lambda i: each * (i + 1))),
        (up + r"resnets\.(\d)", at("output_blocks.{}.0", lambda i, j: each * i + j)),
        (up + r"attentions\.(\d)", at("output_blocks.{}.1", lambda i, j: each * i + j)),
        (up + r"upsamplers\.0", upsampler(layers)),
        (r"^mid_block\.attentions\.0", "middle_block.1"),
        (r"^mid_block\.resnets\.(\d)", at("middle_block.{}", lambda j: 2 * j)),
        (r"\.norm1" + inner + "1)", ".in_layers.0"),
        (r"\.conv1", ".in_layers.2"),
        (r"\.norm2" + inner + "2)", ".out_layers.0"),
        (r"\.conv2", ".out_layers.3"),
        (r"\.time_emb_proj", ".emb_layers.1"),
        (r"\.conv_shortcut", ".skip_connection"),
    )


VAE_NAMES = (  # four levels, counted from the picture in both halves
    (r"conv_shortcut", "nin_shortcut"),
    (r"conv_norm_out", "norm_out"),
    (r"down_blocks\.(\d)\.resnets", r"down.\1.block"),
    (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    (r"up_blocks\.(\d)\.resnets", at("up.{}.block", lambda i: 3 - i)),
    (r"up_blocks\.(\d)\.upsamplers\.0", at("up.{}.upsample", lambda i: 3 - i)),
    (r"mid_block\.resnets\.(\d)", at("mid.block_{}", lambda i: i + 1)),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
)
