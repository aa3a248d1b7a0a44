"""A folder's tokenizer, whether it is whole: no library names the file that stops it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gen.capture.vocabulary import ROOM, WORDS
from gen.core.errors import ModelError

OLDER = ("vocab.json", "merges.txt")  # in place of tokenizer.json
HEAD = "#version"  # how the first line of merges.txt begins
AGAIN, OTHER = "download it again", "give another folder"


def refuse_unfit(name: str, inside: Path, encoder: dict[str, Any]) -> None:
    """Stops at a folder without a byte-pair vocabulary, or with half of one. Raises ModelError.

    `name` is what a message calls the folder, `encoder` the config of the text encoder that reads
    what it gives.
    """
    newer = (inside / "tokenizer.json").is_file()
    for file in () if newer else OLDER:
        if not (inside / file).is_file():
            move = "download it, or give another folder"
            raise ModelError(f"{name}/{file} is missing; {move}")
    held = {file.name: _object(name, file) for file in sorted(inside.glob("[!.]*.json"))}
    if newer:
        numbers = _newer(f"{name}/tokenizer.json", held["tokenizer.json"])
    else:
        numbers = _older(name, inside, held["vocab.json"])
    words = _number(name, encoder, "vocab_size", WORDS)
    read = _number(name, encoder, "max_position_embeddings", ROOM)
    most = max(numbers)
    if most >= words:
        raise ModelError(f"{name} has a piece {most}, its text encoder {words}; {OTHER}")
    room = held.get("tokenizer_config.json", {}).get("model_max_length")
    if room != read:
        what = f"model_max_length is {room!r}, its text encoder reads {read}"
        raise ModelError(f"{name}/tokenizer_config.json: {what}; {OTHER}")


def _number(name: str, encoder: dict[str, Any], field: str, otherwise: int) -> int:
    """What a text encoder's config says of its size, or what CLIP's is."""
    said = encoder.get(field, otherwise)
    if type(said) is not int:
        what = f"its text encoder's {field} is {said!r}, no whole number"
        raise ModelError(f"{name}: {what}; {AGAIN}")
    return said


def _newer(name: str, whole: dict[str, Any]) -> list[int]:
    """The numbers of a tokenizer.json's pieces, if its pairs give them."""
    model, added = whole.get("model"), whole.get("added_tokens")
    held = model if isinstance(model, dict) and model.get("type") == "BPE" else {}
    merges = held.get("merges")
    if not isinstance(merges, list) or not isinstance(added, list):
        raise ModelError(f"{name} is no byte-pair vocabulary; {AGAIN}")
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in merges]
    numbers = _numbers(name, held.get("vocab"), pairs)
    more = [one["id"] for one in added if isinstance(one, dict) and "id" in one]
    if not all(type(number) is int for number in more):
        raise ModelError(f"{name} has an added token whose id is no whole number; {AGAIN}")
    return numbers + more


def _older(name: str, inside: Path, pieces: dict[str, Any]) -> list[int]:
    """The numbers of a vocab.json's pieces, if the merges.txt beside it gives them."""
    file = f"{name}/merges.txt"
    try:
        head, *lines = (inside / "merges.txt").read_text("utf-8").split("\n")
    except ValueError:
        raise ModelError(f"{file} is no text; {AGAIN}") from None
    if not head.startswith(HEAD):
        lines = [head, *lines]
    return _numbers(file, pieces, [line.split() for line in lines if line])


def _numbers(name: str, pieces: Any, pairs: list[Any]) -> list[int]:
    """The numbers of pieces, each of which has one, and of which all pairs give one."""
    known = set(pieces) if isinstance(pieces, dict) else set()
    numbered = known and all(type(number) is int for number in pieces.values())
    if not numbered or not pairs or not all(_joined(pair) in known for pair in pairs):
        raise ModelError(f"{name} does not fit the pieces of its vocabulary; {AGAIN}")
    return list(pieces.values())


def _joined(pair: Any) -> str | None:
    """What two pieces give, if they are two."""
    two = isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
    return "".join(pair) if two else None


def _object(name: str, file: Path) -> dict[str, Any]:
    """A JSON object of the folder."""
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ModelError(f"{name}/{file.name} is no JSON object; {AGAIN}")
    return value
