"""The loop: step after step until the end, telling, keeping and showing now and then."""

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from gen.core.errors import ModelError
from gen.study.training.checkpoint import held
from gen.study.training.run import Run

TOLD_EVERY = 30  # seconds between two lines of progress
KEPT_EVERY = 180  # seconds of work that a killed run may lose
SHOWN_EVERY = 600  # seconds: a sheet and a score cost some ten


@dataclass(frozen=True)
class Progress:
    """Where a training is. `kind` is step, kept (a checkpoint), score or sheet (a picture)."""

    stage: str  # autoencoder | pipeline
    kind: str
    step: int
    loss: float | None  # mean since the last step told, or since the last checkpoint
    speed: float  # pictures a second, all processes together
    left: float | None  # seconds until the asked end; None where none was asked
    message: str  # the same as a line for a person


Report = Callable[[Progress], None]


MIXED = {"float32": "no", "bfloat16": "bf16"}  # in accelerate's words


def precision_for(wanted: str) -> str:
    """float32 instead of bfloat16 where this machine has no instructions for the latter."""
    able = (
        torch.cuda.is_bf16_supported(including_emulation=False)
        if torch.cuda.is_available()
        else torch.cpu.get_capabilities().get("avx512_bf16", False)
    )
    return wanted if able else "float32"


@contextmanager
def alone(place: Path, precision: str = "float32") -> Iterator[Accelerator]:
    """The processes of this run, and no other run, at work in a stage's folder.

    Raises ModelError where another is.
    """
    # without cpu=True several processes on processors would each believe to be the only one
    on_cpu = not torch.accelerator.is_available()
    accelerator = Accelerator(cpu=on_cpu, mixed_precision=MIXED[precision])
    busy = ModelError(f"{place}: another training is at work here; wait, or stop it")
    with held(place, busy) if accelerator.is_main_process else nullcontext():
        yield accelerator


def learn(
    run: Run,
    accelerator: Accelerator,
    place: Path,
    report: Report,
    minutes: float | None,
    steps: int | None,
    kept_every: float,
) -> None:
    """Train until a number of minutes from now or of steps in all has passed, or a signal came.

    Raises ModelError where the loss is no number, KeyboardInterrupt after SIGINT.
    """
    network, optimizer = accelerator.prepare(run.stage.model, run.optimizer)
    clock = _Clock(run, accelerator, minutes, steps)
    telling, keeping, showing = _Every(TOLD_EVERY), _Every(kept_every), _Every(SHOWN_EVERY)
    with _signals() as came:
        if accelerator.is_main_process and not run.scores:
            _show(run, clock, place, report)  # what the stage began with
        while not clock.over(stopped=bool(came)):
            clock.add(_step(run, accelerator, network, optimizer))
            if not accelerator.is_main_process:
                continue
            if telling.due():
                report(clock.told())
            if keeping.due():
                _keep(run, clock, place, report)
            if showing.due():
                _show(run, clock, place, report)
        if accelerator.is_main_process:
            if not came:
                _show(run, clock, place, report)
            _keep(run, clock, place, report)
    accelerator.wait_for_everyone()
    if signal.SIGINT in came:
        raise KeyboardInterrupt


def _step(run: Run, accelerator: Accelerator, network: nn.Module, optimizer) -> Tensor:
    """Learn from one batch; its loss."""
    run.pace()
    batch = run.stage.batch(run.step, accelerator.process_index, accelerator.num_processes)
    loss = network(*(tensor.to(accelerator.device) for tensor in batch))
    optimizer.zero_grad()
    accelerator.backward(loss)
    accelerator.clip_grad_norm_(network.parameters(), 1.0)  # the usual bound for diffusion models
    optimizer.step()
    run.advance()
    return loss.detach()


def _keep(run: Run, clock: "_Clock", place: Path, report: Report) -> None:
    """A checkpoint, and a point of the curve in it."""
    loss, run.seconds = clock.since_kept.take(), clock.seconds()
    if loss is not None:
        if not math.isfinite(loss):
            raise ModelError(
                f"{place}: the loss is {loss} at step {run.step}; the checkpoint before is kept: "
                "lower this stage's pace.rate in sources/study.yml and run again"
            )
        run.curve.append({"step": run.step, "seconds": round(run.seconds), "loss": round(loss, 5)})
    run.keep(place)
    report(clock.progress("kept", f"kept at step {run.step}", loss))


