"""A picture has a lighter copy for small places, and never one that is enlarged."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from gen.publish.pictures import smaller


def png(size: tuple[int, int], level: int = 90) -> bytes:
    file = BytesIO()
    Image.fromarray(np.full((size[1], size[0], 3), level, np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("size", "copy"), [((1600, 840), (800, 420)), ((768, 512), (768, 512)), ((64, 96), (64, 96))]
)
def test_a_copy_has_the_picture_s_shape_and_no_more_pixels(tmp_path, size, copy):
    made = Image.open(BytesIO(smaller.smaller(tmp_path, png(size), 800)))
    assert (made.size, made.format) == (copy, "WEBP")


def test_each_width_of_each_picture_is_drawn_once(tmp_path, monkeypatch):
    first = smaller.smaller(tmp_path, png((90, 60)), 40)
    monkeypatch.setattr(smaller, "_draw", lambda picture, width: b"again")
    assert smaller.smaller(tmp_path, png((90, 60)), 40) == first
    assert smaller.smaller(tmp_path, png((90, 60)), 41) == b"again"
    assert smaller.smaller(tmp_path, png((90, 60), level=91), 40) == b"again"


def test_a_copy_is_named_after_its_picture():
    assert smaller.named("../staged/desert.webp", 800) == "../staged/desert-800.webp"
