"""A model folder, hub id or file -> a pipeline; a prompt -> denoising steps. Writes no file."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import diffusers
import torch
import transformers
from diffusers.utils.torch_utils import randn_tensor
from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from torch import Tensor

from gen.core.errors import BadInput, ModelError
from gen.core.records import END, START, Model, Prompt, Token, canonical, digest

if TYPE_CHECKING:  # diffusers loads its pipelines on first use, and then warns of what it lacks
    from diffusers import SchedulerMixin, StableDiffusionPipeline
    from transformers import CLIPTokenizer

PICKLED = (".ckpt", ".bin", ".pt", ".pth", ".pkl")  # opening one can run what is inside it


# Loading


def load(
    model: Model,
    root: Path,
    weights: Path | None = None,
    device: str | None = None,
    dtype: torch.dtype | None = None,
    shape: Model | None = None,
) -> StableDiffusionPipeline:
    """A pipeline whose weights are those that models.yml pins; nothing is fetched, nothing run.

    Looks in `weights` if given, else where the model says. `shape` is the model that the location
    of a single file names. Without `device`: CUDA in half precision, else the CPU in single.
    Raises ModelError for weights that are absent, pickled, not pinned or not as pinned, and
    BadInput for a device that is not there.
    """
    device = _device(device)
    dtype = dtype or (torch.float16 if device.startswith("cuda") else torch.float32)
    path = weights or _place(model, root)
    _refuse_pickles(model, path)
    _refuse_others(model, path)
    _quiet()
    pipe = _open(model, path, root, shape, dtype)
    _refuse_unlike(model, pipe)
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device)


def revision_of(path: Path) -> str:
    """The sha256 of one weights file, or of a pipeline folder: of all that loading it may read.

    For a folder it is the hash of {relative path: sha256} of model_index.json and of every file in
    its components' folders, except pickles and variants, which are never opened.
    """
    if path.is_file():
        return _sha256(path)
    return digest(canonical({str(p.relative_to(path)): _sha256(p) for p in _files(path)}))


def _device(device: str | None) -> str:
    """The device that was asked for, if this machine has it."""
    if device is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise BadInput(f"--device {device}: torch sees no such device here; use --device cpu")
    return device


def _place(model: Model, root: Path) -> Path:
    """Where a model's weights lie on this machine."""
    if model.kind == "file":
        raise ModelError(f"{model.id}: its weights are one file; give it with --weights FILE")
    return root / model.location if model.kind == "folder" else _cached(model)


def _cached(model: Model) -> Path:
    """The snapshot of a hub model in the local cache."""
    try:
        return Path(snapshot_download(model.location, local_files_only=True))
    except LocalEntryNotFoundError:
        raise ModelError(
            f"{model.id}: {model.location} is not in the local hub cache; download it there with "
            "the hub's own client, or give a folder with --weights FOLDER"
        ) from None


def _refuse_pickles(model: Model, path: Path) -> None:
    """Stops at weights that cannot be read without trusting them, or that are not there."""
    if path.suffix in PICKLED:
        raise ModelError(f"{model.id}: {path.name} is pickled and never opened; give .safetensors")
    if not path.exists():
        raise ModelError(f"{model.id}: {path} is not there; make it, or give --weights PATH")
    if path.is_file() and path.suffix != ".safetensors":
        raise ModelError(f"{model.id}: {path.name} holds no weights; give a .safetensors file")
    if path.is_dir() and not (path / "model_index.json").is_file():
        raise ModelError(f"{model.id}: {path} has no model_index.json; give a diffusers folder")
    for part in _components(path) if path.is_dir() else ():
        pickled = sorted(p.name for p in part.iterdir() if p.suffix in PICKLED)
        if pickled and not list(part.glob("*.safetensors")):
            raise ModelError(
                f"{model.id}: {part.name}/{pickled[0]} is pickled and never opened; "
                "give a folder with .safetensors"
            )


def _refuse_others(model: Model, path: Path) -> None:
    """Stops at weights other than the pinned ones."""
    found = revision_of(path)
    if model.revision != found:
        pinned = f"pinned to {model.revision}" if model.revision else "not pinned"
        raise ModelError(
            f"sources/models.yml: {model.id} is {pinned}; if {path.name} is what you mean, "
            f"paste this line there: `revision: {found}`"
        )


