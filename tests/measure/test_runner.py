"""The command: what is up to date is left, what is missing is told; records are whole or broken."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from gen.core import inputs, store
from gen.core.errors import BadInput, BrokenRecord, MissingRecord
from gen.measure import colour
from gen.measure import runner as making
from gen.measure.kit import linear_light as light
from gen.measure.kit.project import Given

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path, monkeypatch) -> Given:
    """A project without samples or judges, with eight small renders whose light is known."""
    shutil.copytree(ROOT / "sources", tmp_path / "sources", ignore=shutil.ignore_patterns("models"))
    rng = np.random.default_rng(0)
    made = rng.uniform(0, 1.5, (8, 8, 12, 3)).astype(np.float32)
    monkeypatch.setattr(light, "lit", lambda folder, recipe: light.Lit(light.picture(made), made))
    network = colour.network
    monkeypatch.setattr(colour, "network", lambda fitted, steps: network(fitted, 3))
    return Given(tmp_path, tmp_path / "cache", inputs.read(ROOT), lambda what, done, of: None)


def measured(given, *ids, force=False):
    told = []
    making.measure_all(given, ids, told.append, force)
    return told


def files(given):
    place = given.root / store.MEASUREMENTS
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


def test_it_is_made_once_and_again_the_same(given):
    assert measured(given, "colour") == ["colour: 12 rows"]
    first = files(given)
    assert set(first) == {"colour.json", "colour.svg", "colour.png"}
    assert measured(given, "colour") == ["colour: up to date"]
    assert measured(given, "colour", force=True) == ["colour: 12 rows"]
    assert files(given) == first


def test_another_chart_of_the_same_rows_is_drawn_anew(given, monkeypatch):
    measured(given, "colour")
    first, told = files(given), store.read_measurement(given.root, "colour")
    monkeypatch.setattr(making.charts, "SERIES", ("#123456",) * 6)
    assert measured(given, "colour") == ["colour: drawn anew"]
    assert store.read_measurement(given.root, "colour").rows == told.rows
    assert b"#123456" in files(given)["colour.svg"]
    assert files(given)["colour.png"] != first["colour.png"]
    monkeypatch.undo()
    assert making._redrawn(given.root, store.read_measurement(given.root, "colour"))
    assert files(given) == first


def test_another_recipe_makes_it_stale(given):
    measured(given, "colour")
    study = given.root / "sources" / "study.yml"
    study.write_text(study.read_text("utf-8").replace("samples: 6 ", "samples: 5 "), "utf-8")
    assert measured(dataclasses.replace(given), "colour") == ["colour: 12 rows"]


def test_what_is_missing_is_told_in_a_line_with_the_command(given):
    with pytest.raises(BadInput) as raised:
        measured(given, "colour", "agreement", "picking")
    lines = str(raised.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["agreement", "picking"]
    assert store.measured(given.root) == ("colour",)  # the rest was made


def test_an_unknown_measurement_is_named(given):
    with pytest.raises(BadInput, match="colur: no measurement of that id; did you mean colour"):
        measured(given, "colur")


def test_a_record_that_was_touched_is_broken_and_made_again(given):
    with pytest.raises(MissingRecord, match=r"no measurement; run python -m gen measure colour$"):
        store.read_measurement(given.root, "colour")
    measured(given, "colour")
    for name in ("colour.json", "colour.svg", "colour.png"):
        path = given.root / store.MEASUREMENTS / name
        path.write_bytes(path.read_bytes().replace(b"a", b"b"))
        with pytest.raises(BrokenRecord, match=f"^colour: docs/measurements/{name} "):
            store.read_measurement(given.root, "colour")
        assert measured(given, "colour") == ["colour: 12 rows"]


def test_what_a_measurement_no_longer_has_is_removed(given):
    measured(given, "colour")
    old = given.root / store.MEASUREMENTS / "colour-old.webp"
    old.write_bytes(b"old")
    measured(given, "colour", force=True)
    assert not old.exists()
    assert store.read_measurement(given.root, "colour").row("own-curve-error").n == 4


def test_every_measurement_has_a_question_and_its_own_id():
    assert len(making.JOBS) == 11
    for id, job in making.JOBS.items():
        assert id == job.module.ID
        assert job.module.QUESTION.endswith("?")
        assert "://" not in job.module.METHOD
