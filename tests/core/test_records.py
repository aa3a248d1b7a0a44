"""What a capture holds is looked up by name."""

from dataclasses import replace

import pytest

from gen.core.records import Capture, Curve, Part, View
from gen.core.sources import LatentMap, Model, Prompt

MODEL = Model("tiny", "Tiny", "folder", "models/tiny", "0" * 64, True, LatentMap(("a car",), 2))
PROMPT = Prompt("car", "cars", "a car", "", 1, 1, 7.5, 64, 48, "DDIMScheduler", "tiny")
VIEW = View("attention", "car", "attention-car.webp", 20, (64, 48))
CURVES = Curve("distance", "rgb", (0.5, 0.25)), Curve("guidance", "noise", (0.1, 0.2))
PARTS = tuple(Part(name, None, "C", 1, (), (), 1, 0.5) for name in ("vae", "unet"))
VIEWS = replace(VIEW, kind="clean", word=None), replace(VIEW, word="red"), VIEW
CAPTURE = Capture("k", PROMPT, MODEL, 1.0, 9, "final.png", (), PARTS, (), VIEWS, CURVES, ())


def test_a_frame_lies_in_a_row_of_eight():
    assert VIEW.place(0) == (0, 0)
    assert VIEW.place(7) == (448, 0)
    assert VIEW.place(8) == (0, 48)
    assert VIEW.place(19) == (192, 96)


def test_a_view_is_of_its_kind_and_word():
    assert CAPTURE.view("attention", "car") == VIEW
    assert CAPTURE.view("clean").word is None
    with pytest.raises(KeyError):
        CAPTURE.view("attention", "gold")
    with pytest.raises(KeyError):
        CAPTURE.view("attention")


def test_a_curve_and_a_part_are_looked_up_by_name():
    assert CAPTURE.curve("guidance") == (0.1, 0.2)
    assert CAPTURE.part("unet") == PARTS[1]
    with pytest.raises(KeyError):
        CAPTURE.curve("unet")
    with pytest.raises(KeyError):
        CAPTURE.part("guidance")
