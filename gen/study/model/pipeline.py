"""The study model before it has learned anything: its recipe, its parts, its words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

from gen.core.records import END, START
from gen.study.recipe.train import (
    FACTOR,
    AutoencoderRecipe,
    Pace,
    TextRecipe,
    TrainRecipe,
    UnetRecipe,
)

TOKENS = 77  # what CLIP's text encoder reads, padding included
LATENT_CHANNELS = 4  # as SD 1.5; each stands for a square of 8 x 8 pixels

# ---- the recipe ----------------------------------------------------------------------------


def rate_at(step: int, pace: Pace, began: int = 0) -> float:
    """The learning rate of a step: a ramp, then level, then falling as 1 / sqrt(step).

    It needs no last step, so a run may be cut anywhere and go on later: with an average over the
    last steps it ends as well as one that was told its end (Karras et al. 2024, equations 67 and
    121). A warm start at step `began` climbs again, as the optimizer has forgotten everything.
    """
    ramp = min(1.0, (step - began + 1) / pace.warmup)
    return pace.rate * ramp * max(1.0, step / pace.knee) ** -0.5


# ---- the parts -----------------------------------------------------------------------------


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
    ).to(memory_format=torch.channels_last)  # a third faster on a CPU


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
        max_position_embeddings=TOKENS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def scheduler() -> DDIMScheduler:
    """The noise schedule of SD 1.5 and a sampler that adds no noise of its own."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
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
    batch: int = 10,
) -> np.ndarray:
    """A picture for each prompt, from the noise of its own seed: (N, height, width, 3) uint8.

    The noise is drawn on the CPU for any device; which others are in its batch changes a picture by
    rounding alone. A guidance scale of 1 asks without guidance.
    """
    images = [
        pipe(
            list(prompts[first : first + batch]),
            height=height,
            width=width,
            num_inference_steps=steps,
            guidance_scale=guidance_scale,
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
    means = quant.weight[
        :LATENT_CHANNELS, :, 0, 0
    ].double()  # (4, 8): the other rows are log variances
    quant.weight[:LATENT_CHANNELS, :, 0, 0] = (turn @ means).float()
    quant.bias[:LATENT_CHANNELS] = (turn @ (quant.bias[:LATENT_CHANNELS].double() - shift)).float()
    quant.weight[LATENT_CHANNELS:] = 0
    quant.bias[LATENT_CHANNELS:] = (turn**2 @ noise.double()).log().float()
    weight = post.weight[:, :, 0, 0].double()  # (4, 4)
    post.bias += (weight @ shift).float()
    post.weight[:, :, 0, 0] = (weight @ torch.linalg.inv(turn)).float()
    vae.register_to_config(scaling_factor=1 / float(spread))


# ---- what is learned -------------------------------------------------------------------------


class Reconstruction(torch.nn.Module):
    """An autoencoder and its loss."""

    def __init__(self, recipe: AutoencoderRecipe):
        super().__init__()
        self.vae = autoencoder(recipe)
        self.recipe = recipe

    def forward(self, x: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Absolute error of pixels, of their differences and of colour, a little KL: a scalar."""
        posterior = self.vae.encode(x).latent_dist
        y = self.vae.decode(posterior.mean + posterior.std * noise).sample
        kl = posterior.kl().mean() / (x.shape[-2] * x.shape[-1])  # per pixel: whatever the crop
        return errors(y.float() - x, self.recipe) + self.recipe.kl * kl


def errors(error: torch.Tensor, recipe: AutoencoderRecipe) -> torch.Tensor:
    """Absolute error (N, 3, H, W) of pixels, of their differences and of colour: a scalar."""
    across, down = error.diff(dim=-1).abs().mean(), error.diff(dim=-2).abs().mean()
    return error.abs().mean() + recipe.gradient * (across + down) + recipe.chroma * _chroma(error)


def _chroma(error: torch.Tensor) -> torch.Tensor:
    """Absolute error of red against green and of blue against both, pixel by pixel and pooled."""
    red, green, blue = error.unbind(1)
    opponent = torch.stack([red - green, blue - (red + green) / 2], dim=1)
    return opponent.abs().mean() + F.avg_pool2d(opponent, FACTOR).abs().mean()


class Denoiser(torch.nn.Module):
    """Text encoder and U-Net as one network, and their loss."""

    def __init__(self, recipe: TrainRecipe, tokenizer: CLIPTokenizer, size: tuple[int, int]):
        super().__init__()
        self.text_encoder = text_encoder(recipe.text_encoder, tokenizer)
        self.unet = unet(recipe.unet, recipe.text_encoder.width, size)

    def forward(
        self,
        x: torch.Tensor,
        t: torch.Tensor,
        eps: torch.Tensor,
        ids: torch.Tensor,
        weight: torch.Tensor,
    ) -> torch.Tensor:
        """Weighted squared error of the predicted noise in x: a scalar."""
        words = self.text_encoder(ids).last_hidden_state  # (N, 77, width)
        predicted = self.unet(x, t, encoder_hidden_states=words).sample  # (N, 4, H/8, W/8)
        return (weight * (predicted.float() - eps) ** 2).mean()


# ---- the words -----------------------------------------------------------------------------


def tokenizer(texts: Iterable[str]) -> CLIPTokenizer:
    """A CLIP tokenizer to which each word of these texts is one token; others fall into pieces."""
    alphabet = sorted(bytes_to_unicode().values())
    merges = _merges(words(texts))
    pieces = [*alphabet, *(f"{letter}</w>" for letter in alphabet), *map("".join, merges)]
    vocabulary = {piece: id for id, piece in enumerate([*pieces, START, END])}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=TOKENS)


def words(texts: Iterable[str]) -> list[str]:
    """The words of some texts as CLIP splits them, punctuation included, sorted."""
    backend = CLIPTokenizer().backend_tokenizer
    split = backend.pre_tokenizer.pre_tokenize_str
    return sorted({word for t in texts for word, _ in split(backend.normalizer.normalize_str(t))})


def _merges(words: list[str]) -> list[tuple[str, str]]:
    """Pairs to join, the most frequent first, until every word is whole (Sennrich et al. 2016)."""
    split = [[*word[:-1], f"{word[-1]}</w>"] for word in words]
    merges = []
    while pairs := Counter(pair for pieces in split for pair in pairwise(pieces)):
        pair = min(
            pairs, key=lambda pair: (-pairs[pair], pair)
        )  # a total order: the same every time
        merges.append(pair)
        split = [_joined(pieces, pair) for pieces in split]
    return merges


def _joined(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    """The pieces with this pair made one wherever it stands."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (joined[-1], piece) == pair:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
