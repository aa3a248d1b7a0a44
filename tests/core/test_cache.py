"""gen/core/cache.py: what is made once is put in its place whole, or nothing is left of it."""

import os
import resource

import pytest

from gen.core.cache import read_or_make


def test_it_is_made_once(tmp_path):
    place = tmp_path / "deep" / "a.png"
    assert read_or_make(place, lambda: b"made") == b"made"
    assert read_or_make(place, lambda: pytest.fail("made again")) == b"made"


def test_it_is_on_the_disk_before_it_stands_in_its_place(tmp_path, monkeypatch):
    """Else a machine that loses its current leaves an empty file that is read ever after."""
    there, fsync = [], os.fsync

    def recorded(handle: int) -> None:
        there.append((tmp_path / "a.png").exists())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    read_or_make(tmp_path / "a.png", lambda: b"made")
    assert there == [False]


def test_a_full_disk_keeps_nothing_of_it_and_it_is_given_all_the_same(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        assert read_or_make(tmp_path / "a.png", lambda: bytes(5_000)) == bytes(5_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
