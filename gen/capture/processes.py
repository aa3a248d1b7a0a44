"""The processes of a run, as accelerate or torchrun started them: one looks for all, all share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list

from gen.core.errors import BuildError

LONG = timedelta(days=7)  # others wait while the first fits colours; what hangs is ended by hand
Found = TypeVar("Found")
Item = TypeVar("Item")


class Processes:
    """This process and those beside it; alone, it is the first of one.

    What is passed between them is a list of work, so they talk over the network and not over GPUs:
    two may then share one GPU, and a capture on the CPU needs none.
    """

    def __init__(self) -> None:
        self._state = PartialState(cpu=True, timeout=LONG)
        if self.count > 1 and torch.cuda.is_available():
            local = int(os.environ.get("LOCAL_RANK", 0))
            torch.cuda.set_device(local % torch.cuda.device_count())

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self._state.num_processes)

    @property
    def first(self) -> bool:
        """Whether this is the one that looks for all."""
        return bool(self._state.is_main_process)

    def once(self, work: Callable[[], Found]) -> Found:
        """What the first one finds, for every one; the others wait for it.

        Raises BuildError in the first, which says it; the others then end with exit code 1.
        """
        fault: BuildError | None = None
        found: list[Found | None] = [None]
        if self.first:
            try:
                found = [work()]
            except BuildError as error:
                fault = error
        told = [found[0], fault is None]
        broadcast_object_list(told)
        if fault is not None:
            raise fault
        if not told[1]:
            raise SystemExit(1)
        return told[0]  # type: ignore[return-value]  # what `work` returned, in each process

    def share(self, items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """What this one does, and what the others do: the next one's first, its own neighbours'."""
        at = int(self._state.process_index)
        shares = [tuple(items[start :: self.count]) for start in range(self.count)]
        others = [*shares[at + 1 :], *shares[:at]]
        return shares[at], tuple(item for share in others for item in share)
