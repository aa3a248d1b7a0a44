"""What a run of captures shows while it works: which capture, what of it, how far."""

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # only the commands that make something need the generate install
    from tqdm import tqdm

    from gen.capture.events import CaptureEvent

COUNTED = {"fit": "latent colours", "step": "steps", "clean": "clean pictures"}
RESULTS = ("made", "compared")


class Bar:
    """Takes what captures tell: a bar on stderr for what is counted, lines for all else.

    Captures that are made or compared are named on stdout. There is no bar until something is
    counted, and none without `counts`: of several processes on one screen, one draws it. `of` is
    how many are made in all, by this process `alone` or by several, of which it counts its own.
    """

    def __init__(self, counts: bool = True, of: int | None = None, alone: bool = True) -> None:
        self._counts = counts
        self._of = "" if of is None else f" of {of}" if alone else f" here, of {of} in all"
        self._done = 0  # by the device: a capture is written while the next one is made
        self._counted: tqdm | None = None

    def __call__(self, event: "CaptureEvent") -> None:
        if event.kind in COUNTED:
            if self._counts:
                self._count(event)
        elif event.kind == "sheets":
            if self._counted is not None:
                self._counted.set_description(f"{self._which(event)}, sheets")
            self._done += 1
        elif event.message:
            self._say(event.message, sys.stdout if event.kind in RESULTS else sys.stderr)

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

    def _say(self, message: str, to: TextIO) -> None:
        if self._counted is None:
            print(message, file=to, flush=True)
        else:
            self._counted.write(message, file=to)