def _refuse_unlike(model: Model, pipe: StableDiffusionPipeline) -> None:
    """Stops at a pipeline that the loop below would not run as diffusers does."""
    predicts = pipe.scheduler.config.prediction_type
    if predicts != "epsilon" or pipe.unet.config.time_cond_proj_dim is not None:
        raise ModelError(
            f"{model.id}: a model that predicts {predicts} cannot be captured; give one in the "
            "shape of Stable Diffusion 1.5"
        )


def _open(
    model: Model, path: Path, root: Path, shape: Model | None, dtype: torch.dtype
) -> StableDiffusionPipeline:
    """Opens a folder, or one file in the shape of another model's folder."""
    if path.is_dir():
        return diffusers.StableDiffusionPipeline.from_pretrained(
            path, dtype=dtype, use_safetensors=True, local_files_only=True
        )
    return diffusers.StableDiffusionPipeline.from_single_file(
        str(path), config=str(_place(shape or model, root)), dtype=dtype, local_files_only=True
    )


def _quiet() -> None:
    """Leaves progress and warnings to us."""
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()


def _components(path: Path) -> list[Path]:
    """The folders that model_index.json names."""
    index = json.loads((path / "model_index.json").read_bytes())
    return [path / name for name in sorted(index) if (path / name).is_dir()]


def _files(path: Path) -> list[Path]:
    """Every file of a pipeline folder that loading may read."""
    inside = [p for part in _components(path) for p in sorted(part.rglob("*")) if p.is_file()]
    return [path / "model_index.json", *(p for p in inside if not _passed_over(p))]


def _passed_over(path: Path) -> bool:
    """Whether loading leaves it alone: a pickle, or a variant such as model.fp16.safetensors."""
    return path.suffix in PICKLED or (path.suffix == ".safetensors" and "." in path.stem)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Words


def tokens(tokenizer: CLIPTokenizer, text: str) -> tuple[Token, ...]:
    """A text as the tokenizer splits it, start and end tokens included, however long it is."""
    split = tokenizer(text, verbose=False, return_offsets_mapping=True)
    pieces = tokenizer.convert_ids_to_tokens(split.input_ids)
    words = (START, *_words(text, split.word_ids()[1:-1], split.offset_mapping[1:-1]), END)
    return tuple(map(Token, pieces, words, range(len(pieces))))


def words_cut(tokenizer: CLIPTokenizer, text: str) -> tuple[str, ...]:
    """The words that fall off the end: the text encoder reads 77 tokens, the last of them END."""
    room = tokenizer.model_max_length - 1
    cut = (token.word for token in tokens(tokenizer, text)[room:] if token.word != END)
    return tuple(dict.fromkeys(cut))


