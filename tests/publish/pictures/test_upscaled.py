"""Small pictures are shown large: the same picture, and lighter than the file that was made."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from gen.publish.pictures import upscaled


def png(size: tuple[int, int], blur: float = 4) -> bytes:
    file = BytesIO()
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).filter(ImageFilter.GaussianBlur(blur)).save(file, "PNG")
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("size", "larger"),
    [
        ((192, 128), (576, 384)),
        ((512, 512), (512, 512)),
        ((64, 96), (512, 768)),
        ((640, 8), (640, 8)),
    ],
)
def test_a_picture_is_shown_a_whole_number_of_times_as_large(tmp_path, size, larger):
    picture = opened(upscaled.upscaled(tmp_path, png(size)))
    assert (picture.size, picture.format) == (larger, "WEBP")


def test_the_picture_stays_what_it_is(tmp_path):
    data = png((192, 128))
    picture = opened(upscaled.upscaled(tmp_path, data)).resize((192, 128), Image.Resampling.BOX)
    apart = np.abs(np.asarray(picture, int) - np.asarray(opened(data), int))
    assert apart.mean() < 2
    assert apart.max() < 24


def test_the_same_picture_is_drawn_once_and_another_anew(tmp_path, monkeypatch):
    first = upscaled.upscaled(tmp_path, png((192, 128)))
    monkeypatch.setattr(upscaled, "_draw", lambda picture: b"again")
    assert upscaled.upscaled(tmp_path, png((192, 128))) == first
    assert upscaled.upscaled(tmp_path, png((192, 128), blur=5)) == b"again"
