"""gen/capture/single_files.py: one file and a shape are a pipeline; what else a file may be."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from original import original  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from gen.capture import denoise, layouts, weights  # noqa: E402
from gen.core import shapes  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402
from gen.core.sources import Model  # noqa: E402

UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model."


@pytest.fixture
def tensors(tiny_pipe):
    """The tiny pipeline's weights as one file holds them."""
    held = {part: getattr(tiny_pipe, part).state_dict() for part in layouts.NETWORKS}
    return {name: tensor.clone() for name, tensor in original(held).items()}


@pytest.fixture
def project(tiny_folder, tmp_path):
    """A project whose one shape is the tiny model's: its folder without the weights."""
    leave = shutil.ignore_patterns("*.safetensors", "words.txt")
    shutil.copytree(tiny_folder, tmp_path / shapes.SHAPES / "tiny", ignore=leave)
    return tmp_path


@pytest.fixture
def traded(project, tiny_model) -> Model:
    """A model that is one file in the tiny shape."""
    return Model(
        id="traded",
        title="Traded",
        kind="file",
        location="tiny",
        revision=None,
        required=False,
        latent_map=tiny_model.latent_map,
        shape=shapes.read(project, "tiny", "here"),
    )


def saved(project: Path, tensors: dict, name: str = "traded") -> Path:
    save_file(tensors, project / f"{name}.safetensors")
    return project / f"{name}.safetensors"


def without(tensors: dict, prefix: str) -> dict:
    return {name: tensor for name, tensor in tensors.items() if not name.startswith(prefix)}


def only(tensors: dict, prefix: str) -> dict:
    return {name: tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def test_one_file_is_enough(project, traded, tensors, tiny_pipe, tiny_prompt):
    """The layout that models are traded in: one .safetensors file with the original's names."""
    path = saved(project, tensors)
    pinned = replace(traded, revision=weights.revision_of(path))
    loaded = weights.load(pinned, project, weights=path, device="cpu")
    (*_, one), (*_, two) = (denoise.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)
    assert torch.equal(*(denoise.decode(p, one.latents) for p in (loaded, tiny_pipe)))


def test_a_text_encoder_named_as_newer_libraries_do_loads(project, traded, tensors, tiny_pipe):
    flat = {name.replace(".text_model.", "."): tensor for name, tensor in tensors.items()}
    flat[f"{TEXT}transformer.embeddings.position_ids"] = torch.arange(77)[None]
    assert len(flat) == len(tensors) + 1
    path = saved(project, flat)
    pinned = replace(traded, revision=weights.revision_of(path))
    loaded = weights.load(pinned, project, weights=path, device="cpu").text_encoder.state_dict()
    assert all(map(torch.equal, loaded.values(), tiny_pipe.text_encoder.state_dict().values()))


def test_a_folder_in_place_of_a_vae_and_a_file_that_is_locked_are_said(
    project, traded, tensors, tiny_folder
):
    path = saved(project, tensors)
    with pytest.raises(ModelError, match=r"vae is a folder; give the \.safetensors file in it"):
        weights.load(traded, project, path, "cpu", vae=tiny_folder / "vae")
    with pytest.raises(
        ModelError, match=r"has no model_index.json; give a file in it: traded\.saf"
    ):
        weights.load(traded, project, project, "cpu")
    loop = path.with_name("loop.safetensors")
    loop.mkdir()
    with pytest.raises(ModelError, match=r"loop\.safetensors has no model_index\.json; give a dif"):
        weights.load(traded, project, loop, "cpu")


def test_another_scheduler_in_the_shape_is_another_capture(project, traded, tiny_prompt):
    pinned = replace(traded, revision="0" * 64)
    config = project / shapes.SHAPES / "tiny" / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace("scaled_linear", "linear"))
    other = replace(pinned, shape=shapes.read(project, "tiny", "here"))
    assert tiny_prompt.key(other) != tiny_prompt.key(pinned)


@pytest.mark.parametrize("diffusers_names", [True, False])
def test_a_vae_of_its_own_takes_the_place_of_theirs(
    project, traded, tensors, tiny_pipe, diffusers_names
):
    """Under the original's names, with and without their prefix, and under diffusers'."""
    own = {name: tensor + 1 for name, tensor in tiny_pipe.vae.state_dict().items()}
    inner = {name.removeprefix(VAE): tensor + 1 for name, tensor in only(tensors, VAE).items()}
    vae = saved(project, own if diffusers_names else inner, "vae")
    for path in (saved(project, tensors), saved(project, without(tensors, VAE), "novae")):
        pinned = replace(traded, revision=weights.revision_of(path), vae=weights.revision_of(vae))
        loaded = weights.load(pinned, project, weights=path, device="cpu", vae=vae)
        name = "decoder.conv_in.weight"
        assert torch.equal(loaded.vae.state_dict()[name], own[name])


def test_a_vae_is_pinned_as_weights_are(project, traded, tensors, tiny_prompt):
    path = saved(project, tensors)
    vae = saved(project, only(tensors, VAE), "vae")
    pinned = replace(traded, revision=weights.revision_of(path))
    with pytest.raises(ModelError, match=rf"`vae: {weights.revision_of(vae)}`$"):
        weights.load(pinned, project, weights=path, device="cpu", vae=vae)
    both = replace(pinned, vae=weights.revision_of(vae))
    with pytest.raises(ModelError, match=r"its VAE is a file of its own; give it with --vae FILE"):
        weights.load(both, project, weights=path, device="cpu")
    assert tiny_prompt.key(both) != tiny_prompt.key(pinned)


