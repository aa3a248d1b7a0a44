"""Small pictures with texts in them, byte by byte: as tools write them, and as none should."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from itertools import cycle
from xml.sax.saxutils import escape

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMMENT, DESCRIPTION, MAKE, CAMERA, DIRECTORY, WINDOWS = 0x9286, 0x10E, 0x10F, 0x110, 0x8769, 0x9C9C


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text(keyword: str, value: str | bytes) -> bytes:
    """A plain text of a PNG: one byte a letter where that is enough, else UTF-8 all the same."""
    if isinstance(value, str):
        value = value.encode("latin1" if value.isascii() else "utf-8")
    return chunk(b"tEXt", keyword.encode("latin1") + b"\0" + value)


def packed(keyword: str, value: bytes) -> bytes:
    """A text of a PNG, packed."""
    return chunk(b"zTXt", keyword.encode() + b"\0\0" + zlib.compress(value, 9))


def wide(keyword: str, value: str, compress: bool = False) -> bytes:
    """A text of a PNG in UTF-8, as it names it."""
    body = value.encode()
    flags = bytes((compress, 0))
    content = zlib.compress(body) if compress else body
    return chunk(b"iTXt", keyword.encode() + b"\0" + flags + b"en\0\0" + content)


def png(*chunks: bytes, size: tuple[int, int] = (6, 4), end: bool = True) -> bytes:
    """A PNG with these parts ahead of its values."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    row = b"\0" + bytes((90, 120, 150)) * size[0]
    values = chunk(b"IDAT", zlib.compress(row * min(size[1], 64)))
    return SIGNATURE + head + b"".join(chunks) + values + (chunk(b"IEND", b"") if end else b"")


def stealthy(value: str, packed: bool = True) -> bytes:
    """A text as it hides in an alpha channel: name, length in bits, text."""
    name = b"stealth_pngcomp" if packed else b"stealth_pnginfo"
    content = gzip.compress(value.encode(), mtime=0) if packed else value.encode()
    return name + struct.pack(">I", 8 * len(content)) + content


def see_through(
    hidden: bytes,
    *chunks: bytes,
    width: int = 48,
    height: int = 0,
    filters: Iterable[int] = range(5),
    cut: int = 0,
    laced: bool = False,
) -> bytes:
    """A PNG with an alpha channel whose last bits hold these bytes, column by column, then ones.

    It is as high as that needs where no height is set; the filters of rows take turns; `cut` rows
    are missing.
    """
    bits = [byte >> place & 1 for byte in hidden for place in range(7, -1, -1)]
    height = height or -(-len(bits) // width)
    bits += [1] * (width * height - len(bits))
    before, rows = bytes(4 * width), b""
    for y, kind in zip(range(height - cut), cycle(filters)):
        alphas = [0xC8 + 2 * ((x * y) % 20) | bits[x * height + y] for x in range(width)]
        row = b"".join(bytes((7 * x & 255, 3 * y & 255, 90, a)) for x, a in enumerate(alphas))
        rows += bytes((kind,)) + _filtered(kind, row, before)
        before = row
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, laced))
    packed_ = zlib.compress(rows)
    values = chunk(b"IDAT", packed_[:50]) + chunk(b"IDAT", packed_[50:])
    return SIGNATURE + head + b"".join(chunks) + values + chunk(b"IEND", b"")


def _filtered(kind: int, row: bytes, before: bytes) -> bytes:
    """A row's values less what its filter expects there."""
    left, corner = (bytes(4) + line for line in (row, before))
    expects = FILTERS[kind]
    return bytes(
        value - expects(a, b, c) & 255
        for value, a, b, c in zip(row, left, before, corner, strict=False)
    )


def _nearest(left: int, up: int, corner: int) -> int:
    return min((left, up, corner), key=lambda one: abs(left + up - corner - one))


FILTERS: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, up, corner: 0,
    lambda left, up, corner: left,
    lambda left, up, corner: up,
    lambda left, up, corner: (left + up) // 2,
    _nearest,
)


