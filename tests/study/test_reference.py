"""gen/study/reference.py: a prompt read as a scene."""

import numpy as np
import pytest

from gen.errors import BadInput
from gen.study import reference, scene


def test_every_caption_is_understood_as_it_was_meant(recipe):
    for seed in range(300):
        drawn = scene.draw(seed, recipe)
        text = scene.caption(drawn, recipe, np.random.default_rng(seed))
        found = reference.understood(text, recipe)
        assert ("window" in found) == (drawn.pane is not None), text
        found.pop("window", None)
        assert {"finish", "colour"} <= found.keys(), text
        assert found.items() <= drawn.meaning().items(), text


def test_the_scene_shows_what_is_said_and_no_window(recipe):
    found = reference.scene_for("a gold car in the snow, side view", recipe)
    shown = found.meaning()
    assert (shown["colour"], shown["world"], shown["view"]) == ("gold", "snow", "side view")
    assert found.pane is None
    behind = "a chrome car on a city street, side view, seen through a window"
    assert reference.scene_for(behind, recipe).pane is not None


def test_another_sentence_is_refused(recipe):
    with pytest.raises(BadInput, match=r"a shiny boat.*no sentence"):
        reference.understood("a shiny boat", recipe)
