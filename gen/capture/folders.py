"""A diffusers folder: whether it is Stable Diffusion 1.5 and whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import diffusers
import transformers

from gen.capture import headers, kinds, layouts, word_files
from gen.capture.headers import Shapes
from gen.core import split_weights
from gen.core.errors import ModelError, TooMuch
from gen.core.loaded import INDEX, PICKLED, STEMS, variant

NESTED = (f"[!.]*/{INDEX}", f"snapshots/[!.]*/{INDEX}")  # the latter in the hub's cache
FEW = 5  # names in a message
PARTS = {  # of what is loaded, the classes and the config
    "scheduler": ((), "scheduler_config.json"),
    "text_encoder": (("CLIPTextModel",), "config.json"),
    "tokenizer": (("CLIPTokenizer", "CLIPTokenizerFast"), "tokenizer_config.json"),
    "unet": (("UNet2DConditionModel",), "config.json"),
    "vae": (("AutoencoderKL",), "config.json"),
}
FACTOR = 0.18215  # of a VAE whose config does not say it
LIBRARIES = {"diffusers": diffusers, "transformers": transformers}
PIPELINES = {  # what others are, in words
    "StableDiffusionXLPipeline": "Stable Diffusion XL",
    "StableDiffusionInpaintPipeline": "an inpainting model",
    "StableDiffusion3Pipeline": "Stable Diffusion 3",
    "FluxPipeline": "Flux",
}


def inside(path: Path) -> str:
    """The next move at a folder that is no pipeline's: what lies in it may be what was meant."""
    whole = (place.parent for pattern in NESTED for place in path.glob(pattern))
    names = sorted(place.relative_to(path).as_posix() for place in whole)
    if names:
        return f"give the folder in it: {_few(names)}"
    names = sorted(file.name for file in path.glob("[!.]*.safetensors"))
    return f"give a file in it: {_few(names)}" if names else "give a diffusers folder"


def _few(names: list[str]) -> str:
    """Names in a line, however many there are."""
    more = f" and {len(names) - FEW:,} more" if names[FEW:] else ""
    return ", ".join(names[:FEW]) + more


def refuse_unfit(id: str, path: Path) -> None:
    """Stops at a folder that is another model, or lacks what loading needs. Raises ModelError."""
    index = _json(id, path, INDEX)
    _refuse_other_pipelines(id, path, index)
    for part, (classes, config) in PARTS.items():
        if not _named(index.get(part)):
            raise ModelError(f"{id}: {path.name}/{INDEX} names no {part}; give a whole folder")
        if classes and index[part][-1] not in classes:
            what = f"{part} is a {index[part][-1]}, not a {classes[0]}"
            raise ModelError(f"{id}: {path.name}: its {what}; {kinds.WHOLE}")
        if part != "tokenizer":
            _json(id, path, f"{part}/{config}")
    encoder = _config(id, path, "text_encoder")
    word_files.refuse_unfit(f"{id}: {path.name}/tokenizer", path / "tokenizer", encoder)
    _refuse_other_settings(id, path)
    for part in STEMS:
        name, shapes = f"{id}: {path.name}/{part}", _shapes(id, path, part)
        kinds.refuse_channels(name, shapes)
        layouts.refuse_unlike(name, part, shapes, path)


def _refuse_other_pipelines(id: str, path: Path, index: dict[str, Any]) -> None:
    kind = index.get("_class_name")
    if kind != "StableDiffusionPipeline":
        what = PIPELINES.get(str(kind), f"a {kind}")
        raise ModelError(f"{id}: {path.name} is {what}; {kinds.WHOLE}")


def _named(part: object) -> bool:
    """Whether an index names a part as one of the two libraries has it: no other is imported."""
    return (
        isinstance(part, list)
        and len(part) == 2
        and part[0] in LIBRARIES
        and hasattr(LIBRARIES[part[0]], str(part[1]))
    )


