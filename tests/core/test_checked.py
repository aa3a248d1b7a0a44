"""gen/core/checked.py: a capture that was read whole is compared byte by byte after that."""

import shutil
from dataclasses import replace

import pytest
from stored import FILES, KEY, capture

from gen.core import checked, store
from gen.core.records import Step


@pytest.fixture
def project(tmp_path):
    """A project with one capture, which was found fresh."""
    store.write(tmp_path, capture(), FILES, {})
    assert checked.fresh(tmp_path, KEY)
    return tmp_path


def test_a_record_that_was_read_is_not_read_again(project, monkeypatch):
    monkeypatch.setattr(store, "read", lambda root, key: pytest.fail("read again"))
    assert checked.fresh(project, KEY)


def test_code_that_changed_reads_all_again(project, monkeypatch):
    read = []
    monkeypatch.setattr(store, "read", lambda root, key: read.append(key))
    monkeypatch.setattr(checked, "_code", lambda: "another")
    assert checked.fresh(project, KEY)
    assert read == [KEY]


@pytest.mark.parametrize("name", [*FILES, store.RECORD])
def test_any_file_that_is_altered_or_gone_is_noticed_after_it_was_read(project, name):
    path = store.folder(project, KEY) / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert not checked.fresh(project, KEY)
    path.unlink()
    assert not checked.fresh(project, KEY)
    path.write_bytes(whole)
    assert checked.fresh(project, KEY)


def test_a_record_that_makes_no_sense_is_never_noted(project):
    """However often it is looked at; nor is one that lies under another key."""
    store.write(project, capture(steps=(Step(1, 1.0, 0.04),)), FILES, {})
    assert [checked.fresh(project, KEY) for _ in range(2)] == [False, False]
    store.write(project, capture(), FILES, {})
    shutil.copytree(store.folder(project, KEY), store.folder(project, "f" * 16))
    assert [checked.fresh(project, "f" * 16) for _ in range(2)] == [False, False]


def test_what_was_never_made_is_not_fresh(tmp_path):
    assert not checked.fresh(tmp_path, KEY)
    assert not (tmp_path / ".cache").exists()


def test_another_capture_of_the_same_key_is_read_for_itself(project):
    steps = (replace(capture().steps[0], sigma=0.05),)
    store.write(project, capture(steps=steps), FILES, {})
    assert checked.fresh(project, KEY)
    assert len(list((project / checked.CHECKED).iterdir())) == 2
