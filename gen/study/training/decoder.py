"""The last stage, the decoder once more: latents -> pictures that a critic takes for renders.

Absolute errors alone teach blur: where the latents leave open on which pixel an edge lies, the
middle of all that it could be costs least. So a critic network learns beside the decoder to tell
its pictures from renders, and the decoder learns to leave it no sign (Goodfellow et al. 2014; on
patches: Isola et al. 2017). The encoder stays as it is, and with it every latent: what the U-Net
has learned stays true.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from PIL import Image
from torch import Tensor, nn
from torch.nn.utils import parametrize

from gen.core.errors import ModelError
from gen.study.model import pipeline
from gen.study.recipe import stages
from gen.study.recipe.train import FACTOR, TrainRecipe
from gen.study.training import losses
from gen.study.training.autoencoder import reconstructed, vae_score
from gen.study.training.checkpoint import CHECKPOINT, averages
from gen.study.training.dataset import Renders, as_input, corners, noise, shuffled
from gen.study.training.diffusion import PipelineStage
from gen.study.training.latents import encoder_digest, latents

NEAR = 8  # pixels round bodywork: its edges, and some of wheels and lamps
SHEET = "critic.webp"  # the stage's last sheet, beside the weights


class DecoderStage:
    """Latents of crops of renders, to be decoded, and the crops."""

    name = stages.DECODER
    number = 3
    critical = True  # whether a critic learns beside it

    def __init__(
        self,
        recipe: TrainRecipe,
        renders: Renders,
        vae: AutoencoderKL,
        work: Path,
    ):
        self.recipe, self.renders, self.seed = recipe.decoder, renders, recipe.seed
        self.source = renders.source
        torch.manual_seed(self.seed)
        self.model = Sharpening(vae, recipe, critical=self.critical)
        self.pace, self.batch_size = self.recipe.pace, self.recipe.batch
        self.shape = {"critic": self.recipe.critic, "encoder": encoder_digest(vae)}
        self.latents, _ = latents(vae, renders, work / PipelineStage.name)
        few = renders.pictures[renders.held_out[:6]]
        self.before = [few, reconstructed(vae, few)]

    def load(self, folder: Path) -> None:
        """Nothing to do: the stage was given the folder's vae, and no folder keeps a critic."""

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """Latents (N, 4, crop/8, crop/8), a little noisy as the U-Net's are; crops; bodywork."""
        rng = np.random.default_rng([self.seed, self.number, step, process])
        first = (step * processes + process) * self.batch_size
        which = shuffled(self.seed, self.renders.trained, first, self.batch_size)
        mirrored = rng.integers(2, size=len(which))
        crop, small = self.recipe.crop, self.recipe.crop // FACTOR
        z, pictures, covers = [], [], []
        bodies = [_turned(self.renders.bodies[i], m) for i, m in zip(which, mirrored, strict=True)]
        places = corners(rng, bodies, crop, self.recipe.body)
        for i, m, body, (y, x) in zip(which, mirrored, bodies, places, strict=True):
            covers.append(body[y : y + crop, x : x + crop])
            pictures.append(_turned(self.renders.pictures[i], m)[y : y + crop, x : x + crop])
            v, u = y // FACTOR, x // FACTOR
            z.append(self.latents.values[i, m, :, v : v + small, u : u + small])
        clean = torch.stack(z).float()
        strength = torch.from_numpy(rng.random((len(which), 1, 1, 1), np.float32))
        noisy = clean + self.recipe.noise * strength * noise(rng, *clean.shape)
        cover = torch.from_numpy(np.stack(covers))[:, None].float() / 255
        whole = noisy.contiguous(memory_format=torch.channels_last)
        return whole, as_input(np.stack(pictures)), cover

    def score(self) -> dict[str, float]:
        """What becomes of every held-out render."""
        return vae_score(self.model.vae, self.renders, self.renders.held_out)

    def sheet(self) -> list[np.ndarray]:
        """Six held-out renders, what came back before the critic, and what comes back now."""
        return [*self.before, reconstructed(self.model.vae, self.before[0])]


class UncriticizedStage(DecoderStage):
    """The control: the same steps on the same crops without a critic. No pipeline gets it."""

    name = stages.UNCRITICIZED
    critical = False


def _turned(picture: np.ndarray, mirrored: int) -> np.ndarray:
    return picture[:, ::-1] if mirrored else picture


