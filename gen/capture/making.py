"""Jobs -> captures in the store: those alike together, encoded and written beside the device."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from gen.capture.circumstances import circumstances
from gen.capture.denoise import alike
from gen.capture.devices import enough_memory
from gen.capture.events import CaptureEvent, Tell, warning
from gen.capture.one import Seen, see
from gen.capture.room import Room, at_most, encoders, halved, room
from gen.capture.weights import PipeOf
from gen.core import store
from gen.core.checked import fresh
from gen.core.errors import InUse, TooLarge
from gen.core.records import LatentColours
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

Job = tuple[Prompt, Model]
BESIDE = 1  # groups that are encoded and written while the device is at the next


@dataclass(frozen=True)
class Group:
    """Captures that the device is done with; nobody else may make them until they are written."""

    jobs: Sequence[Job]
    held: ExitStack
    written: Sequence[Future[None]]


@dataclass(frozen=True)
class Hands:
    """Who works beside the device: those who encode, and one who writes what is encoded."""

    encoders: Executor
    keeper: Executor


def make(
    root: Path,
    jobs: Iterable[Job],
    pipe_of: PipeOf,
    report: Tell,
    force: bool = False,
    prompts: int | None = None,
) -> tuple[str, ...]:
    """Makes captures and keeps each as soon as it is made, alone at it; returns their keys.

    Neighbours that are alike go through the pipeline together, so many `prompts` at once or what
    the device has room for. What another process makes, or was quicker at, is left to it. What
    the device is done with is kept even if the next fails. Raises BadInput, ModelError or
    StoreError.
    """
    keys: list[str] = []
    waiting: deque[Group] = deque()
    with ThreadPoolExecutor(encoders()) as pool, ThreadPoolExecutor(1) as keeper:
        try:
            for some, fits in groups(jobs, pipe_of, prompts):
                hands = Hands(pool, keeper)
                waiting.append(_begun(root, some, pipe_of, report, force, fits, hands))
                while len(waiting) > BESIDE:
                    keys += _kept(waiting.popleft(), report)
        finally:
            while waiting:
                keys += _kept(waiting.popleft(), report)
    return tuple(keys)


def in_groups(jobs: Sequence[Job]) -> list[Job]:
    """Jobs with those that are alike side by side, else in the order given."""
    first: dict[tuple[Prompt, Model], int] = {}
    for place, job in enumerate(jobs):
        first.setdefault(_alike(job), place)
    return sorted(jobs, key=lambda job: first[_alike(job)])


def groups(
    jobs: Iterable[Job], pipe_of: PipeOf, prompts: int | None = None
) -> Iterator[tuple[list[Job], Room]]:
    """Neighbours that are alike, and what there is room for; reads no further than it must."""
    for (prompt, model), same in groupby(jobs, _alike):
        fits = room(pipe_of(model), prompt, prompts)
        while some := list(islice(same, fits.prompts)):
            yield some, fits
            fits = at_most(pipe_of(model), fits)  # it may have turned out to be too much


def _alike(job: Job) -> tuple[Prompt, Model]:
    return alike(job[0]), job[1]


def _begun(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Tell,
    force: bool,
    fits: Room,
    hands: Hands,
) -> Group:
    """A group through the pipeline; encoding and writing are left to others."""
    with ExitStack() as held:
        unique = {prompt.pinned_key(model): (prompt, model) for prompt, model in jobs}
        free = [key for key in unique if _taken(root, key, unique[key][0], held, report)]
        own = [unique[key] for key in free if force or not fresh(root, key)]
        prompts = [prompt for prompt, _ in own]
        written = _made(root, prompts, jobs[0][1], pipe_of, report, fits, hands) if own else []
        return Group(own, held.pop_all(), written)


def _taken(root: Path, key: str, prompt: Prompt, held: ExitStack, report: Tell) -> bool:
    """Whether this process may make a capture: another one may be at it."""
    try:
        held.enter_context(store.hold(root, key))
    except InUse:
        report(CaptureEvent(prompt.id, "left", message=f"{prompt.id}: another process makes it"))
        return False
    return True


def _made(
    root: Path,
    prompts: Sequence[Prompt],
    model: Model,
    pipe_of: PipeOf,
    report: Tell,
    fits: Room,
    hands: Hands,
) -> list[Future[None]]:
    began = time.perf_counter()
    pipe, colours = pipe_of(model), store.read_colours(root, model)
    seen: list[tuple[Seen, Room]] = []
    while len(seen) < len(prompts):
        fits, more = _seen(pipe, prompts[len(seen) :], model, colours, hands, fits, report)
        seen += [(one, Room(len(more), fits.pictures)) for one in more]
    seconds = (time.perf_counter() - began) / len(prompts)
    manners = {room: circumstances(pipe, seconds, room) for _, room in seen}
    return [hands.keeper.submit(_write, root, one, manners[room]) for one, room in seen]


def _seen(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[Prompt],
    model: Model,
    colours: LatentColours,
    hands: Hands,
    fits: Room,
    report: Tell,
) -> tuple[Room, list[Seen]]:
    """As many of the prompts as there is room for; half as many where that was too much."""
    some = prompts[: fits.prompts]
    try:
        with enough_memory():
            return fits, see(pipe, some, model, colours, hands.encoders, fits, report)
    except TooLarge:
        half = halved(pipe, Room(len(some), fits.pictures))
        if half is None:
            raise
    told = f"{half.prompts} prompts through, {half.pictures} pictures decoded at once from here on"
    warning(report, some[0].id)(f"too much at once for the device's memory; {told}")
    return _seen(pipe, prompts, model, colours, hands, half, report)


def _write(root: Path, seen: Seen, made: dict[str, object]) -> None:
    store.write(root, *seen.whole(), made)


def _kept(group: Group, report: Tell) -> Iterator[str]:
    """The keys of a group once all of it is written."""
    with group.held:
        for written in group.written:
            written.result()
    for prompt, model in group.jobs:
        key = prompt.pinned_key(model)
        report(CaptureEvent(prompt.id, "made", message=f"{prompt.id}: captured as {key}"))
        yield key
