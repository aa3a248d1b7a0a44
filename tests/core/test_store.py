"""The store: whole or not at all, checked, locked; no torch."""

import os
import resource
import shutil
from dataclasses import replace
from errno import EACCES, ENOSPC
from pathlib import Path

import pytest
from stored import FILES, KEY, MODEL, PROMPT, capture, picture

from gen.core import store
from gen.core.errors import BrokenRecord, InUse, MissingRecord, StoreError
from gen.core.records import LatentColours, Step

MADE = {"when": "2026-01-01T00:00:00+00:00", "device": "cpu"}
COLOURS = LatentColours(store.model_key(MODEL), ((0.5,) * 4,) * 3, (0.1,) * 3, 0.01, 48)


@pytest.fixture
def project(tmp_path):
    """A project with one capture."""
    store.write(tmp_path, capture(), FILES, MADE)
    return tmp_path


def _everything(root) -> dict[str, bytes]:
    paths = sorted((root / "docs" / "captures").rglob("*"))
    return {str(p.relative_to(root)): p.read_bytes() for p in paths if p.is_file()}


def test_keys_are_literal():
    """A change of what a key is made of makes every capture stale: not by accident."""
    prompt = replace(PROMPT, guidance_scale=7.5, width=64, height=48)
    assert prompt.key(MODEL) == "6bd5dddcce4168ba"
    assert store.model_key(MODEL).startswith("035a8e226388716a")


def test_what_is_written_is_read(project):
    assert store.read(project, KEY) == capture()
    assert store.made(project, KEY) == MADE
    assert store.image(project, KEY, "final.png") == FILES["final.png"]
    assert store.keys(project) == (KEY,)


