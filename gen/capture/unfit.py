"""What cannot be captured, refused before any work: words, layers, sizes, steps, sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gen.capture import schedulers, sheets, words
from gen.capture.latent_colours import own_prompts
from gen.core.errors import BadInput
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline


def refuse_unfit(pipe: StableDiffusionPipeline, prompt: Prompt) -> None:
    """Stops at a prompt that cannot be painted, or whose frames no sheet holds. Raises BadInput."""
    _refuse_unpaintable(pipe, prompt, "sources/prompts.yml")
    most = sheets.most_steps(prompt.width, prompt.height, pipe.vae_scale_factor)
    if prompt.evaluations > most:
        raise BadInput(
            f"{prompt.id}: the frames of {prompt.steps} steps at {prompt.width} x {prompt.height} "
            f"do not fit on one sheet, which has at most {sheets.TALLEST:,} pixels in height; "
            f"take {most - (prompt.evaluations - prompt.steps)} steps or fewer"
        )


def refuse_unfit_own(pipe: StableDiffusionPipeline, model: Model) -> None:
    """The same of what a model's latent colours are fitted on; these make no sheets."""
    for prompt in own_prompts(pipe, model):
        _refuse_unpaintable(pipe, prompt, "sources/models.yml > latent_map > prompts")


def _refuse_unpaintable(pipe: StableDiffusionPipeline, prompt: Prompt, place: str) -> None:
    """Stops at a text that would be cut, a layer that is not there, a size no latents have."""
    for field in ("text", "negative"):
        cut = words.words_cut(pipe.tokenizer, getattr(prompt, field))
        if cut:
            raise BadInput(
                f"{prompt.id}: {field} is longer than {pipe.tokenizer.model_max_length} tokens; "
                f"shorten it in {place} by what falls off: {', '.join(cut)}"
            )
    layers = pipe.text_encoder.config.num_hidden_layers
    if prompt.clip_skip > layers:
        raise BadInput(
            f"{prompt.id}: clip_skip is {prompt.clip_skip} and the text encoder has {layers} "
            "layers; make it less in sources/models.yml"
        )
    if prompt.width % pipe.vae_scale_factor or prompt.height % pipe.vae_scale_factor:
        raise BadInput(
            f"{prompt.id}: {prompt.width} x {prompt.height} is not in steps of "
            f"{pipe.vae_scale_factor}; change width or height in sources/models.yml"
        )
    if not schedulers.steps_apart(pipe, prompt):
        levels = pipe.scheduler.config.num_train_timesteps
        raise BadInput(
            f"{prompt.id}: {prompt.steps} steps are more than {prompt.scheduler} finds apart among "
            f"this model's {levels} noise levels; take fewer"
        )
