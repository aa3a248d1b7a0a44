"""What the names and shapes of a file's tensors amount to: Stable Diffusion 1.5, or what else."""

from __future__ import annotations

import re

from gen.capture import headers
from gen.capture.headers import Shapes
from gen.core.errors import ModelError

UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer."
FIRST = (UNET + "input_blocks.0.0.weight", "conv_in.weight")  # names of a U-Net's first layer
WORDS = UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"  # where it takes words
SECOND = 1024  # values that a word has in Stable Diffusion 2
AVERAGED = "model_ema.diffusion_model"  # how names begin of a U-Net's average over its training
EMBEDDING_WIDTHS = (768, 1024, 1280)  # of the text encoders that textual inversions are made for
WHOLE = "give a whole checkpoint in the shape of Stable Diffusion 1.5"
DISTILLED = "a distilled model, which is told its guidance"
KINDS = (  # a name that only this kind has, what it is, and the next move
    (
        r"lora_|_lora\.|\.lora\.|\.lora[AB_]|\bhada_w|\blokr_|\boft_|dora_scale|\.diff(_b)?$",
        "a LoRA, a change to a checkpoint",
        "merge it into one and give that",
    ),
    (
        r"^control_model\.|^controlnet|controlnet_(cond|down|mid)|^input_hint_block|zero_convs",
        "a ControlNet",
        WHOLE,
    ),
    (r"motion_modules?\.", "a motion module for videos", WHOLE),
    (r"^(ip_adapter|image_proj)\.", "an IP-Adapter", WHOLE),
    (r"^adapter\.|^body\.\d", "a T2I-Adapter", WHOLE),
    (r"\bposition_net\.|\.fuser\.", "GLIGEN, which is given places for its words", WHOLE),
    (r"^\d+\.\d+\.linear\.", "a hypernetwork", WHOLE),
    (r"^(emb_params|string_to_param\b.*|clip_[lg])$", "a textual inversion", WHOLE),
    (r"concept_embeds", "a safety checker", WHOLE),
    (r"^conditioner\.embedders\.1\.", "Stable Diffusion XL", WHOLE),
    (r"^conditioner\.embedders\.0\.model\.", "the refiner of Stable Diffusion XL", WHOLE),
    (r"\blabel_emb\.|^add_embedding\.", "Stable Diffusion XL or of its kind", WHOLE),
    (r"joint_blocks\.", "Stable Diffusion 3", WHOLE),
    (r"double_blocks\.|single_transformer_blocks\.", "Flux or of its kind", WHOLE),
    (r"^cond_stage_model\.model\.", "Stable Diffusion 2", WHOLE),
    (r"\bcond_proj\.", DISTILLED, WHOLE),
    (r"^(v_pred|ztsnr)$", "a model that predicts otherwise, as a name in it says", WHOLE),
)
ALONE = (  # how names begin where one part stands alone
    (r"^(encoder\.(conv_in|down)|decoder\.(conv_in|up)|first_stage_model\.)", "a VAE alone"),
    (r"^(conv_in|down_blocks|input_blocks|model\.diffusion_model)\b", "a U-Net alone"),
    (
        r"^(text_model|embeddings|cond_stage_model|transformer\.resblocks|encoder\.block\.\d)\b",
        "a text encoder alone",
    ),
    (r"^(vision_model|visual)\.", "an encoder of pictures alone"),
)
FOR_CHANNELS = {  # what a U-Net does that takes so many channels
    9: "an inpainting model",
    8: "a model that edits pictures by instruction",
    5: "a model that is given depth",
}


def refuse_other_kinds(name: str, shapes: Shapes) -> None:
    """Stops at a file that is no whole Stable Diffusion checkpoint, and says what it is.

    A VAE may be missing: it can come from a file of its own. Raises ModelError.
    """
    what = _other(shapes)
    if what:
        raise ModelError(f"{name} is {what}")
    refuse_channels(name, shapes)


def refuse_channels(name: str, shapes: Shapes) -> None:
    """Stops at a U-Net that takes more than latents."""
    for first in FIRST:
        _, channels, *_ = (*shapes.get(first, (0, 4)), 0, 0)
        if channels != 4:
            what = FOR_CHANNELS.get(channels, "another kind of model")
            raise ModelError(
                f"{name} is {what}: its U-Net takes {channels} channels, not 4; {WHOLE}"
            )


def has_vae(shapes: Shapes) -> bool:
    """Whether a whole checkpoint brings its own VAE."""
    return any(key.startswith(VAE) for key in shapes)


def is_vae(shapes: Shapes) -> bool:
    """Whether a file is a VAE and nothing else."""
    return all(
        re.match(r"(first_stage_model\.)?(encoder|decoder|(post_)?quant_conv)\.", key)
        or key.startswith(("loss.", "model_ema."))
        for key in shapes
    ) and _any(shapes, "conv_in.weight$")


def _other(shapes: Shapes) -> str | None:
    """What a file is that is no whole checkpoint, and the next move."""
    if not shapes:
        return f"a .safetensors file without tensors; {WHOLE}"
    if all(key.startswith("state_dict.") for key in shapes):
        return "a training checkpoint: every name begins with state_dict.; save it without that"
    for pattern, what, move in KINDS:
        if _any(shapes, pattern):
            return f"{what}; {move}"
    if len(shapes) <= 2 and all(
        one[-1:] and one[-1] in EMBEDDING_WIDTHS for one in shapes.values()
    ):
        return f"a textual inversion; {WHOLE}"
    return _incomplete(shapes)


def _incomplete(shapes: Shapes) -> str | None:
    """Which part stands alone or is missing."""
    has = {part: any(key.startswith(part) for key in shapes) for part in (UNET, VAE, TEXT)}
    if has[UNET] and has[TEXT]:
        second = (0, *shapes.get(WORDS, ()))[-1] == SECOND
        return f"Stable Diffusion 2; {WHOLE}" if second else None
    if has[UNET] and has[VAE]:
        return f"a checkpoint without its text encoder; {WHOLE}"
    if not has[UNET] and any(key.startswith(AVERAGED) for key in shapes):
        return f"a checkpoint whose U-Net is there only as its average (EMA); {WHOLE}"
    if has[VAE] and has[TEXT]:
        return f"a checkpoint without its U-Net; {WHOLE}"
    for pattern, what in ALONE:
        if _any(shapes, pattern):
            return f"{what}; {WHOLE}"
    return f"no model that is known here: its first tensor is {headers.short(min(shapes))}; {WHOLE}"


def _any(shapes: Shapes, pattern: str) -> bool:
    return any(re.search(pattern, key) for key in shapes)
