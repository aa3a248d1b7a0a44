"""Files that share what takes minutes to make are given to one process."""

from pathlib import Path
from unittest.mock import Mock

import pytest
from rooms import LONG, TOGETHER, Rooms
from xdist.remote import Producer

HERE = Path(__file__).parents[1]


@pytest.fixture
def rooms(pytestconfig, monkeypatch) -> Rooms:
    """What is made where two processes are asked for, though they were not here."""
    monkeypatch.setattr(pytestconfig.option, "dist", "loadfile")
    monkeypatch.setattr(pytestconfig.option, "tx", ["2*popen"])
    hook = pytestconfig.hook.pytest_xdist_make_scheduler
    return hook(config=pytestconfig, log=Producer("rooms", enabled=False))


@pytest.mark.parametrize("folder", TOGETHER)
def test_a_folder_whose_files_share_stays_together(rooms, folder):
    files = sorted((HERE / folder).rglob("test_*.py"))
    assert isinstance(rooms, Rooms) and len(files) > 1
    scopes = {rooms._split_scope(f"{file.relative_to(HERE)}::test") for file in files}
    assert scopes == {folder}


def test_every_other_file_is_one_of_its_own(rooms):
    assert rooms._split_scope("tests/core/test_disk.py::test[a]") == "tests/core/test_disk.py"


@pytest.mark.parametrize("scope", LONG)
def test_what_takes_long_is_there(scope):
    assert (HERE / scope).exists()


def test_what_takes_long_is_begun_before_what_has_many_tests(rooms, monkeypatch):
    given: list[list[int]] = []
    node = Mock(send_runtest_some=given.append)
    names = ["tests/core/test_disk.py::test", f"{LONG[-1]}::test", f"{LONG[0]}test_word.py::test"]
    for name in names:
        rooms.workqueue[rooms._split_scope(name)] = {name: False}
    rooms.registered_collections[node] = names
    for _ in names:
        rooms._assign_work_unit(node)
    assert given == [[2], [1], [0]]
