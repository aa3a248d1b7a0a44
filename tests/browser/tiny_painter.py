"""A tiny pipeline of the layers that a browser runs, and what Python makes of it."""

from dataclasses import replace

import numpy as np

from gen.core.sources import Prompt

TEXT = "a chrome car, studio"
WIDTH, HEIGHT = 208, 144  # latents of 26 x 18: no multiples of a tile's four
STEPS = 4


def pipeline(tokenizer: object):
    """Random weights; its autoencoder attends in the middle, as Stable Diffusion's does."""
    import diffusers
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel

    with torch.random.fork_rng():
        torch.manual_seed(0)
        text = CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            projection_dim=32,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
        return diffusers.StableDiffusionPipeline(
            vae=_autoencoder(diffusers),
            text_encoder=CLIPTextModel(text).eval(),
            tokenizer=tokenizer,
            unet=_unet(diffusers),
            scheduler=_scheduler(diffusers),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )


def _autoencoder(diffusers):
    return diffusers.AutoencoderKL(
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        norm_num_groups=4,
    ).eval()


def _unet(diffusers):
    return diffusers.UNet2DConditionModel(
        sample_size=(18, 26),
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=2,
        norm_num_groups=4,
    ).eval()


def _scheduler(diffusers):
    return diffusers.DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.016,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        timestep_spacing="leading",  # else another class of scheduler would take its own default
        steps_offset=1,
    )


def run(pipe, scheduler: str) -> dict[str, np.ndarray]:
    """What Python's loop gives: latents and what was read at the end, and the picture."""
    from gen.capture import attention
    from gen.capture.denoise import decode, denoise

    words = ("a chrome car, studio", "")
    asked = Prompt(
        *("tiny", "tiny", *words, 3, STEPS, 4.0, WIDTH, HEIGHT), scheduler=scheduler, model="tiny"
    )
    if scheduler == "DDIMFresh":  # as the engine calls it
        asked = replace(asked, scheduler="DDIMScheduler", eta=1.0)
    tokens = len(pipe.tokenizer(TEXT).input_ids)
    with attention.watch(pipe.unet, HEIGHT // 8, WIDTH // 8, tokens) as watch:
        steps = [(moment, watch.take()[0]) for moment in denoise(pipe, asked)]
    moment, reads = steps[-1]
    picture = decode(pipe, moment.latents)[0].permute(1, 2, 0).numpy()
    return {
        "latents": moment.latents.numpy().ravel(),
        "clean": moment.clean.numpy().ravel(),
        "reads": reads.numpy().ravel(),
        "picture": (picture * 255).round().ravel(),
    }
