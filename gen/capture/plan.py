"""What is to be made and what that will take: captures, hours from one measured step, megabytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gen.capture import denoise, devices, words
from gen.capture.batch import stale
from gen.capture.latent_colours import own_prompts
from gen.capture.making import Job
from gen.capture.room import ALONE, Room, device_of, halved, room
from gen.capture.sheets import BUDGET, HEAD, frame_width
from gen.capture.unfit import refuse_unfit, refuse_unfit_own
from gen.capture.weights import PipeOf
from gen.core import store
from gen.core.errors import BrokenRecord, MissingRecord, TooLarge
from gen.core.sources import Model, Prompt
from gen.core.weighed import LARGEST

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

BYTES = {  # a pixel, from plain pictures to detailed ones
    "noisy": (0.5, 1.3),
    "clean": (0.06, 0.35),
    "grey": (0.03, 0.35),
    "final": (0.5, 1.9),
}
RECORD = (33_000, 80_000)  # bytes, by how many parts the pipeline has
HOUR, MINUTE, MEGA = 3600, 60, 1e6


@dataclass(frozen=True)
class Pace:
    """Seconds that a step and a decode of one picture take here, with as many at once as fit."""

    step: float
    decode: float

    def of(self, prompt: Prompt) -> float:
        """Seconds of one capture: its run, a decode for each clean picture and for the final."""
        return prompt.evaluations * self.step + (prompt.evaluations + 1) * self.decode


class Measure(Protocol):
    """How the pace of so much at once is found out, and what it says meanwhile: `measure`."""

    def __call__(
        self,
        pipe: StableDiffusionPipeline,
        prompt: Prompt,
        fits: Room,
        tell: Callable[[str], None],
    ) -> Pace:
        """Of a prompt, as many at once as fit."""


@dataclass(frozen=True)
class Paces:
    """The pace of each model at each size, measured once."""

    prompts: int | None  # at once, or as many as fit
    tell: Callable[[str], None]
    measure: Measure
    known: dict[tuple[str, int, int, bool], Pace] = field(default_factory=dict)

    def of(self, pipe: StableDiffusionPipeline, prompt: Prompt) -> Pace:
        """Of a prompt; tells when it begins to measure."""
        at = (prompt.model, prompt.width, prompt.height, prompt.guidance_scale > 1)
        if not self.known:
            self.tell("measuring one step and one decode, to tell how long all will take")
        if at not in self.known:
            self.known[at] = self._measured(pipe, prompt, room(pipe, prompt, self.prompts))
        return self.known[at]

    def _measured(self, pipe: StableDiffusionPipeline, prompt: Prompt, fits: Room) -> Pace:
        """With as many at once as there turns out to be room for."""
        try:
            return self.measure(pipe, prompt, fits, self.tell)
        except TooLarge:
            half = halved(pipe, fits)
            if half is None:
                raise
        return self._measured(pipe, prompt, half)


@dataclass(frozen=True)
class Plan:
    """What a run would make, in all."""

    fresh: int
    jobs: tuple[Job, ...]
    seconds: float
    megabytes: tuple[float, float]
    heavy: tuple[str, ...] = ()  # optional models that may take more than a repository carries

    @property
    def text(self) -> str:
        """The plan in one line, for one process."""
        return self.told(1)

    def told(self, processes: int) -> str:
        """The plan in one line; the time is that of one process, whoever shares it."""
        if not self.jobs:
            return f"{self.fresh} fresh; nothing to make"
        low, high = (max(1, round(size)) for size in self.megabytes)
        held = f"{low} to {high} MB" if high > 1 else "less than 1 MB"
        shared = f", shared by {processes}" if processes > 1 else ""
        many = f"; of {', '.join(self.heavy)} only {LARGEST / MEGA:.0f} MB may be committed"
        return (
            f"{self.fresh} fresh, {len(self.jobs)} to make: {self._took}{shared}, {held}"
            f"{many if self.heavy else ''}"
        )

    @property
    def again(self) -> str:
        """The plan of what is made again only to be compared, in one line."""
        if not self.jobs:
            return "nothing to make again"
        return f"{len(self.jobs)} to make again: {self._took}; nothing of it is kept"

    @property
    def _took(self) -> str:
        return f"about {_spoken(self.seconds)} in one process here"


def plan(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    force: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    prompts: int | None = None,
    measured: Measure | None = None,
    todo: Sequence[Job] | None = None,
) -> Plan:
    """What is not kept yet, or all with `force`, and what it takes, by one step and one decode.

    So many `prompts` at once, or as many as the device has room for, as in the run. Makes nothing;
    tells when it measures, which takes a minute where a run takes hours; `measured` takes the place
    of `measure` for whom a pace is known, `todo` of a look at the store for whom that was done.
    Raises what `capture_all` would raise before it begins.
    """
    todo = stale(root, jobs, pipe_of, force) if todo is None else todo
    paces = Paces(prompts, tell, measured or measure)
    seconds, low, high, most = 0.0, 0.0, 0.0, dict[Model, float]()
    for prompt, model in todo:
        refuse_unfit(pipe_of(model), prompt)
        tokens = len(words.tokens(pipe_of(model).tokenizer, prompt.text))
        more = size(prompt, tokens, sparing=not model.required)
        low, high = low + more[0], high + more[1]
        most[model] = most.get(model, 0) + more[1]
        seconds += paces.of(pipe_of(model), prompt).of(prompt)
    for model in {model.id: model for _, model in todo}.values():
        seconds += _fitting(root, model, pipe_of(model), paces)
    heavy = tuple(m.id for m, size in most.items() if not m.required and size > LARGEST)
    megabytes = low / MEGA, high / MEGA
    return Plan(len(_keys(jobs)) - len(todo), tuple(todo), seconds, megabytes, heavy)


def size(prompt: Prompt, tokens: int, sparing: bool = False) -> tuple[float, float]:
    """Bytes that a capture will take, at least and at most, for a text of so many tokens."""
    pixels, steps = prompt.width * prompt.height, prompt.evaluations
    shrunk = (frame_width(prompt.width) / prompt.width) ** 2
    maps = tokens + 1 + (prompt.guidance_scale > 1)
    held = {
        "noisy": (steps + 1) * pixels / 64,
        "clean": steps * pixels * shrunk,
        "grey": maps * steps * pixels / (256 if sparing else 64),
        "final": pixels,
    }
    low, high = (
        RECORD[end]
        + HEAD * end * (maps + 2)
        + sum(_rate(kind, end, sparing) * held[kind] for kind in held)
        for end in (0, 1)
    )
    return low, high


def _rate(kind: str, end: int, sparing: bool) -> float:
    """Bytes a pixel, at least (0) or at most (1)."""
    rate = BYTES[kind][end]
    return min(rate, BUDGET.get(kind, rate)) if sparing else rate


def measure(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    fits: Room = ALONE,
    tell: Callable[[str], None] = lambda line: None,
) -> Pace:
    """One step and one decode of all that goes through at once, timed after a first of each.

    A decoder that overflows falls back here already, and that is told.
    """
    twice = replace(prompt, steps=2, scheduler="DDIMScheduler", karras=False)
    with devices.enough_memory():
        moments = denoise.together(pipe, [twice] * fits.prompts)
        first, *_ = next(moments)
        step = _timed(pipe, lambda: next(moments)) / fits.prompts
        latents = first.clean.repeat(fits.pictures, 1, 1, 1)
        denoise.decode(pipe, latents, lambda line: tell(f"{prompt.id}: {line}"))
        decode = _timed(pipe, lambda: denoise.decode(pipe, latents)) / fits.pictures
        return Pace(step, decode)


def _fitting(root: Path, model: Model, pipe: StableDiffusionPipeline, paces: Paces) -> float:
    """Seconds that a model's latent colours take, where they are not kept."""
    try:
        store.read_colours(root, model)
    except (MissingRecord, BrokenRecord):
        refuse_unfit_own(pipe, model)
        prompts = own_prompts(pipe, model)
        return sum(paces.of(pipe, prompt).of(prompt) for prompt in prompts)
    return 0.0


def _timed(pipe: StableDiffusionPipeline, work: Callable[[], object]) -> float:
    """Seconds by the clock; what was in the device's queue before is awaited, and what is then."""
    devices.wait(device_of(pipe))
    began = time.perf_counter()
    work()
    devices.wait(device_of(pipe))
    return time.perf_counter() - began


def _keys(jobs: Sequence[Job]) -> set[str]:
    return {prompt.pinned_key(model) for prompt, model in jobs}


def _spoken(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 2 * MINUTE:
        return f"{max(1, round(seconds))} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} minutes"
    return f"{seconds / HOUR:.1f} hours"
