"""The sha256 of weights: a large file is read once, by one process for all, until it changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from gen.core import loaded
from gen.core.canonical import canonical, digest
from gen.core.disk import put, user_cache
from gen.core.errors import StoreError

LARGE = 64 * 2**20  # bytes: below that reading is quicker than asking
Noted = dict[str, int | str]  # of a file: what changes when it does, and its sha256
_known: dict[str, Noted] = {}  # by where the file lies


def revision_of(path: Path) -> str:
    """The sha256 of one weights file, or of a pipeline folder: of all that loading it may read.

    For a folder it is the hash of {relative path: sha256} of model_index.json and of every file in
    the folders of its five parts, except pickles and variants, which are never opened.
    """
    if path.is_file():
        return sha256(path)
    held = {p.relative_to(path).as_posix(): sha256(p) for p in loaded.files(path)}
    return digest(canonical(held))


def sha256(path: Path) -> str:
    """The digest of a file; of a large one that has not changed since, the one that is known.

    It is known to the processes of this run, and kept in the user's cache for the next.
    """
    if path.stat().st_size < LARGE:
        return _read(path)
    at, state = str(path.resolve()), _state(path)
    if not _known.get(at, {}).items() >= state.items():
        _known[at] = _kept(path, state)
    return str(_known[at]["sha256"])


def known() -> dict[str, Noted]:
    """The digests that this process has read, for `learn` in another."""
    return dict(_known)


def learn(noted: dict[str, Noted]) -> None:
    """Takes over what another process has read; here too a file that has changed is read anew."""
    _known.update(noted)


def _kept(path: Path, state: Noted) -> Noted:
    """What the user's cache says of a file, else what reading it says, which is kept there."""
    with contextlib.suppress(OSError, ValueError, StoreError):
        noted = json.loads(_note(path).read_bytes())
        if isinstance(noted, dict) and noted.items() >= state.items() and "sha256" in noted:
            return noted
    whole = state | {"sha256": _read(path)}
    with contextlib.suppress(OSError, StoreError):  # a cache that cannot be written is none
        note = _note(path)
        note.parent.mkdir(parents=True, exist_ok=True)
        put(note, canonical(whole))
    return whole


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(path: Path) -> Noted:
    """What changes when a file does."""
    held = path.stat()
    return {"size": held.st_size, "changed": held.st_mtime_ns, "inode": held.st_ino}


def _note(path: Path) -> Path:
    """Where a file's digest is kept, by where the file lies. Raises StoreError without a home."""
    return user_cache() / "digests" / f"{digest(str(path.resolve()).encode())[:32]}.json"
