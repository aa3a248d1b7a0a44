"""Pictures of records, opened with limits: in the right format, of the right size, still, whole."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import Any

from PIL import Image, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin

from gen.core.measured import Finals, Measurement, Reference, Staged
from gen.core.records import SHEET_COLUMNS, Capture

Size = tuple[int, int]  # pixels
PLUGINS = PngImagePlugin, WebPImagePlugin  # imported: to find one, Pillow would load all it has
FORMATS = {".png": "PNG", ".webp": "WEBP"}
PIXELS = 16_383**2  # what a WebP can hold


def of_capture(capture: Capture) -> Iterator[tuple[str, Size]]:
    """The final picture and the sheets, with their sizes."""
    yield capture.final, (capture.prompt.width, capture.prompt.height)
    for view in capture.views:
        width, height = view.frame_size
        yield view.sheet, (SHEET_COLUMNS * width, -(-view.frames // SHEET_COLUMNS) * height)


def of_reference(reference: Reference | Staged) -> Iterator[tuple[str, Size]]:
    """What light would do."""
    yield f"{reference.id}.webp", (reference.width, reference.height)


def of_finals(finals: Finals) -> Iterator[tuple[str, Size]]:
    """Every small picture."""
    for painted in finals.painted:
        yield painted.file, (finals.width, finals.height)


def of_measurement(measurement: Measurement) -> Iterator[tuple[str, Size | None]]:
    """A measurement's pictures; what size they have is theirs. Its charts are no pictures."""
    for name, _ in measurement.digests:
        if PurePath(name).suffix in FORMATS:
            yield name, None


def fault(name: str, data: bytes, size: Size | None, decode: bool = False) -> str | None:
    """Why a file's bytes are not the picture that its name and size say; None where they are.

    One of a known size holds red, green and blue, eight bits each: others are compared with it.
    Reads no pixel, unless told to `decode` all of them.
    """
    kind = FORMATS[PurePath(name).suffix]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=(kind,)) as picture:
                return _opened(picture, size) or (_decoded(picture) if decode else None)
    except UnidentifiedImageError:
        return f"is no {kind} picture"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"is no {kind} picture that can be read ({' '.join(str(error).split())[:80]})"


def _opened(picture: Any, size: Size | None) -> str | None:
    """What the head of a picture says against it."""
    width, height = picture.size
    if size is not None and (width, height) != size:
        return f"has {width} x {height} pixels, not {size[0]} x {size[1]}"
    if size is not None and picture.mode != "RGB":
        return f"has pixels of kind {picture.mode}, not RGB"
    if width * height > PIXELS:
        return f"has {width} x {height} pixels, more than a page can show"
    if getattr(picture, "n_frames", 1) != 1:
        return "is a moving picture"
    return None


def _decoded(picture: Any) -> str | None:
    """Reads every pixel: what is damaged raises."""
    picture.load()
    return None