def test_same_capture_same_bytes(project, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    store.write(other, capture(), dict(FILES), MADE)
    assert _everything(project) == _everything(other)


def test_a_capture_replaces_one_of_the_same_key(project):
    files = FILES | {"final.png": picture("PNG", (16, 8), "red")}
    store.write(project, capture(files), files, MADE)
    assert store.read(project, KEY) == capture(files)
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


def test_a_folder_without_a_record_is_nocapture(project):
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
    with pytest.raises(BrokenRecord, match=f"is that of {KEY}; run python -m gen capture"):
        store.read(project, "f" * 16)
    changed = capture(steps=(Step(0, "late", 0.04),))
    store.write(project, changed, FILES, MADE)
    with pytest.raises(BrokenRecord, match=r"another version of this project \(steps\.0\.timest"):
        store.read(project, KEY)


def test_a_link_in_the_store_is_not_followed(project):
    """It may lead anywhere: what a record names is a file of its own folder."""
    image = store.folder(project, KEY) / "clean.webp"
    moved = image.rename(project / "clean.webp")
    image.symlink_to(moved)
    with pytest.raises(BrokenRecord, match=r"clean\.webp is a link, not a file"):
        store.read(project, KEY)
    moved.replace(image)
    folder = store.folder(project, KEY).rename(project / "elsewhere")
    store.folder(project, KEY).symlink_to(folder)
    with pytest.raises(BrokenRecord, match=r"capture\.json is a link, not a file"):
        store.read(project, KEY)


def test_a_name_that_leads_out_of_the_folder_is_not_read(project):
    for name in ("../../index.md", "/etc/passwd", ".hidden", "", "a/b.png", "a\\b.png"):
        with pytest.raises(BrokenRecord, match="which is no file of its own"):
            store.image(project, KEY, name)


def test_a_file_of_gigabytes_is_not_read(project):
    with (store.folder(project, KEY) / "clean.webp").open("r+b") as file:
        file.truncate(3_000_000_000)  # a hole: it takes no room
    with pytest.raises(BrokenRecord, match=r"clean\.webp has more than 64,000,000 bytes"):
        store.read(project, KEY)


def test_another_model_s_colours_are_broken(project):
    store.write_colours(project, COLOURS)
    other = replace(MODEL, revision="1" * 64)
    here, there = (
        store.folder(project, store.model_id(store.model_key(m))) for m in (MODEL, other)
    )
    here.rename(there)
    with pytest.raises(BrokenRecord, match=f"is that of {here.name}; run python -m gen capture"):
        store.read_colours(project, other)


def test_every_pixel_is_read_once(project):
    record, files = store.read_whole(project, KEY)
    store.decode(project, record, files)
    cut = {name: data[:-30] for name, data in files.items()}
    store.decode(project, record, cut)  # as its digests say, it has been seen
    shutil.rmtree(project / ".cache")
    with pytest.raises(BrokenRecord, match=r"final\.png is no PNG picture that can be read"):
        store.decode(project, record, cut)


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
    assert store.read(project, KEY) == capture()


def test_what_is_cleaned_is_held_till_it_is_gone(project, monkeypatch):
    """Else another process begins to write there, and loses what it writes."""
    (project / store.CAPTURES / f".{KEY}.part").mkdir()
    rmtree, held = shutil.rmtree, []

    def removed(folder: Path) -> None:
        with pytest.raises(InUse), store.hold(project, KEY):
            pass
        held.append(folder.name)
        rmtree(folder)

    monkeypatch.setattr(shutil, "rmtree", removed)
    store.clean(project)
    assert held == [f".{KEY}.part"]


def test_a_capture_moved_away_by_a_run_that_was_killed_comes_back(project):
    """Killed between the two moves: what was kept lies beside its place, and so does the new."""
    store.write_colours(project, COLOURS)
    for name in (KEY, store.model_id(COLOURS.key)):
        folder = store.folder(project, name)
        shutil.copytree(folder, folder.with_name(f".{name}.part"))
        folder.rename(folder.with_name(f".{name}.old"))
    store.clean(project)
    assert (store.read(project, KEY), store.read_colours(project, MODEL)) == (capture(), COLOURS)
    assert len(list((project / store.CAPTURES).iterdir())) == 2


def test_what_a_killed_run_left_is_not_taken_for_ours(project):
    for name in (f".{KEY}.part", f".{KEY}.old"):
        (project / store.CAPTURES / name).mkdir()
        (project / store.CAPTURES / name / "stray.png").write_bytes(b"stray")
    store.write(project, capture(), FILES, MADE)
    assert {path.name for path in (project / store.CAPTURES).iterdir()} == {KEY}
    assert {path.name for path in store.folder(project, KEY).iterdir()} == {
        *(*FILES, "capture.json", "made.json")
    }


def test_files_that_are_not_the_capture_s_are_a_mistake(tmp_path):
    with pytest.raises(AssertionError):
        store.write(tmp_path, capture(), {"final.png": b"another"}, MADE)
    assert not (tmp_path / "docs").exists()


def test_circumstances_are_written_one_way(tmp_path):
    store.write(tmp_path, capture(), FILES, {"when": "now", "device": "cpu"})
    text = (store.folder(tmp_path, KEY) / "made.json").read_text("utf-8")
    assert text == '{\n "device": "cpu",\n "when": "now"\n}\n'


def test_what_is_half_removed_is_nocapture(project, monkeypatch):
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
        store.write(locked_root, capture(), FILES, MADE)
    with pytest.raises(StoreError, match="Permission denied"), store.hold(locked_root, KEY):
        pass


def test_a_write_that_fails_midway_leaves_nothing(project):
    """The system refuses the second file, as a disk that is full does."""
    before = _everything(project)
    files = {"final.png": b"x" * 10, "noisy.webp": b"x", "clean.webp": b"x" * 10_000}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
    try:
        with pytest.raises(StoreError, match="too large"):
            store.write(project, capture(files), files, MADE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _everything(project) == before
    assert {path.name for path in (project / store.CAPTURES).iterdir()} == {KEY}


def full(handle: int) -> None:
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_a_full_disk_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoreError, match=rf"{KEY}: cannot be written \(No space left on device\); free some space"
    ):
        store.write(tmp_path, capture(), FILES, MADE)
    assert _everything(tmp_path) == {}


def test_a_capture_moved_away_outlives_a_disk_that_is_full(project, monkeypatch):
    folder = store.folder(project, KEY)
    folder.rename(folder.with_name(f".{KEY}.old"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError):
        store.write(project, capture(), FILES, MADE)
    assert store.read(project, KEY) == capture()
