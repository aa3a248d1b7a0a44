"""gen/publish/taught.py: what a training left of itself is read whole, or refused in one line."""

import json
from pathlib import Path

import pytest

from gen.core.errors import BrokenRecord
from gen.publish import taught

MODEL = Path(__file__).parents[2] / "sources/models/study"
PLACE = "sources/models/study"


def without(told: dict, kind: str, name: str | None = None, value: object = None) -> str:
    """A record that lacks captions of a kind, or of one name; or has these in their place."""
    captions = told["recipe"]["render"]["captions"]
    held, key = (captions, kind) if name is None else (captions[kind], name)
    del held[key]
    if value is not None:
        held[key] = value
    return json.dumps(told)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda told: "", "is truncated or altered"),
        (lambda told: json.dumps(told)[:-100], "is truncated or altered"),
        (lambda told: "[" * 100_000, "is truncated or altered"),
        (lambda told: "[]", "is of another version of this project"),
        (lambda told: "{}", "is of another version of this project (recipe)"),
        (lambda told: json.dumps(told | {"decoder": {}}), "project (decoder.renders)"),
        (lambda told: without(told, "views"), "project (recipe.render.captions.views)"),
        (lambda told: without(told, "finishes", "matte"), "project (recipe.render)"),
        (lambda told: without(told, "worlds", "snow", []), "captions.worlds.snow)"),
        (lambda told: json.dumps(told).replace("0.1,", "NaN,"), "holds nan, which is no number"),
    ],
)
def test_a_record_that_is_broken_is_told_with_its_place(tmp_path, change, what):
    whole = json.loads((MODEL / "recipe.json").read_text("utf-8"))
    (tmp_path / "recipe.json").write_text(change(whole), "utf-8")
    with pytest.raises(BrokenRecord) as told:
        taught.read(tmp_path, PLACE)
    assert str(told.value).startswith(f"{PLACE}/recipe.json: ") and what in str(told.value)
    assert str(told.value).endswith("; check it out anew, or remove it")


def test_the_study_model_s_is_read_and_none_is_none(tmp_path):
    read = taught.read(MODEL, PLACE)
    assert read is not None and read.pipeline is not None and read.pipeline.step > 0
    assert taught.read(tmp_path, PLACE) is None