def _show(run: Run, clock: "_Clock", place: Path, report: Report) -> None:
    """A score and a sheet of the averaged weights."""
    with run.averaged():
        score, sheet = run.stage.score(), run.stage.sheet()
    run.scores.append({"step": run.step, **score})
    report(clock.progress("score", ", ".join(f"{name} {v:g}" for name, v in score.items())))
    path = place / "sheets" / f"{run.step:07d}.png"
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(_grid(sheet)).save(path)
    report(clock.progress("sheet", str(path)))


def _grid(rows: list[np.ndarray]) -> np.ndarray:
    """Rows of pictures (N, H, W, 3) -> one picture."""
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows])


@contextmanager
def _signals() -> Iterator[list[int]]:
    """The signals that came meanwhile: the running step and a checkpoint come first."""
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# ---- time and losses -----------------------------------------------------------------------


class _Every:
    """True when some seconds have passed since it last was."""

    def __init__(self, seconds: float):
        self.seconds, self.last = seconds, time.monotonic()

    def due(self) -> bool:
        now = time.monotonic()
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True


class _Mean:
    """The mean of what was added since it was last taken; nothing waits for the device before."""

    def __init__(self):
        self.total, self.count = torch.zeros(()), 0

    def add(self, loss: Tensor) -> None:
        self.total, self.count = self.total.to(loss.device) + loss, self.count + 1

    def take(self) -> float | None:
        mean = float(self.total) / self.count if self.count else None
        self.total, self.count = torch.zeros(()), 0
        return mean


class _Clock:
    """When a run will be over, how fast it is, and its loss of late."""

    def __init__(
        self, run: Run, accelerator: Accelerator, minutes: float | None, steps: int | None
    ):
        self.run, self.accelerator, self.minutes, self.steps = run, accelerator, minutes, steps
        self.began, self.first, self.before = time.monotonic(), run.step, run.seconds
        self.since_told, self.since_kept = _Mean(), _Mean()

    def elapsed(self) -> float:
        """Seconds of this session."""
        return time.monotonic() - self.began

    def seconds(self) -> float:
        """Seconds of all sessions."""
        return self.before + self.elapsed()

    def over(self, stopped: bool) -> bool:
        """Whether any process was told to stop or is out of time, or all steps are done."""
        ends = stopped or (self.minutes is not None and self.elapsed() >= 60 * self.minutes)
        if self.accelerator.num_processes > 1:  # what one of them sees, all must see
            if ends:
                self.accelerator.set_trigger()
            ends = self.accelerator.check_trigger()
        return ends or (self.steps is not None and self.run.step >= self.steps)

    def add(self, loss: Tensor) -> None:
        """Count a step's loss."""
        self.since_told.add(loss)
        self.since_kept.add(loss)

    def told(self) -> Progress:
        """A line about the steps since the last one."""
        loss = self.since_told.take()
        found = self.progress("step", "", loss)
        said = f"step {found.step}: loss {loss:.4f}, {found.speed:.1f} pictures/s"
        if found.left is not None:
            end = time.localtime(time.time() + found.left)
            said += time.strftime(", ends %H:%M", end)
        return replace(found, message=said)

    def progress(self, kind: str, message: str, loss: float | None = None) -> Progress:
        """Where the run is now."""
        steps = (self.run.step - self.first) / max(1e-9, self.elapsed())  # a second
        speed = steps * self.run.stage.batch_size * self.accelerator.num_processes
        stage = self.run.stage.name
        return Progress(stage, kind, self.run.step, loss, speed, self._left(steps), message)

    def _left(self, a_second: float) -> float | None:
        ends = []
        if self.minutes is not None:
            ends.append(60 * self.minutes - self.elapsed())
        if self.steps is not None and a_second:
            ends.append((self.steps - self.run.step) / a_second)
        return max(0.0, min(ends)) if ends else None
