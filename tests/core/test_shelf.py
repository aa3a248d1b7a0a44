"""gen/core/shelf.py: records beside each other, each with its files and its lock."""

from dataclasses import replace

import painted
import pytest
from stored import picture

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord, InUse, MissingRecord
from gen.core.measured import Measurement, Reference, Spot, Staged

PICTURE = picture("WEBP", (6, 4))


def reference(id: str, **files: bytes) -> tuple[Reference, dict[str, bytes]]:
    contents = {f"{id}.webp": PICTURE} | files
    digests = tuple((name, digest(data)) for name, data in contents.items())
    seen = (("world", "desert"),)
    return Reference(id, "0" * 16, f"a {id} car", 1, seen, 6, 4, 64, digests), contents


def measurement(id: str, *names: str) -> tuple[Measurement, dict[str, bytes]]:
    contents = {name: PICTURE if name.endswith(".webp") else name.encode() for name in names}
    digests = tuple((name, digest(data)) for name, data in contents.items())
    return Measurement(id, "0" * 16, "How?", "Counted.", "", (), (), digests), contents


def files(root, shelf) -> set[str]:
    return {path.name for path in (root / shelf.place).iterdir()}


def test_an_id_that_begins_as_another_loses_nothing_to_it(tmp_path):
    store.write_reference(tmp_path, *reference("chrome-desert"))
    store.write_reference(tmp_path, *reference("chrome"))
    store.write_reference(tmp_path, *reference("chrome"))
    assert store.read_reference(tmp_path, "chrome-desert").id == "chrome-desert"
    store.write_measurement(tmp_path, *measurement("mixing-light", "mixing-light-a.webp"))
    store.write_measurement(tmp_path, *measurement("mixing", "mixing.svg", "mixing-a.webp"))
    store.write_measurement(tmp_path, *measurement("mixing", "mixing.svg"))
    assert files(tmp_path, store.measurements) == {
        *("mixing-light.json", "mixing-light-a.webp", "mixing.json", "mixing.svg")
    }, "a picture that is named no longer goes, and only that"
    assert store.read_measurement(tmp_path, "mixing-light").id == "mixing-light"


def test_what_another_process_makes_is_named_where_it_lies(tmp_path):
    with store.measurements.hold(tmp_path, "word"), pytest.raises(InUse) as busy:
        store.write_measurement(tmp_path, *measurement("word", "word.svg"))
    assert str(busy.value).startswith("docs/measurements/word: another process is making it")
    with store.pictured.hold(tmp_path, "word"):
        store.write_measurement(tmp_path, *measurement("word", "word.svg"))


def test_every_picture_of_a_measurement_is_opened(tmp_path):
    store.write_measurement(tmp_path, *measurement("word", "word.svg", "word.png"))
    with pytest.raises(
        BrokenRecord, match=r"word\.png is no PNG picture; run python -m gen measure"
    ):
        store.read_measurement(tmp_path, "word")


def test_what_is_missing_names_its_own_command(tmp_path):
    with pytest.raises(MissingRecord, match=r"^word: no measurement; run python -m gen measure wo"):
        store.read_measurement(tmp_path, "word")
    with pytest.raises(MissingRecord, match=r"^red: no reference; run python -m gen study refere"):
        store.read_reference(tmp_path, "red")


def test_the_record_is_the_last_to_be_put_in_place(tmp_path, monkeypatch):
    from gen.core import shelf

    order = []
    put = shelf.put
    monkeypatch.setattr(
        shelf, "put", lambda path, contents: (order.append(path.name), put(path, contents))
    )
    store.write_measurement(tmp_path, *measurement("word", "word.svg", "word.png"))
    assert order == ["word.svg", "word.png", "word.json"]


def test_an_altered_picture_is_found_and_a_new_one_heals_it(tmp_path):
    store.write_reference(tmp_path, *reference("red"))
    (tmp_path / "docs/references/red.webp").write_bytes(b"another")
    with pytest.raises(
        BrokenRecord, match=r"red: docs/references/red\.webp is not what was render"
    ):
        store.read_reference(tmp_path, "red")
    store.write_reference(tmp_path, *reference("red"))
    assert store.read_reference(tmp_path, "red").id == "red"


