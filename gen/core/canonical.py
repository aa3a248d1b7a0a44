"""One way to write a value as JSON, and to name bytes."""

import hashlib
import json
from dataclasses import field, fields, is_dataclass
from typing import Any

ADDED = "added"  # in the metadata of a field


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values, equal bytes. Refuses NaN and infinity."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(data: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def added(default: Any) -> Any:
    """A dataclass's field that older records lack: where it has its default it is not written."""
    return field(default=default, metadata={ADDED: True})


def written(value: Any) -> Any:
    """A record as JSON knows it: equal to what `asdict` gives, less what `added` leaves out."""
    if is_dataclass(value):
        held = ((one, getattr(value, one.name)) for one in fields(value))
        return {
            one.name: written(inner)
            for one, inner in held
            if ADDED not in one.metadata or inner != one.default
        }
    return [written(inner) for inner in value] if isinstance(value, tuple) else value
