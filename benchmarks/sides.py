"""Both sides of what benchmarks/gpu.py compares, on one device, and the lines of its table."""

from __future__ import annotations

import gc
import math
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import torch
from diffusers import StableDiffusionPipeline
from random_models import MODEL, Scale

from gen.capture import denoise, devices, one, room, sheets
from gen.capture.room import Room
from gen.core.errors import BuildError
from gen.core.records import Capture, LatentColours
from gen.core.sources import Prompt

WIDE = 58
AGAIN = 10.0  # seconds from one alarm to the next: the first may reach what swallows it
FAULTS = (  # of a library, a driver, a compiler that is not there: the other parts go on
    *(BuildError, ArithmeticError, AssertionError, AttributeError, ImportError, LookupError),
    *(NotImplementedError, OSError, RuntimeError, TypeError, ValueError),
    subprocess.SubprocessError,  # of a compiler that is there and fails
)
COLOURS = LatentColours("", ((0.1,) * 4,) * 3, (0.5,) * 3, 0.0, 0)


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, and whether it is as promised."""

    what: str
    measured: str
    promised: str = ""
    kept: bool = True
    timed: bool = False  # by the clock, so nothing that small networks could promise


@dataclass(frozen=True)
class Bench:
    """What is measured on."""

    scale: Scale
    device: str
    pipe: StableDiffusionPipeline

    @property
    def gpu(self) -> bool:
        return self.device.startswith("cuda")

    @property
    def prompt(self) -> Prompt:
        (prompt,) = self.scale.prompts(1)
        return prompt

    def room(self) -> Room:
        """What goes at once: what fits on a GPU, elsewhere a few, so that the way is the same."""
        return room.room(self.pipe, self.prompt) if self.gpu else Room(2, 2)

    def seconds(self, work: Callable[[], object]) -> float:
        """By the clock, the device's own queue awaited."""
        self.wait()
        began = time.perf_counter()
        work()
        self.wait()
        return time.perf_counter() - began

    def wait(self) -> None:
        devices.wait(room.device_of(self.pipe))

    def ratio(self, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, ...]:
        """The median ratio of ours to theirs over the turns, and the seconds of the last."""
        ours(), theirs()  # warms up
        turns = [(self.seconds(ours), self.seconds(theirs)) for _ in range(self.scale.turns)]
        return statistics.median(a / b for a, b in turns), *turns[-1]

    def call(self, prompt: Prompt, output: str) -> object:
        """The pipeline's own call."""
        return self.pipe(
            prompt.text,
            negative_prompt=prompt.negative,
            num_inference_steps=prompt.steps,
            guidance_scale=prompt.guidance_scale,
            width=prompt.width,
            height=prompt.height,
            generator=torch.Generator().manual_seed(prompt.seed),
            output_type=output,
        ).images

    def call_and_decode(self, prompt: Prompt, room: Room) -> None:
        """The call, and a decode for each step and the final picture, as many at once."""
        with torch.no_grad():
            latents = self.call(prompt, "latent")
            for _ in denoise.pictures(self.pipe, [latents] * (prompt.steps + 1), room.pictures):
                pass

    def capture(
        self, prompts: Sequence[Prompt], fits: Room, pool: Executor | None = None
    ) -> list[tuple[Capture, dict[str, bytes]]]:
        """Captures with every view, whole: all sheets encoded."""
        with ThreadPoolExecutor(room.encoders()) as threads:
            seen = one.see(self.pipe, prompts, MODEL, COLOURS, pool or threads, fits)
            return [each.whole() for each in seen]

    def captures(self, prompts: Sequence[Prompt], fits: Room) -> None:
        """Captures of many prompts in groups, the sheets of one encoded beside the next."""
        with ThreadPoolExecutor(room.encoders()) as pool:
            groups = [prompts[i : i + fits.prompts] for i in range(0, len(prompts), fits.prompts)]
            seen = [one.see(self.pipe, some, MODEL, COLOURS, pool, fits) for some in groups]
            for each in chain.from_iterable(seen):
                each.whole()

    def pictures(self, prompts: Sequence[Prompt], fits: Room) -> None:
        """The final pictures of many prompts, in groups, and nothing else."""
        for first in range(0, len(prompts), fits.prompts):
            *_, last = denoise.together(self.pipe, prompts[first : first + fits.prompts])
            latents = [moment.latents for moment in last]
            for picture in denoise.pictures(self.pipe, latents, fits.pictures):
                sheets.pixels(picture)

    def latents(self, prompt: Prompt) -> torch.Tensor:
        """Those that a run ends with."""
        *_, last = denoise.denoise(self.pipe, prompt)
        return last.latents

    def peak(self, work: Callable[[], object]) -> float:
        """The most of a GPU's memory that is taken meanwhile, in GB, the weights included.

        Other pipelines that nothing holds any more may still lie there: they go first.
        """
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        self.seconds(work)
        return torch.cuda.max_memory_reserved() / 1e9


class AtEnd(Executor):
    """Does nothing beside the device: all of it in one thread, when it is asked for."""

    def submit(self, work, /, *given, **named) -> Future:
        later: Future = Later()
        later.work = lambda: work(*given, **named)
        return later


class Later(Future):
    """What is worked out when it is asked for."""

    work: Callable[[], object]

    def result(self, timeout: float | None = None):
        """What the work gives, done now."""
        if not self.done():
            self.set_result(self.work())
        return super().result(timeout)


class OutOfTime(BaseException):
    """The minutes are over. No handler of faults on the way takes it for one."""


def rows(
    measure: Callable[[Bench], Iterator[Row]], bench: Bench, ends: float = math.inf
) -> Iterator[Row]:
    """A part's rows, and one more that says why where it breaks off.

    It is not begun after `ends` (of time.perf_counter), and stopped where it is still at work then.
    """
    name, found = measure.__name__, measure(bench)
    if time.perf_counter() > ends:
        yield Row(name, "not measured: no time left", "measured", kept=False)
        return
    while True:
        try:
            with _until(ends):
                row = next(found, None)
        except OutOfTime:
            yield Row(name, "stopped: no time left", "measured", kept=False)
            return
        except FAULTS as error:
            reason = str(error).strip().partition("\n")[0][:200]
            yield Row(name, f"{type(error).__name__}: {reason} ", "measured", kept=False)
            return
        if row is None:
            return
        yield row


@contextmanager
def _until(ends: float) -> Iterator[None]:
    """Raises OutOfTime in what is at work when time is over, where the system has alarms."""
    if math.isinf(ends) or not hasattr(signal, "setitimer"):
        yield
        return

    def over(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, max(ends - time.perf_counter(), 1e-3), AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def line(row: Row, small: bool) -> str:
    """A row of the table; what is timed with small networks is not held against anything."""
    held = "" if not row.promised else "not held" if row.timed and small else _kept(row.kept)
    return f"{row.what:{WIDE}}{row.measured:38}{row.promised:12}{held}".rstrip()


def _kept(kept: bool) -> str:
    return "kept" if kept else "NOT KEPT"
