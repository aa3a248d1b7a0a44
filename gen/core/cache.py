"""What is made once and found again: whatever follows from something else."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gen.core.disk import put


def read_or_make(place: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of a file, else made and stored there; its name must say all they depend on.

    A project that may not be written makes them anew each time.
    """
    with suppress(OSError):
        return place.read_bytes()
    data = make()
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        put(place, data)
    return data
