"""The loop: step after step until the end, telling, keeping and showing now and then."""

import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn
from torch.optim import Optimizer

from gen.core.disk import make_folder, writing
from gen.core.errors import ModelError
from gen.study.training.checkpoint import alone_in
from gen.study.training.clock import Clock, Every, Report
from gen.study.training.run import Run

LINE_EVERY = 30  # seconds between two lines of progress
CHECKPOINT_EVERY = 180  # seconds of work that a killed run may lose
SHEET_EVERY = 600  # seconds: a sheet and a score cost some ten


def precision_for(wanted: str) -> str:
    """float32 instead of bfloat16 where this machine has no instructions for the latter."""
    able = (
        torch.cuda.is_bf16_supported(including_emulation=False)
        if torch.cuda.is_available()
        else torch.cpu.get_capabilities().get("avx512_bf16", False)
    )
    return wanted if able else "float32"


@contextmanager
def alone(place: Path) -> Iterator[Accelerator]:
    """The processes of this run, and no other run, at work in a stage's folder.

    Raises ModelError where another is.
    """
    # without cpu=True several processes on processors would each believe to be the only one
    accelerator = Accelerator(cpu=not torch.accelerator.is_available())
    busy = ModelError(f"{place}: another training is at work here; wait, or stop it")
    with alone_in(place, busy) if accelerator.is_main_process else nullcontext():
        yield accelerator


def learn(
    run: Run,
    accelerator: Accelerator,
    place: Path,
    report: Report,
    minutes: float | None,
    steps: int | None,
    checkpoint_every: float,
) -> None:
    """Train until a number of minutes from now or of steps in all has passed, or a signal came.

    Raises ModelError where the loss is no number, KeyboardInterrupt after SIGINT.
    """
    network, optimizer = accelerator.prepare(run.stage.model, run.optimizer)
    clock = Clock(run, accelerator, minutes, steps)
    telling, keeping, showing = Every(LINE_EVERY), Every(checkpoint_every), Every(SHEET_EVERY)
    with _signals() as came:
        if accelerator.is_main_process and not run.scores:
            _show(run, clock, place, report)  # what the stage began with
        while not clock.over(stopped=bool(came)):
            clock.add(_step(run, accelerator, network, optimizer))
            if not accelerator.is_main_process:
                continue
            if telling.due():
                report(clock.line())
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


def _step(run: Run, accelerator: Accelerator, network: nn.Module, optimizer: Optimizer) -> Tensor:
    """Learn from one batch; its loss."""
    run.pace()
    batch = run.stage.batch(run.step, accelerator.process_index, accelerator.num_processes)
    device, half = accelerator.device, run.precision == "bfloat16"
    with torch.autocast(device.type, torch.bfloat16, enabled=half):
        loss = network(*(tensor.to(device) for tensor in batch))
    optimizer.zero_grad()
    accelerator.backward(loss)
    accelerator.clip_grad_norm_(network.parameters(), 1.0)  # the usual bound for diffusion models
    optimizer.step()
    run.advance()
    return loss.detach()


def _keep(run: Run, clock: Clock, place: Path, report: Report) -> None:
    """A checkpoint, and a point of the curve in it."""
    loss, run.seconds = clock.since_checkpoint.take(), clock.seconds()
    if loss is not None:
        if not math.isfinite(loss):
            raise ModelError(
                f"{place}: the loss is {loss} at step {run.step}; the checkpoint before is kept: "
                "lower this stage's pace.rate in sources/study.yml and run again"
            )
        run.curve.append({"step": run.step, "seconds": round(run.seconds), "loss": round(loss, 5)})
    run.keep(place)
    report(clock.progress("kept", f"kept at step {run.step}", loss))


def _show(run: Run, clock: Clock, place: Path, report: Report) -> None:
    """A score and a sheet of the averaged weights."""
    with run.averaged():
        score, sheet = run.stage.score(), run.stage.sheet()
    run.scores.append({"step": run.step, **score})
    report(clock.progress("score", ", ".join(f"{name} {v:g}" for name, v in score.items())))
    path = place / "sheets" / f"{run.step:07d}.png"
    picture = Image.fromarray(_grid(sheet))
    make_folder(path.parent)
    with writing(path):
        picture.save(path)
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
