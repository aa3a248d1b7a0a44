"""gen/core/digests.py: a large file is read once, until it changes."""

import os
import shutil

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import weights  # noqa: E402
from gen.core import digests  # noqa: E402


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A file above the limit, which takes no room, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget(monkeypatch)
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(digests.LARGE)
    return path


def forget(monkeypatch) -> None:
    """What another process knows of files: nothing yet."""
    monkeypatch.setattr(digests, "_known", {})


def test_a_large_file_is_read_once(large, monkeypatch):
    first = digests.sha256(large)
    monkeypatch.setattr(digests.hashlib, "file_digest", None)  # reading would fail
    assert digests.sha256(large) == first
    forget(monkeypatch)
    assert digests.sha256(large) == first, "kept in the user's cache"


def test_one_process_reads_for_all(large, monkeypatch, tmp_path):
    """Though they share no cache; what has changed since is read again."""
    first = digests.sha256(large)
    noted = digests.known()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    forget(monkeypatch)
    digests.learn(noted)
    with monkeypatch.context() as patch:
        patch.setattr(digests.hashlib, "file_digest", None)  # reading would fail
        assert digests.sha256(large) == first
    large.write_bytes(b"\1" * digests.LARGE)
    assert digests.sha256(large) != first


@pytest.mark.parametrize("change", ["date", "size", "inode"])
def test_a_file_that_changed_is_read_again(large, change):
    first, held = digests.sha256(large), large.stat()
    if change == "inode":
        other = large.with_name("other")
        other.write_bytes(b"\1" * held.st_size)
        other.replace(large)
    else:
        with large.open("r+b") as file:
            file.write(b"\1")
            file.truncate(held.st_size + (change == "size"))
    date = held.st_mtime_ns + (change == "date")
    os.utime(large, ns=(date, date))
    assert digests.sha256(large) != first


def test_a_cache_that_is_damaged_or_locked_does_not_matter(large, tmp_path, monkeypatch):
    first = digests.sha256(large)
    (note,) = (tmp_path / "cache").rglob("*.json")
    for damaged in (b"", b"[]", b"{}"):
        note.write_bytes(damaged)
        forget(monkeypatch)
        assert digests.sha256(large) == first
    note.unlink()
    note.parent.rmdir()
    note.parent.write_bytes(b"a file where the folder would be")
    forget(monkeypatch)
    assert digests.sha256(large) == first


def test_without_a_home_a_file_is_read_and_nothing_is_noted(large, homeless, monkeypatch):
    first = digests.sha256(large)
    forget(monkeypatch)
    assert digests.sha256(large) == first


def test_small_files_leave_nothing_behind(large, tmp_path):
    (tmp_path / "small").write_bytes(b"abc")
    assert digests.sha256(tmp_path / "small").startswith("ba7816bf")
    assert not (tmp_path / "cache").exists()


def test_files_that_a_system_hides_are_neither_hashed_nor_read(tiny_folder, tiny_model, tmp_path):
    folder = shutil.copytree(tiny_folder, tmp_path / "tiny")
    before = digests.revision_of(folder)
    for name in (".DS_Store", "unet/.DS_Store", "tokenizer/._vocab.json", "vae/.cache/model.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\0")
    assert digests.revision_of(folder) == before == tiny_model.revision
    weights.load(tiny_model, tmp_path, weights=folder, device="cpu")
