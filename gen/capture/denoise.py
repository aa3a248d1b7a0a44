"""A prompt -> denoising steps, equal to the pipeline's own call bit for bit. Writes no file."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import diffusers
import torch
from diffusers.utils.torch_utils import randn_tensor
from torch import Tensor

from gen.core.errors import ModelError
from gen.core.sources import Prompt

if TYPE_CHECKING:  # diffusers loads its pipelines on first use, and then warns of what it lacks
    from diffusers import SchedulerMixin, StableDiffusionPipeline


@dataclass(frozen=True)
class Moment:
    """One step of the loop as it happened; tensors are (1, channels, height, width) of latents."""

    index: int
    timestep: float
    sigma: float  # noise level before the step: sqrt((1 - alpha_bar) / alpha_bar)
    seen: Tensor  # latents before the step, scaled as the U-Net is given them
    latents: Tensor  # latents after the step
    noise: Tensor  # predicted noise, guided
    effect: Tensor | None  # what the words change in it: text minus unconditional; None unguided
    clean: Tensor  # the clean latents that this prediction amounts to


@torch.no_grad()
def denoise(pipe: StableDiffusionPipeline, prompt: Prompt) -> Iterator[Moment]:
    """The pipeline's own loop, step by step; the last latents equal its call's, bit for bit.

    Schedulers differ in how often they ask the model (PNDM once more than there are steps, Heun
    twice a step): one moment for each time. The noise comes from a CPU generator on any device.
    """
    scheduler = scheduler_of(pipe, prompt)
    generator = torch.Generator("cpu").manual_seed(prompt.seed)
    embeds, guided = _encode(pipe, prompt)
    extra = _extra(scheduler, generator)
    x = _start(pipe, prompt, embeds.dtype, generator) * scheduler.init_noise_sigma
    for index, t in enumerate(scheduler.timesteps):
        seen = scheduler.scale_model_input(x, t)
        batch = torch.cat([seen] * 2) if guided else seen
        eps = pipe.unet(batch, t, encoder_hidden_states=embeds, return_dict=False)[0]
        effect = None
        if guided:
            eps_uncond, eps_text = eps.chunk(2)
            effect = eps_text - eps_uncond
            eps = eps_uncond + prompt.guidance_scale * effect
        x = scheduler.step(eps, t, x, **extra, return_dict=False)[0]
        a = _alpha_bar(scheduler, t)
        clean = (seen - (1 - a) ** 0.5 * eps) / a**0.5
        yield Moment(index, float(t), float(((1 - a) / a) ** 0.5), seen, x, eps, effect, clean)


@torch.no_grad()
def decode(
    pipe: StableDiffusionPipeline, latents: Tensor, tell: Callable[[str], None] = lambda line: None
) -> Tensor:
    """The picture of some latents, as the pipeline makes it: (1, 3, height, width), 0 to 1.

    Where a decoder in half precision gives no numbers, it goes on in float32 from there, and a
    line is told. Raises ModelError for latents that are none themselves.
    """
    image = _decoded(pipe, latents)
    if not image.isfinite().all():
        if not latents.isfinite().all() or pipe.vae.dtype == torch.float32:
            raise ModelError(
                f"{pipe.unet.dtype} gave values that are no numbers; take --dtype float32, or, if "
                "that was it, other weights: these are damaged"
            )
        tell(f"the decoder overflows in {pipe.vae.dtype}; it goes on in float32")
        pipe.vae.to(torch.float32)
        return decode(pipe, latents, tell)
    return pipe.image_processor.postprocess(image, output_type="pt")


def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> Tensor:
    """What the decoder gives, from -1 to 1 where all is well."""
    scaled = latents.to(pipe.vae.dtype) / pipe.vae.config.scaling_factor
    return pipe.vae.decode(scaled, return_dict=False)[0]


def scheduler_of(pipe: StableDiffusionPipeline, prompt: Prompt) -> SchedulerMixin:
    """A new scheduler of the prompt's class with the model's own noise schedule.

    PNDM is meant as PLMS, which is what the original code has: without the four tries a step that
    another way of beginning takes.
    """
    more = {"skip_prk_steps": True} if prompt.scheduler == "PNDMScheduler" else {}
    more |= {"use_karras_sigmas": True} if prompt.karras else {}
    scheduler = getattr(diffusers, prompt.scheduler).from_config(pipe.scheduler.config, **more)
    scheduler.set_timesteps(prompt.steps, device=pipe.device)
    return scheduler


def _encode(pipe: StableDiffusionPipeline, prompt: Prompt) -> tuple[Tensor, bool]:
    """The embeddings that the U-Net is given, and whether it is asked twice a step."""
    guided = prompt.guidance_scale > 1  # as diffusers: at 1 the unconditional half cancels
    if prompt.clip_skip > 1:
        texts = (prompt.negative, prompt.text) if guided else (prompt.text,)
        return torch.cat([_skipping(pipe, text, prompt.clip_skip) for text in texts]), guided
    text, uncond = pipe.encode_prompt(prompt.text, pipe.device, 1, guided, prompt.negative)
    return (torch.cat([uncond, text]), True) if guided else (text, False)


def _skipping(pipe: StableDiffusionPipeline, text: str, layer: int) -> Tensor:
    """A text's embeddings (1, 77, width) as an earlier layer leaves them, counted from the last.

    Both texts are read there, as other tools do; diffusers would read the negative one to the end.
    """
    ids = pipe.tokenizer(text, padding="max_length", truncation=True, return_tensors="pt").input_ids
    inner = getattr(pipe.text_encoder, "text_model", pipe.text_encoder)
    states: list[Tensor] = []  # the library's own way of giving them leaves its hooks in place
    hook = inner.encoder.layers[-layer].register_forward_hook(
        lambda module, inputs, output: states.append(output)
    )
    try:
        pipe.text_encoder(ids.to(pipe.device))
    finally:
        hook.remove()
    return inner.final_layer_norm(states[0] if isinstance(states[0], Tensor) else states[0][0])


def _start(
    pipe: StableDiffusionPipeline, prompt: Prompt, dtype: torch.dtype, generator: torch.Generator
) -> Tensor:
    """Noise of unit variance, one value per latent channel and position."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    shape = (1, pipe.unet.config.in_channels, height, width)
    return randn_tensor(shape, generator=generator, device=pipe.device, dtype=dtype)


def _extra(scheduler: SchedulerMixin, generator: torch.Generator) -> dict[str, object]:
    """What a scheduler's step takes besides, as the pipeline's prepare_extra_step_kwargs."""
    takes = inspect.signature(scheduler.step).parameters
    offered = {"eta": 0.0, "generator": generator}
    return {name: value for name, value in offered.items() if name in takes}


def _alpha_bar(scheduler: SchedulerMixin, t: Tensor) -> Tensor:
    """How much of the latents' variance is picture, read where the step just taken read it."""
    if hasattr(scheduler, "sigmas"):  # step_index has moved on by one
        return 1 / (1 + scheduler.sigmas[scheduler.step_index - 1] ** 2)
    return scheduler.alphas_cumprod[int(t)]
