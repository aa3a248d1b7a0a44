"""A network whose tensors lie in several files: which ones, by the index beside them."""

from pathlib import Path


def named(index: object) -> list[str] | None:
    """The files that an index as read from JSON names, sorted; None unless each lies beside it."""
    held = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(held, dict) or not all(map(_lies_beside, held.values())):
        return None
    return sorted(set(held.values()))


def _lies_beside(name: object) -> bool:
    """Whether a name is that of a file in the index's own folder: not of one above, nor of none."""
    return isinstance(name, str) and name == Path(name).name and name not in ("", "..")
