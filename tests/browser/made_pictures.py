"""Small pictures with texts in them, byte by byte: as tools write them, and as none should."""

import io
import struct
import zlib
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


def box(kind: bytes, body: bytes) -> bytes:
    """A box of an AVIF."""
    return struct.pack(">I", len(body) + 8) + kind + body


def avif(exif_bytes: bytes) -> bytes:
    """The boxes of an AVIF that lead to its EXIF; without a picture."""
    head = box(b"ftyp", b"avif" + bytes(4) + b"mif1")
    item = box(b"infe", b"\2\0\0\0" + struct.pack(">HH", 1, 0) + b"Exif\0")
    names = box(b"iinf", bytes(4) + struct.pack(">H", 1) + item)
    sides = box(b"iprp", box(b"ipco", box(b"ispe", bytes(4) + struct.pack(">II", 640, 480))))
    body = struct.pack(">I", 0) + exif_bytes

    def places(at: int) -> bytes:
        entry = struct.pack(">HHHII", 1, 0, 1, at, len(body))
        return box(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">H", 1) + entry)

    meta = len(box(b"meta", bytes(4) + names + places(0) + sides))
    whole = box(b"meta", bytes(4) + names + places(len(head) + meta + 8) + sides)
    return head + whole + box(b"mdat", body)
