"""Files that are made or read when they are asked for, and not kept: a site has thousands."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from gen.core import store
from gen.core.canonical import digest
from gen.core.records import Capture

Make = Callable[[], bytes]


class Later(Mapping[str, bytes]):
    """Files by name or path, each as bytes once it is asked for."""

    def __init__(self, makers: Mapping[str, Make]) -> None:
        self._makers = dict(makers)

    def __getitem__(self, name: str) -> bytes:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def stored(root: Path, capture: Capture) -> Later:
    """A capture's files, which have been checked; one that changed since is BrokenRecord."""
    return Later(
        {name: partial(_unchanged, root, capture.key, name, sha) for name, sha in capture.digests}
    )


def _unchanged(root: Path, key: str, name: str, expected: str) -> bytes:
    held = store.image(root, key, name)
    if digest(held) != expected:
        raise store.captures.broken(root, key, name, "has changed during the build")
    return held
