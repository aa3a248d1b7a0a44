"""gen/capture/folders.py: a folder that is whole loads; what is missing or other is named."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from safetensors.torch import load_file, save_file  # noqa: E402

from gen.capture import weights  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402

UNET = "unet/diffusion_pytorch_model.safetensors"
CHECKER = ["stable_diffusion", "StableDiffusionSafetyChecker"]


@pytest.fixture
def folder(tiny_folder, tmp_path) -> Path:
    """The tiny model's folder, to be changed."""
    return shutil.copytree(tiny_folder, tmp_path / "tiny")


def edit(path: Path, **changes) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def load(folder: Path, model, pinned: bool = True):
    revision = weights.revision_of(folder) if pinned else None
    return weights.load(replace(model, revision=revision), folder, weights=folder, device="cpu")


def test_a_safety_checker_is_neither_needed_nor_read_nor_hashed(folder, tiny_model):
    edit(folder / "model_index.json", safety_checker=CHECKER, requires_safety_checker=True)
    before = weights.revision_of(folder)
    (folder / "safety_checker").mkdir()
    (folder / "safety_checker" / "model.safetensors").write_bytes(b"never read")
    assert weights.revision_of(folder) == before
    assert load(folder, tiny_model).safety_checker is None


@pytest.mark.parametrize("parts", [("unet",), ("unet", "vae", "text_encoder")])
def test_a_variant_alone_loads(folder, tiny_model, parts):
    for part in parts:
        (path,) = (folder / part).glob("*.safetensors")
        path.rename(path.with_name(f"{path.stem}.fp16.safetensors"))
    assert load(folder, tiny_model).unet.dtype == torch.float32
    (other,) = (folder / "unet").glob("*.fp16.safetensors")
    before = weights.revision_of(folder)
    other.write_bytes(other.read_bytes()[:-1] + b"\1")
    assert weights.revision_of(folder) != before, "what is loaded is what is pinned"


