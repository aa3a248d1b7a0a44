"""Names and shapes of Stable Diffusion 1.5 at its full size and of what it is taken for."""

from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from original import original
from transformers import CLIPTextConfig, CLIPTextModel

ROOT = Path(__file__).parents[1]
SD15 = ROOT / "sources" / "shapes" / "sd15"
UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model."
FIRST, LAST = f"{UNET}input_blocks.0.0.weight", f"{UNET}out.2.weight"
OPENED = f"{TEXT}transformer.text_model."

Tensors = dict[str, tuple[int, ...]]
Networks = dict[str, Tensors]


def only(tensors: Tensors, *begin: str) -> Tensors:
    return {name: shape for name, shape in tensors.items() if name.startswith(begin)}


def without(tensors: Tensors, *begin: str) -> Tensors:
    return {name: shape for name, shape in tensors.items() if not name.startswith(begin)}


def bare(tensors: Tensors, begin: str) -> Tensors:
    """One network under its own names."""
    return {name.removeprefix(begin): shape for name, shape in only(tensors, begin).items()}


def averaged(tensors: Tensors) -> Tensors:
    """A U-Net's running average, as training keeps it: under names without their dots."""
    inside = bare(tensors, UNET)
    names = {f"diffusion_model.{name}".replace(".", ""): shape for name, shape in inside.items()}
    return {f"model_ema.{name}": shape for name, shape in names.items()}


def unet(**changes: object) -> Tensors:
    """A U-Net of another kind, made without memory."""
    with torch.device("meta"):
        held = UNet2DConditionModel(**changes, use_linear_projection=True).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in held.items()}


def second() -> Networks:
    """What Stable Diffusion 2 has in place of U-Net and text encoder."""
    shape = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 23}
    with torch.device("meta"):
        text = CLIPTextModel(CLIPTextConfig(**shape, num_attention_heads=16)).state_dict()
    return {
        "unet": unet(cross_attention_dim=1024, attention_head_dim=(5, 10, 20, 20)),
        "text_encoder": {name: tuple(tensor.shape) for name, tensor in text.items()},
    }


def second_as_published(networks: Networks) -> Tensors:
    """Its text encoder is OpenCLIP's, with names of its own."""
    layer = f"{TEXT}model.transformer.resblocks"
    text = {f"{layer}.{at}.attn.in_proj_weight": (3072, 1024) for at in range(24)}
    return without(original(networks | second(), layers=2), TEXT) | text


def xl() -> Tensors:
    """The U-Net of Stable Diffusion XL."""
    attention, plain = ("CrossAttnDownBlock2D",) * 2, ("DownBlock2D",)
    return unet(
        block_out_channels=(320, 640, 1280),
        down_block_types=plain + attention,
        up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
        transformer_layers_per_block=(1, 2, 10),
        attention_head_dim=(5, 10, 20),
        cross_attention_dim=2048,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816,
    )


def xl_as_published(networks: Networks) -> Tensors:
    held = without(original(networks | {"unet": xl()}, layers=2), TEXT)
    encoders = ("0.transformer.text_model.encoder.layers", "1.model.transformer.resblocks")
    return held | {f"conditioner.embedders.{name}.0.ln_1.weight": (768,) for name in encoders}


def lora(form: str, networks: Networks) -> Tensors:
    """A small change of every layer that takes words."""
    names = (name.removesuffix(".weight") for name in networks["unet"] if ".to_k.weight" in name)
    return {form.format(name, name.replace(".", "_")): (4, 320) for name in names}


LORAS = (
    *("lora_unet_{1}.lora_down.weight", "lora_unet_{1}.hada_w1_a", "lora_unet_{1}.lokr_w1"),
    *("unet.{0}.lora.down.weight", "base_model.model.{0}.lora_A.weight", "oft_unet_{1}.oft_blocks"),
)
BESIDE = {  # what published files hold beside the three networks
    "nothing": lambda whole: {},
    "its average": averaged,
    "places and noise levels": lambda whole: {
        f"{TEXT}transformer.text_model.embeddings.position_ids": (1, 77),
        f"{TEXT}logit_scale": (),
        **dict.fromkeys(("betas", "alphas_cumprod", "posterior_variance"), (1000,)),
        **dict.fromkeys(("model_ema.decay", "first_stage_model.loss.logvar"), ()),
    },
}