def exif(
    entries: dict[int, bytes], order: str = "<", nested: tuple[int, ...] = (COMMENT,)
) -> bytes:
    """EXIF of these texts, those in `nested` in a second directory."""
    outer = {tag: value for tag, value in entries.items() if tag not in nested}
    inner = {tag: value for tag, value in entries.items() if tag in nested}
    mark = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    length = 2 + 12 * (len(outer) + bool(inner)) + 4
    first, heap = _directory(outer, 8 + length, order, bool(inner))
    at = 8 + length + len(heap)
    if inner:
        first += struct.pack(order + "HHII", DIRECTORY, 4, 1, at)
    first += bytes(4)
    second = b""
    if inner:
        entries_, values = _directory(inner, at + 2 + 12 * len(inner) + 4, order, False)
        second = entries_ + bytes(4) + values
    return mark + first + heap + second


def _directory(
    entries: dict[int, bytes], heap_at: int, order: str, more: bool
) -> tuple[bytes, bytes]:
    head, heap = struct.pack(order + "H", len(entries) + more), b""
    for tag, value in sorted(entries.items()):
        kind = 7 if tag == COMMENT else 1 if tag == WINDOWS else 2
        if len(value) <= 4:
            place = value.ljust(4, b"\0")
        else:
            place = struct.pack(order + "I", heap_at + len(heap))
            heap += value
        head += struct.pack(order + "HHI", tag, kind, len(value)) + place
    return head, heap


def comment(value: str, letters: str = "utf-16-be") -> bytes:
    """What stands in EXIF's UserComment, with the code of its letters."""
    if letters == "ascii":
        return b"ASCII\0\0\0" + value.encode("ascii")
    return b"UNICODE\0" + value.encode(letters)


def xmp(value: str, tool: str = "Draw Things", attribute: bool = False) -> str:
    """XMP with a comment."""
    quoted = escape(value, {'"': "&quot;"})
    inside = f"<rdf:Alt><rdf:li xml:lang='x-default'>{quoted}</rdf:li></rdf:Alt>"
    element = "" if attribute else f"<exif:UserComment>{inside}</exif:UserComment>"
    named = f' exif:UserComment="{quoted}"' if attribute else ""
    return (
        f"<x:xmpmeta><rdf:RDF><rdf:Description{named}><xmp:CreatorTool>{tool}</xmp:CreatorTool>"
        f"{element}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def saved(kind: str, **options: object) -> bytes:
    """A small picture as Pillow saves one."""
    file = io.BytesIO()
    Image.new("RGB", (12, 8), (90, 120, 150)).save(file, kind, **options)
    return file.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    """A part of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes) -> bytes:
    """A JPEG with these parts at its beginning."""
    plain = saved("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def box(kind: bytes, body: bytes, wide: bool = False) -> bytes:
    """A box of an AVIF; a wide one tells its length in eight bytes behind its name."""
    if wide:
        return struct.pack(">I", 1) + kind + struct.pack(">Q", len(body) + 16) + body
    return struct.pack(">I", len(body) + 8) + kind + body


def avif(exif_bytes: bytes, wide: bool = False) -> bytes:
    """The boxes of an AVIF that lead to its EXIF; without a picture."""
    made = partial(box, wide=wide)
    head = made(b"ftyp", b"avif" + bytes(4) + b"mif1")
    item = made(b"infe", b"\2\0\0\0" + struct.pack(">HH", 1, 0) + b"Exif\0")
    names = made(b"iinf", bytes(4) + struct.pack(">H", 1) + item)
    sides = made(b"iprp", made(b"ipco", made(b"ispe", bytes(4) + struct.pack(">II", 640, 480))))
    body = struct.pack(">I", 0) + exif_bytes

    def places(at: int) -> bytes:
        entry = struct.pack(">HHHII", 1, 0, 1, at, len(body))
        return made(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">H", 1) + entry)

    meta = len(made(b"meta", bytes(4) + names + places(0) + sides))
    at = len(head) + meta + (16 if wide else 8)
    whole = made(b"meta", bytes(4) + names + places(at) + sides)
    return head + whole + made(b"mdat", body)
