"""An autoencoder's first weights: a pyramid of box filters, blurred from the start but in colour.

Random weights see brightness long before colour: in pictures it varies several times as much, and
after 1,100 steps gold was still grey. So eight channels carry three values through the whole
network as they are: brightness and two differences of colour, the latter made as strong as the
former. Each stands in a pair, +v and -v, as silu(v) - silu(-v) = v; the last pair is a constant,
so that group normalization, which would make a dull picture vivid, divides by nearly the same
number everywhere. All else begins at random and learns what the pyramid leaves out.
"""

from typing import Any

import torch
from diffusers import AutoencoderKL
from torch import nn

CARRIED = 8  # channels: three pairs and the constant one
CONSTANT = 3.0
OPPONENT = torch.tensor([[1 / 3, 1 / 3, 1 / 3], [2.0, -2.0, 0.0], [-1.0, -1.0, 2.0]])
GAIN = 1.5  # what the constant pair's share of a group's strength takes from the others, given back
NOISE = -4.0  # log variance that the latents begin with: the KL of 0 would drown them


@torch.no_grad()
def begin(vae: AutoencoderKL) -> None:
    """Turn random weights into a pyramid, in place.

    The first group of every normalization holds at least the channels carried; three of the four
    latents are theirs, the last begins at random.
    """
    encoder, decoder = vae.encoder, vae.decoder
    _split(encoder.conv_in, OPPONENT)
    _split(decoder.conv_in, torch.eye(3))
    for block in (
        *encoder.down_blocks,
        encoder.mid_block,
        decoder.mid_block,
        *decoder.up_blocks,
    ):
        _carry(block)
    _joined(encoder.conv_out, torch.eye(3))
    _joined(decoder.conv_out, torch.linalg.inv(OPPONENT))
    latents = encoder.conv_out.out_channels // 2
    encoder.conv_out.weight[latents:] *= 0.1
    encoder.conv_out.bias[latents:] = NOISE
    for conv in (vae.quant_conv, vae.post_quant_conv):
        nn.init.dirac_(conv.weight)
        conv.bias.zero_()


def _carry(block: Any) -> None:
    """Let a block of residual units hand the carried channels on, halved or doubled in size."""
    for unit in block.resnets:
        unit.conv2.weight.zero_()
        unit.conv2.bias.zero_()
        if unit.conv_shortcut is not None:
            _filter(unit.conv_shortcut, torch.ones(1, 1))
    for down in getattr(block, "downsamplers", None) or ():
        box = torch.zeros(3, 3)  # diffusers pads on the right and below: the window begins here
        box[:2, :2] = 1 / 4
        _filter(down.conv, box)
    for up in getattr(block, "upsamplers", None) or ():
        bell = torch.tensor([1.0, 2.0, 1.0])
        _filter(up.conv, bell.outer(bell) / 16)


def _bias(conv: nn.Conv2d) -> torch.Tensor:
    assert conv.bias is not None  # as all that the pyramid is laid in have one
    return conv.bias


def _filter(conv: nn.Conv2d, kernel: torch.Tensor) -> None:
    """Each carried channel -> itself, through a kernel."""
    conv.weight[:CARRIED] = 0
    _bias(conv)[:CARRIED] = 0
    for channel in range(CARRIED):
        conv.weight[channel, channel] = kernel


def _split(conv: nn.Conv2d, values: torch.Tensor) -> None:
    """Three values (3, C), each a mix of the C first channels -> pairs, and the constant pair."""
    middle = conv.kernel_size[0] // 2
    conv.weight[:CARRIED] = 0
    _bias(conv)[:CARRIED] = 0
    for number, mix in enumerate(values):
        conv.weight[2 * number, : len(mix), middle, middle] = mix
        conv.weight[2 * number + 1, : len(mix), middle, middle] = -mix
    _bias(conv)[CARRIED - 2 : CARRIED] = torch.tensor([CONSTANT, -CONSTANT])


def _joined(conv: nn.Conv2d, values: torch.Tensor) -> None:
    """Pairs -> the first outputs, each a mix (3, 3) of the three values."""
    middle = conv.kernel_size[0] // 2
    conv.weight[: len(values)] = 0
    _bias(conv)[: len(values)] = 0
    pairs = GAIN * torch.stack([values, -values], dim=2).flatten(1)  # (3, 6): +v, -v side by side
    conv.weight[: len(values), : CARRIED - 2, middle, middle] = pairs