def read_sheet(path: Path, width: int) -> tuple[np.ndarray, ...]:
    """The three layers of a stage's sheet, pictures of this width: each (N, H, W, 3) uint8."""
    layers = np.split(np.asarray(Image.open(path).convert("RGB")), 3)
    return tuple(np.stack(np.split(row, row.shape[1] // width, axis=1)) for row in layers)


def sharpen(vae: AutoencoderKL, work: Path) -> None:
    """Give a pipeline's vae the decoder that was trained for its latents, if one was, in place.

    Raises ModelError for a decoder of other latents.
    """
    place = work / DecoderStage.name
    if not (place / CHECKPOINT).exists():
        return
    before = encoder_digest(vae)
    vae.load_state_dict(averages(place, "vae"))
    if encoder_digest(vae) != before:
        raise ModelError(
            f"{place}: was trained for another encoder's latents; move it away, then run "
            "python -m gen study train decoder"
        )


# ---- what is learned -------------------------------------------------------------------------


class Bounded(nn.Module):
    """A convolution's weights over their largest singular value (Miyato et al. 2018).

    A critic of bounded slope cannot run away from the decoder that it teaches. The value is exact,
    not followed from step to step as usual: there is no state to keep.
    """

    def forward(self, weight: Tensor) -> Tensor:
        return weight / torch.linalg.matrix_norm(weight.flatten(1), 2)


def _bounded(into: int, out: int, kernel: int, stride: int, padding: int) -> nn.Conv2d:
    conv = nn.Conv2d(into, out, kernel, stride, padding)
    parametrize.register_parametrization(conv, "weight", Bounded())
    return conv


class Critic(nn.Module):
    """Pictures, and the latents that they should be of -> for each 4 x 4 pixels, how real.

    Without the latents it would ask for renders' detail anywhere; with them, for detail in its
    place (the projection of Miyato and Koyama 2018, at every position).
    """

    def __init__(self, channels: list[int]):
        super().__init__()
        first, second, third = channels
        self.seen = nn.Sequential(
            _bounded(3, first, 4, 2, 1),
            nn.LeakyReLU(0.2),
            _bounded(first, second, 4, 2, 1),
            nn.LeakyReLU(0.2),
            _bounded(second, third, 3, 1, 1),
            nn.LeakyReLU(0.2),
        )
        self.real = _bounded(third, 1, 3, 1, 1)
        self.told = _bounded(pipeline.LATENT_CHANNELS, third, 1, 1, 0)

    def forward(self, pictures: Tensor, z: Tensor) -> Tensor:
        """(N, 3, H, W) and (N, 4, H/8, W/8) -> (N, 1, H/4, W/4)"""
        seen = self.seen(pictures)
        wanted = F.interpolate(self.told(z), scale_factor=2.0)
        return self.real(seen) + (seen * wanted).mean(1, keepdim=True)


class Sharpening(nn.Module):
    """A vae whose encoder rests, a critic, and the loss of both."""

    def __init__(self, vae: AutoencoderKL, recipe: TrainRecipe, critical: bool = True):
        super().__init__()
        self.vae, self.recipe, self.errors = vae, recipe.decoder, recipe.autoencoder
        vae.requires_grad_(False)
        vae.decoder.requires_grad_(True)
        vae.post_quant_conv.requires_grad_(True)
        self.critic = None
        if critical:
            critic = Critic(self.recipe.critic)  # the overloads of Module.to leave out what follows
            self.critic = critic.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, z: Tensor, x: Tensor, cover: Tensor) -> Tensor:
        """The errors of the decoded latents and the critic's hinge loss: a scalar.

        What the critic asks of the decoder has a gradient and no value of its own. Where it meets
        the last layer it is as strong as the errors' gradient there, times the recipe's `push`,
        whatever the critic's scale (the balance of Esser et al. 2021): so errors win in the end.
        Far from bodywork, `cover`, it asks for less: in grass and gravel it asked for cracks.
        """
        y = self.vae.decode(z / self.vae.config.scaling_factor).sample
        errors = losses.errors(y.float() - x, self.errors)
        if self.critic is None:
            return errors
        with parametrize.cached():
            hinge = F.relu(1 - self.critic(x, z)) + F.relu(1 + self.critic(y.detach(), z))
            asked = self._asked(self.critic(y, z), y, errors, self._heard(cover))
            return errors + hinge.mean() + asked

    def _heard(self, cover: Tensor) -> Tensor:
        """How much of what the critic asks counts at each pixel: 1 on bodywork and near it."""
        near = F.max_pool2d(cover, 2 * NEAR + 1, stride=1, padding=NEAR)
        return self.recipe.elsewhere + (1 - self.recipe.elsewhere) * near

    def _asked(self, verdict: Tensor, y: Tensor, errors: Tensor, heard: Tensor) -> Tensor:
        (away,) = torch.autograd.grad(errors, y, retain_graph=True)
        (asked,) = torch.autograd.grad(-verdict.mean(), y)
        real = asked * heard
        strength = self.recipe.push * self._felt(y, away) / self._felt(y, real).clamp(min=1e-12)
        toward = (y * (strength * real)).sum()
        return toward - toward.detach()

    def _felt(self, y: Tensor, gradient: Tensor) -> Tensor:
        """How strong a gradient at the pixels is at the weights of the last layer: a scalar."""
        last = self.vae.decoder.conv_out.weight
        (felt,) = torch.autograd.grad(y, last, gradient, retain_graph=True)
        return felt.norm()
