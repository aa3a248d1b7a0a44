"""What is shown while work is done: bars on stderr, and lines that keep clear of them."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import click

from gen.core.counting import Counting

if TYPE_CHECKING:  # only the commands that make something need the generate install
    from tqdm import tqdm

    from gen.capture.events import CaptureEvent

COUNTED = {"fit": "latent colours", "step": "steps", "clean": "clean pictures"}
RESULTS = ("made", "compared")


def print_line(text: str, err: bool = False) -> None:
    """A line on stdout or stderr; a bar that is shown makes room for it."""
    shown = sys.modules.get("tqdm")
    if shown is None:
        click.echo(text, err=err)
        return
    with shown.tqdm.external_write_mode(sys.stderr if err else sys.stdout):
        click.echo(text, err=err)


def say(stage: str, message: str) -> None:
    """A line with the time of day, on stderr."""
    print_line(f"{time.strftime('%H:%M:%S')} {stage} {message}", err=True)


@contextmanager
def counting_bar() -> Iterator[Counting]:
    """Things counted, as a bar on stderr, which is gone at the end, an error's too."""
    from tqdm import tqdm

    bars: list[tqdm] = []  # one, once something is counted

    def count(what: str, done: int, of: int) -> None:
        if not bars:
            bars.append(tqdm(desc=what, total=of, file=sys.stderr, leave=False))
        elif bars[0].desc != f"{what}: ":
            bars[0].reset(of)
            bars[0].set_description(what, refresh=False)
        bars[0].update(done - bars[0].n)

    try:
        yield count
    finally:
        for bar in bars:
            bar.close()


class Bar:
    """Takes what captures tell: a bar on stderr for what is counted, lines for all else.

    It is gone at the end of its `with`, an error's too. Captures that are made or compared are
    named on stdout. There is no bar until something is counted, and none without `counts`: of
    several processes on one screen, one draws it. `of` is how many are made in all, by this process
    `alone` or by several, of which it counts its own.
    """

    def __init__(self, counts: bool = True, of: int | None = None, alone: bool = True) -> None:
        self._counts = counts
        self._of = "" if of is None else f" of {of}" if alone else f" here, of {of} in all"
        self._done = 0  # by the device: a capture is written while the next one is made
        self._counted: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._counted is not None:
            self._counted.close()

    def __call__(self, event: "CaptureEvent") -> None:
        if event.kind in COUNTED:
            if self._counts:
                self._count(event)
        elif event.kind == "sheets":
            if self._counted is not None:
                self._counted.set_description(f"{self._which(event)}, sheets")
            self._done += 1
        elif event.message:
            print_line(event.message, err=event.kind not in RESULTS)

    def _count(self, event: "CaptureEvent") -> None:
        from tqdm import tqdm

        what = f"{self._which(event)}, {COUNTED[event.kind]}"
        if self._counted is None:
            self._counted = tqdm(desc=what, file=sys.stderr, leave=False, total=event.steps)
        elif event.step == 1:
            self._counted.reset(event.steps)
            self._counted.set_description(what)
        self._counted.update(event.step - self._counted.n)

    def _which(self, event: "CaptureEvent") -> str:
        return (
            event.id if event.kind == "fit" else f"capture {self._done + 1}{self._of}, {event.id}"
        )
