"""What this machine has for captures: versions, device, memory, disk, and whether models load."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from gen.capture import vocabulary, words
from gen.capture.batch import to_make
from gen.capture.making import Job
from gen.capture.places import place
from gen.capture.plan import plan
from gen.capture.weights import PipeOf
from gen.core import shapes
from gen.core.errors import BuildError, ModelError
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from transformers import CLIPTokenizer

GIGA = 1e9
LIBRARIES = ("torch", "diffusers", "transformers", "accelerate")


def machine(root: Path) -> Iterator[str]:
    """Versions, devices, memory and free disk, a line each."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield f"versions: python {platform.python_version()}, {versions}"
    yield f"cpu: {torch.get_num_threads()} threads{_memory()}"
    for number in range(torch.cuda.device_count()):
        free, whole = torch.cuda.mem_get_info(number)
        name = torch.cuda.get_device_name(number)
        yield f"cuda:{number}: {name}, {free / GIGA:.0f} of {whole / GIGA:.0f} GB free"
    if torch.backends.mps.is_available():
        yield "mps: there; taken with --device mps"
    elif not torch.cuda.device_count():
        yield f"gpu: none that torch sees{built()}"
    yield f"disk: {shutil.disk_usage(root).free / GIGA:.0f} GB free for docs/captures"


def models(
    root: Path,
    models: Sequence[Model],
    prompts: Sequence[Prompt],
    pipe_of: PipeOf,
    weights: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
    given: bool = False,
) -> Iterator[str]:
    """Where each model's weights lie, whether they load, its prompts, what is to be made of them.

    Tells when it measures a step. What stands in the way of a model that need not be there is a
    line; raises ModelError at the end with what stands in the way of a required one, or of one
    whose weights or VAE were `given`.
    """
    wrong = []
    for model in models:
        jobs = [(prompt, model) for prompt in prompts if prompt.model == model.id]
        try:
            yield from _loads(root, model, pipe_of, weights)
            yield _prompts(model, [prompt for prompt, _ in jobs], pipe_of(model).tokenizer)
            yield f"{model.id}: {plan(root, jobs, pipe_of, tell=tell).text}"
        except BuildError as error:
            yield from _unloaded(root, model, [prompt for prompt, _ in jobs])
            if model.required or given:
                wrong.append(str(error))
            else:
                yield str(error)
    if wrong:
        raise ModelError("\n".join(wrong))


def loading(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    weights: Path | None,
    force: bool,
    tell: Callable[[str], None],
) -> list[Job]:
    """What is to be made, or all with `force`; tells of each of its models: where, whether.

    Raises ModelError of the first that does not load.
    """
    unpinned = [(prompt, model) for prompt, model in jobs if model.revision is None]
    todo = unpinned or to_make(root, jobs, pipe_of, force)
    for model in {model.id: model for _, model in todo}.values():
        for line in _loads(root, model, pipe_of, weights):
            tell(line)
    return todo


def _loads(root: Path, model: Model, pipe_of: PipeOf, weights: Path | None) -> Iterator[str]:
    yield f"{model.id}: weights in {place(model, root, weights)}"
    pipe_of(model)
    yield f"{model.id}: loads, as pinned"


def _unloaded(root: Path, model: Model, prompts: Sequence[Prompt]) -> Iterator[str]:
    """How long the prompts are of a model that does not load, where its vocabulary is known."""
    if model.shape is not None:
        try:
            tokenizer = vocabulary.tokenizer(shapes.folder(root, model.shape))
            yield _prompts(model, prompts, tokenizer)
        except ModelError as error:
            yield str(error)


def _prompts(model: Model, prompts: Sequence[Prompt], tokenizer: CLIPTokenizer) -> str:
    """How many tokens the longest text has, negative ones too."""
    texts = {text for prompt in prompts for text in (prompt.text, prompt.negative)}
    longest = max((len(words.tokens(tokenizer, text)) for text in texts), default=0)
    room = tokenizer.model_max_length
    return f"{model.id}: {len(prompts)} prompts, the longest of {longest} of {room} tokens"


def built() -> str:
    """Why torch sees no GPU where one may be there: it is built without."""
    if torch.version.cuda or torch.version.hip:
        return ""
    return "; this torch is built for the CPU alone: for a GPU, install one that is built for it"


def _memory() -> str:
    """The memory that is there and free, where the system tells."""
    if "SC_AVPHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return ""
    page = os.sysconf("SC_PAGE_SIZE") / GIGA
    free, whole = (os.sysconf(f"SC_{kind}_PAGES") * page for kind in ("AVPHYS", "PHYS"))
    return f", {free:.0f} of {whole:.0f} GB free"
