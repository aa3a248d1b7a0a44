"""Whether a capture is kept and whole: all of it is read once, after that its bytes are compared.

What a record says for itself (numbers, names, shapes, the heads of its pictures) follows from its
bytes and from the code that reads it. That they agree is noted in the project's cache.
"""

import functools
from pathlib import Path

from pydantic_core import from_json

from gen.core import store
from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord, MissingRecord

CHECKED = Path(".cache", "checked")


def fresh(root: Path, key: str) -> bool:
    """Whether `store.read` would give the capture of this key; a broken one is made again."""
    try:
        record = store.captures.file(root, key, store.RECORD)
        note = root / CHECKED / _note(key, record)
        if note.is_file():
            return _unaltered(root, key, record)
        store.read(root, key)
    except (MissingRecord, BrokenRecord):
        return False
    read_or_make(note, bytes)
    return True


def _unaltered(root: Path, key: str, record: bytes) -> bool:
    """Whether the files of a record that was found sound are those that it names."""
    named = from_json(record)[store.captures.name]["digests"]
    return all(digest(store.image(root, key, name)) == held for name, held in named)


def _note(key: str, record: bytes) -> str:
    """Names what was found: by the capture's key, its record and the code that read it."""
    return digest(b" ".join((key.encode(), digest(record).encode(), _code().encode())))


@functools.cache
def _code() -> str:
    """Names the modules that read records: any other may take another for sound."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return digest(b"".join(module.read_bytes() for module in modules))
