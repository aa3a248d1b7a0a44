"""How a model was taught, as its page tells it."""

import json
from pathlib import Path

import pytest

from gen.publish import taught
from gen.publish.lessons import Schooling, schooling

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "sources/models/study/recipe.json"


def read(told: dict) -> Schooling | None:
    return schooling(taught.parsed(json.dumps(told).encode(), "here"))


def test_a_lesson_says_what_the_record_does():
    told = json.loads(RECORD.read_text("utf-8"))
    told["pipeline"] |= {"step": 1234, "seconds": 5400.0, "renders": {"count": 17}}
    told["recipe"]["train"]["diffusion"] |= {"batch": 3, "dropout": 0.25}
    found = read(told)
    assert found is not None
    (painter,) = (one for one in found.lessons if one.title == "Text encoder and U-Net")
    assert (painter.renders, painter.steps, painter.batch) == (17, 1234, 3)
    assert painter.hours == pytest.approx(1.5)
    assert ("Captions left empty, for guidance", "25%") in found.marks


def test_a_stage_that_was_not_taught_has_no_lesson():
    told = json.loads(RECORD.read_text("utf-8"))
    del told["decoder"]
    found = read(told)
    assert found is not None and len(found.lessons) == 2


def test_a_model_of_others_left_no_record():
    assert schooling(None) is None


def test_the_page_of_the_study_model_shows_every_stage(built):
    page = "".join(built.pages["study-model.md"].blocks)
    told = json.loads(RECORD.read_text("utf-8"))
    for stage in ("autoencoder", "pipeline", "decoder"):
        assert f'data-label="steps">{told[stage]["step"]:,}</td>' in page
