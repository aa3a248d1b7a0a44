"""What a weights file is, read from its first bytes and its header alone: names and shapes."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from gen.core.errors import ModelError

Shapes = dict[str, tuple[int, ...]]

HEAD = 64  # bytes that show what a file is
LENGTH = 8  # bytes: a .safetensors file begins with the length of its header
LONGEST = 100_000_000  # bytes: no header may be longer
SHORT = 80  # letters of a name, or of another's message, that stand in ours
NUMBERS = ("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2")  # formats that are read as they are
SCALED = (".scale_weight", ".weight_scale", ".absmax", ".quant_map", "scaled_fp8", ".comfy_quant")
PICKLED = "a pickle under another name and never opened; give a real .safetensors file"
SIGNS = (  # how a file begins that is something else, what it is, and the next move
    (b"version https://git-lfs", "a git-lfs pointer, not the weights; run git lfs pull"),
    (b"GGUF", "a GGUF file; give the .safetensors that it was made from"),
    (b"PK\x03\x04", PICKLED),
    (b"\x80", PICKLED),
    (b"<", "a web page, not weights; download the file itself"),
    (b"\x89HDF", "an HDF5 file; give .safetensors"),
    (b"\x1f\x8b", "an archive; unpack it and give the .safetensors in it"),
    (b"7z\xbc\xaf", "an archive; unpack it and give the .safetensors in it"),
    (b"Rar!", "an archive; unpack it and give the .safetensors in it"),
)


def shapes(path: Path, name: str) -> Shapes:
    """Every tensor's name and shape; no tensor is read, however large the file.

    `name` is what the message calls the file.
    Raises ModelError, in one line that says what the file is, for anything but a whole
    .safetensors file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = _length(name, file.read(HEAD), size)
        file.seek(LENGTH)
        header = _header(name, file.read(length))
    _refuse_cut(name, header, size - LENGTH - length)
    try:
        with safe_open(path, "pt"):
            pass
    except SafetensorError as error:
        what = f"is no sound .safetensors file ({short(str(error))})"
        raise _wrong(name, f"{what}; download it again") from None
    _refuse_quantized(name, header)
    return {key: tuple(entry["shape"]) for key, entry in header.items()}


def sign(path: Path) -> str | None:
    """What a file is by its first bytes, and the next move, of kinds that are known; else None."""
    with path.open("rb") as file:
        return _signed(file.read(HEAD))


def short(text: str) -> str:
    """The beginning of a text that may be of any length."""
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def _length(name: str, start: bytes, size: int) -> int:
    """The length of the header, if what the file begins with can be one."""
    if not size:
        raise _wrong(name, "is empty; download it again")
    length = int.from_bytes(start[:LENGTH], "little")
    if start[LENGTH : LENGTH + 1] != b"{":
        if what := _signed(start):
            raise _wrong(name, f"is {what}")
        raise _wrong(name, "is no .safetensors file: it has no header; download it again")
    if length > min(LONGEST, size - LENGTH):
        what = f"is cut short or damaged: a header of {length:,} bytes in a file of {size:,}"
        raise _wrong(name, f"{what}; download it again")
    return length


def _signed(start: bytes) -> str | None:
    """What begins like that."""
    plain = start.removeprefix(codecs.BOM_UTF8).lstrip()
    return next((what for sign, what in SIGNS if plain.startswith(sign)), None)


def _header(name: str, text: bytes) -> dict[str, Any]:
    """The header's entries, one a tensor."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):  # also what is not UTF-8, or nested without end
        raise _wrong(name, "is damaged: its header is no JSON; download it again") from None
    header.pop("__metadata__", None)
    if not all(key.isprintable() for key in header):  # one may end up in a message
        raise _wrong(name, "is damaged: a tensor's name is no text; download it again")
    return dict(header)


def _refuse_cut(name: str, header: dict[str, Any], held: int) -> None:
    """Stops at a file with fewer or more bytes than its tensors have."""
    try:
        ends = max((int(entry["data_offsets"][1]) for entry in header.values()), default=0)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise _wrong(name, "is damaged: an odd entry in its header; download it again") from None
    if held < ends:
        raise _wrong(name, f"is cut short: {held:,} of {ends:,} bytes; download it again")
    if held > ends:
        raise _wrong(
            name, f"has {held - ends:,} bytes after its last tensor; download or save it again"
        )


def _refuse_quantized(name: str, header: dict[str, Any]) -> None:
    """Stops at weights that are numbers only once they are multiplied by others beside them."""
    for key, entry in header.items():
        if key.endswith(SCALED) or (entry["dtype"] not in NUMBERS and key.endswith(".weight")):
            what = f"is quantized: {short(key)} is {entry['dtype']}"
            raise _wrong(name, f"{what}; give it in float16 or float32")


def _wrong(name: str, what: str) -> ModelError:
    return ModelError(f"{name} {what}")