def _refuse_other_settings(id: str, path: Path) -> None:
    """Stops at what the loop of denoise.py would not run as diffusers does."""
    scheduler = _json(id, path, "scheduler/scheduler_config.json")
    predicts = scheduler.get("prediction_type", "epsilon")
    unet, vae, text = (_config(id, path, part) for part in ("unet", "vae", "text_encoder"))
    if unet.get("time_cond_proj_dim") is not None:
        raise ModelError(f"{id}: {path.name} is {kinds.DISTILLED}; {kinds.WHOLE}")
    if predicts != "epsilon":
        raise ModelError(
            f"{id}: a model that predicts {predicts} cannot be captured; give one in the shape of "
            "Stable Diffusion 1.5"
        )
    _refuse_other_noise(f"{id}: {path.name}/scheduler/scheduler_config.json", scheduler)
    factor = vae.get("scaling_factor", FACTOR)
    if not isinstance(factor, int | float) or not factor > 0:
        raise ModelError(
            f"{id}: {path.name}/vae/config.json: scaling_factor is {factor!r}, no number above 0; "
            "download it again"
        )
    width, taken = text.get("hidden_size"), unet.get("cross_attention_dim")
    if width != taken or width == kinds.SECOND:
        what = (
            "Stable Diffusion 2" if kinds.SECOND in (width, taken) else "of parts that do not fit"
        )
        widths = f"words have {width} values, its U-Net takes {taken}"
        raise ModelError(f"{id}: {path.name} is {what}: its {widths}; {kinds.WHOLE}")


def _config(id: str, path: Path, part: str) -> dict[str, Any]:
    """A network's config, of one that is as it was trained."""
    config = _json(id, path, f"{part}/config.json")
    if config.get("quantization_config"):
        raise ModelError(
            f"{id}: {path.name}/{part}/config.json: its {part} is quantized; give one in float16 "
            "or float32"
        )
    return config


def _refuse_other_noise(name: str, scheduler: dict[str, Any]) -> None:
    """Stops at a scheduler's config without the noise schedule of Stable Diffusion 1.5's kind.

    Diffusers would take one of its own in place of what is not there, in silence.
    """
    if "beta_schedule" not in scheduler:
        kind = scheduler.get("_class_name")
        raise ModelError(f"{name} has no beta_schedule, as of a {kind}; {kinds.WHOLE}")
    try:
        schedule = diffusers.DDIMScheduler.from_config(scheduler)
        schedule.set_timesteps(1)
        schedule.alphas_cumprod[schedule.timesteps]
    except (TypeError, ValueError, NotImplementedError, LookupError, ArithmeticError, RuntimeError):
        raise ModelError(f"{name} describes no noise schedule; download it again") from None


def _shapes(id: str, path: Path, part: str) -> Shapes:
    """Names and shapes of a network's tensors, over all its shards."""
    shapes: Shapes = {}
    for file in _weights(id, path, part):
        shapes |= headers.shapes(file, f"{id}: {path.name}/{part}/{file.name}")
    return shapes


def _weights(id: str, path: Path, part: str) -> Iterator[Path]:
    """The files of a network's weights that are loaded, each there."""
    folder, stem, chosen = path / part, STEMS[part], variant(path)
    for end in (f".{chosen}", "") if chosen else ("",):
        whole, index = folder / f"{stem}{end}.safetensors", f"{stem}.safetensors.index{end}.json"
        if whole.is_file() and (folder / index).is_file():
            what = f"both {whole.name} and {index}, and libraries differ in which they read"
            raise TooMuch(f"{id}: {path.name}/{part} has {what}; remove one of them")
        if whole.is_file():
            yield whole
            return
        if (folder / index).is_file():
            for name in _shards(id, path, f"{part}/{index}"):
                if not (folder / name).is_file():
                    raise _missing(id, path, f"{part}/{name}")
                yield folder / name
            return
    pickled = sorted(p.name for p in folder.iterdir() if p.suffix in PICKLED)
    if pickled:
        what = f"{part}/{pickled[0]} is pickled and never opened"
        raise ModelError(f"{id}: {what}; give a folder with .safetensors")
    raise _missing(id, path, f"{part}/{stem}.safetensors")


def _shards(id: str, path: Path, name: str) -> list[str]:
    """The files that an index of shards names, each beside it."""
    index = _json(id, path, name)
    names = split_weights.named(index)
    if names is None or not isinstance(index.get("metadata"), dict):
        what = f"{name} is no index of files beside it, as shards have"
        raise ModelError(f"{id}: {path.name}/{what}; download it again")
    return names


def _json(id: str, path: Path, name: str) -> dict[str, Any]:
    """A JSON object of the folder."""
    try:
        value = json.loads((path / name).read_bytes())
    except OSError:
        raise _missing(id, path, name) from None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ModelError(f"{id}: {path.name}/{name} is no JSON object; download it again")
    return value


def _missing(id: str, path: Path, name: str) -> ModelError:
    return ModelError(f"{id}: {path.name}/{name} is missing; download it, or give another folder")
