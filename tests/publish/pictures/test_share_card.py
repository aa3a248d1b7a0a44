"""The cards of shared links: small, drawn once, and from whatever there is."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from gen.publish.pictures import share_card as social

FONT = Path(__file__).parents[3] / "docs" / "assets" / "fonts" / "inter-latin-wght.woff2"
TITLE = "Glossy yellow in the desert, seen from far away and low"


@pytest.fixture
def picture(tmp_path) -> Path:
    Image.effect_noise((192, 128), 80).convert("RGB").save(tmp_path / "final.png")
    return tmp_path / "final.png"


def opened(card: bytes) -> Image.Image:
    return Image.open(BytesIO(card))


@pytest.mark.parametrize("font", [FONT, Path("none.woff2")])
@pytest.mark.parametrize("shown", [True, False])
def test_a_card_is_large_and_light(picture, font, shown):
    card = social.draw(TITLE, "Site", "Picture: Model", picture if shown else None, font)
    assert len(card) < 60_000
    assert (opened(card).size, opened(card).format) == ((1200, 630), "JPEG")


@pytest.mark.parametrize("size", [(192, 128), (64, 512), (512, 512)])
def test_the_picture_is_shown_whole(tmp_path, size):
    Image.new("RGB", size, "#00ff00").save(tmp_path / "p.png")
    card = opened(social.draw("T", "S", "", tmp_path / "p.png", FONT)).convert("RGB")
    green = [
        (x, y)
        for x in range(0, card.width, 4)
        for y in range(0, card.height, 4)
        if card.getpixel((x, y))[1] > 200 and card.getpixel((x, y))[0] < 60
    ]
    width, height = (max(v) - min(v) for v in zip(*green, strict=True))
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)


def test_the_same_words_and_picture_are_drawn_once(picture, tmp_path, monkeypatch):
    asked = (tmp_path / "cache", TITLE, "Site", "", picture, FONT)
    first = social.card(*asked)
    monkeypatch.setattr(social, "draw", lambda *_: b"again")
    assert social.card(*asked) == first
    assert social.card(asked[0], "Another", *asked[2:]) == b"again"
    Image.new("RGB", (192, 128)).save(picture)
    assert social.card(*asked) == b"again"


def test_a_cache_that_cannot_be_written_does_no_harm(picture, tmp_path):
    (tmp_path / "cache").write_text("a file, where a folder should be")
    assert social.card(tmp_path / "cache", "T", "S", "", picture, FONT).startswith(b"\xff\xd8")
