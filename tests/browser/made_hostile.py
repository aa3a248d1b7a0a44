"""Files that mean harm: lying lengths, loops, depth, crowds, names that scripts know."""

import json
import struct

from made_pictures import (
    COMMENT,
    DIRECTORY,
    MAKE,
    avif,
    box,
    chunk,
    comment,
    exif,
    jpeg,
    png,
    saved,
    segment,
    text,
    wide,
    xmp,
)
from made_settings import DEEP, DRAW, NOT_WHOLE, NOTHING

CROWD, DAMAGED, DEEPER = "than any tool writes", "damaged", "more than 100 deep"
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f"<!DOCTYPE x [<!ENTITY e0 'ha'>{ENTITIES}]><exif:UserComment>&e11;</exif:UserComment>"


def with_exif(body: bytes) -> bytes:
    """A JPEG with such EXIF."""
    return jpeg(segment(0xE1, b"Exif\0\0" + body))


def with_xmp(value: str) -> bytes:
    """A JPEG with such XMP."""
    return jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + value.encode()))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these parts, whatever they say."""
    parts = (
        kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)
        for kind, body in chunks
    )
    return b"RIFF\0\0\0\0WEBP" + b"".join(parts)


def tiff(*entries: tuple[int, int, int, int], count: int | None = None) -> bytes:
    """EXIF of one directory with these entries: tag, type, how many, value or place."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = struct.pack("<H", len(entries) if count is None else count)
    return b"II*\0" + struct.pack("<I", 8) + head + packed + bytes(4)


def meta(*boxes: bytes) -> bytes:
    """An AVIF whose items these boxes tell."""
    return box(b"ftyp", b"avif" + bytes(4) + b"mif1") + box(b"meta", bytes(4) + b"".join(boxes))


def item(number: int, kind: bytes) -> bytes:
    return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + kind + b"\0")


def named(*items: bytes) -> bytes:
    return box(b"iinf", bytes(4) + struct.pack(">H", len(items)) + b"".join(items))


def placed(*places: tuple[int, int, int], count: int | None = None) -> bytes:
    """Where items lie: number, place, length."""
    entries = b"".join(struct.pack(">HHHII", number, 0, 1, *at) for number, *at in places)
    many = struct.pack(">H", len(places) if count is None else count)
    return box(b"iloc", bytes(4) + b"\x44\0" + many + entries)


def crowded(many: int) -> bytes:
    """EXIF of one directory that leads to so many others, each empty."""
    first = 8 + 2 + 12 * many + 4
    return tiff(*((DIRECTORY, 4, 1, first + 2 * n) for n in range(many))) + bytes(2 * many)


def endless(many: int) -> bytes:
    """A box of places, each in 65535 pieces that take no bytes."""
    entry = struct.pack(">HHHH", 1, 0, 0, 65_535)
    return box(b"iloc", b"\1\0\0\0\0\0" + struct.pack(">H", many) + entry * many)


def endlessly(length: int) -> bytes:
    """A box that tells this length in eight bytes."""
    return struct.pack(">I4sQ", 1, b"iloc", length) + bytes(20)


def nested(many: int) -> bytes:
    inside = b""
    for _ in range(many):
        inside = box(b"meta", bytes(4) + inside)
    return box(b"ftyp", b"avif" + bytes(4) + b"mif1") + inside


