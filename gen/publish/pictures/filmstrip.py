"""A run at a glance: a few of its steps on one small sheet, from noise to picture."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.core.records import Capture, View
from gen.publish.pictures.keys import key

FILE = "strip.webp"  # beside the capture's own files, made by the build
ROWS = ("noisy", "clean")  # the views of the sheet, from above
SHARES = (0, 0.1, 0.17, 0.31, 0.65, 1)  # of the way: most happens early
QUALITY = 88
FORMAT = 1  # raised when the same run would look different: older strips are then drawn again


def steps(capture: Capture) -> tuple[int, ...]:
    """The steps that are shown, from 1; fewer where the run is short."""
    last = len(capture.steps) - 1
    return tuple(sorted({1 + round(share * last) for share in SHARES}))


def filmstrip(cache: Path, capture: Capture, sheets: tuple[bytes, bytes]) -> bytes:
    """The sheet as WebP: a column a step, a row for each of ROWS, all frames as large as the clean.

    `sheets` are the capture's sheets of ROWS.
    """
    name = key(FORMAT, capture.key, *map(digest, sheets))
    return read_or_make(cache / f"{name}.webp", lambda: _draw(capture, sheets))


def _draw(capture: Capture, sheets: tuple[bytes, bytes]) -> bytes:
    size = width, height = capture.view("clean").frame_size
    columns = steps(capture)
    strip = Image.new("RGB", (len(columns) * width, len(ROWS) * height))
    for row, (kind, data) in enumerate(zip(ROWS, sheets, strict=True)):
        with Image.open(BytesIO(data)) as opened:
            sheet = opened.convert("RGB")
        for column, step in enumerate(columns):
            shown = frame(sheet, capture.view(kind), step - 1)
            # A latent stays one even square: smoothing would invent what is not there.
            shown = shown.resize(size, Image.Resampling.NEAREST)
            strip.paste(shown, (column * width, row * height))
    file = BytesIO()
    strip.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def frame(sheet: Image.Image, view: View, index: int) -> Image.Image:
    """One frame of a view's sheet, counted from 0."""
    (width, height), (left, top) = view.frame_size, view.place(index)
    return sheet.crop((left, top, left + width, top + height))
