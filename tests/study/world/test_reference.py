"""gen/study/world/reference.py: a prompt read as a scene."""

import io
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.study.world import captions, reference, scene


def test_every_caption_is_understood_as_it_was_meant(recipe):
    for seed in range(300):
        drawn = scene.draw(seed, recipe)
        text = captions.caption(drawn, recipe, np.random.default_rng(seed))
        found = captions.understood(text, recipe)
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
        captions.understood("a shiny boat", recipe)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("a shiny polished chrome car in a studio", "a matte red car in a studio"),
        ("chrome saloon, side view, in the desert", "matte red saloon, side view, in the desert"),
        ("a gold coupe at sunset", "a matte red coupe at sunset"),
    ],
)
def test_a_sentence_in_another_paint_says_all_else_as_before(recipe, prompt, text):
    again = captions.in_paint(prompt, recipe, "matte", 0)
    assert again == text
    before, after = (captions.understood(p, recipe) for p in (prompt, again))
    assert (after.pop("finish"), after.pop("colour")) == ("matte", "red")
    assert {k: v for k, v in before.items() if k not in ("finish", "colour")} == after
    assert captions.in_paint(prompt, recipe, "matte", 1) != again, "colours take turns"


@pytest.mark.skipif(not find_spec("mitsuba"), reason="no renderer here")
def test_a_reference_is_path_traced_larger_and_named_by_its_words(recipe):
    small = replace(recipe, width=64, height=64)
    record, files = reference.make("gold", "a gold car in the snow, side view", small)
    picture = Image.open(io.BytesIO(files["gold.webp"]))
    assert picture.size == (record.width, record.height) == (128, 128)
    assert dict(record.scene)["colour"] == "gold" and record.seed >= reference.FIRST
    assert dict(record.digests)["gold.webp"] == digest(files["gold.webp"])
    other = reference.key("a chrome car in the snow, side view", small)
    assert record.key == reference.key(record.prompt, small) != other
