"""Whether what a run is told to begin with is what its checkpoint began with, or has written."""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from gen.core.errors import BadInput, ModelError
from gen.study.recipe.stages import AUTOENCODER, PIPELINE
from gen.study.training.checkpoint import CHECKPOINT, read_state
from gen.study.training.latents import encoder_digest

State = dict[str, Any]


def refuse_another(place: Path, start: Path, origin: State, record: State | None) -> None:
    """Raises BadInput where a stage's checkpoint and the folder of `--from` are of two trainings.

    `origin` is what a run that begins with the folder remembers of it, `record` what the folder
    says of this stage's training. The run would go on from its checkpoint without a word of the
    folder, and be saved over it.
    """
    path = place / CHECKPOINT
    if not path.exists():
        return
    state = read_state(path)
    if origin != state["origin"] and not _wrote(state, record or {}):
        raise BadInput(
            f"--from {start}: {path} neither began with it nor was saved as it; move {place} away "
            "to begin with the folder, or leave out --from to go on from the checkpoint"
        )


def _wrote(state: State, record: State) -> bool:
    """Whether a run, as its checkpoint has it now, was once what a record tells of its stage."""
    if "curve" in record:
        pasts = ((state[kind], record[kind]) for kind in ("curve", "scores"))
        return all(now[: len(then)] == then for now, then in pasts)
    if "seconds" not in record:
        return False
    then = record["step"], record["seconds"]  # all that a kept set of judges has
    points = [(point["step"], point["seconds"]) for point in state["curve"]]
    return then == (state["step"], state["seconds"]) or (then[0], round(then[1])) in points


def refuse_other_parts(place: Path, option: str, folder: Path) -> None:
    """Raises ModelError where what rests in a place is there and is not the folder's.

    The U-Net would learn one autoencoder's latents and be saved with another.
    """
    if (place / "vae").is_dir():
        here, there = (
            AutoencoderKL.from_pretrained(path / "vae", use_safetensors=True)
            for path in (place, folder)
        )
        if _latents_of(here) != _latents_of(there):
            raise _others(place / "vae", option, folder)
    if (place / "tokenizer").is_dir():
        words = [CLIPTokenizer.from_pretrained(path / "tokenizer") for path in (place, folder)]
        if words[0].get_vocab() != words[1].get_vocab():
            raise _others(place / "tokenizer", option, folder)


def _latents_of(vae: AutoencoderKL) -> tuple[str, float]:
    """What names them, in the precision of a saved pipeline, and their scale."""
    return encoder_digest(vae, torch.float16), vae.config.scaling_factor


def _others(part: Path, option: str, folder: Path) -> ModelError:
    return ModelError(
        f"{option} {folder}: {part} is of another training than its {part.name}; move "
        f"{part.parent} away"
    )


def check_saving(name: str, work: Path, start: Path | None) -> None:
    """Raises ModelError where, after a stage, no U-Net would be there to be saved with it."""
    if name == PIPELINE or (work / PIPELINE / CHECKPOINT).exists():
        return
    if start is None or name == AUTOENCODER:
        raise ModelError(
            f"--to: {work / PIPELINE / CHECKPOINT} is not there, so no pipeline can be saved after "
            f"{name}; run python -m gen study train {PIPELINE} first, or leave out --to"
        )