def test_a_record_that_cannot_be_read_is_replaced(tmp_path):
    store.write_reference(tmp_path, *reference("red"))
    (tmp_path / "docs/references/red.json").write_bytes(b"{")
    fresh, contents = reference("red")
    store.write_reference(tmp_path, replace(fresh, seed=2), contents)
    assert store.read_reference(tmp_path, "red").seed == 2


def test_a_picture_that_is_gone_already_does_not_stop_the_next_one(tmp_path):
    store.write_measurement(tmp_path, *measurement("word", "word.svg", "word-a.webp"))
    (tmp_path / "docs/measurements/word-a.webp").unlink()
    store.write_measurement(tmp_path, *measurement("word", "word.svg"))
    assert files(tmp_path, store.measurements) == {"word.json", "word.svg"}


def test_a_record_is_found_by_its_own_file_alone(tmp_path):
    store.write_reference(tmp_path, *reference("red"))
    store.write_reference(tmp_path, *reference("gold"))
    (tmp_path / "docs/references/.blue.json").write_bytes(b"{}")
    assert store.references(tmp_path) == ("gold", "red")
    assert store.references(tmp_path / "elsewhere") == ()


def test_a_number_written_as_text_is_of_another_version(tmp_path):
    record, data = reference("red")
    store.write_reference(tmp_path, replace(record, seed="1"), data)
    with pytest.raises(BrokenRecord, match=r"is of another version of this project \(seed\)"):
        store.read_reference(tmp_path, "red")


def test_files_that_are_not_the_record_s_are_a_mistake(tmp_path):
    record, _ = reference("red")
    with pytest.raises(AssertionError):
        store.write_reference(tmp_path, record, {"red.webp": b"another"})
    measured, _ = measurement("word", "word.svg")
    with pytest.raises(AssertionError):
        store.write_measurement(tmp_path, measured, {})
    assert not (tmp_path / "docs").exists()


def test_paths_of_a_record_and_its_files_are_told_as_docs_has_them():
    assert list(store.measurements.named({"word": ["word.svg"]})) == [
        "measurements/word.json",
        "measurements/word.svg",
    ]
    assert list(store.captures.named({"abc": ["final.png"]})) == [
        "captures/abc/capture.json",
        "captures/abc/final.png",
    ]


def of_reference(id: str) -> tuple[object, dict[str, bytes]]:
    return reference(id)


def of_measurement(id: str) -> tuple[object, dict[str, bytes]]:
    return measurement(id, f"{id}.svg")


def of_staged(id: str) -> tuple[object, dict[str, bytes]]:
    record, contents = reference(id)
    spots = (Spot("sky", 0.25, 0.5),)
    return Staged(id, "k", 6, 4, 4, spots, record.digests), contents


def of_finals(id: str) -> tuple[object, dict[str, bytes]]:
    record = painted.finals("0" * 64)
    contents = {each.file: painted.picture() for each in record.painted}
    digests = tuple((name, digest(data)) for name, data in contents.items())
    return replace(record, id=id, digests=digests), contents


KINDS = (
    (store.pictured, of_reference),
    (store.measurements, of_measurement),
    (store.staged, of_staged),
    (store.finals, of_finals),
)


@pytest.mark.parametrize(("shelf", "of"), KINDS)
def test_another_s_record_under_a_name_is_told_and_its_files_stay(tmp_path, shelf, of):
    theirs, contents = of("blue")
    shelf.write(tmp_path, "blue", theirs, contents)
    assert shelf.read(tmp_path, "blue") == theirs
    path = shelf.path(tmp_path, "red")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(shelf.path(tmp_path, "blue").read_bytes())
    with pytest.raises(BrokenRecord, match="is that of blue; run python -m gen "):
        shelf.read(tmp_path, "red")
    shelf.write(tmp_path, "red", *of("red"))
    assert shelf.read(tmp_path, "blue") == theirs, "no file of another's goes"
