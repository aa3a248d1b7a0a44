"""Many prompts -> captures in the store: what is there whole stays, each is put there once made."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from accelerate import PartialState

from gen.capture import words
from gen.capture.devices import enough_memory, formats
from gen.capture.events import CaptureEvent, Tell
from gen.capture.latent_colours import latent_colours
from gen.capture.one import capture, refuse_unfit
from gen.capture.weights import PipeOf
from gen.core import store
from gen.core.errors import BrokenRecord, MissingRecord
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

Job = tuple[Prompt, Model]


def capture_all(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Tell,
    *,
    force: bool = False,
    threads: int | None = None,
) -> tuple[str, ...]:
    """Makes every capture that is not kept yet, or every one with `force`; returns their keys.

    Each is kept as soon as it is made, so a run that was stopped goes on where it was. Launched
    by accelerate or torchrun, each process makes its share. All prompts are checked before the
    first is made. Raises BadInput, ModelError or StoreError.
    """
    todo = stale(root, jobs, pipe_of, force)
    keys = {prompt.pinned_key(model) for prompt, model in todo}
    for prompt, model in jobs:
        if prompt.pinned_key(model) not in keys:
            report(CaptureEvent(prompt.id, "fresh"))
    processes = PartialState(cpu=not torch.cuda.is_available())
    set_threads(threads)
    with processes.main_process_first():  # it fits the colours and cleans up; the others read
        store.clean(root)
        _check(root, todo, pipe_of, report)
        for model in {model.id: model for _, model in jobs}.values():
            _colours(root, model, pipe_of, report)
    with processes.split_between_processes(todo) as mine:
        return tuple(_keep(root, p, model, pipe_of, report, force) for p, model in mine)


def set_threads(threads: int | None) -> None:
    if threads is not None:
        torch.set_num_threads(threads)


def stale(root: Path, jobs: Sequence[Job], pipe_of: PipeOf, force: bool) -> list[Job]:
    """The jobs to do, each key once: what is not kept whole, in the order given.

    Raises ModelError for a model that is not pinned, with the line that pins it.
    """
    for model in {model.id: model for _, model in jobs}.values():
        if model.revision is None:
            pipe_of(model)  # refuses, and says which line pins it
    keyed: dict[str, Job] = {}
    for prompt, model in jobs:
        keyed.setdefault(prompt.pinned_key(model), (prompt, model))
    return [job for key, job in keyed.items() if force or not _fresh(root, key)]


def _fresh(root: Path, key: str) -> bool:
    """Whether a capture is kept and whole; a broken one is made again."""
    try:
        store.read(root, key)
    except (MissingRecord, BrokenRecord):
        return False
    return True


def _check(root: Path, jobs: list[Job], pipe_of: PipeOf, report: Tell) -> None:
    """Stops before hours of work at a prompt that cannot be made; warns of what may surprise."""
    for prompt, model in jobs:
        pipe = pipe_of(model)
        refuse_unfit(pipe, prompt)
        tokens = words.tokens(pipe.tokenizer, prompt.text)
        unknown = words.words_unknown(root / model.location, tokens)
        if unknown:
            named = f"{prompt.id}: {model.title} never saw {', '.join(unknown)}"
            message = f"{named}; expect anything, or use the words of {model.location}/words.txt"
            report(CaptureEvent(prompt.id, "warning", message=message))


def _colours(root: Path, model: Model, pipe_of: PipeOf, report: Tell) -> None:
    """Fits a model's latent colours, unless they are kept."""
    try:
        store.read_colours(root, model)
    except (MissingRecord, BrokenRecord):
        with store.hold(root, store.model_id(store.model_key(model))), enough_memory():
            store.write_colours(root, latent_colours(pipe_of(model), model, report))


def _keep(
    root: Path, prompt: Prompt, model: Model, pipe_of: PipeOf, report: Tell, force: bool
) -> str:
    """Makes one capture and keeps it, alone at it; another process may have been quicker."""
    key = prompt.pinned_key(model)
    with store.hold(root, key):
        if force or not _fresh(root, key):
            began = time.perf_counter()
            pipe, colours = pipe_of(model), store.read_colours(root, model)
            with enough_memory():
                record, files = capture(pipe, prompt, model, colours, report)
            store.write(root, record, files, _made(pipe, time.perf_counter() - began))
    report(CaptureEvent(prompt.id, "made", message=f"{prompt.id}: captured as {key}"))
    return key


def _made(pipe: StableDiffusionPipeline, seconds: float) -> dict[str, object]:
    """When and on what: no name of a machine, no path."""
    gpu = pipe.device.type == "cuda"
    libraries = ("torch", "diffusers", "transformers")
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name(pipe.device) if gpu else pipe.device.type,
        "dtype": formats(pipe),
        "threads": torch.get_num_threads(),
        "seconds": round(seconds, 1),
        "versions": {"python": platform.python_version(), **{n: version(n) for n in libraries}},
    }
