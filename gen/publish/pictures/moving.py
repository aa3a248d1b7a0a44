"""A run as a clip: from the noise through every guess to the picture, in some seconds, as WebP."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from gen.core.cache import read_or_make
from gen.core.canonical import canonical, digest
from gen.core.records import Capture
from gen.publish.pictures.filmstrip import frame

FILE = "loop.webp"  # beside the capture's own files, made by the build
SECONDS = 3
HELD = 800  # milliseconds for which the finished picture stays
QUALITY = 80  # of a frame that is seen for less than a tenth of a second, on flat sand and sky
FORMAT = 2  # raised when the same run would look different: older clips are then made again


def loop(cache: Path, capture: Capture, sheets: tuple[bytes, bytes]) -> bytes:
    """The clip, without end; `sheets` are the capture's sheets of filmstrip.ROWS."""
    name = digest(canonical([FORMAT, capture.key, [digest(sheet) for sheet in sheets]]))
    return read_or_make(cache / f"{name[:16]}.webp", lambda: _draw(capture, sheets))


def _draw(capture: Capture, sheets: tuple[bytes, bytes]) -> bytes:
    noisy, clean = (Image.open(BytesIO(sheet)).convert("RGB") for sheet in sheets)
    seen = capture.view("clean")
    noise = frame(noisy, capture.view("noisy"), 0)
    noise = noise.resize(seen.frame_size, Image.Resampling.NEAREST)
    guesses = [frame(clean, seen, index) for index in range(seen.frames)]
    each = (1000 * SECONDS - HELD) // len(guesses)
    times = [*[each] * len(guesses), HELD]
    file = BytesIO()
    options = {"save_all": True, "append_images": guesses, "duration": times, "loop": 0}
    noise.save(file, "WEBP", quality=QUALITY, method=4, **options)
    return file.getvalue()
