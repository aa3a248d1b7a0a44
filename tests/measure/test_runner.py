"""The command: what is up to date is left, what is missing is told; records are whole or broken."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from tiny import light_up, make_place

from gen.core import inputs, store
from gen.core.canonical import digest
from gen.core.errors import BadInput, BrokenRecord, MissingRecord, StoreError
from gen.core.measured import measurement_key
from gen.measure import captured, colour, mixing, runner
from gen.measure.kit import linear_light as light
from gen.measure.kit.project import Project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Project:
    """A project without samples or judges, with twenty small renders whose light is known."""
    place = make_place(tmp_path)
    monkeypatch.setattr(light, "SHARDS", 1)
    monkeypatch.setattr(colour, "STEPS", 3)
    light_up(place)
    root = place / "project"
    shutil.copytree(ROOT / "sources", root / "sources", ignore=shutil.ignore_patterns("models"))
    shutil.copy(place / "study.yml", root / "sources" / "study.yml")
    return Project(root, place, inputs.read(ROOT), lambda what, done, of: None)


def measured(bare, *ids, force=False):
    said = []
    runner.measure_all(bare, ids, said.append, force)
    return said


def files(bare):
    place = bare.root / store.MEASUREMENTS
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


def test_it_is_made_once_and_again_the_same(bare):
    assert measured(bare, "colour") == ["colour: 36 rows"]
    first = files(bare)
    assert set(first) == {"colour.json", "colour.svg", "colour.png"}
    assert measured(bare, "colour") == ["colour: up to date"]
    assert measured(bare, "colour", force=True) == ["colour: 36 rows"]
    assert files(bare) == first


def test_another_chart_of_the_same_rows_is_drawn_anew(bare, monkeypatch):
    measured(bare, "colour")
    first, record = files(bare), store.read_measurement(bare.root, "colour")
    monkeypatch.setattr(runner.chart, "SERIES", ("#123456",) * 6)
    assert measured(bare, "colour") == ["colour: drawn anew"]
    assert store.read_measurement(bare.root, "colour").rows == record.rows
    assert b"#123456" in files(bare)["colour.svg"]
    assert files(bare)["colour.png"] != first["colour.png"]
    monkeypatch.undo()
    assert runner._redrawn(bare.root, store.read_measurement(bare.root, "colour"))
    assert files(bare) == first


def test_another_recipe_makes_it_stale(bare):
    measured(bare, "colour")
    study = bare.root / "sources" / "study.yml"
    study.write_text(study.read_text("utf-8").replace("samples: 6", "samples: 5"), "utf-8")
    assert measured(dataclasses.replace(bare), "colour") == ["colour: 36 rows"]


def test_what_is_missing_is_told_in_a_line_with_the_command(bare):
    with pytest.raises(BadInput) as raised:
        measured(bare, "colour", "agreement", "picking")
    lines = str(raised.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["agreement", "picking"]
    assert store.measured(bare.root) == ("colour",)  # the rest was made


def test_an_unknown_measurement_is_named(bare):
    with pytest.raises(BadInput, match="colur: no measurement of that id; did you mean colour"):
        measured(bare, "colur")


def test_a_record_that_was_touched_is_broken_and_made_again(bare):
    with pytest.raises(MissingRecord, match=r"no measurement; run python -m gen measure colour$"):
        store.read_measurement(bare.root, "colour")
    measured(bare, "colour")
    for name in ("colour.json", "colour.svg", "colour.png"):
        path = bare.root / store.MEASUREMENTS / name
        path.write_bytes(path.read_bytes().replace(b"a", b"b"))
        with pytest.raises(BrokenRecord, match=f"^colour: docs/measurements/{name} "):
            store.read_measurement(bare.root, "colour")
        assert measured(bare, "colour") == ["colour: 36 rows"]


def test_what_a_measurement_no_longer_has_is_removed(bare):
    measured(bare, "colour")
    before = store.read_measurement(bare.root, "colour")
    old = dict(before.digests) | {"colour-old.webp": digest(b"old")}
    held = {name: store.measured_file(bare.root, "colour", name) for name, _ in before.digests}
    record = dataclasses.replace(before, digests=tuple(old.items()))
    store.write_measurement(bare.root, record, held | {"colour-old.webp": b"old"})
    measured(bare, "colour", force=True)
    assert set(files(bare)) == {"colour.json", "colour.svg", "colour.png"}
    assert store.read_measurement(bare.root, "colour").row("own-curve-error").n == 10


def test_every_measurement_has_a_question_of_its_own():
    modules = runner.EXPERIMENTS.values()
    assert len({module.QUESTION for module in modules}) == len(runner.MODULES)
    for id, module in runner.EXPERIMENTS.items():
        assert id == module.ID == module.__name__.rsplit(".", 1)[1]
        assert module.QUESTION.endswith("?") and "://" not in module.METHOD


def test_every_file_of_the_folder_is_a_measurement_that_the_runner_knows():
    folder = ROOT / "gen" / "measure"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "runner"}
    assert names == set(runner.EXPERIMENTS)


# ---- every measurement, on the tiny project ------------------------------------------------------


@pytest.mark.parametrize("id", runner.EXPERIMENTS)
def test_it_is_made_from_what_it_says_that_it_needs_and_then_up_to_date(id, made, project):
    experiment = runner.EXPERIMENTS[id]
    result = made(experiment)
    assert result.said == f"{id}: {len(result.rows)} rows" and result.rows
    assert result.measurement.question == experiment.QUESTION
    inputs = dict(result.measurement.inputs)
    better = getattr(experiment, "BETTER_WITH", ())
    assert set(inputs) == {"version", *experiment.NEEDS, *better}
    assert inputs.pop("version") == str(experiment.VERSION)
    assert inputs == {need: project.key(need) for need in inputs}
    assert bool(result.measurement.model) == bool({"model", "captures"} & set(inputs))
    said = []
    runner.measure_all(project, [id], said.append, force=False)
    assert said == [f"{id}: up to date"]


def test_a_raised_version_makes_it_stale(made, project, monkeypatch):
    made(captured)
    monkeypatch.setattr(captured, "VERSION", captured.VERSION + 1)
    said = []
    runner.measure_all(project, ["captured"], said.append, force=False)
    monkeypatch.undo()
    runner.measure_all(project, ["captured"], said.append, force=False)
    assert said == [f"captured: {len(made(captured).rows)} rows"] * 2


def test_what_it_could_do_better_with_makes_it_stale_when_it_comes(made, project):
    key = made(mixing).measurement.key
    without = dataclasses.replace(project, cache=project.cache / "nothing")
    assert without.missing("samples")
    assert runner._inputs(without, mixing) != made(mixing).measurement.inputs
    assert measurement_key("mixing", runner._inputs(project, mixing)) == key


def test_a_part_never_replaces_a_whole(made, project):
    whole = made(mixing).measurement
    without = dataclasses.replace(project, cache=project.cache / "nothing")
    for force in (False, True):
        with pytest.raises(BadInput) as raised:
            runner.measure_all(without, ["mixing"], lambda line: None, force)
        (line,) = str(raised.value).splitlines()
        assert line.startswith("mixing: stays as it was made: ") and "study score" in line
    assert store.read_measurement(project.root, "mixing") == whole


def test_a_store_that_cannot_be_written_ends_the_command_at_once(bare):
    (bare.root / "docs").mkdir()
    (bare.root / store.MEASUREMENTS).write_text("in the way", "utf-8")
    with pytest.raises(StoreError):
        measured(bare, "colour", "agreement")
