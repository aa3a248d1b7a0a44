"""gen/capture/weights.py: pinned weights load, all others are refused in a line."""

import json
import re
import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from safetensors.torch import save_file  # noqa: E402

from gen.capture import (  # noqa: E402
    denoise,
    weights,
)
from gen.core.errors import BadInput, ModelError  # noqa: E402
from gen.core.sources import Model  # noqa: E402


def test_a_pinned_folder_loads(tiny_project, tiny_model, tiny_pipe, tiny_prompt):
    loaded = weights.load(tiny_model, tiny_project, device="cpu")
    assert loaded.unet.dtype == torch.float32
    (*_, one), (*_, two) = (denoise.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)


def test_a_folder_elsewhere_loads(tiny_folder, tiny_model, tmp_path):
    assert weights.load(tiny_model, tmp_path, weights=tiny_folder, device="cpu").unet is not None


@pytest.mark.parametrize("pin", [None, "0" * 64])
def test_other_weights_are_refused_with_the_line_to_paste(tiny_project, tiny_model, pin):
    line = f"paste this line there: `revision: {tiny_model.revision}`$"
    with pytest.raises(ModelError, match=line):
        weights.load(replace(tiny_model, revision=pin), tiny_project, device="cpu")


def test_one_altered_byte_of_the_weights_is_another_revision(tiny_project, tiny_model):
    path = tiny_project / tiny_model.location / "vae" / "diffusion_pytorch_model.safetensors"
    held = path.read_bytes()
    path.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(ModelError, match=f"tiny is pinned to {tiny_model.revision}"):
        weights.load(tiny_model, tiny_project, device="cpu")


def test_a_revision_is_of_what_loading_reads(tiny_project, tiny_model):
    folder = tiny_project / tiny_model.location
    (folder / "README.md").write_text("read me")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"never opened")
    assert weights.revision_of(folder) == tiny_model.revision
    (folder / "unet" / "more.json").write_text("{}")
    assert weights.revision_of(folder) != tiny_model.revision


