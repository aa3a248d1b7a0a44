"""How far a training is: its time, its speed, its loss of late."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from accelerate import Accelerator
from torch import Tensor

from gen.study.training.run import Run


@dataclass(frozen=True)
class Progress:
    """Where a training is. `kind` is step, kept (a checkpoint), score or sheet (a picture)."""

    stage: str  # autoencoder | pipeline | decoder | uncriticized, or which judges learn
    kind: str
    step: int
    loss: float | None  # mean since the last line, or since the last checkpoint
    speed: float  # pictures a second, all processes together
    left: float | None  # seconds until the end; None where none is set
    message: str  # the same as a line for a person


Report = Callable[[Progress], None]


class Every:
    """True when some seconds have passed since it last was."""

    def __init__(self, seconds: float):
        self.seconds, self.last = seconds, time.monotonic()

    def due(self) -> bool:
        now = time.monotonic()
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True


class Mean:
    """The mean of what was added since it was last taken; nothing waits for the device before."""

    def __init__(self) -> None:
        self.total, self.count = torch.zeros(()), 0

    def add(self, loss: Tensor) -> None:
        self.total, self.count = self.total.to(loss.device) + loss, self.count + 1

    def take(self) -> float | None:
        mean = float(self.total) / self.count if self.count else None
        self.total, self.count = torch.zeros(()), 0
        return mean


class Clock:
    """When a run will be over, how fast it is, and its loss of late."""

    def __init__(
        self, run: Run, accelerator: Accelerator, minutes: float | None, steps: int | None
    ):
        self.run, self.accelerator, self.minutes, self.steps = run, accelerator, minutes, steps
        self.began, self.first, self.before = time.monotonic(), run.step, run.seconds
        self.since_line, self.since_checkpoint = Mean(), Mean()

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
        self.since_line.add(loss)
        self.since_checkpoint.add(loss)

    def line(self) -> Progress:
        """A line about the steps since the last one."""
        loss = self.since_line.take()
        now = self.progress("step", "", loss)
        text = f"step {now.step}: loss {loss:.4f}, {now.speed:.1f} pictures/s"
        if now.left is not None:
            end = time.localtime(time.time() + now.left)
            text += time.strftime(", ends %H:%M", end)
        return replace(now, message=text)

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
