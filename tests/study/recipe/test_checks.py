"""gen/study/recipe/checks.py: what fits no render or network is refused before anything is made."""

from pathlib import Path

import pytest

from gen.core.errors import BadInput
from gen.study.recipe.whole import read_recipe

STUDY = Path(__file__).parents[3] / "sources" / "study.yml"
HELD_OUT = "- {finish: satin, colour: yellow, style: coupe}"
UNFIT = [
    ("sun: [35.0, 60.0]", "sun: null", "worlds > city street > sun: null: it lights the car"),
    ("sun: null}", "sun: [10.0, 20.0]}", "worlds > studio > sun: [10.0, 20.0]: none shows there"),
    ("sun: [2.5, 7.0]", "sun: [2.5, 97.0]", "sun > 2: 97.0: give less than or equal to 90"),
    ("view: [83.0, 97.0]", "view: [83.0, 397.0]", "side view > 2: 397.0: give less than"),
    ("roughness: [0.22, 0.34]", "roughness: [-0.22, 0.34]", "roughness > 1: -0.22: give greater"),
    ("wheel_radius: [0.335,", "wheel_radius: [-0.335,", "wheel_radius > 1: -0.335: give greater"),
    (
        "- {finish: satin, colour: yellow, style: coupe}",
        "- {}",
        "9: {}: give at least 1",
    ),
    (
        "omit: {world: ",
        "omit: {wolrd: ",
        "wolrd: is not known; did you mean world?",
    ),
    ("a {paint} {body}[", "a {pant} {body}[", "has no {paint}; add it"),
    ("a {paint} {body}[", "a {paint} {boody}[", "{boody}: is not known; did you mean body?"),
    ('["brushed {colour}"]', '["brushed {color}"]', "give {colour} a place in it"),
    ('["brushed {colour}"]', '["brushed"]', "finishes > brushed: 'brushed': give {colour} a place"),
    ("[false, false, true, true]", "[false, true]", "attention: [False, True]: give 4 values"),
    ("[48, 96, 144, 160]", "[48, 96, 144, 164]", "unet > channels: [48, 96, 144, 164]: give mul"),
    (
        "    heads: 2\n",
        "    heads: 7\n",
        "144, 160]: give multiples of heads, 7",
    ),
    ("[16, 32, 64, 128]", "[15, 32, 64, 128]", "autoencoder > channels: [15, 32, 64, 128]: give"),
    ("layers: 3, heads: 4", "layers: 3, heads: 3", "width: 160: give a multiple of heads"),
    ("crop: 96 ", "crop: 264 ", "autoencoder > crop: 264: give at most 256"),
    ("crop: 64 ", "crop: 264 ", "decoder > crop: 264: give at most 256"),
    (HELD_OUT, "- {finish: matte}", "held_out: nothing is left with finish: matte; hold out less"),
    (HELD_OUT, "- {world: forest}", "held_out: nothing is left with world: forest; hold out less"),
    (
        HELD_OUT,
        "- {view: side view, style: coupe}\n"
        "    - {view: side view, style: saloon}\n"
        "    - {view: side view, style: hatchback}",
        "held_out: nothing is left with view: side view; hold out less",
    ),
    (
        HELD_OUT,
        "- {style: coupe, finish: mirror}\n    - {style: coupe, finish: brushed}\n"
        "    - {style: coupe, finish: glossy}\n    - {style: coupe, finish: matte}\n"
        "    - {style: coupe, finish: satin}",
        "held_out: nothing is left with style: coupe; hold out less",
    ),
    ("  ordinary: 450", "  ordinary: 455", "score > ordinary: 455: give a multiple of 50"),
    ("  held_out: 150", "  held_out: 1", "score > held_out: 1: give a multiple of 50"),
]


@pytest.mark.parametrize(("old", "new", "says"), UNFIT)
def test_what_does_not_fit_is_one_line_with_its_place(tmp_path, old, new, says):
    text = STUDY.read_text("utf-8")
    assert old in text
    path = tmp_path / "study.yml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        read_recipe(path)
    lines = str(refused.value).splitlines()
    assert any(says in line for line in lines), lines
    assert all(line.startswith("sources/study.yml: ") for line in lines)


def test_a_crop_as_large_as_a_render_is_none_too_large(tmp_path):
    path = tmp_path / "study.yml"
    path.write_text(STUDY.read_text("utf-8").replace("crop: 96 ", "crop: 256 "), "utf-8")
    assert read_recipe(path).train.autoencoder.crop == 256


def test_all_that_does_not_fit_is_said_at_once(tmp_path):
    text = STUDY.read_text("utf-8")
    text = text.replace("omit: {world: ", "omit: {wolrd: ").replace("crop: 96 ", "crop: 264 ")
    (tmp_path / "study.yml").write_text(text, "utf-8")
    with pytest.raises(BadInput) as refused:
        read_recipe(tmp_path / "study.yml")
    assert len(str(refused.value).splitlines()) == 2
