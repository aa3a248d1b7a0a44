"""The study model before it has learned anything: its parts, wired as SD 1.5's are."""

from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from gen.capture.vocabulary import ROOM
from gen.study.recipe.train import (
    AutoencoderRecipe,
    TextRecipe,
    UnetRecipe,
)

LATENT_CHANNELS = 4  # as SD 1.5; each stands for a square of 8 x 8 pixels


def autoencoder(recipe: AutoencoderRecipe) -> AutoencoderKL:
    """RGB in -1..1 <-> latents of an eighth of each side, with random weights."""
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        latent_channels=LATENT_CHANNELS,
        block_out_channels=tuple(recipe.channels),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=recipe.layers,
        norm_num_groups=recipe.groups,
        mid_block_add_attention=False,  # a crop of 64 pixels has only 8 x 8 latents to relate
    ).to(memory_format=torch.channels_last)  # faster on a CPU


def unet(recipe: UnetRecipe, width: int, size: tuple[int, int]) -> UNet2DConditionModel:
    """Noisy latents, a timestep and (N, 77, width) words -> noise; `size` is (H, W) of latents."""
    kinds = ["CrossAttn" if attends else "" for attends in recipe.attention]
    return UNet2DConditionModel(
        sample_size=size,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=tuple(recipe.channels),
        down_block_types=tuple(f"{kind}DownBlock2D" for kind in kinds),
        up_block_types=tuple(f"{kind}UpBlock2D" for kind in reversed(kinds)),
        layers_per_block=recipe.layers,
        norm_num_groups=recipe.groups,
        cross_attention_dim=width,
        attention_head_dim=recipe.heads,  # despite its name the number of heads, as in SD 1.5
    ).to(memory_format=torch.channels_last)


def text_encoder(recipe: TextRecipe, tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Token ids (N, 77) -> (N, 77, width), with random weights."""
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.width,
        intermediate_size=2 * recipe.width,  # half of CLIP's: some hundred words need no more
        projection_dim=recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        max_position_embeddings=ROOM,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def scheduler() -> DDIMScheduler:
    """A noise schedule of SD 1.5's form and a sampler that adds no noise of its own.

    SD 1.5 ends at 0.012. On 48 x 32 latents so much of a picture's mean colour and layout shone
    through the strongest noise that training read world and view from there and not from the words;
    sampling, which begins with noise alone, then painted snow as sand. At 0.020 the first of 30
    steps shows the training half as much of a picture as 24 x 16 latents did at 0.012.
    """
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.020,
        beta_schedule="scaled_linear",
        steps_offset=1,
        clip_sample=False,
        set_alpha_to_one=False,
    )


def pipeline(
    vae: AutoencoderKL,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    unet: UNet2DConditionModel,
) -> StableDiffusionPipeline:
    """The parts wired as SD 1.5 is, without a safety checker: it can draw cars only."""
    return StableDiffusionPipeline(
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def generate(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[str],
    seeds: Sequence[int],
    *,
    steps: int,
    guidance_scale: float,
    height: int,
    width: int,
    eta: float = 0.0,
    batch: int = 10,
) -> np.ndarray:
    """A picture for each prompt, from the noise of its own seed: (N, height, width, 3) uint8.

    The noise is drawn on the CPU for any device; which others are in its batch changes a picture by
    rounding alone. A guidance scale of 1 asks without guidance; `eta` is how much of the noise that
    DDIM puts back is drawn anew.
    """
    images = [
        pipe(
            list(prompts[first : first + batch]),
            height=height,
            width=width,
            num_inference_steps=steps,
            guidance_scale=guidance_scale,
            eta=eta,
            generator=[torch.Generator().manual_seed(s) for s in seeds[first : first + batch]],
            output_type="np",
        ).images
        for first in range(0, len(prompts), batch)
    ]
    return (np.concatenate(images) * 255).round().astype(np.uint8)


@torch.no_grad()
def level(
    vae: AutoencoderKL, mean: torch.Tensor, covariance: torch.Tensor, noise: torch.Tensor
) -> None:
    """Turn the latents so that their channels are unrelated and equally strong, in place.

    `mean` (4,) and `covariance` (4, 4) are those of its latents, `noise` (4,) is their posterior's
    mean variance. Colour varies less than brightness, and the diffusion's noise, as strong in every
    channel, would drown it first. The turn and its inverse are linear, so the two 1x1 convolutions
    around the latents take them in and pictures stay as they were; the posterior's variance becomes
    its mean.
    """
    strength, axes = torch.linalg.eigh(covariance.double())  # the weakest first
    axes = axes.flip(1) * axes.flip(1).sum(0).sign()  # a sign for each axis that is always the same
    spread = strength.mean().sqrt()  # the latents as a whole stay as strong as they were
    turn = (axes * strength.flip(0) ** -0.5).T * spread  # (4, 4)
    shift = mean.double()
    quant, post = vae.quant_conv, vae.post_quant_conv
    # (4, 8): the other rows are log variances
    means = quant.weight[:LATENT_CHANNELS, :, 0, 0].double()
    quant.weight[:LATENT_CHANNELS, :, 0, 0] = (turn @ means).float()
    quant.bias[:LATENT_CHANNELS] = (turn @ (quant.bias[:LATENT_CHANNELS].double() - shift)).float()
    quant.weight[LATENT_CHANNELS:] = 0
    quant.bias[LATENT_CHANNELS:] = (turn**2 @ noise.double()).log().float()
    weight = post.weight[:, :, 0, 0].double()  # (4, 4)
    post.bias += (weight @ shift).float()
    post.weight[:, :, 0, 0] = (weight @ torch.linalg.inv(turn)).float()
    vae.register_to_config(scaling_factor=1 / float(spread))
