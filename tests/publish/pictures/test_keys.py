"""A picture is drawn anew where anything that decides its bytes has changed."""

import PIL
import pytest
from stored import FILES, capture

from gen.publish.pictures import filmstrip, moving, smaller, upscaled

SHEETS, FINAL = (FILES["noisy.webp"], FILES["clean.webp"]), FILES["final.png"]


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (filmstrip.filmstrip, (capture(), SHEETS)),
        (moving.loop, (capture(), SHEETS, FINAL)),
        (smaller.smaller, (FINAL, 8)),
        (upscaled.upscaled, (FINAL,)),
    ],
)
def test_what_another_encoder_wrote_is_drawn_again(tmp_path, monkeypatch, drawn, words):
    first = drawn(tmp_path, *words)
    assert drawn(tmp_path, *words) == first and len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(PIL, "__version__", "another")
    drawn(tmp_path, *words)
    assert len(list(tmp_path.iterdir())) == 2