def words_unknown(folder: Path, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """The words that a model never saw, by the list in its folder; none if there is no list.

    A tokenizer splits any word into pieces, so a model trained on few words takes a new one without
    complaint and draws anything. Such a model's folder has a words.txt, one word to a line.
    """
    listed = folder / "words.txt"
    if not listed.is_file():
        return ()
    known = set(listed.read_text(encoding="utf-8").split()) | {START, END}
    words = dict.fromkeys(_bare(token.word) for token in tokens if is_word(token.word))
    return tuple(word for word in words if word.lower() not in known)


def is_word(word: str) -> bool:
    """Whether it has a letter or a digit: a comma is a token, but no word."""
    return re.search(r"[^\W_]", _bare(word)) is not None


def _bare(word: str) -> str:
    """A word without the number that tells it from its like: "red (2)" -> "red"."""
    return word.partition(" ")[0]


def _words(text: str, owners: list[int], spans: list[tuple[int, int]]) -> list[str]:
    """For each piece the word of the text that it is in; a word met before gets a number."""
    whole: dict[int, tuple[int, int]] = {}
    for owner, (start, end) in zip(owners, spans, strict=True):
        whole[owner] = (whole.get(owner, (start, end))[0], end)
    met: Counter[str] = Counter()
    named = {}
    for owner, (start, end) in whole.items():
        word = text[start:end].strip()
        met[word] += 1
        named[owner] = word if met[word] == 1 else f"{word} ({met[word]})"
    return [named[owner] for owner in owners]


# Denoising


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


@torch.no_grad()
def denoise(pipe: StableDiffusionPipeline, prompt: Prompt) -> Iterator[Moment]:
    """The pipeline's own loop, step by step; the last latents equal its call's, bit for bit.

    Schedulers differ in how often they ask the model (PNDM once more than there are steps, Heun
    twice a step): one moment for each time. The noise comes from a CPU generator on any device.
    """
    scheduler = _scheduler(pipe, prompt)
    generator = torch.Generator("cpu").manual_seed(prompt.seed)
    embeds, guided = _encode(pipe, prompt)
    extra = _extra(scheduler, generator)
    x = _start(pipe, prompt, embeds.dtype, generator) * scheduler.init_noise_sigma
    for index, t in enumerate(scheduler.timesteps):
        seen = scheduler.scale_model_input(x, t)
        batch = torch.cat([seen] * 2) if guided else seen
        eps = pipe.unet(batch, t, encoder_hidden_states=embeds, return_dict=False)[0]
        effect = None
        if guided:
            eps_uncond, eps_text = eps.chunk(2)
            effect = eps_text - eps_uncond
            eps = eps_uncond + prompt.guidance_scale * effect
        x = scheduler.step(eps, t, x, **extra, return_dict=False)[0]
        a = _alpha_bar(scheduler, t)
        clean = (seen - (1 - a) ** 0.5 * eps) / a**0.5
        yield Moment(index, float(t), float(((1 - a) / a) ** 0.5), seen, x, eps, effect, clean)


@torch.no_grad()
def decode(pipe: StableDiffusionPipeline, latents: Tensor) -> Tensor:
    """The picture of some latents, as the pipeline makes it: (1, 3, height, width), 0 to 1."""
    scaled = latents.to(pipe.vae.dtype) / pipe.vae.config.scaling_factor
    image = pipe.vae.decode(scaled, return_dict=False)[0]
    return pipe.image_processor.postprocess(image, output_type="pt")


def _scheduler(pipe: StableDiffusionPipeline, prompt: Prompt) -> SchedulerMixin:
    """A new scheduler of the prompt's class with the model's own noise schedule."""
    scheduler = getattr(diffusers, prompt.scheduler).from_config(pipe.scheduler.config)
    scheduler.set_timesteps(prompt.steps, device=pipe.device)
    return scheduler


def _encode(pipe: StableDiffusionPipeline, prompt: Prompt) -> tuple[Tensor, bool]:
    """The embeddings that the U-Net is given, and whether it is asked twice a step."""
    guided = prompt.guidance_scale > 1  # as diffusers: at 1 the unconditional half cancels
    text, uncond = pipe.encode_prompt(prompt.text, pipe.device, 1, guided, prompt.negative)
    return (torch.cat([uncond, text]), True) if guided else (text, False)


def _start(
    pipe: StableDiffusionPipeline, prompt: Prompt, dtype: torch.dtype, generator: torch.Generator
) -> Tensor:
    """Noise of unit variance, one value per latent channel and position."""
    height, width = (side // pipe.vae_scale_factor for side in (prompt.height, prompt.width))
    shape = (1, pipe.unet.config.in_channels, height, width)
    return randn_tensor(shape, generator=generator, device=pipe.device, dtype=dtype)


def _extra(scheduler: SchedulerMixin, generator: torch.Generator) -> dict[str, object]:
    """What a scheduler's step takes besides, as the pipeline's prepare_extra_step_kwargs."""
    takes = inspect.signature(scheduler.step).parameters
    offered = {"eta": 0.0, "generator": generator}
    return {name: value for name, value in offered.items() if name in takes}


def _alpha_bar(scheduler: SchedulerMixin, t: Tensor) -> Tensor:
    """How much of the latents' variance is picture, read where the step just taken read it."""
    if hasattr(scheduler, "sigmas"):  # step_index has moved on by one
        return 1 / (1 + scheduler.sigmas[scheduler.step_index - 1] ** 2)
    return scheduler.alphas_cumprod[int(t)]
