"""What a training keeps on disk, each put in place whole: tensors with a state, arrays, folders."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from gen.core.canonical import canonical
from gen.core.disk import make_folder, refuse_unwritable, whole, writing
from gen.core.errors import BadInput, BuildError, ModelError, StoreError

CHECKPOINT = "checkpoint.safetensors"
RECORD = "recipe.json"  # in a saved pipeline's folder


def write_tensors(path: Path, tensors: dict[str, Tensor], state: dict) -> None:
    """Tensors and, in the header, what is no tensor; moved into place whole. Nothing is pickled.

    Raises StoreError.
    """
    plain = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    with _writing(path), whole(path) as part:
        save_file(plain, part, {"state": canonical(state).decode()})


def write_array(path: Path, array: np.ndarray) -> None:
    """One array as a file, put in place whole. Raises StoreError."""
    with writing(path), whole(path) as part, part.open("wb") as file:
        np.save(file, array, allow_pickle=False)


@contextmanager
def _writing(path: Path, part: Path | None = None) -> Iterator[None]:
    """As `writing`, for what safetensors writes too."""
    with writing(path, part):
        try:
            yield
        except SafetensorError as error:  # what the system refuses comes as a text
            if part is not None:
                shutil.rmtree(part, ignore_errors=True)
            raise StoreError(
                f"{path}: cannot be written ({error}); free some space and run this again: what "
                "is kept already stays"
            ) from None


def read_state(path: Path) -> dict:
    """What a checkpoint says of itself: step, seconds, curve, scores, shape, renders."""
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["state"])


def read_record(folder: Path) -> dict:
    """What a saved pipeline says of its training: recipe and stages; nothing where it does not.

    Raises ModelError for a record that is truncated or altered.
    """
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        record = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ModelError(f"{path}: is truncated or altered; check it out anew, or write it again")
    return record


def under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose name begins with the prefix, named without it."""
    return {
        name.removeprefix(f"{prefix}."): t
        for name, t in tensors.items()
        if name.startswith(f"{prefix}.")
    }


def averages(place: Path, part: str) -> dict[str, Tensor]:
    """The averaged weights of one part of a stage. Raises ModelError where none is kept."""
    path = place / CHECKPOINT
    if not path.exists():
        raise ModelError(f"{path}: is not there; run python -m gen study train {place.name} first")
    return under(load_file(path), f"average.{part}")


def digest_of(weights: dict[str, Tensor]) -> str:
    """Names weights by their values, whatever device they lie on."""
    hashed = sha256()
    for _, weight in sorted(weights.items()):
        hashed.update(weight.cpu().contiguous().numpy().tobytes())
    return hashed.hexdigest()


@contextmanager
def alone_in(place: Path, busy: BuildError) -> Iterator[None]:
    """Makes this process the only one at work in a folder. Raises `busy` at once if it is not."""
    make_folder(place)
    with writing(place):
        lock = FileLock(place / ".lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise busy from None
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class Kind:
    """What a folder that a person names is to be, so that no other is overwritten."""

    what: str
    names: frozenset[str]  # all that may lie in one
    mark: str | None = None  # what lies in each

    def refuse_other(self, folder: Path) -> None:
        """Stops at a folder of anything else, and where none can be put.

        Raises BadInput or StoreError.
        """
        refuse_unwritable(folder.resolve().parent)
        if not folder.exists():
            return
        if not folder.is_dir():
            raise BadInput(f"{folder}: is a file; name a folder")
        held = {path.name for path in folder.iterdir()} - {".DS_Store"}
        others = sorted(held - self.names) or sorted(held)
        if held and (held - self.names or (self.mark and self.mark not in held)):
            more = f" and {len(others) - 1} more" if others[1:] else ""
            raise BadInput(
                f"{folder}: holds {others[0]}{more}, so it is no folder of {self.what}; name one "
                "that is, or is empty, or is not there"
            )


def write_folder(folder: Path, write: Callable[[Path], object], kind: Kind | None = None) -> None:
    """Write a folder beside its place and put it there whole; another's is not overwritten.

    Raises BadInput for a folder that is of no such kind, StoreError where the disk refuses.
    """
    if kind is not None:
        kind.refuse_other(folder)
    folder = folder.resolve()
    part, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    with _writing(folder, part):
        if not folder.exists() and old.exists():
            old.replace(folder)  # killed between its two moves: there is no other
        for left in (part, old):
            shutil.rmtree(left, ignore_errors=True)
        part.mkdir(parents=True)
        write(part)
        if folder.exists():
            folder.replace(old)
        part.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
