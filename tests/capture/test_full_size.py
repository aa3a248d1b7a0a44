"""Weights at Stable Diffusion 1.5's full size, by names and shapes alone: what fits, what is said.

The files are as long as real ones and take some hundred kB: all behind their header is a hole.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from full_size import (  # noqa: E402
    BESIDE,
    FIRST,
    LAST,
    LORAS,
    OPENED,
    ROOT,
    SD15,
    TEXT,
    UNET,
    VAE,
    Networks,
    Tensors,
    averaged,
    bare,
    lora,
    only,
    second,
    second_as_published,
    without,
    xl,
    xl_as_published,
)
from original import original, sparse  # noqa: E402

from gen.capture import layouts, weights  # noqa: E402
from gen.core import shapes  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402
from gen.core.sources import LatentMap, Model  # noqa: E402

PARAMETERS = {"unet": 859_520_964, "vae": 83_653_863, "text_encoder": 123_060_480}
SHAPE_OF_15 = "give a whole checkpoint in the shape of Stable Diffusion 1.5"
HASHED = "a" * 64  # what a file's digest is taken to be: to read one takes seconds


@pytest.fixture(scope="module")
def networks() -> Networks:
    """Each network's tensors under diffusers' names."""
    return {part: layouts.expected(part, SD15) for part in layouts.NETWORKS}


@pytest.fixture(scope="module")
def whole(networks) -> Tensors:
    """The same as one file holds them."""
    return original(networks, layers=2)


@pytest.fixture
def model(monkeypatch) -> Model:
    """Not pinned, so that whoever comes to a digest is told to pin it."""
    monkeypatch.setattr(weights, "revision_of", lambda path: HASHED)
    shape = shapes.read(ROOT, "sd15", "here")
    return Model("sd15", "SD 1.5", "file", "sd15", None, False, LatentMap((), 1), shape=shape)


def said(model: Model, path: Path, vae: Path | None = None) -> str:
    """What stops it, in one line."""
    with pytest.raises(ModelError) as error:
        weights.load(model, ROOT, path, "cpu", vae=vae)
    assert "\n" not in str(error.value)
    return str(error.value)


def fits(model: Model, path: Path, vae: Path | None = None) -> bool:
    """Whether it was looked at, found to fit, and only then hashed."""
    return said(model, path, vae).endswith(f"`revision: {HASHED}`")


def test_the_shape_of_sd15_has_its_parameters(networks):
    counts = {
        part: sum(torch.Size(shape).numel() for shape in held.values())
        for part, held in networks.items()
    }
    assert counts == PARAMETERS


@pytest.mark.parametrize(
    ("beside", "dtype"), [*((beside, "F16") for beside in BESIDE), ("nothing", "F8_E4M3")]
)
def test_one_file_fits(model, whole, tmp_path, beside, dtype):
    assert len(whole) == 686 + 248 + 196
    assert whole[f"{UNET}output_blocks.5.2.conv.weight"] == (1280, 1280, 3, 3)
    path = sparse(tmp_path / "full.safetensors", whole | BESIDE[beside](whole), dtype)
    assert path.stat().st_size > sum(PARAMETERS.values())
    assert 512 * path.stat().st_blocks < 1_000_000, "all behind the header is a hole"
    assert fits(model, path)


def test_one_file_and_a_vae_fit(model, whole, networks, tmp_path):
    """Of a checkpoint with and without one of its own, under each set of names."""
    path = sparse(tmp_path / "full.safetensors", without(whole, VAE))
    for held in (only(whole, VAE), bare(whole, VAE), networks["vae"]):
        assert fits(model, path, sparse(tmp_path / "vae.safetensors", held))
    narrow = networks["vae"] | {"decoder.conv_in.weight": (512, 16, 3, 3)}
    line = said(model, path, sparse(tmp_path / "vae.safetensors", narrow))
    assert "vae.safetensors does not fill the vae that sd15/vae/config.json describes: dec" in line


AVERAGE = "is a checkpoint whose U-Net is there only as its average (EMA)"
OTHERS: dict[str, tuple[str, Callable[[Tensors, Networks], Tensors]]] = {
    "XL": ("is Stable Diffusion XL", lambda w, n: xl_as_published(n)),
    "XL's U-Net": ("is Stable Diffusion XL or of its kind", lambda w, n: xl()),
    "2": ("is Stable Diffusion 2", lambda w, n: second_as_published(n)),
    "2, renamed": ("is Stable Diffusion 2", lambda w, n: original(n | second(), layers=2)),
    "2's U-Net": ("is a U-Net alone", lambda w, n: second()["unet"]),
    "inpainting": (
        "is an inpainting model: its U-Net takes 9 channels, not 4",
        lambda w, n: w | {FIRST: (320, 9, 3, 3)},
    ),
    "editing": (
        "is a model that edits pictures by instruction: its U-Net takes 8 channels, not 4",
        lambda w, n: w | {FIRST: (320, 8, 3, 3)},
    ),
    "depth": (
        "is a model that is given depth: its U-Net takes 5 channels, not 4",
        lambda w, n: w | {FIRST: (320, 5, 3, 3)},
    ),
    "the VAE": ("is a VAE alone", lambda w, n: only(w, VAE)),
    "the VAE, bare": ("is a VAE alone", lambda w, n: bare(w, VAE)),
    "the VAE, diffusers": ("is a VAE alone", lambda w, n: n["vae"]),
    "the text encoder": ("is a text encoder alone", lambda w, n: only(w, TEXT)),
    "the text encoder, flat": ("is a text encoder alone", lambda w, n: n["text_encoder"]),
    "OpenCLIP's": (
        "is a text encoder alone",
        lambda w, n: {f"transformer.resblocks.{at}.ln_1.weight": (1024,) for at in range(24)},
    ),
    "T5": (
        "is a text encoder alone",
        lambda w, n: {"encoder.block.0.layer.0.SelfAttention.q.weight": (4096, 4096)},
    ),
    "CLIP's eye": (
        "is an encoder of pictures alone",
        lambda w, n: {
            f"vision_model.encoder.layers.{at}.mlp.fc1.bias": (4096,) for at in range(24)
        },
    ),
    "the U-Net": ("is a U-Net alone", lambda w, n: only(w, UNET)),
    "the U-Net, bare": ("is a U-Net alone", lambda w, n: bare(w, UNET)),
    "the U-Net, diffusers": ("is a U-Net alone", lambda w, n: n["unet"]),
    "the average": (
        AVERAGE,
        lambda w, n: averaged(w),
    ),
    "all with the average": (
        AVERAGE,
        lambda w, n: without(w, UNET) | averaged(w),
    ),
    "no U-Net": ("is a checkpoint without its U-Net", lambda w, n: without(w, UNET)),
    "no text encoder": ("is a checkpoint without its text encoder", lambda w, n: without(w, TEXT)),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_else_it_is_is_said_before_it_is_hashed(model, whole, networks, tmp_path, kind):
    what, made = OTHERS[kind]
    path = sparse(tmp_path / "x.safetensors", made(whole, networks))
    assert said(model, path) == f"sd15: x.safetensors {what}; {SHAPE_OF_15}"


@pytest.mark.parametrize("form", LORAS)
def test_a_lora_is_said(model, networks, tmp_path, form):
    path = sparse(tmp_path / "x.safetensors", lora(form, networks))
    move = "merge it into one and give that"
    assert said(model, path) == f"sd15: x.safetensors is a LoRA, a change to a checkpoint; {move}"


ODD: dict[str, tuple[str, Callable[[Tensors], Tensors]]] = {
    "pruned to fewer layers": (
        "unet that sd15/unet/config.json describes: down_blocks.0.attentions.1.norm.weight is "
        "missing (and 101 more)",
        lambda w: without(w, f"{UNET}middle_block", f"{UNET}input_blocks.2."),
    ),
    "one of the VAE's missing": (
        "vae that sd15/vae/config.json describes: decoder.conv_in.weight is missing",
        lambda w: without(w, f"{VAE}decoder.conv_in.weight"),
    ),
    "one of the text encoder's missing": (
        "text_encoder that sd15/text_encoder/config.json describes: encoder.layers.3.mlp.fc1.bias "
        "is missing",
        lambda w: without(w, f"{OPENED}encoder.layers.3.mlp.fc1.bias"),
    ),
    "another shape": (
        "unet that sd15/unet/config.json describes: conv_out.weight is (8, 320, 3, 3), not "
        "(4, 320, 3, 3)",
        lambda w: w | {LAST: (8, 320, 3, 3)},
    ),
    "another text encoder": (
        "text_encoder that sd15/text_encoder/config.json describes: "
        "embeddings.token_embedding.weight is (49408, 1024), not (49408, 768) (and 195 more)",
        lambda w: w | {OPENED + name: shape for name, shape in second()["text_encoder"].items()},
    ),
    "one too many": (
        f"unet that sd15/unet/config.json describes: {UNET}input_blocks.1.2.bias is none of it",
        lambda w: w | {f"{UNET}input_blocks.1.2.bias": (320,)},
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_the_first_tensor_that_does_not_fit_is_named(model, whole, tmp_path, odd):
    what, made = ODD[odd]
    path = sparse(tmp_path / "x.safetensors", made(whole))
    move = "give a whole one in the shape of Stable Diffusion 1.5"
    assert said(model, path) == f"sd15: x.safetensors does not fill the {what}; {move}"


def test_one_that_the_names_of_others_follow_from_is_named(model, whole, tmp_path):
    held = without(whole, f"{UNET}output_blocks.5.2.conv.bias")
    line = said(model, sparse(tmp_path / "x.safetensors", held))
    assert line == f"sd15: x.safetensors lacks output_blocks.5.2.conv.bias; {SHAPE_OF_15}"


def test_half_a_download_is_said_with_what_there_is_of_it(model, whole, tmp_path):
    path = sparse(tmp_path / "x.safetensors", whole)
    size = path.stat().st_size
    os.truncate(path, size // 2)
    held = 2 * sum(PARAMETERS.values())
    has = held - (size - size // 2)
    line = f"sd15: x.safetensors is cut short: {has:,} of {held:,} bytes; download it again"
    assert said(model, path) == line


def test_what_is_quantized_or_of_another_format_is_said(model, whole, tmp_path):
    scaled = whole | {LAST.replace("weight", "scale_weight"): ()}
    line = said(model, sparse(tmp_path / "x.safetensors", scaled, "F8_E4M3"))
    what = f"is quantized: {UNET}out.2.scale_weight is F8_E4M3"
    assert line == f"sd15: x.safetensors {what}; give it in float16 or float32"
    for name, what in {
        "x.safetensors": "is a GGUF file; give the .safetensors that it was made from",
        "x.gguf": "is a GGUF file; give the .safetensors that it was made from",
        "x.ckpt": "is pickled and never opened; give .safetensors",
    }.items():
        path = tmp_path / name
        path.write_bytes(b"GGUF\3\0\0\0")
        os.truncate(path, 2_000_000_000)
        assert said(model, path) == f"sd15: {name} {what}"
