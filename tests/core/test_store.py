"""The store: whole or not at all, checked, locked; no torch."""

import os
import resource
import shutil
from dataclasses import replace
from errno import EACCES, ENOSPC
from pathlib import Path

import pytest

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord, MissingRecord, StoreError
from gen.core.records import Capture, Curve, LatentColours, Part, Step, Token, View
from gen.core.sources import LatentMap, Model, Prompt

MODEL = Model("tiny", "Tiny", "folder", "models/tiny", "0" * 64, True, LatentMap(("a car",), 2))
PROMPT = Prompt("car", "cars", "a car", "", 1, 1, 7.5, 64, 48, "DDIMScheduler", "tiny")
KEY = "aa4ec142146b63f4"
FILES = {"final.png": b"final" * 500, "clean.webp": b"clean" * 500}
MADE = {"when": "2026-01-01T00:00:00+00:00", "device": "cpu"}
COLOURS = LatentColours(store.model_key(MODEL), ((0.5,) * 4,) * 3, (0.1,) * 3, 0.01, 48)


def _capture(files=FILES) -> Capture:
    return Capture(
        key=KEY,
        prompt=PROMPT,
        model=MODEL,
        scaling_factor=0.18215,
        training_timesteps=1000,
        final="final.png",
        steps=(Step(0, 1.0, 0.04),),
        parts=(Part("unet", None, "UNet2DConditionModel", 9, ((2, 4, 6, 8),), (), 1, 1.0),),
        tokens=(Token("car</w>", "car", 1),),
        views=(View("clean", None, "clean.webp", 1, (64, 48), ("down",), (0.0, 1.0)),),
        curves=(Curve("distance", "rgb", (0.25,)),),
        digests=tuple((name, digest(data)) for name, data in files.items()),
    )


@pytest.fixture
def project(tmp_path):
    """A project with one capture."""
    store.write(tmp_path, _capture(), FILES, MADE)
    return tmp_path


def _everything(root) -> dict[str, bytes]:
    paths = sorted((root / "docs" / "captures").rglob("*"))
    return {str(p.relative_to(root)): p.read_bytes() for p in paths if p.is_file()}


def test_keys_are_literal():
    """A change of what a key is made of makes every capture stale: not by accident."""
    assert PROMPT.key(MODEL) == KEY
    assert store.model_key(MODEL).startswith("434d0a06d273b5ac")


def test_what_is_written_is_read(project):
    assert store.read(project, KEY) == _capture()
    assert store.made(project, KEY) == MADE
    assert store.image(project, KEY, "final.png") == FILES["final.png"]
    assert store.keys(project) == (KEY,)


def test_same_capture_same_bytes(project, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    store.write(other, _capture(), dict(FILES), MADE)
    assert _everything(project) == _everything(other)


def test_a_capture_replaces_one_of_the_same_key(project):
    files = FILES | {"final.png": b"another"}
    store.write(project, _capture(files), files, MADE)
    assert store.read(project, KEY) == _capture(files)
    assert {path.name for path in (project / store.CAPTURES).iterdir()} == {KEY}


def test_colours_are_kept_beside_captures_and_are_none(project):
    store.write_colours(project, COLOURS)
    assert store.read_colours(project, MODEL) == COLOURS
    assert store.keys(project) == (KEY,)
    (name,) = store.model_keys(project)
    store.remove(project, name)
    with pytest.raises(MissingRecord):
        store.read_colours(project, MODEL)


def test_a_missing_capture_says_how_to_make_it(tmp_path):
    with pytest.raises(MissingRecord, match=f"^car: no capture {KEY}; run .* gen capture car$"):
        store.read(tmp_path, KEY, "car")
    assert store.keys(tmp_path) == ()


def test_a_folder_without_a_record_is_no_capture(project):
    (project / store.CAPTURES / KEY / "capture.json").unlink()
    assert store.keys(project) == ()
    with pytest.raises(MissingRecord):
        store.read(project, KEY)


@pytest.mark.parametrize("end", [0, 1, 100, -2, -1])
def test_a_truncated_record_is_broken(project, end):
    record = project / store.CAPTURES / KEY / "capture.json"
    record.write_bytes(record.read_bytes()[:end])
    with pytest.raises(BrokenRecord, match=r"capture\.json is truncated or altered; run"):
        store.read(project, KEY)


def test_any_altered_byte_of_a_record_is_found(project):
    record = project / store.CAPTURES / KEY / "capture.json"
    whole = record.read_bytes()
    for at in range(0, len(whole), 7):
        record.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BrokenRecord):
            store.read(project, KEY)


