"""A network whose tensors lie in several files: which ones, by the index beside them."""

from pathlib import Path


def named(index: object) -> list[str] | None:
    """The files that an index as read from JSON names, sorted; None unless each lies beside it."""
    held = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(held, dict):
        return None
    plain = (isinstance(name, str) and name == Path(name).name for name in held.values())
    return sorted(set(held.values())) if all(plain) else None
