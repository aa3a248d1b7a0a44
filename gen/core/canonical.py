"""One way to write a value as JSON, and to name bytes."""

import hashlib
import json


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values, equal bytes. Refuses NaN and infinity."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(data: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