def shards(folder: Path) -> list[Path]:
    """Splits the U-Net into two files with an index, as large models are saved."""
    whole = load_file(folder / UNET)
    names = sorted(whole)
    paths = [folder / f"unet/diffusion_pytorch_model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    held = {}
    for half, path in zip((names[::2], names[1::2]), paths, strict=True):
        save_file({name: whole[name] for name in half}, path)
        held |= dict.fromkeys(half, path.name)
    index = {"metadata": {"total_size": 1}, "weight_map": held}
    (folder / f"{UNET}.index.json").write_text(json.dumps(index))
    (folder / UNET).unlink()
    return paths


def test_shards_load_and_a_missing_one_is_named(folder, tiny_model, tiny_pipe):
    _, second = shards(folder)
    loaded = load(folder, tiny_model).unet.state_dict()
    assert all(map(torch.equal, loaded.values(), tiny_pipe.unet.state_dict().values()))
    second.unlink()
    says = r"unet/diffusion_pytorch_model-00002-of-00002\.safetensors is missing; download it"
    with pytest.raises(ModelError, match=says):
        load(folder, tiny_model, pinned=False)


def drop(name: str):
    def change(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def write(name: str, held: bytes):
    return lambda folder: (folder / name).write_bytes(held)


def setting(name: str, **changes):
    return lambda folder: edit(folder / name, **changes)


def shaped(name: str, tensor: str, *shape: int):
    def change(folder: Path) -> None:
        save_file(load_file(folder / name) | {tensor: torch.ones(shape)}, folder / name)

    return change


def indexed(index: dict):
    """The U-Net as one shard, with such an index."""

    def change(folder: Path) -> None:
        (folder / UNET).rename(folder / "unet" / "shard.safetensors")
        (folder / f"{UNET}.index.json").write_text(json.dumps(index))

    return change


def older(folder: Path, cut: int = -3) -> None:
    """The tokenizer as older libraries keep it, its last line cut."""
    inside = folder / "tokenizer"
    model = json.loads((inside / "tokenizer.json").read_text())["model"]
    (inside / "tokenizer.json").unlink()
    (inside / "vocab.json").write_text(json.dumps(model["vocab"]))
    merges = "\n".join(" ".join(pair) for pair in model["merges"])
    (inside / "merges.txt").write_text(f"#version: 0.2\n{merges}\n"[:cut])


def wordy(folder: Path) -> None:
    """A word more than the text encoder has a vector for."""
    path = folder / "tokenizer" / "tokenizer.json"
    whole = json.loads(path.read_text())
    whole["added_tokens"].append({"id": 9999, "content": "<chrome>"})
    path.write_text(json.dumps(whole))


INDEX = "model_index.json"
SCHEDULE = "scheduler/scheduler_config.json"
WRONG = [
    (write(INDEX, b"{"), "tiny/model_index.json is no JSON object; download it again"),
    (write(INDEX, b"[]"), "tiny/model_index.json is no JSON object; download it again"),
    (setting(INDEX, _class_name="StableDiffusionXLPipeline"), "tiny is Stable Diffusion XL; give"),
    (setting(INDEX, _class_name="StableDiffusionInpaintPipeline"), "tiny is an inpainting model;"),
    (setting(INDEX, unet=[None, None]), "tiny/model_index.json names no unet; give a whole"),
    (setting(INDEX, vae=["diffusers", "AutoencoderTiny"]), "tiny: its vae is a AutoencoderTiny,"),
    (drop("tokenizer"), "tiny/tokenizer/vocab.json is missing; download it, or give another"),
    (setting(INDEX, unet=["os", "UNet2DConditionModel"]), "tiny/model_index.json names no unet;"),
    (setting(INDEX, scheduler=["diffusers", "Odd"]), "tiny/model_index.json names no scheduler;"),
    (write("tokenizer/tokenizer_config.json", b"{"), "tiny/tokenizer/tokenizer_config.json is no"),
    (drop("tokenizer/tokenizer.json"), "tiny/tokenizer/vocab.json is missing; download it"),
    (older, "tiny/tokenizer/merges.txt does not fit the pieces of its vocabulary; download it"),
    (write("tokenizer/tokenizer.json", b"{}"), "tiny/tokenizer/tokenizer.json is no byte-pair"),
    (
        setting("tokenizer/tokenizer_config.json", model_max_length=1e30),
        "tiny/tokenizer/tokenizer_config.json: model_max_length is 1e+30, its text encoder reads 7",
    ),
    (wordy, "tiny/tokenizer has a piece 9999, its text encoder 103; give another folder"),
    (
        setting("unet/config.json", quantization_config={"quant_method": "odd"}),
        "tiny/unet/config.json: its unet is quantized; give one in",
    ),
    (indexed({"weight_map": None}), f"tiny/{UNET}.index.json is no index of files beside it, as"),
    (
        indexed({"weight_map": {"a": "/etc/passwd"}, "metadata": {}}),
        f"tiny/{UNET}.index.json is no",
    ),
    (indexed({"weight_map": {"a": 1}, "metadata": {}}), f"tiny/{UNET}.index.json is no index"),
    (write(f"{UNET}.index.json", b"{}"), "tiny/unet has both diffusion_pytorch_model.safetensors"),
    (drop("vae/config.json"), "tiny/vae/config.json is missing; download it"),
    (
        drop("vae/diffusion_pytorch_model.safetensors"),
        "tiny/vae/diffusion_pytorch_model.safetensors is missing; download it",
    ),
    (drop("unet"), "tiny/unet/config.json is missing; download it"),
    (drop("scheduler"), "tiny/scheduler/scheduler_config.json is missing; download it"),
    (drop("text_encoder/model.safetensors"), "tiny/text_encoder/model.safetensors is missing"),
    (write("vae/config.json", b"<html>"), "tiny/vae/config.json is no JSON object; download"),
    (write(UNET, b""), f"tiny/{UNET} is empty; download it again"),
    (shaped(UNET, "conv_in.weight", 8, 9, 3, 3), "tiny/unet is an inpainting model: its U-Net"),
    (
        shaped(UNET, "conv_in.bias", 9),
        "tiny/unet does not fill the unet that tiny/unet",
    ),
    (setting("unet/config.json", time_cond_proj_dim=8), "tiny is a distilled model, which is told"),
    (
        setting("vae/config.json", scaling_factor=None),
        "tiny/vae/config.json: scaling_factor is Non",
    ),
    (setting(SCHEDULE, beta_schedule="odd"), f"tiny/{SCHEDULE} describes no noise schedule; down"),
    (setting(SCHEDULE, beta_start="x"), f"tiny/{SCHEDULE} describes no noise schedule; download"),
    (setting(SCHEDULE, trained_betas=[0.1]), f"tiny/{SCHEDULE} describes no noise schedule; down"),
    (write(SCHEDULE, b"{}"), f"tiny/{SCHEDULE} has no beta_schedule, as of a None; give a whole"),
    (
        write(SCHEDULE, b'{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0}'),
        f"tiny/{SCHEDULE} has no beta_schedule, as of a FlowMatchEulerDiscreteScheduler; give",
    ),
    (
        setting("text_encoder/config.json", hidden_size=1024),
        "tiny is Stable Diffusion 2: its",
    ),
]


def test_names_of_older_and_newer_libraries_load(folder, tiny_model, tiny_pipe):
    """The VAE's attention as diffusers once named it, the text encoder one level deeper."""
    old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    held = load_file(path)
    for now, then in old.items():
        held = {name.replace(f".{now}.", f".{then}."): tensor for name, tensor in held.items()}
    assert any(".query." in name for name in held)
    save_file(held, path)
    path = folder / "text_encoder" / "model.safetensors"
    held = load_file(path)
    deeper = {f"text_model.{name.removeprefix('text_model.')}": held[name] for name in held}
    deeper["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_file(deeper, path)
    loaded = load(folder, tiny_model)
    for part in ("vae", "text_encoder"):
        ours, theirs = (getattr(pipe, part).state_dict() for pipe in (loaded, tiny_pipe))
        assert all(map(torch.equal, ours.values(), theirs.values())), part


def test_a_tokenizer_as_older_libraries_keep_it_loads(folder, tiny_model, tiny_pipe):
    older(folder, cut=None)
    ours, theirs = load(folder, tiny_model).tokenizer, tiny_pipe.tokenizer
    assert ours("a chrome car").input_ids == theirs("a chrome car").input_ids


def test_what_the_libraries_still_stop_at_is_one_line(folder, tiny_model):
    edit(folder / "tokenizer" / "tokenizer_config.json", bos_token=1)
    says = r"^tiny: tiny cannot be opened \(TypeError: .*\); download it again, or give another$"
    with pytest.raises(ModelError, match=says):
        load(folder, tiny_model)


@pytest.mark.parametrize(
    ("part", "odd"),
    [
        ("vae", {"block_out_channels": "x"}),
        ("text_encoder", {"num_attention_heads": 3}),
        ("text_encoder", {"eos_token_id": "x"}),
    ],
)
def test_a_config_that_describes_no_network_is_named(folder, tiny_model, part, odd):
    edit(folder / part / "config.json", **odd)
    with pytest.raises(ModelError, match=rf"^tiny/{part}/config\.json describes no {part}; down"):
        load(folder, tiny_model, pinned=False)


@pytest.mark.parametrize(("change", "says"), WRONG)
def test_what_is_wrong_is_named_before_anything_is_hashed(folder, tiny_model, change, says):
    change(folder)
    with pytest.raises(ModelError) as error:
        load(folder, tiny_model, pinned=False)
    assert str(error.value).startswith(f"tiny: {says}")
    assert "\n" not in str(error.value)
