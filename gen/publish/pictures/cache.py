"""What a build draws once and finds again: pictures that follow from others."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def cached(place: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes kept at a place, else made and kept there; its name must say all they depend on.

    A project that may not be written makes them anew each time.
    """
    with suppress(OSError):
        return place.read_bytes()
    made = make()
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(made)
        part.replace(place)
    return made
