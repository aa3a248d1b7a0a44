"""gen/capture/weights.py: pinned weights load, all others are refused in a line."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import (  # noqa: E402
    denoise,
    weights,
)
from gen.core.errors import BadInput, ModelError, TooMuch  # noqa: E402

COMMIT = "0" * 40


def test_a_pinned_folder_loads(tiny_project, tiny_model, tiny_pipe, tiny_prompt):
    loaded = weights.load(tiny_model, tiny_project, device="cpu")
    assert loaded.unet.dtype == torch.float32
    (*_, one), (*_, two) = (denoise.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)


def test_a_folder_elsewhere_loads(tiny_folder, tiny_model, tmp_path):
    assert weights.load(tiny_model, tmp_path, weights=tiny_folder, device="cpu").unet is not None


@pytest.mark.parametrize("pin", [None, "0" * 64])
def test_other_weights_are_refused_with_the_line_to_paste(tiny_project, tiny_model, pin):
    line = f"put this line there under `tiny:`, .* has: `revision: {tiny_model.revision}`$"
    with pytest.raises(ModelError, match=line):
        weights.load(replace(tiny_model, revision=pin), tiny_project, device="cpu")


def test_what_is_wrong_with_weights_of_the_checkout_is_mended_by_git(tiny_project, tiny_model):
    """Not by a download, which there is none of, nor by pinning what may be damage."""
    restore, place = f"restore it from git: `git restore {tiny_model.location}`", tiny_project
    unet = place / tiny_model.location / "unet"
    held = (unet / "diffusion_pytorch_model.safetensors").read_bytes()
    for damage in (held[:-1] + b"x", held[:-1], held[:4], b""):
        (unet / "diffusion_pytorch_model.safetensors").write_bytes(damage)
        with pytest.raises(ModelError, match=rf"^[^;]*; {restore}(, or, where you trained|$)"):
            weights.load(tiny_model, place, device="cpu")
    (unet / "diffusion_pytorch_model.safetensors").write_bytes(held)
    more = unet / "diffusion_pytorch_model.safetensors.index.json"
    more.write_text("{}")
    with pytest.raises(TooMuch, match=r"; remove one of them$"):  # git would leave it there
        weights.load(tiny_model, place, device="cpu")
    more.unlink()
    for gone in (unet / "config.json", unet, unet.parent / "model_index.json", unet.parent):
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
        with pytest.raises(ModelError, match=rf"; {restore}$"):
            weights.load(tiny_model, place, device="cpu")


@pytest.mark.parametrize("model", [{"required": False}, {"revision": None}])
def test_weights_that_no_checkout_need_hold_are_not_looked_for_in_git(
    tiny_project, tiny_model, model
):
    other = replace(tiny_model, **model)
    (tiny_project / other.location / "unet" / "config.json").write_text("")
    with pytest.raises(ModelError, match=r"; download it again$"):
        weights.load(other, tiny_project, device="cpu")


def test_a_file_given_beside_weights_of_the_checkout_is_not_looked_for_in_git(
    tiny_project, tiny_model
):
    vae = tiny_project / "vae.safetensors"
    vae.write_bytes(b"")
    with pytest.raises(ModelError, match=r"vae\.safetensors is empty; download it again$"):
        weights.load(tiny_model, tiny_project, device="cpu", vae=vae)


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
        none = replace(tiny_model, location="models/none", required=False)
        weights.load(none, tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"typed\.safetensors is not there; give the path of what"):
        typed = tiny_project / "typed.safetensors"
        weights.load(tiny_model, tiny_project, weights=typed, device="cpu")
    with pytest.raises(ModelError, match=r"a{255}a* is not there"):
        weights.load(tiny_model, tiny_project, weights=Path("a" * 5000), device="cpu")
    half = tiny_project / "x.safetensors.part"
    half.write_bytes(b"0")
    with pytest.raises(
        ModelError, match=r"x\.safetensors\.part is half a download; download it to"
    ):
        weights.load(tiny_model, tiny_project, weights=half, device="cpu")
    with pytest.raises(ModelError, match=r"no model_index\.json; give a diffusers folder"):
        around = replace(tiny_model, location="sources", required=False)
        weights.load(around, tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"model_index\.json is no \.safetensors file; give one$"):
        index = tiny_project / tiny_model.location / "model_index.json"
        weights.load(tiny_model, tiny_project, weights=index, device="cpu")
    with pytest.raises(ModelError, match="its weights are one file; give it with --weights FILE"):
        weights.load(replace(tiny_model, kind="file"), tiny_project, device="cpu")


@pytest.mark.parametrize("inside", ["tiny", "snapshots/0123abc"])
def test_a_folder_around_the_right_one_names_it(tiny_folder, tiny_model, tmp_path, inside):
    """As people give what they cloned into, or the hub's cache."""
    shutil.copytree(tiny_folder, tmp_path / "around" / inside)
    with pytest.raises(ModelError, match=rf"index\.json; give the folder in it: {inside}$"):
        weights.load(tiny_model, tmp_path, weights=tmp_path / "around", device="cpu")


