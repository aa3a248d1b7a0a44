"""The cards of shared links: small, drawn once, and from whatever there is."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from gen.publish.pictures import share_card

FONT = Path(__file__).parents[3] / "docs" / "assets" / "fonts" / "inter-latin-wght.woff2"
TITLE = "Glossy yellow in the desert, seen from far away and low"


@pytest.fixture
def picture() -> bytes:
    return png(Image.effect_noise((192, 128), 80).convert("RGB"))


def png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def opened(card: bytes) -> Image.Image:
    return Image.open(BytesIO(card))


@pytest.mark.parametrize("font", [FONT, Path("none.woff2")])
@pytest.mark.parametrize("pictured", [True, False])
def test_a_card_is_large_and_light(picture, font, pictured):
    card = share_card.draw(TITLE, "Site", "Picture: Model", picture if pictured else None, font)
    assert len(card) < 60_000
    assert (opened(card).size, opened(card).format) == ((1200, 630), "JPEG")


def ink(card: Image.Image) -> tuple[int, int]:
    """The first and the last column of a card's title that hold more than paper."""
    letters = card.convert("L").crop((0, 150, card.width, 500)).point(lambda level: level > 128)
    first, _, end, _ = letters.getbbox()
    return first, end - 1


def test_a_title_fills_its_lines_up_to_a_margin_or_to_the_picture(picture):
    title = "a car " * 9
    alone = opened(share_card.draw(title, "S", "", None, FONT))
    left, right = ink(alone)
    assert alone.width - 2 * left < right < alone.width - left
    black = png(Image.new("RGB", (192, 128)))
    assert ink(opened(share_card.draw(title, "S", "", black, FONT)))[1] < 1200 - share_card.PICTURE


@pytest.mark.parametrize("size", [(192, 128), (64, 512), (512, 512)])
def test_the_picture_is_shown_whole(size):
    final = png(Image.new("RGB", size, "#00ff00"))
    card = opened(share_card.draw("T", "S", "", final, FONT)).convert("RGB")
    green = [
        (x, y)
        for x in range(0, card.width, 4)
        for y in range(0, card.height, 4)
        if card.getpixel((x, y))[1] > 200 and card.getpixel((x, y))[0] < 60
    ]
    width, height = (max(v) - min(v) for v in zip(*green, strict=True))
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)


def test_a_picture_of_a_cards_shape_takes_all_of_it_with_dark_words_on_it():
    wide = png(Image.new("RGB", (1600, 840), "#c0d8f0"))
    card = opened(share_card.draw("Why?", "Site", "A render", wide, FONT)).convert("RGB")
    assert {
        card.getpixel(corner)[2] > 200 for corner in ((2, 2), (1197, 2), (2, 627), (1197, 627))
    } == {True}
    assert min(card.crop((0, 74, 1200, 150)).convert("L").get_flattened_data()) < 60


def test_the_same_words_and_picture_are_drawn_once(picture, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = share_card.card(cache, TITLE, "Site", "", picture, FONT)
    monkeypatch.setattr(share_card, "draw", lambda *_: b"again")
    assert share_card.card(cache, TITLE, "Site", "", picture, FONT) == first
    assert share_card.card(cache, "Another", "Site", "", picture, FONT) == b"again"
    other = png(Image.new("RGB", (192, 128)))
    assert share_card.card(cache, TITLE, "Site", "", other, FONT) == b"again"


def test_a_card_is_drawn_again_when_its_font_has_come(tmp_path):
    """What was drawn without the font is not served for ever."""
    font = tmp_path / "font.woff2"
    bare = share_card.card(tmp_path / "cache", "T", "S", "", None, font)
    font.write_bytes(FONT.read_bytes())
    assert share_card.card(tmp_path / "cache", "T", "S", "", None, font) != bare


def test_a_title_is_set_in_a_heavier_weight_than_a_note():
    """Ink on a card: the same words at one size, in the weight of each."""
    bold, light = (share_card._font(FONT, 58, weight).getmask("Chrome") for weight in (700, 450))
    assert sum(bold) > 1.15 * sum(light)


def test_a_cache_that_cannot_be_written_does_no_harm(picture, tmp_path):
    (tmp_path / "cache").write_text("a file, where a folder should be")
    assert share_card.card(tmp_path / "cache", "T", "S", "", picture, FONT).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "words", [("Other", "Site", "Note"), ("T", "Other", "Note"), ("T", "Site", "x")]
)
def test_title_site_and_note_are_all_read_on_it(words):
    assert share_card.draw(*words, None, FONT) != share_card.draw("T", "Site", "Note", None, FONT)
