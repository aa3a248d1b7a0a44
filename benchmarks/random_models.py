"""Stable Diffusion 1.5's networks with random weights, at full size or made small: none fetched."""

import sys
from dataclasses import dataclass
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gen.capture import vocabulary  # noqa: E402
from gen.core.sources import LatentMap, Model, Prompt  # noqa: E402

SHAPE = ROOT / "sources" / "shapes" / "sd15"
SMALL = {  # what is less in the small ones: channels and layers, never the wiring
    "unet": {"block_out_channels": (32, 32, 64, 64), "layers_per_block": 1},
    "vae": {"block_out_channels": (32, 32, 32, 32), "layers_per_block": 1},
    "text_encoder": {"intermediate_size": 64, "num_hidden_layers": 2},
}
WIDTH = 64  # of the small text encoder
WORDS = ("studio", "desert", "harbour", "snow", "forest", "garage", "sunset", "bridge")


@dataclass(frozen=True)
class Scale:
    """A size to measure at: of the networks, the pictures and the run."""

    small: bool
    side: int  # of a picture, in pixels
    steps: int
    turns: int  # of each side of a ratio, one more to warm up
    many: int  # prompts, where many are measured

    def prompts(self, count: int) -> list[Prompt]:
        """Prompts that differ in words and seed."""
        return [
            Prompt(
                f"{WORDS[place % len(WORDS)]}-{place}",
                "",
                f"a chrome car, {WORDS[place % len(WORDS)]}, side view",
                "blurry",
                place,
                self.steps,
                7.5,
                self.side,
                self.side,
                scheduler="DDIMScheduler",
                model="random",
            )
            for place in range(count)
        ]


FULL, TINY = Scale(False, 512, 50, 3, 8), Scale(True, 64, 2, 1, 4)
MODEL = Model(
    "random", "Random weights", "folder", "random", "0" * 64, False, LatentMap(("a car",), 2)
)


def pipeline(scale: Scale, device: str, dtype: torch.dtype) -> StableDiffusionPipeline:
    """The same weights for a scale on any device: they are drawn on the processor if small.

    The scheduler's noise levels stay on the processor, where loading leaves them: read of a GPU,
    each would be waited for, and rounded as half precision is.
    """
    torch.manual_seed(0)
    diffusers.utils.logging.set_verbosity_error()
    scheduler = DDIMScheduler.from_pretrained(SHAPE, subfolder="scheduler")
    with torch.device("cpu" if scale.small else device):
        pipe = StableDiffusionPipeline(
            vae=_network(AutoencoderKL, "vae", scale.small),
            text_encoder=_text_encoder(scale.small),
            tokenizer=vocabulary.tokenizer(SHAPE),
            unet=_network(UNet2DConditionModel, "unet", scale.small),
            scheduler=scheduler,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device, dtype)


def _network(kind, part: str, small: bool):
    config = kind.load_config(SHAPE, subfolder=part)
    less = SMALL[part] | ({"cross_attention_dim": WIDTH} if part == "unet" else {}) if small else {}
    return kind.from_config({**config, **less}).eval()


def _text_encoder(small: bool) -> transformers.CLIPTextModel:
    less = SMALL["text_encoder"] | {"hidden_size": WIDTH, "num_attention_heads": 4} if small else {}
    config = transformers.CLIPTextConfig.from_pretrained(SHAPE / "text_encoder", **less)
    return transformers.CLIPTextModel(config).eval()
