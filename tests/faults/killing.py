"""Work in a child process, killed at moments that a seed draws; what is left, and what goes on."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess

Start = Callable[[], BaseProcess]


def seconds(start: Start) -> float:
    """How long the work takes when nobody disturbs it."""
    begun = time.monotonic()
    child = start()
    child.join()
    assert child.exitcode == 0
    return time.monotonic() - begun


def quickest(start: Start, runs: int = 3) -> float:
    """The same of work that does all of it each time.

    A machine that was busy while it was timed would have kills come when all is done.
    """
    return min(seconds(start) for _ in range(runs))


def killed(start: Start, delay: float) -> bool:
    """Whether the work was still going on when it was killed, without a word, after a delay."""
    child = start()
    child.join(delay)
    child.kill()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def kills(start: Start, seed: int, count: int, lasts: float) -> Iterator[bool]:
    """Starts the work so often and kills it within the time that it takes, a little more at most.

    Yields whether it was still at it. Work that ends first was quicker than thought, as on a
    machine that was busy when it was timed: the next kills come sooner.
    """
    rng = random.Random(seed)
    for _ in range(count):
        begun = time.monotonic()
        died = killed(start, rng.uniform(0.0, 1.05 * lasts))
        lasts = lasts if died else min(lasts, time.monotonic() - begun)
        yield died
