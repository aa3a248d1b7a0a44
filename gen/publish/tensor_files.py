"""Safetensors files byte by byte, without torch: shards made one file, tensors left out."""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gen.core import split_weights
from gen.core.errors import BadInput

INDEX = ".index.json"  # after a weights file's name, where it lies in shards: diffusers' layout
Tensor = tuple[str, dict[str, Any], bytes]  # its name, its type and shape, its values as they lie


def lying(path: Path) -> tuple[Path, ...]:
    """The files that a weights file's tensors lie in: itself, or its shards; none if one is absent.

    Raises BadInput for an index that names no files beside it.
    """
    if path.is_file():
        return (path,)
    index = path.with_name(path.name + INDEX)
    if not index.is_file():
        return ()
    try:
        names = split_weights.named(json.loads(index.read_bytes()))
    except (ValueError, RecursionError):
        names = None
    if names is None:
        raise BadInput(f"{index}: has no weight_map of files beside it; check it out anew")
    paths = tuple(path.with_name(name) for name in names)
    return paths if all(shard.is_file() for shard in paths) else ()


def joined(files: Sequence[bytes], place: str, names: tuple[str, ...] = ("",)) -> bytes:
    """One file of those tensors whose names begin so. Raises BadInput, which names the place."""
    try:
        return _written([tensor for file in files for tensor in _chosen(*parted(file), names)])
    except (struct.error, ValueError, KeyError, TypeError):
        raise BadInput(f"{place}: is no safetensors file; check it out anew") from None


def parted(file: bytes) -> tuple[dict[str, Any], memoryview]:
    """A safetensors file's header, and the values after it. Raises struct.error, ValueError."""
    (length,) = struct.unpack_from("<Q", file)
    return json.loads(file[8 : 8 + length]), memoryview(file)[8 + length :]


def _chosen(
    header: Mapping[str, dict[str, Any]], body: memoryview, names: tuple[str, ...]
) -> Iterator[Tensor]:
    """Each tensor that is wanted, by name."""
    for name, entry in sorted(header.items()):
        if name.startswith(names) and name != "__metadata__":
            first, last = entry["data_offsets"]
            if last > len(body):
                raise ValueError(name)
            yield name, entry, bytes(body[first:last])


def _written(tensors: Sequence[Tensor]) -> bytes:
    header, at = {}, 0
    for name, what, values in tensors:
        header[name] = what | {"data_offsets": [at, at + len(values)]}
        at += len(values)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that values begin at a multiple of eight
    return b"".join((struct.pack("<Q", len(text)), text, *(values for *_, values in tensors)))
