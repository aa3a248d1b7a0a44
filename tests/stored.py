"""A small capture that agrees with itself, and its pictures: made without a pipeline."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from gen.core.canonical import digest
from gen.core.records import Capture, Curve, Part, Step, Token, View
from gen.core.sources import LatentMap, Model, Prompt

MODEL = Model("tiny", "Tiny", "folder", "models/tiny", "0" * 64, True, LatentMap(("a car",), 2))
PROMPT = Prompt("car", "cars", "a car", "", 1, 1, 1.0, 16, 8, "DDIMScheduler", "tiny")
KEY = "00411a2b9021e857"


def picture(kind: str, size: tuple[int, int], colour: str = "grey") -> bytes:
    """One flat colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def large(side: int) -> bytes:
    """A black PNG of a few hundred kilobytes at most, whatever it unpacks to."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 64), 9)  # too few: nobody reads that far
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


FILES = {
    "final.png": picture("PNG", (16, 8)),
    "noisy.webp": picture("WEBP", (16, 1)),
    "clean.webp": picture("WEBP", (128, 8)),
}


def part(name: str, cls: str = "Module", parent: str | None = None) -> Part:
    return Part(name, parent, cls, 9, ((1, 4, 1, 2),), ((1, 4, 1, 2),), 1, 0.2)


def capture(files: dict[str, bytes] = FILES, **changes: object) -> Capture:
    """One step of it, recorded; `changes` are fields of the record."""
    fields = {
        "key": KEY,
        "prompt": PROMPT,
        "model": MODEL,
        "scaling_factor": 0.18215,
        "training_timesteps": 1000,
        "final": "final.png",
        "steps": (Step(0, 1.0, 0.04),),
        "parts": (
            *map(part, ("tokenizer", "text_encoder", "unet", "scheduler", "vae")),
            part("vae.decoder", parent="vae"),
        ),
        "tokens": (Token("car</w>", "car", 1),),
        "views": (
            View("noisy", None, "noisy.webp", 2, (2, 1)),
            View("clean", None, "clean.webp", 1, (16, 8), ("down",), (0.0, 1.0)),
        ),
        "curves": (Curve("distance", "rgb", (0.25,)),),
        "digests": tuple((name, digest(data)) for name, data in files.items()),
    }
    return Capture(**fields | changes)
