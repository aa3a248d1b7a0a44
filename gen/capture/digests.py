"""The sha256 of weights; a large file's is kept in the user's cache until the file changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from gen.capture import folders
from gen.core.canonical import canonical, digest
from gen.core.disk import put, user_cache

LARGE = 64 * 2**20  # bytes: below that reading is quicker than asking


def revision_of(path: Path) -> str:
    """The sha256 of one weights file, or of a pipeline folder: of all that loading it may read.

    For a folder it is the hash of {relative path: sha256} of model_index.json and of every file in
    the folders of its five parts, except pickles and variants, which are never opened.
    """
    if path.is_file():
        return sha256(path)
    return digest(canonical({str(p.relative_to(path)): sha256(p) for p in folders.files(path)}))


def sha256(path: Path) -> str:
    """The digest of a file; of a large one that has not changed since, the one that is kept."""
    if path.stat().st_size < LARGE:
        return _read(path)
    note, state = _note(path), _state(path)
    with contextlib.suppress(OSError, ValueError):
        noted = json.loads(note.read_bytes())
        if isinstance(noted, dict) and noted.items() >= state.items() and "sha256" in noted:
            return str(noted["sha256"])
    whole = _read(path)
    with contextlib.suppress(OSError):  # a cache that cannot be written is none
        note.parent.mkdir(parents=True, exist_ok=True)
        put(note, canonical(state | {"sha256": whole}))
    return whole


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(path: Path) -> dict[str, int]:
    """What changes when a file does."""
    held = path.stat()
    return {"size": held.st_size, "changed": held.st_mtime_ns, "inode": held.st_ino}


def _note(path: Path) -> Path:
    """Where a file's digest is kept, by where the file lies."""
    return user_cache() / "digests" / f"{digest(str(path.resolve()).encode())[:32]}.json"
