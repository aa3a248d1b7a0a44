"""A finished picture as pages show it: compressed, and enlarged if it is a small one."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.publish.pictures.keys import key

FILE = "shown.webp"  # beside the capture's own files, made by the build
WIDTH = 512  # pixels: enough for half a desktop's column and for a phone's fine screen
QUALITY = 88
FORMAT = 1  # raised when the same picture would look different: older ones are then drawn again


def upscaled(cache: Path, picture: bytes) -> bytes:
    """A lossless picture as WebP, a whole number of times as large where it is narrower than WIDTH.

    It has the same colours and shapes, smoothly enlarged (Lanczos): no detail is added.
    """
    name = key(FORMAT, digest(picture))
    return read_or_make(cache / f"{name}.webp", lambda: _draw(picture))


def _draw(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as small:
        image = small.convert("RGB")
    times = -(-WIDTH // image.width)
    image = image.resize((times * image.width, times * image.height), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()
