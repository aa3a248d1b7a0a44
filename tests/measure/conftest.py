"""One tiny project for all measurements, in which each is made at most once."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from gen.measure.kit import rows

if TYPE_CHECKING:
    from tiny_project import Made, Recorder


@pytest.fixture(autouse=True)
def two_are_enough(monkeypatch):
    """Tests measure on few pictures; that few are refused is a test's own, and so are draws."""
    monkeypatch.setattr(rows, "LEAST", 2)
    monkeypatch.setattr(rows, "RESAMPLES", 200)


@pytest.fixture(scope="session")
def tiny_measured(tmp_path_factory) -> "Recorder":
    """The project, made once."""
    pytest.importorskip("mitsuba")
    pytest.importorskip("pyoidn")
    from tiny_project import make_project, project_of, small

    with small():
        return project_of(make_project(tmp_path_factory.mktemp("measured")))


@pytest.fixture
def project(tiny_measured) -> "Iterator[Recorder]":
    """The project, with few of everything."""
    from tiny_project import small

    with small():
        yield tiny_measured


@pytest.fixture(scope="session")
def _made() -> "dict[str, Made]":
    return {}


@pytest.fixture
def made(project, _made) -> "Callable[[ModuleType], Made]":
    """Measurement's file -> the measurement, made when first asked for."""
    from tiny_project import make

    def once(experiment: ModuleType) -> "Made":
        if experiment.ID not in _made:
            _made[experiment.ID] = make(project, experiment)
        return _made[experiment.ID]

    return once