def test_a_folder_of_many_files_names_a_few(tiny_model, tmp_path):
    for number in range(8):
        (tmp_path / f"{number}.safetensors").write_bytes(b"")
    names = ", ".join(f"{number}.safetensors" for number in range(5))
    with pytest.raises(ModelError, match=f"give a file in it: {names} and 3 more$"):
        weights.load(tiny_model, tmp_path, weights=tmp_path, device="cpu")


def test_a_variant_beside_the_weights_is_another_matter(tiny_folder, tmp_path):
    """Caches differ in the variants that they hold; what is loaded, and so the pin, does not."""
    shutil.copytree(tiny_folder, tmp_path / "tiny")
    (tmp_path / "tiny" / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"other")
    assert weights.revision_of(tmp_path / "tiny") == weights.revision_of(tiny_folder)


def test_a_hub_model_loads_from_the_local_cache(tmp_path, tiny_model, tiny_folder, monkeypatch):
    """The cache as older clients of the hub lay it out."""
    snapshot(tmp_path, tiny_folder, monkeypatch)
    hub = replace(tiny_model, kind="hub", location="somebody/tiny")
    pipe = weights.load(hub, tmp_path, device="cpu")
    assert type(pipe).__name__ == "StableDiffusionPipeline"


def test_a_partial_snapshot_loads_if_what_is_needed_is_there(
    tmp_path, tiny_model, tiny_folder, monkeypatch
):
    """Today's client keeps the repository's list of files beside a snapshot with some of them."""
    kept = snapshot(tmp_path, tiny_folder, monkeypatch)
    listed = ("README.md", "safety_checker/model.safetensors", "unet/diffusion_pytorch_model.bin")
    list_files(kept, *listed)
    hub = replace(tiny_model, kind="hub", location="somebody/tiny")
    assert weights.load(hub, tmp_path, device="cpu").unet.dtype == torch.float32


def test_a_snapshot_of_configs_alone_is_said(tmp_path, tiny_model, tiny_folder, monkeypatch):
    kept = snapshot(tmp_path, tiny_folder, monkeypatch)
    for path in sorted((kept / "snapshots").rglob("*.safetensors")):
        path.unlink()
    list_files(kept, "unet/diffusion_pytorch_model.safetensors")
    hub = replace(tiny_model, kind="hub", location="somebody/tiny", revision=None)
    with pytest.raises(ModelError, match=r"/text_encoder/model\.safetensors is missing; down"):
        weights.load(hub, tmp_path, device="cpu")


def snapshot(cache: Path, folder: Path, monkeypatch) -> Path:
    """A folder in a hub cache of its own."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    kept = cache / "models--somebody--tiny"
    shutil.copytree(folder, kept / "snapshots" / COMMIT)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(COMMIT)
    return kept


def list_files(kept: Path, *missing: str) -> None:
    inside = kept / "snapshots" / COMMIT
    held = [p.relative_to(inside).as_posix() for p in inside.rglob("*") if p.is_file()]
    files = {name: {"size": 1, "blob_id": "0" * 40} for name in (*held, *missing)}
    (kept / "trees").mkdir()
    listed = json.dumps({"format_version": 1, "files": files})
    (kept / "trees" / f"{COMMIT}.json").write_text(listed)


def test_a_hub_model_is_only_looked_up_in_the_local_cache(tmp_path, tiny_model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    hub = replace(tiny_model, kind="hub", location="nobody/nothing")
    with pytest.raises(ModelError, match=r"local hub cache; .* `hf download nobody/nothing`, or"):
        weights.load(hub, tmp_path, device="cpu")


@pytest.mark.parametrize("name", ["a b", "/here", "a/b/c"])
def test_a_name_that_the_hub_cannot_have_is_said(tmp_path, tiny_model, name):
    hub = replace(tiny_model, kind="hub", location=name)
    with pytest.raises(ModelError, match=rf"tiny > where > hub: '{name}' is no name of the hub's"):
        weights.load(hub, tmp_path, device="cpu")


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