KINDS = [
    (lambda t: {}, "is a .safetensors file without tensors; give a whole checkpoint"),
    (lambda t: {f"state_dict.{n}": x for n, x in t.items()}, "is a training checkpoint: every"),
    (lambda t: only(t, VAE), "is a VAE alone; give"),
    (lambda t: only(t, UNET), "is a U-Net alone; give"),
    (lambda t: only(t, TEXT), "is a text encoder alone; give"),
    (lambda t: without(t, VAE), "is a checkpoint without its VAE; give one with --vae FILE"),
    (lambda t: without(t, TEXT), "is a checkpoint without its text encoder; give"),
    (lambda t: {"lora_unet_mid.lora_up.weight": torch.ones(4, 4)}, "is a LoRA, a change to a"),
    (lambda t: {"unet.mid.to_q.lora_A.weight": torch.ones(4, 4)}, "is a LoRA, a change to a"),
    (lambda t: {"emb_params": torch.ones(2, 768)}, "is a textual inversion; give"),
    (lambda t: {"<chrome>": torch.ones(768)}, "is a textual inversion; give"),
    (lambda t: {"control_model.input_hint_block.0.weight": torch.ones(4)}, "is a ControlNet; give"),
    (lambda t: {"controlnet_cond_embedding.conv_in.bias": torch.ones(4)}, "is a ControlNet; give"),
    (lambda t: {"conditioner.embedders.1.model.a": torch.ones(4)}, "is Stable Diffusion XL; give"),
    (lambda t: {"cond_stage_model.model.a": torch.ones(4)}, "is Stable Diffusion 2; give"),
    (lambda t: {"mid.to_q_lora.down.weight": torch.ones(4, 4)}, "is a LoRA, a change to a"),
    (lambda t: {"adapter.body.0.in_conv.weight": torch.ones(4)}, "is a T2I-Adapter; give"),
    (lambda t: {"768.0.linear.0.weight": torch.ones(4, 768)}, "is a hypernetwork; give"),
    (lambda t: {"double_blocks.0.a": torch.ones(4)}, "is Flux or of its kind; give"),
    (lambda t: {f"{UNET}joint_blocks.0.a": torch.ones(4)}, "is Stable Diffusion 3; give"),
    (lambda t: t | {f"{UNET}label_emb.0.0.a": torch.ones(4)}, "is Stable Diffusion XL or of its"),
    (lambda t: t | {f"{UNET}position_net.a": torch.ones(4)}, "is GLIGEN, which is given places"),
    (lambda t: t | {f"{UNET}time_embed.cond_proj.a": torch.ones(4)}, "is a distilled model, which"),
    (lambda t: t | {"v_pred": torch.ones(1)}, "is a model that predicts otherwise, as a name in"),
    (lambda t: {"odd": torch.ones(4)}, "is no model that is known here: its first tensor is odd"),
]


@pytest.mark.parametrize(("made", "says"), KINDS)
def test_what_else_a_file_is_is_said_before_it_is_hashed(project, traded, tensors, made, says):
    path = saved(project, made(tensors))
    with pytest.raises(ModelError) as error:
        weights.load(traded, project, weights=path, device="cpu")
    assert str(error.value).startswith(f"traded: traded.safetensors {says}")
    assert "\n" not in str(error.value)


def test_an_inpainting_file_is_said(project, traded, tensors):
    first = f"{UNET}input_blocks.0.0.weight"
    tensors[first] = torch.ones(8, 9, 3, 3)
    with pytest.raises(ModelError, match="is an inpainting model: its U-Net takes 9 channels"):
        weights.load(traded, project, weights=saved(project, tensors), device="cpu")
    tensors[first] = torch.ones(8)
    with pytest.raises(ModelError, match="is another kind of model: its U-Net takes 0 channels"):
        weights.load(traded, project, weights=saved(project, tensors), device="cpu")


def test_a_tensor_that_is_missing_or_odd_is_named(project, traded, tensors):
    name = f"{UNET}time_embed.0.weight"
    odd = tensors | {name: torch.ones(2, 2)}
    says = r"time_embedding\.linear_1\.weight is \(2, 2\), not \(32, 8\); give"
    with pytest.raises(ModelError, match=says):
        weights.load(traded, project, weights=saved(project, odd), device="cpu")
    del tensors[name], tensors[f"{UNET}out.2.bias"]
    with pytest.raises(ModelError, match=r"is missing \(and 1 more\); give"):
        weights.load(traded, project, weights=saved(project, tensors), device="cpu")


def test_a_tensor_that_the_unet_would_leave_out_is_named(project, traded, tensors):
    """It would load, and paint another picture than where it is heeded."""
    tensors[f"{UNET}input_blocks.1.2.odd.weight"] = torch.ones(4)
    says = rf"describes: {UNET}input_blocks\.1\.2\.odd\.weight is none of it; give"
    with pytest.raises(ModelError, match=says):
        weights.load(traded, project, weights=saved(project, tensors), device="cpu")


def test_a_name_of_any_length_is_cut(project, traded):
    with pytest.raises(ModelError, match=r"its first tensor is a{80}…; give") as error:
        path = saved(project, {"a" * 5000: torch.ones(4)})
        weights.load(traded, project, weights=path, device="cpu")
    assert len(str(error.value)) < 250
