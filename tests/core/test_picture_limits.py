"""Pictures opened with limits."""

import zlib
from io import BytesIO

import pytest
from PIL import Image
from stored import chunk, large, picture

from gen.core import pictures

SIZE = (16, 8)


def moving(kind: str) -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def grey(mode: str) -> bytes:
    file = BytesIO()
    Image.new(mode, SIZE).save(file, "PNG")
    return file.getvalue()


PNG, WEBP = picture("PNG", SIZE), picture("WEBP", SIZE)
LONG = chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(80_000_000)))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.png", b"", "is no PNG picture"),
        ("a.png", b"hello", "is no PNG picture"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no PNG picture"),
        ("a.png", picture("GIF", SIZE), "is no PNG picture"),
        ("a.png", WEBP, "is no PNG picture"),
        ("a.webp", PNG, "is no WEBP picture"),
        ("a.webp", WEBP[:-9], "is no WEBP picture"),
        ("a.png", picture("PNG", (1, 1)), "has 1 x 1 pixels, not 16 x 8"),
        ("a.png", picture("PNG", (8, 16)), "has 8 x 16 pixels, not 16 x 8"),
        ("a.png", grey("L"), "has pixels of kind L, not RGB"),
        ("a.png", grey("1"), "has pixels of kind 1, not RGB"),
        ("a.png", grey("I;16"), "has pixels of kind I;16, not RGB"),
        ("a.png", large(12_000), "has 12000 x 12000 pixels, not 16 x 8"),
        ("a.png", large(30_000), "is no PNG picture that can be read (Image size"),
        ("a.png", moving("PNG"), "is a moving picture"),
        ("a.webp", moving("WEBP"), "is a moving picture"),
        ("a.png", PNG[:33] + LONG + PNG[33:], "is no PNG picture that can be read (Decompressed"),
    ],
)
def test_what_is_not_the_picture_that_it_should_be(name, data, says):
    fault = pictures.fault(name, data, SIZE)
    assert fault is not None and fault.startswith(says) and "\n" not in fault


def damaged() -> bytes:
    """A PNG with a byte of its pixels changed: its checksum is another then."""
    at = PNG.index(b"IDAT") + 6
    return PNG[:at] + bytes([PNG[at] ^ 0x55]) + PNG[at + 1 :]


@pytest.mark.parametrize("data", [PNG[:-30], damaged()])
def test_a_damaged_picture_is_found_where_its_pixels_are_read(data):
    fault = pictures.fault("a.png", data, SIZE, decode=True)
    assert fault is not None and fault.startswith("is no PNG picture that can be read")


def test_a_picture_as_it_should_be():
    assert pictures.fault("a.png", PNG, SIZE, decode=True) is None
    assert pictures.fault("a.webp", WEBP, None) is None
    assert pictures.fault("a.png", grey("L"), None) is None, "a measurement's may be of any kind"
