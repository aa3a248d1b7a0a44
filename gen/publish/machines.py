"""On what a capture was made, as its made.json tells: the one reader of that file on a page."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from gen.core import store
from gen.core.errors import BrokenRecord


class Made(BaseModel):
    """What of a capture's circumstances is told."""

    when: str
    device: str
    dtype: str
    threads: int
    versions: dict[str, str]


def machine(root: Path, key: str) -> str:
    """On what a capture was made, in a line; it is no part of what was asked for, so may lack."""
    try:
        made = Made.model_validate(store.made(root, key), strict=True)
    except (BrokenRecord, ValidationError):
        return "not known"
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    how = f"{made.device}, {made.dtype}, {made.threads} thread{'s' if made.threads != 1 else ''}"
    return f"{made.when[:10]}: {how}, {versions}"
