"""Files put in place whole and down to the disk; what the system refuses; the user's cache."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EEXIST, ENOSPC, ENOTDIR
from pathlib import Path
from tempfile import TemporaryFile

from gen.core.errors import BadInput, StoreError

IN_PLACE = "move away the file that stands in a folder's place"
MOVES: dict[int | None, str] = {EEXIST: IN_PLACE, ENOTDIR: IN_PLACE}


def user_cache() -> Path:
    """Where renders, checkpoints and digests lie: long work, outside the checkout.

    Raises StoreError for a user without a home folder, as in some containers.
    """
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shiny-car"
    except RuntimeError:  # what pathlib raises where neither HOME nor the system knows one
        raise StoreError(
            "~/.cache: this user has no home folder; set XDG_CACHE_HOME to a folder that can be "
            "written"
        ) from None


def shown(path: Path, folder: Path) -> bool:
    """Whether no name on the way from a folder begins with a dot: a system's own files do."""
    return not any(name.startswith(".") for name in path.relative_to(folder).parts)


def make_folder(path: Path) -> None:
    """A folder and those above it, where they are not there; it takes files. Raises StoreError."""
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)
    refuse_unwritable(path)


def refuse_unwritable(folder: Path) -> None:
    """Stops, before the work whose results will lie there, at a folder that takes no file.

    One that is not there yet is made later, where its first parent that is there takes it. Leaves
    nothing behind. Raises StoreError.
    """
    with writing(folder):
        there = next(place for place in (folder, *folder.parents) if place.exists())
    with writing(there):
        try:
            with TemporaryFile(dir=there) as probe:
                probe.write(b"1")
        except OSError as error:
            error.filename = None  # the probe's, which tells nobody anything
            raise


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside a file's to write to; then it is moved there, all of it or none of it.

    Two processes that write one file do not meet: the part's name holds the process's number.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def put(path: Path, data: bytes) -> None:
    """Put a file in its place whole."""
    with whole(path) as part:
        part.write_bytes(data)


def refuse_no_place(path: Path) -> None:
    """Stops, before the work that gives it, at a file that has no place. Raises BadInput."""
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name a file")
    if not path.parent.is_dir():
        raise BadInput(f"{path}: {path.parent} is no folder; make it, or name another place")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path}: {path.parent} cannot be written; name another place")


def write_through(path: Path, data: bytes) -> None:
    """Write a file down to the disk, not only to the system's memory."""
    path.write_bytes(data)
    sync(path)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path, part: Path | None = None) -> Iterator[None]:
    """Turn what the system refuses into one line, and leave nothing half-written."""
    try:
        yield
    except OSError as error:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        full = error.errno in (None, ENOSPC, EDQUOT)  # numpy counts what is not written, no more
        what = error.strerror or error
        move = (
            "free some space" if full else MOVES.get(error.errno, "make it writable for this user")
        )
        raise StoreError(
            f"{error.filename or path}: cannot be written ({what}); {move} and run this "
            "again: what is already kept stays"
        ) from error
