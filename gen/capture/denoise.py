"""Prompts -> denoising steps, one's equal to the pipeline's own call bit for bit. No files."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from diffusers.utils.torch_utils import randn_tensor
from torch import Tensor

from gen.capture.room import device_of
from gen.capture.schedulers import scheduler_of
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


def denoise(pipe: StableDiffusionPipeline, prompt: Prompt) -> Iterator[Moment]:
    """The pipeline's own loop, step by step; the last latents equal its call's, bit for bit.

    Schedulers differ in how often they ask the model (PNDM once more than there are steps, Heun
    twice a step): one moment for each time. The noise comes from a CPU generator on any device.
    """
    return (moment for (moment,) in together(pipe, [prompt]))


@torch.no_grad()
def together(
    pipe: StableDiffusionPipeline, prompts: Sequence[Prompt]
) -> Iterator[tuple[Moment, ...]]:
    """Prompts that are `alike` through one loop: at each step a moment of every one of them.

    Each has noise of its own, as alone; but a device adds up a larger batch in another order, so
    the last bits of a picture may differ from those it has alone.
    """
    scheduler = scheduler_of(pipe, prompts[0])
    times = scheduler.timesteps.tolist()  # all at once: a GPU would be waited for at each
    generators = [torch.Generator("cpu").manual_seed(prompt.seed) for prompt in prompts]
    guided, embeds = prompts[0].guidance_scale > 1, _encode(pipe, prompts)
    extra = _extra(scheduler, prompts[0].eta, generators)
    x = _start(pipe, prompts[0], embeds.dtype, generators) * scheduler.init_noise_sigma
    for index, t in enumerate(scheduler.timesteps):
        seen = scheduler.scale_model_input(x, t)
        batch = torch.cat([seen] * 2) if guided else seen
        eps = pipe.unet(batch, t, encoder_hidden_states=embeds, return_dict=False)[0]
        effect = None
        if guided:
            eps_uncond, eps_text = eps.chunk(2)
            effect = eps_text - eps_uncond
            eps = eps_uncond + prompts[0].guidance_scale * effect
        x = scheduler.step(eps, t, x, **extra, return_dict=False)[0]
        a = _alpha_bar(scheduler, times[index])
        clean = (seen - (1 - a) ** 0.5 * eps) / a**0.5
        whole = Moment(
            index, float(times[index]), float(((1 - a) / a) ** 0.5), seen, x, eps, effect, clean
        )
        yield tuple(_of(whole, place) for place in range(len(prompts)))


def alike(prompt: Prompt) -> Prompt:
    """What prompts must have in common to go through one loop: all but words and seed."""
    return replace(prompt, id="", idea="", text="", negative="", seed=0)


def _of(whole: Moment, place: int) -> Moment:
    """One prompt's share of a moment of all."""
    own = slice(place, place + 1)
    return replace(
        whole,
        seen=whole.seen[own],
        latents=whole.latents[own],
        noise=whole.noise[own],
        effect=None if whole.effect is None else whole.effect[own],
        clean=whole.clean[own],
    )


@torch.no_grad()
def decode(
    pipe: StableDiffusionPipeline, latents: Tensor, tell: Callable[[str], None] = lambda line: None
) -> Tensor:
    """The pictures of some latents, as the pipeline makes them: (N, 3, height, width), 0 to 1.

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


def pictures(
    pipe: StableDiffusionPipeline,
    latents: Sequence[Tensor],
    at_once: int,
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Tensor]:
    """The picture of each of some latents: (1, 3, height, width), so many decoded at once."""
    for first in range(0, len(latents), at_once):
        some = torch.cat([*latents[first : first + at_once]])
        yield from decode(pipe, some, tell).split(1)


def _decoded(pipe: StableDiffusionPipeline, latents: Tensor) -> Tensor:
    """What the decoder gives, from -1 to 1 where all is well."""
    scaled = latents.to(pipe.vae.dtype) / pipe.vae.config.scaling_factor
    return pipe.vae.decode(scaled, return_dict=False)[0]


def _encode(pipe: StableDiffusionPipeline, prompts: Sequence[Prompt]) -> Tensor:
    """The embeddings that the U-Net is given: of all negative texts, if guided, then of all others.

    Guided is as in diffusers: at a scale of 1 the unconditional half cancels.
    """
    negative = [prompt.negative for prompt in prompts if prompt.guidance_scale > 1]
    texts = [*negative, *(prompt.text for prompt in prompts)]
    embeds = {text: _read(pipe, text, prompts[0].clip_skip) for text in dict.fromkeys(texts)}
    return torch.cat([embeds[text] for text in texts])


def _read(pipe: StableDiffusionPipeline, text: str, clip_skip: int) -> Tensor:
    """A text's embeddings: (1, 77, width)."""
    if clip_skip > 1:
        return _skipping(pipe, text, clip_skip)
    return pipe.encode_prompt(text, device_of(pipe), 1, False)[0]


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
        pipe.text_encoder(ids.to(device_of(pipe)))
    finally:
        hook.remove()
    return inner.final_layer_norm(states[0] if isinstance(states[0], Tensor) else states[0][0])


def _start(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    dtype: torch.dtype,
    generators: list[torch.Generator],
) -> Tensor:
    """Noise of unit variance, one value per latent channel and position, from each generator."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    shape = (len(generators), pipe.unet.config.in_channels, height, width)
    return randn_tensor(shape, generator=generators, device=device_of(pipe), dtype=dtype)


def _extra(
    scheduler: SchedulerMixin, eta: float, generators: list[torch.Generator]
) -> dict[str, object]:
    """What a scheduler's step takes besides, as the pipeline's prepare_extra_step_kwargs."""
    takes = inspect.signature(scheduler.step).parameters
    offered = {"eta": eta, "generator": generators}
    return {name: value for name, value in offered.items() if name in takes}


def _alpha_bar(scheduler: SchedulerMixin, t: float) -> Tensor:
    """How much of the latents' variance is picture, read where the step just taken read it."""
    if hasattr(scheduler, "sigmas"):  # step_index has moved on by one
        return 1 / (1 + scheduler.sigmas[scheduler.step_index - 1] ** 2)
    return scheduler.alphas_cumprod[int(t)]
