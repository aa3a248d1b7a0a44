"""Call-outs point from words that stand inside the picture, clear of the spot."""

from pathlib import Path

import pytest

from gen.core import store
from gen.core.measured import Spot
from gen.publish.pictures import call_outs

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("id", store.staged.ids(ROOT))
def test_every_spot_of_a_staged_picture_has_words_and_a_line_of_some_length(id):
    shown = store.read_staged(ROOT, id)
    assert {spot.name for spot in shown.mirrored} == set(call_outs.SAYS)
    for out in map(call_outs.placed, shown.mirrored):
        assert 0 < out.words < 1
        assert abs(out.end - out.y) > 0.08
        assert (out.words < out.end) == (out.end < out.y)  # from the words on to the spot


def test_the_sky_is_named_above_and_the_ground_below():
    sky, ground = (call_outs.placed(Spot(name, 0.5, 0.5)) for name in ("sky", "ground"))
    assert sky.words < 0.5 < ground.words
