"""What is learned: networks with their losses, and how fast."""

import torch
import torch.nn.functional as F
from transformers import CLIPTokenizer

from gen.study.model.pipeline import autoencoder, text_encoder, unet
from gen.study.recipe.train import (
    FACTOR,
    AutoencoderRecipe,
    Pace,
    TrainRecipe,
)


def rate_at(step: int, pace: Pace, began: int = 0) -> float:
    """The learning rate of a step: a ramp, then level, then falling as 1 / sqrt(step).

    It needs no last step, so a run may be cut anywhere and go on later: with an average over the
    last steps it ends as well as one that was told its end (Karras et al. 2024, equations 67 and
    121). A warm start at step `began` climbs again, as the optimizer has forgotten everything.
    """
    ramp = min(1.0, (step - began + 1) / pace.warmup)
    return pace.rate * ramp * max(1.0, step / pace.knee) ** -0.5


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
