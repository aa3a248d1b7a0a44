"""gen/study/recipe/: sources/study.yml is read whole or refused in lines that say what to do."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from gen.core.canonical import canonical, digest
from gen.core.errors import BadInput
from gen.study.recipe.whole import read_recipe

STUDY = Path(__file__).parents[3] / "sources" / "study.yml"
WRONG = [
    ("  samples:", "  smaples:", "render > samples: is missing; add it"),
    ("  window: 0.08", "  window: 0.08\n  windows: 1", "render > windows: unknown key"),
    ("  width: 384 ", "  width: abc ", "render > width: 'abc': give a whole number"),
    ("  height: 256", "  height: -5", "render > height: -5: give a multiple of 64"),
    ("  width: 384 ", "  width: 200 ", "render > width: 200: give a multiple of 64"),
    ("  width: 384 ", "  width: 384.0 ", "render > width: 384.0: give a whole number"),
    ("  samples: 6 ", "  samples: 0 ", "render > samples: 0: give greater than or equal to 1"),
    ("  samples: 6 ", "  samples: 6\n  samples: 7 ", "'samples' is given twice"),
    ("  window: 0.08", "  window: 1.08", "render > window: 1.08: give less than or equal to 1"),
    ("  window: 0.08", "  window: .nan", "render > window: nan: give "),
    ("weight: 0.36", "weight: -0.36", "weight: -0.36: give greater than 0"),
    ("length: [4.35, 4.55]", "length: [4.55, 4.35]", "length: [4.55, 4.35]: give the lower end"),
    ("length: [4.35, 4.55]", "length: [4.35]", "length > 2: is missing; add it"),
    ("red: [0.55, 0.015, 0.015]", "red: [0.55, 0.015, 1.5]", "give less than or equal to 1"),
    ("    desert: {exp", "    tundra: {exp", "worlds > desert: is missing; add it"),
    (
        "    desert: {exp",
        "    dessert: {exp",
        "worlds > dessert: is not known; did you mean desert",
    ),
    ("      flare: [0.015", "      flair: [0.015", "flair: is not known; did you mean flare?"),
    ("colours: [steel, steel, ", "colours: [tin, ", "colours: tin is not a metal that we have"),
    ("{colour: copper, world: sunset,", "{colour: coppre, world: sunset,", "colour: coppre"),
    ('    matte: ["matte', '    mat: ["matte', "finishes > mat: is not known"),
    ("  average: 6.94", "  batch: 3\n  average: 6.94", "train > batch: unknown key"),
    ("  precision: bfloat16", "  precision: float8", "give 'float32' or 'bfloat16'"),
    ("  hidden: 192", "  hiden: 192", "judges > hiden: unknown key"),
    ("  ordinary: 450", "  odinary: 450", "score > odinary: unknown key"),
    ("\nscore:", "\nscores:", "score: is missing; add it"),
]


@pytest.fixture
def written(tmp_path):
    """Writes text as a recipe's file."""

    def write(text: str) -> Path:
        path = tmp_path / "study.yml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.mark.parametrize(("old", "new", "says"), WRONG)
def test_a_wrong_key_or_value_is_one_line_with_its_place(written, old, new, says):
    text = STUDY.read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput) as refused:
        read_recipe(written(text.replace(old, new, 1)))
    lines = str(refused.value).splitlines()
    assert any(says in line for line in lines), lines
    place = re.compile(r"sources/study.yml(:\d+)?: ")
    assert all(place.match(line) for line in lines), lines


def test_every_error_is_told_at_once(written):
    text = STUDY.read_text("utf-8").replace("width: 384 ", "width: abc ")
    with pytest.raises(BadInput) as refused:
        read_recipe(written(text.replace("  height: 256", "  height: -5")))
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- 1\n", "give names, each with its value"),
        ("a: [1", "not YAML"),
        ("", "give names, each with its value"),
    ],
)
def test_what_is_no_recipe_at_all_is_refused(written, text, says):
    with pytest.raises(BadInput, match=says):
        read_recipe(written(text))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInput, match=r"^sources/study\.yml: cannot be read .*; restore it"):
        read_recipe(tmp_path / "study.yml")


def test_the_names_of_renders_hang_on_the_recipe_s_json(written):
    """Keys of renders, samples and references are hashes of it: a change renames them all."""
    text = STUDY.read_text("utf-8")
    recipe = read_recipe(written(text)).render
    fields = asdict(recipe)
    assert list(fields) == [
        *("format", "width", "height", "samples", "full_every", "window", "body_styles"),
        *("finishes", "paints", "worlds", "views", "held_out", "captions"),
    ]
    assert fields["worlds"]["studio"] == {"exposure": 0.85, "sun": None}
    assert fields["finishes"]["mirror"]["roughness"] == (0.0, 0.0)
    again = read_recipe(written(text.replace("  samples: 6 ", "  samples: 5 "))).render
    assert digest(canonical(asdict(again))) != digest(canonical(fields))