def test_an_altered_or_absent_image_is_found(project):
    image = project / store.CAPTURES / KEY / "clean.webp"
    image.write_bytes(image.read_bytes()[:-1])
    with pytest.raises(BrokenRecord, match=r"car: .*clean\.webp is not what was captured; run"):
        store.read(project, KEY, "car")
    image.unlink()
    with pytest.raises(BrokenRecord, match=r"clean\.webp cannot be read \(No such file"):
        store.read(project, KEY)


def test_a_record_of_another_key_or_version_is_broken(project):
    shutil.copytree(store.folder(project, KEY), store.folder(project, "f" * 16))
    with pytest.raises(BrokenRecord, match=f"is the record of {KEY}"):
        store.read(project, "f" * 16)
    changed = replace(_capture(), steps=(Step(0, "late", 0.04),))
    store.write(project, changed, FILES, MADE)
    with pytest.raises(BrokenRecord, match=r"another version of this project \(steps\.0\.timest"):
        store.read(project, KEY)


def test_altered_made_is_broken(project):
    (project / store.CAPTURES / KEY / "made.json").write_bytes(b'{"when"')
    with pytest.raises(BrokenRecord, match="truncated"):
        store.made(project, KEY)


def test_one_process_at_a_time(tmp_path):
    with store.hold(tmp_path, KEY):
        in_use = pytest.raises(StoreError, match="another process is making it; wait")
        with in_use, store.hold(tmp_path, KEY):
            pass
        with store.hold(tmp_path, "f" * 16):
            pass
    with store.hold(tmp_path, KEY):
        pass


def test_leftovers_go_but_not_another_process_work(project):
    mine, theirs = (project / store.CAPTURES / f".{key}.part" for key in (KEY, "f" * 16))
    for left in (mine, theirs):
        left.mkdir()
    with store.hold(project, "f" * 16):
        store.clean(project)
    assert (mine.exists(), theirs.exists()) == (False, True)
    assert store.read(project, KEY) == _capture()


def test_what_a_killed_run_left_is_not_taken_for_ours(project):
    for name in (f".{KEY}.part", f".{KEY}.old"):
        (project / store.CAPTURES / name).mkdir()
        (project / store.CAPTURES / name / "stray.png").write_bytes(b"stray")
    store.write(project, _capture(), FILES, MADE)
    assert {path.name for path in (project / store.CAPTURES).iterdir()} == {KEY}
    assert {path.name for path in store.folder(project, KEY).iterdir()} == {
        *(*FILES, "capture.json", "made.json")
    }


def test_files_that_are_not_the_capture_s_are_a_mistake(tmp_path):
    with pytest.raises(AssertionError):
        store.write(tmp_path, _capture(), {"final.png": b"another"}, MADE)
    assert not (tmp_path / "docs").exists()


def test_circumstances_are_written_one_way(tmp_path):
    store.write(tmp_path, _capture(), FILES, {"when": "now", "device": "cpu"})
    text = (store.folder(tmp_path, KEY) / "made.json").read_text("utf-8")
    assert text == '{\n "device": "cpu",\n "when": "now"\n}\n'


def test_what_is_half_removed_is_no_capture(project, monkeypatch):
    def refused(folder: Path) -> None:
        raise OSError(EACCES, os.strerror(EACCES))

    monkeypatch.setattr(shutil, "rmtree", refused)
    with pytest.raises(StoreError):
        store.remove(project, KEY)
    assert store.folder(project, KEY).exists()
    assert store.keys(project) == ()


def test_removed_is_gone(project):
    store.remove(project, KEY)
    assert store.keys(project) == ()
    store.remove(project, KEY)


def test_an_ordinary_user_without_leave_gets_one_line(locked_root):
    with pytest.raises(StoreError, match=r"cannot be written \(Permission denied\); make it writ"):
        store.write(locked_root, _capture(), FILES, MADE)
    with pytest.raises(StoreError, match="Permission denied"), store.hold(locked_root, KEY):
        pass


def test_a_write_that_fails_midway_leaves_nothing(project):
    """The system refuses the second file, as a disk that is full does."""
    before = _everything(project)
    files = FILES | {"final.png": b"x" * 10, "clean.webp": b"x" * 10_000}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
    try:
        with pytest.raises(StoreError, match="too large"):
            store.write(project, _capture(files), files, MADE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _everything(project) == before
    assert {path.name for path in (project / store.CAPTURES).iterdir()} == {KEY}


def test_a_full_disk_says_so(tmp_path, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoreError, match=rf"{KEY}: cannot be written \(No space left on device\); free some space"
    ):
        store.write(tmp_path, _capture(), FILES, MADE)
    assert _everything(tmp_path) == {}
