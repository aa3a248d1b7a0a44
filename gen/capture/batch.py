"""Many prompts -> captures in the store: what is there whole stays, each is put there once made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import torch

from gen.capture import words
from gen.capture.devices import enough_memory
from gen.capture.events import CaptureEvent, Tell
from gen.capture.latent_colours import latent_colours
from gen.capture.making import Job, fresh, in_groups, make
from gen.capture.processes import Processes
from gen.capture.unfit import refuse_unfit, refuse_unfit_own
from gen.capture.weights import PipeOf
from gen.core import digests, store
from gen.core.errors import BrokenRecord, MissingRecord
from gen.core.sources import Model


def capture_all(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Tell,
    *,
    force: bool = False,
    prompts: int | None = None,
    todo: Sequence[Job] | None = None,
) -> tuple[str, ...]:
    """Makes every capture that is not kept yet, or every one with `force`; returns their keys.

    Each is kept as soon as it is made, so a run that was stopped goes on where it was. Launched
    by accelerate or torchrun, one process looks for all, each makes its share and then what others
    have not come to. All prompts are checked before the first is made. `prompts` go through a
    pipeline at once, or as many as fit. `todo` are the stale ones of the jobs, where that is
    known. Raises BadInput, ModelError or StoreError.
    """
    processes = Processes()

    def prepared() -> tuple[Sequence[Job], dict[str, digests.Noted]]:
        stale_ones = to_make(root, jobs, pipe_of, force) if todo is None else todo
        _prepare(root, jobs, stale_ones, pipe_of, report)
        return stale_ones, digests.known()

    listed, noted = processes.once(prepared)
    digests.learn(noted)
    mine, others = processes.share(listed)
    left = () if force else (job for job in others if not _stored(root, job))
    return make(root, chain(in_groups(mine), left), pipe_of, report, force, prompts)


def _prepare(
    root: Path, jobs: Sequence[Job], todo: Sequence[Job], pipe_of: PipeOf, report: Tell
) -> None:
    """What one process does for all: says what is fresh, checks prompts, fits latent colours."""
    keys = {prompt.pinned_key(model) for prompt, model in todo}
    for prompt, model in jobs:
        if prompt.pinned_key(model) not in keys:
            report(CaptureEvent(prompt.id, "fresh"))
    store.clean(root)
    models = {model.id: model for _, model in jobs}.values()
    to_fit = [model for model in models if not _has_colours(root, model)]
    if to_fit:
        store.colours.refuse_unwritable(root)
    _check(root, todo, pipe_of, report)
    for model in to_fit:
        refuse_unfit_own(pipe_of(model), model)
    for model in to_fit:
        _fit(root, model, pipe_of, report)


def _stored(root: Path, job: Job) -> bool:
    """Whether another process has put a capture in its place since the list was made."""
    prompt, model = job
    return store.captures.path(root, prompt.pinned_key(model)).is_file()


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
    return [job for key, job in keyed.items() if force or not fresh(root, key)]


def to_make(root: Path, jobs: Sequence[Job], pipe_of: PipeOf, force: bool) -> list[Job]:
    """The stale jobs, where what comes of them can be kept: nothing is loaded or made before.

    Raises ModelError as `stale` does, and StoreError.
    """
    todo = stale(root, jobs, pipe_of, force)
    if todo:
        store.captures.refuse_unwritable(root)
    return todo


def _check(root: Path, jobs: Sequence[Job], pipe_of: PipeOf, report: Tell) -> None:
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


def _has_colours(root: Path, model: Model) -> bool:
    """Whether a model's latent colours are kept whole."""
    try:
        store.read_colours(root, model)
    except (MissingRecord, BrokenRecord):
        return False
    return True


def _fit(root: Path, model: Model, pipe_of: PipeOf, report: Tell) -> None:
    """Fits a model's latent colours and keeps them."""
    with store.hold(root, store.model_id(store.model_key(model))), enough_memory():
        store.write_colours(root, latent_colours(pipe_of(model), model, report))
