"""Files put in place whole, and down to the disk."""

import os
from pathlib import Path

import pytest

from gen.core import disk, store
from gen.core.errors import StoreError
from gen.core.records import LatentColours

HANDLES = Path("/proc/self/fd")
RECORD = LatentColours("k", ((0.5,) * 4,) * 3, (0.1,) * 3, 0.01, 48)


@pytest.fixture
def synced(monkeypatch):
    """The names of what was made durable, in order."""
    names, fsync = [], os.fsync

    def recorded(handle: int) -> None:
        names.append((HANDLES / str(handle)).readlink().name)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    return names


def test_a_file_is_on_the_disk_before_it_stands_in_its_place(tmp_path, synced):
    disk.put(tmp_path / "a.webp", b"new")
    assert synced == [f".a.webp.{os.getpid()}.part"]
    assert (tmp_path / "a.webp").read_bytes() == b"new"


def test_a_file_that_is_not_finished_leaves_the_last_one_and_no_part(tmp_path):
    disk.put(tmp_path / "a.webp", b"last")
    with pytest.raises(KeyboardInterrupt), disk.whole(tmp_path / "a.webp") as part:
        part.write_bytes(b"ha")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["a.webp"]
    assert (tmp_path / "a.webp").read_bytes() == b"last"


def test_a_capture_is_on_the_disk_before_it_is_moved_and_so_is_the_move(tmp_path, synced):
    files = {"final.png": b"final"}
    store.captures.write(tmp_path, "k", RECORD, files)
    assert synced == ["final.png", "capture.json", ".k.part", "captures"]


def test_records_side_by_side_are_on_the_disk_and_so_are_their_names(tmp_path, synced):
    store.measurements.write(tmp_path, "word", RECORD, {"word.svg": b"svg"})
    parts = [f".{name}.{os.getpid()}.part" for name in ("word.svg", "word.json")]
    assert synced == [*parts, "measurements"]


def test_a_user_without_a_home_is_told_what_to_set(homeless, monkeypatch):
    with pytest.raises(StoreError, match=r"^~/\.cache: this user has no home .*; set XDG_CACHE_HO"):
        disk.user_cache()
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert disk.user_cache() == Path("/cache/shiny-car")


def test_no_handle_stays_open(tmp_path):
    before = len(list(HANDLES.iterdir()))
    for _ in range(3):
        disk.put(tmp_path / "a", b"a")
    assert len(list(HANDLES.iterdir())) == before


def test_what_the_system_refuses_is_named_by_its_own_file_or_by_ours():
    line = r"^{}: cannot be written \(No\); make it writable for this user and run this again"
    with pytest.raises(StoreError, match=line.format("theirs")), disk.writing(Path("ours")):
        raise OSError(1, "No", "theirs")
    with pytest.raises(StoreError, match=line.format("ours")), disk.writing(Path("ours")):
        raise OSError(1, "No")


def test_a_folder_that_takes_no_file_is_told_before_there_is_one(tmp_path):
    (tmp_path / "file").write_text("x")
    for folder in ("file", "file/in/it"):
        with pytest.raises(StoreError, match=r"/file: .* \(Not a directory\); move away the file"):
            disk.refuse_unwritable(tmp_path / folder)
    with pytest.raises(StoreError, match=r"/file: .* \(File exists\); move away the file"):
        disk.make_folder(tmp_path / "file")
    disk.refuse_unwritable(tmp_path / "not" / "there" / "yet")
    disk.refuse_unwritable(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_an_ordinary_user_may_not_write_is_told(locked_root):
    for refuse in (disk.make_folder, disk.refuse_unwritable):
        with pytest.raises(StoreError, match=r"/docs: .* \(Permission denied\); make it writable"):
            refuse(locked_root / "docs")