def test_a_file_has_the_revision_that_sha256sum_prints(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert weights.revision_of(tmp_path / "x.safetensors") == expected


def test_pickles_are_refused(tiny_project, tiny_model):
    given = tiny_project / "model.ckpt"
    given.write_bytes(b"anything")
    with pytest.raises(ModelError, match=r"^tiny: model\.ckpt is pickled and never opened; give"):
        weights.load(tiny_model, tiny_project, weights=given, device="cpu")
    unet = tiny_project / tiny_model.location / "unet"
    (unet / "diffusion_pytorch_model.safetensors").rename(unet / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelError, match=r"unet/diffusion_pytorch_model\.bin is pickled"):
        weights.load(tiny_model, tiny_project, device="cpu")


def test_what_is_not_there_is_said(tiny_project, tiny_model):
    with pytest.raises(ModelError, match=r"models/none is not there; make it, or give --weights"):
        weights.load(replace(tiny_model, location="models/none"), tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"no model_index\.json; give a diffusers folder"):
        weights.load(replace(tiny_model, location="sources"), tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"model_index\.json holds no weights"):
        index = tiny_project / tiny_model.location / "model_index.json"
        weights.load(tiny_model, tiny_project, weights=index, device="cpu")
    with pytest.raises(ModelError, match="its weights are one file; give it with --weights FILE"):
        weights.load(replace(tiny_model, kind="file"), tiny_project, device="cpu")


def test_a_variant_beside_the_weights_is_another_matter(tiny_folder, tmp_path):
    """Caches differ in the variants that they hold; what is loaded, and so the pin, does not."""
    shutil.copytree(tiny_folder, tmp_path / "tiny")
    (tmp_path / "tiny" / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"other")
    assert weights.revision_of(tmp_path / "tiny") == weights.revision_of(tiny_folder)


def test_a_hub_model_loads_from_the_local_cache(tmp_path, tiny_model, tiny_folder, monkeypatch):
    """The cache as the hub's own client lays it out."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    kept, commit = tmp_path / "models--somebody--tiny", "0" * 40
    shutil.copytree(tiny_folder, kept / "snapshots" / commit)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(commit)
    hub = replace(tiny_model, kind="hub", location="somebody/tiny")
    pipe = weights.load(hub, tmp_path, device="cpu")
    assert type(pipe).__name__ == "StableDiffusionPipeline"


def test_a_hub_model_is_only_looked_up_in_the_local_cache(tmp_path, tiny_model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    hub = replace(tiny_model, kind="hub", location="nobody/nothing")
    with pytest.raises(ModelError, match="nobody/nothing is not in the local hub cache; download"):
        weights.load(hub, tmp_path, device="cpu")


def test_a_single_file_loads_in_the_shape_of_another_model(
    tiny_project, tiny_model, tiny_pipe, tiny_prompt
):
    """The layout that models are traded in: one .safetensors file with the original's names."""
    path = tiny_project / "traded.safetensors"
    save_file(original(tiny_pipe), path)
    traded = Model(
        id="traded",
        title="Traded",
        kind="file",
        location="tiny",
        revision=weights.revision_of(path),
        required=False,
        latent_map=tiny_model.latent_map,
    )
    loaded = weights.load(traded, tiny_project, weights=path, device="cpu", shape=tiny_model)
    (*_, one), (*_, two) = (denoise.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)
    assert torch.equal(*(denoise.decode(p, one.latents) for p in (loaded, tiny_pipe)))


def original(pipe) -> dict[str, torch.Tensor]:
    """A pipeline's weights under the names of the listed repository (08ab4d3)."""
    kinds = (
        (pipe.unet, "model.diffusion_model.", UNET_NAMES),
        (pipe.vae, "first_stage_model.", VAE_NAMES),
        (
            pipe.text_encoder,
            "cond_stage_model.transformer.",
            ((r"^(?!text_model)", "text_model."),),
        ),
    )
    return {
        prefix + renamed(name, names): weights.clone()
        for part, prefix, names in kinds
        for name, weights in part.state_dict().items()
    }


def renamed(name: str, names: tuple) -> str:
    for pattern, to in names:
        name = re.sub(pattern, to, name)
    return name


def at(template: str, number) -> object:
    """A replacement with a computed number in it."""
    return lambda found: template.format(number(*map(int, found.groups())))


UNET_NAMES = (  # one resnet a block, two in up blocks, as the tiny U-Net has
    (r"^conv_in", "input_blocks.0.0"),
    (r"^time_embedding\.linear_1", "time_embed.0"),
    (r"^time_embedding\.linear_2", "time_embed.2"),
    (r"^conv_norm_out", "out.0"),
    (r"^conv_out", "out.2"),
    (r"^down_blocks\.(\d)\.resnets\.(\d)", at("input_blocks.{}.0", lambda i, j: 2 * i + j + 1)),
    (r"^down_blocks\.(\d)\.attentions\.(\d)", at("input_blocks.{}.1", lambda i, j: 2 * i + j + 1)),
    (r"^down_blocks\.(\d)\.downsamplers\.0\.conv", at("input_blocks.{}.0.op", lambda i: 2 * i + 2)),
    (r"^up_blocks\.(\d)\.resnets\.(\d)", at("output_blocks.{}.0", lambda i, j: 2 * i + j)),
    (r"^up_blocks\.(\d)\.attentions\.(\d)", at("output_blocks.{}.1", lambda i, j: 2 * i + j)),
    (r"^up_blocks\.(\d)\.upsamplers\.0", at("output_blocks.{}.1", lambda i: 2 * i + 1)),
    (r"^mid_block\.attentions\.0", "middle_block.1"),
    (r"^mid_block\.resnets\.(\d)", at("middle_block.{}", lambda j: 2 * j)),
    (r"\.norm1(?=\.\w+$)(?<!transformer_blocks\.0\.norm1)", ".in_layers.0"),
    (r"\.conv1", ".in_layers.2"),
    (r"\.norm2(?=\.\w+$)(?<!transformer_blocks\.0\.norm2)", ".out_layers.0"),
    (r"\.conv2", ".out_layers.3"),
    (r"\.time_emb_proj", ".emb_layers.1"),
    (r"\.conv_shortcut", ".skip_connection"),
)
VAE_NAMES = (  # four levels, counted from the picture in both halves
    (r"conv_shortcut", "nin_shortcut"),
    (r"conv_norm_out", "norm_out"),
    (r"down_blocks\.(\d)\.resnets", r"down.\1.block"),
    (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    (r"up_blocks\.(\d)\.resnets", at("up.{}.block", lambda i: 3 - i)),
    (r"up_blocks\.(\d)\.upsamplers\.0", at("up.{}.upsample", lambda i: 3 - i)),
    (r"mid_block\.resnets\.(\d)", at("mid.block_{}", lambda i: i + 1)),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_a_device_that_is_not_there_is_said(tiny_project, tiny_model):
    with pytest.raises(BadInput, match="--device cuda: torch sees no such device here"):
        weights.load(tiny_model, tiny_project, device="cuda")


def test_a_model_that_predicts_otherwise_is_refused(tiny_project, tiny_model):
    config = tiny_project / tiny_model.location / "scheduler" / "scheduler_config.json"
    changed = json.loads(config.read_text()) | {"prediction_type": "v_prediction"}
    config.write_text(json.dumps(changed))
    pinned = replace(tiny_model, revision=weights.revision_of(config.parents[1]))
    with pytest.raises(ModelError, match="predicts v_prediction cannot be captured"):
        weights.load(pinned, tiny_project, device="cpu")
