"""A tiny real pipeline, made on the spot: diffusers' own classes, random weights, no download."""

import os
import pwd
import shutil
import string
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gen.core.sources import LatentMap, Model, Prompt

WORDS = ("chrome", "gold", "red", "car", "studio", "sunset", "view")
NOBODY = 65534  # the user that owns nothing


def pytest_configure(config: pytest.Config) -> None:
    """One warning is diffusers' own: its schedulers hand tensors to numpy 2 in the old way."""
    old_way = "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    config.addinivalue_line("filterwarnings", old_way)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Files are shared out as `rooms` says."""
    from rooms import Rooms

    return Rooms(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def tiny_pipe():
    """A StableDiffusionPipeline of some 50,000 parameters that makes 64 x 48 pixels; one thread."""
    pytest.importorskip("torch", reason="needs the generate install")
    return tiny_pipeline()


def tiny_pipeline():
    """The same for whoever needs it: torch is left with one thread."""
    import diffusers
    import torch

    torch.set_num_threads(1)  # quicker than two at this size, and the same sums everywhere
    with torch.random.fork_rng():
        torch.manual_seed(0)
        pipe = diffusers.StableDiffusionPipeline(
            vae=_vae(diffusers),
            text_encoder=_text_encoder(),
            tokenizer=_tokenizer(),
            unet=_unet(diffusers),
            scheduler=_scheduler(diffusers),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    pipe.set_progress_bar_config(disable=True)
    return pipe


@pytest.fixture(scope="session")
def tiny_folder(tiny_pipe, tmp_path_factory) -> Path:
    """The same pipeline as a diffusers folder. Copy it before changing a file."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_pipe.save_pretrained(folder, safe_serialization=True)
    (folder / "words.txt").write_text("a\n" + "\n".join(WORDS))
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_folder) -> Model:
    """The record of that folder, pinned."""
    from gen.capture.weights import revision_of

    return Model(
        id="tiny",
        title="Tiny model",
        kind="folder",
        location="sources/models/tiny",
        revision=revision_of(tiny_folder),
        required=True,
        latent_map=LatentMap(("a red car",), 2),
    )


@pytest.fixture
def tiny_project(tiny_folder, tmp_path) -> Path:
    """A project root with the tiny model in its place and nothing captured."""
    shutil.copytree(tiny_folder, tmp_path / "sources" / "models" / "tiny")
    return tmp_path


@pytest.fixture(scope="session")
def tiny_prompt() -> Prompt:
    """What the tiny model is asked for unless a test says otherwise."""
    return Prompt(
        id="chrome-tiny",
        idea="chrome",
        text="a chrome car, studio",
        negative="gold",
        seed=3,
        steps=4,
        guidance_scale=7.5,
        width=64,
        height=48,
        scheduler="DDIMScheduler",
        model="tiny",
    )


@pytest.fixture
def locked_root() -> Iterator[Path]:
    """A project root whose docs/ may not be written, seen as an ordinary user sees it."""
    root = Path(tempfile.mkdtemp(dir="/tmp"))
    (root / "docs").mkdir()
    for folder in (root / "docs", root):
        folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # root may write anywhere
    yield root
    os.seteuid(user)
    root.chmod(0o755)
    shutil.rmtree(root)


@pytest.fixture
def homeless(monkeypatch) -> None:
    """A user of whom the system knows no home folder, and no cache."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # KeyError, as for a number without a name


def _vae(diffusers):
    return diffusers.AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    ).eval()


def _unet(diffusers):
    return diffusers.UNet2DConditionModel(
        sample_size=(6, 8),
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=2,
        norm_num_groups=4,
    ).eval()


def _scheduler(diffusers):
    """Stable Diffusion's own noise schedule."""
    return diffusers.DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def _text_encoder():
    from transformers import CLIPTextConfig, CLIPTextModel

    shape = CLIPTextConfig(
        vocab_size=len(_vocabulary()[0]),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=16,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    return CLIPTextModel(shape).eval()


def _tokenizer():
    """Byte-pair encoding that knows a few whole words and splits all others into letters."""
    from transformers import CLIPTokenizer

    vocabulary, merges = _vocabulary()
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)


def _vocabulary() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Letters, then each word grown letter by letter, as CLIP's vocabulary is laid out."""
    letters = string.ascii_lowercase + string.digits + ",-"
    known = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{x}</w>" for x in letters)]
    merges: dict[tuple[str, str], str] = {}
    for word in WORDS:
        left, *rest = [*word[:-1], f"{word[-1]}</w>"]
        for right in rest:
            merges[left, right] = left = left + right
    known += merges.values()
    return {piece: at for at, piece in enumerate(dict.fromkeys(known))}, list(merges)