ITEMS = range(900)
SCANT = b"II*\0" + struct.pack("<I", 8)
ROUND = SCANT + struct.pack("<HHHII", 1, DIRECTORY, 4, 1, 26) + bytes(4)
ROUND += struct.pack("<HHHII", 1, DIRECTORY, 4, 1, 8) + bytes(4)
LONG_AGO = box(b"iloc", bytes(4) + b"\x88\0" + struct.pack(">HHHHQQ", 1, 1, 0, 1, *[2**64 - 1] * 2))
SCRIPTS = {"nodes": [{"id": n, "type": t} for n, t in enumerate(("constructor", "__proto__"))]}
HOSTILE: dict[str, tuple[bytes, str]] = {
    "XMP of a JPEG, deep": (with_xmp(xmp('{"c":' * 2000 + "1" + "}" * 2000)), DEEPER),
    "XMP of a JPEG, tags in tags": (
        with_xmp("<exif:UserComment>" + "<rdf:li>" * 3000 + "</rdf:li>" * 3000),
        NOTHING,
    ),
    "XMP that laughs": (with_xmp(LAUGHS), NOTHING),
    "XMP with letters beyond all": (
        with_xmp("<exif:UserComment>&#x110000;&#9999999;&#xd800;</exif:UserComment>"),
        NOTHING,
    ),
    "XMP of two bytes a letter": (
        jpeg(segment(0xE1, b"http:\0" + xmp(json.dumps(DRAW)).encode("utf-16"))),
        NOTHING,
    ),
    "XMP of a WebP, too long": (webp((b"XMP ", b"x" * 4_000_001)), "more than 4 MB"),
    "XMP, JSON cut": (with_xmp(xmp(json.dumps(DRAW)[:50])), "no valid JSON"),
    "JPEG part of no length": (jpeg(b"\xff\xe1\0\0"), NOTHING),
    "JPEG frame without sides": (jpeg(segment(0xC0, b"")), DAMAGED),
    "JPEG of comments": (jpeg(*[segment(0xFE, b"x")] * 300), CROWD),
    "JPEG of parts": (b"\xff\xd8" + segment(0xE0, b"") * 250_000, CROWD),
    "JPEG of filling": (b"\xff\xd8" + b"\xff" * 1_000_000, NOT_WHOLE),
    "EXIF cut in its head": (with_exif(b"II*"), DAMAGED),
    "EXIF cut in its directory": (with_exif(tiff(count=40)), DAMAGED),
    "EXIF in a wider circle": (with_exif(ROUND), NOTHING),
    "EXIF of directories": (with_exif(crowded(60)), CROWD),
    "EXIF of texts": (with_exif(tiff(*[(MAKE, 2, 1, 65)] * 300)), CROWD),
    "EXIF, a text of 32 gigabytes": (with_exif(tiff((MAKE, 12, 2**32 - 1, 8))), "longer than"),
    "EXIF, a text before the file": (with_exif(tiff((MAKE, 2, 9, 2**32 - 1))), "longer than"),
    "EXIF, a text of no type": (with_exif(tiff((MAKE, 99, 9, 8))), NOTHING),
    "EXIF, half a letter": (
        with_exif(exif({COMMENT: b"UNICODE\0" + b"\xd8\0\xdc"})),
        NOTHING,
    ),
    "EXIF, deep": (saved("WEBP", exif=exif({COMMENT: comment(DEEP)})), DEEPER),
    "WebP EXIF, lying": (webp((b"EXIF", tiff((COMMENT, 7, 2**31, 26)))), "longer than"),
    "WebP part, one byte too long": (webp((b"EXIF", tiff()))[:-1], NOT_WHOLE),
    "WebP head of two bytes": (webp((b"VP8X", b"\0\0")), DAMAGED),
    "WebP without a head": (webp((b"VP8L", b"")), DAMAGED),
    "WebP of parts": (webp(*[(b"ABCD", b"")] * 250_000), CROWD),
    "WebP of broken parts": (webp(*[(b"EXIF", b"??")] * 12), "does not begin as one"),
    "AVIF, boxes in boxes": (nested(2000), "nested more than 8 deep"),
    "AVIF, a box of four gigabytes": (meta(b"\xff\xff\xff\xffiloc"), "longer than"),
    "AVIF, a box of all bytes that there are": (meta(endlessly(2**64 - 1)), "longer than"),
    "AVIF, a box in a box that ends beyond it": (meta(endlessly(99)) + bytes(999), "longer than"),
    "AVIF, a box of eight bytes' length and no head": (meta(endlessly(15)), "shorter than"),
    "AVIF, an item that is the file": (
        meta(named(item(1, b"Exif")), placed((1, 0, 90))),
        "does not begin as one",
    ),
    "AVIF, an item beyond it": (meta(named(item(1, b"Exif")), placed((1, 2**31, 9))), DAMAGED),
    "AVIF, an item of eight bytes' places": (meta(named(item(1, b"mime")), LONG_AGO), NOTHING),
    "AVIF, EXIF that begins beyond it": (
        avif(exif({})).replace(bytes(4) + b"II*\0", b"\xff" * 4 + b"II*\0"),
        "does not begin as one",
    ),
    "AVIF, places cut short": (meta(placed((1, 0, 9), count=60_000)), DAMAGED),
    "AVIF, places without end": (meta(*[endless(1000)] * 300), NOTHING),
    "AVIF, names of no length": (meta(box(b"iinf", bytes(6) + bytes(400))), NOTHING),
    "AVIF, one text for all items": (
        meta(named(*(item(n, b"mime") for n in ITEMS)), placed(*((n, 0, 9) for n in ITEMS))),
        CROWD,
    ),
    "PNG of parts": (png(chunk(b"abCd", b"") * 250_000), CROWD),
    "PNG of broken parts": (png(*[chunk(b"eXIf", b"??")] * 12), "does not begin as one"),
    "a packed text of its name alone": (png(chunk(b"zTXt", b"parameters\0")), DAMAGED),
    "a text of noughts": (png(text("parameters", "\0" * 9000)), NOTHING),
    "names that scripts know": (png(text("workflow", json.dumps(SCRIPTS))), "no sampler"),
    "JSON, half a letter, cut": (png(wide("sd-metadata", '{"seed": "\\ud800')), "no valid JSON"),
}
