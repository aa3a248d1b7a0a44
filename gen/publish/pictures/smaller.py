"""A picture once more in fewer pixels, for a place or a screen that is too small for all."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.publish.pictures.keys import key

WIDTHS = (800, 1200)  # pixels, of a picture across a page: phones as wide as two and three of them
CARD, CARD_WIDTH = "small.webp", 384  # beside a capture's own files: a card is at most half as wide
QUALITY = 86
FORMAT = 1  # raised when the same picture would look different: older ones are then drawn again


def smaller(cache: Path, picture: bytes, width: int) -> bytes:
    """A picture as WebP, `width` pixels wide; one that is no wider keeps its pixels."""
    name = key(FORMAT, digest(picture), width)
    return read_or_make(cache / f"{name}.webp", lambda: _draw(picture, width))


def named(path: str, width: int) -> str:
    """The path of a picture's smaller copy: x.webp is x-800.webp."""
    stem, _, ending = path.rpartition(".")
    return f"{stem}-{width}.{ending}"


def _draw(picture: bytes, width: int) -> bytes:
    with Image.open(BytesIO(picture)) as whole:
        image = whole.convert("RGB")
    if image.width > width:
        size = (width, round(image.height * width / image.width))
        image = image.resize(size, Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()
