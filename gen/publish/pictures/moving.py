"""A run as a clip: from the noise through every guess to the picture, in some seconds, as WebP."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.core.records import Capture
from gen.publish.pictures.filmstrip import frame
from gen.publish.pictures.keys import key

FILE = "loop.webp"  # beside the capture's own files, made by the build
SECONDS = 3
HELD = 800  # milliseconds for which the finished picture stays
QUALITY = 80  # of a frame that is seen for less than a tenth of a second, on flat sand and sky
FORMAT = 3  # raised when the same run would look different: older clips are then made again


def loop(cache: Path, capture: Capture, sheets: tuple[bytes, bytes], final: bytes) -> bytes:
    """The clip, without end, as large as the picture: guesses smoothly enlarged, then `final`.

    No detail is added (Lanczos). `sheets` are the capture's sheets of filmstrip.ROWS, `final` is
    its lossless picture.
    """
    name = key(FORMAT, capture.key, *map(digest, (*sheets, final)))
    return read_or_make(cache / f"{name}.webp", lambda: _draw(capture, sheets, final))


def _draw(capture: Capture, sheets: tuple[bytes, bytes], final: bytes) -> bytes:
    noisy, clean = (Image.open(BytesIO(sheet)).convert("RGB") for sheet in sheets)
    last = Image.open(BytesIO(final)).convert("RGB")
    seen = capture.view("clean")
    # A latent stays one even square: smoothing would invent what is not there.
    noise = frame(noisy, capture.view("noisy"), 0).resize(last.size, Image.Resampling.NEAREST)
    cells = (frame(clean, seen, index) for index in range(seen.frames - 1))
    guesses = [cell.resize(last.size, Image.Resampling.LANCZOS) for cell in cells]
    each = (1000 * SECONDS - HELD) // seen.frames
    times = [*[each] * seen.frames, HELD]
    file = BytesIO()
    options = {"save_all": True, "append_images": [*guesses, last], "duration": times, "loop": 0}
    noise.save(file, "WEBP", quality=QUALITY, method=4, **options)
    return file.getvalue()
