"""The command: what is up to date is left, what is missing is told; records are whole or broken."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny import make_place, recipe_of

from gen.core import inputs, store
from gen.core.canonical import digest
from gen.core.errors import BadInput, BrokenRecord, MissingRecord
from gen.measure import colour
from gen.measure import runner as making
from gen.measure.kit import linear_light as light
from gen.measure.kit.project import Project
from gen.study.world.shards import shard_path, write_arrays

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path, monkeypatch) -> Project:
    """A project without samples or judges, with twenty small renders whose light is known."""
    place = make_place(tmp_path)
    monkeypatch.setattr(light, "SHARDS", 1)
    monkeypatch.setattr(colour, "STEPS", 3)
    path = shard_path(place / "renders", recipe_of(place).render, 0)
    with np.load(path, allow_pickle=False) as shard:
        arrays = dict(shard)
    write_arrays(path, arrays | {"linear": light.decoded(arrays["picture"])})
    root = place / "project"
    shutil.copytree(ROOT / "sources", root / "sources", ignore=shutil.ignore_patterns("models"))
    shutil.copy(place / "study.yml", root / "sources" / "study.yml")
    return Project(root, place, inputs.read(ROOT), lambda what, done, of: None)


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
    monkeypatch.setattr(making.chart, "SERIES", ("#123456",) * 6)
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
    study.write_text(study.read_text("utf-8").replace("samples: 6", "samples: 5"), "utf-8")
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
    before = store.read_measurement(given.root, "colour")
    old = dict(before.digests) | {"colour-old.webp": digest(b"old")}
    held = {name: store.measured_file(given.root, "colour", name) for name, _ in before.digests}
    record = dataclasses.replace(before, digests=tuple(old.items()))
    store.write_measurement(given.root, record, held | {"colour-old.webp": b"old"})
    measured(given, "colour", force=True)
    assert set(files(given)) == {"colour.json", "colour.svg", "colour.png"}
    assert store.read_measurement(given.root, "colour").row("own-curve-error").n == 10


def test_every_measurement_has_a_question_of_its_own():
    modules = making.EXPERIMENTS.values()
    assert len({module.QUESTION for module in modules}) == len(making.MODULES)
    for id, module in making.EXPERIMENTS.items():
        assert id == module.ID == module.__name__.rsplit(".", 1)[1]
        assert module.QUESTION.endswith("?") and "://" not in module.METHOD


def test_every_file_of_the_folder_is_a_measurement_that_the_runner_knows():
    folder = ROOT / "gen" / "measure"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "runner"}
    assert names == set(making.EXPERIMENTS)
