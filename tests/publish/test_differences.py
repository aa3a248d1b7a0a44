"""Which words of texts differ, and how far two pictures lie apart."""

from io import BytesIO

import pytest
from PIL import Image

from gen.publish import differences


def picture(*colours: tuple[int, int, int]) -> bytes:
    """A picture one pixel high as a PNG."""
    drawn = Image.new("RGB", (len(colours), 1))
    drawn.putdata(colours)
    file = BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def differing(*texts: str) -> list[list[str]]:
    return [[words for words, differs in text if differs] for text in differences.phrases(texts)]


@pytest.mark.parametrize(
    ("texts", "marks"),
    [
        (("a matte red car", "a glossy red car"), [["matte"], ["glossy"]]),
        (
            ("a matte red car, side", "a glossy red car, side", "a chrome car, side"),
            [["matte red"], ["glossy red"], ["chrome"]],
        ),
        (("a car", "a car at sunset"), [[], ["at sunset"]]),
        (("a red red car", "a red car"), [["red"], []]),
        (("one", "two"), [["one"], ["two"]]),
        (("", "two"), [[], ["two"]]),
    ],
)
def test_what_all_texts_share_is_not_marked(texts, marks):
    assert differing(*texts) == marks
    for text, pieces in zip(texts, differences.phrases(texts), strict=True):
        assert " ".join(words for words, _ in pieces) == text


def test_how_far_pictures_lie_apart_is_a_root_mean_square():
    black, white = picture((0, 0, 0), (0, 0, 0)), picture((255, 255, 255), (255, 255, 255))
    assert differences.apart(black, white) == 1
    assert differences.apart(white, white) == 0
    assert differences.apart(black, picture((255, 0, 0), (0, 0, 0))) == pytest.approx(
        (1 / 6) ** 0.5
    )
