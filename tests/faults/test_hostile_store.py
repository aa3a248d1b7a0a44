"""A store that somebody made to do harm: refused in one line, wherever it leads."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stored import large

from gen.core import store
from gen.core.errors import BrokenRecord
from gen.publish import materials as reading

ROOT = Path(__file__).parents[2]
Fields = dict[str, Any]
PASSWD = "/etc/passwd"


@pytest.fixture
def project(tmp_path) -> Path:
    """The sources, one capture and one measurement of this repository."""
    ignored = shutil.ignore_patterns("models")
    shutil.copytree(ROOT / "sources", tmp_path / "sources", ignore=ignored)
    shutil.copytree(store.folder(ROOT, key()), store.folder(tmp_path, key()))
    (tmp_path / store.MEASUREMENTS).mkdir()
    for path in (ROOT / store.MEASUREMENTS).glob("word.*"):
        shutil.copy(path, tmp_path / store.MEASUREMENTS)
    reading.read(tmp_path)
    return tmp_path


def key() -> str:
    return store.keys(ROOT)[0]


def sealed(path: Path, change: Callable[[Fields], object]) -> None:
    """Changes a record and seals it again, as whoever wrote it could."""
    (name, fields), *_ = json.loads(path.read_bytes()).items()
    change(fields)
    content = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    seal = hashlib.sha256(content.encode()).hexdigest()
    path.write_text(f'{{"{name}":{content},"sha256":"{seal}"}}\n', encoding="utf-8")


def also(name: str, path: str = PASSWD) -> Callable[[Fields], object]:
    """One file more, with its true digest."""
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return lambda fields: fields["digests"].append([name, digest])


def final(name: str) -> Callable[[Fields], object]:
    def change(fields: Fields) -> None:
        fields["digests"][0][0] = fields["final"] = name

    return change


HOSTILE = {
    "an absolute name": final(PASSWD),
    "a name upwards": final("../../../README.md"),
    "a name upwards among digests": also("../../../../etc/passwd"),
    "an absolute name among digests": also(PASSWD),
    "a hidden name": also(".htaccess"),
    "a page": also("index.html"),
    "a script": also("evil.js"),
    "no number": lambda fields: fields["curves"][0]["values"].__setitem__(0, float("nan")),
    "no end": lambda fields: fields.update(scaling_factor=float("inf")),
    "a large number": lambda fields: fields["views"][0].update(frame_size=[10**9, 10**9]),
    "more than is there": lambda fields: fields["views"][0].update(frames=10**9),
    "a loop": lambda fields: fields["parts"][0].update(parent=fields["parts"][0]["name"]),
    "other words": lambda fields: fields["prompt"].update(text="another"),
    "a key of its own": lambda fields: fields.update(onload="alert(1)"),
    "depth": lambda fields: fields.update(deep=json.loads("[" * 900 + "]" * 900)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_capture_that_leads_elsewhere_or_makes_no_sense(project, name):
    sealed(store.folder(project, key()) / store.RECORD, HOSTILE[name])
    with pytest.raises(BrokenRecord) as refused:
        reading.read(project)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"docs/captures/{key()}/") and "run python -m gen capture" in line
    assert len(line) < 300


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("an absolute name", also(PASSWD)),
        ("a page", also("word.html")),
        ("no number", lambda fields: fields["rows"][0].update(value=float("nan"))),
        ("half an interval", lambda fields: fields["rows"][0].update(low=None)),
    ],
)
def test_a_measurement_that_leads_elsewhere_or_makes_no_sense(project, name, change):
    sealed(project / store.MEASUREMENTS / "word.json", change)
    with pytest.raises(BrokenRecord) as refused:
        reading.read(project)
    (line,) = str(refused.value).splitlines()
    assert line.startswith("word: docs/measurements/"), name


def swapped(path: Path, data: bytes) -> None:
    """Other bytes in the place of a file, and the record that says so."""
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()

    def change(fields: Fields) -> None:
        fields["digests"] = [[n, digest if n == path.name else d] for n, d in fields["digests"]]

    sealed(path.parent / store.RECORD, change)


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked(project):
    swapped(store.folder(project, key()) / "final.png", large(60_000))
    with pytest.raises(BrokenRecord, match=r"final\.png (has 60000 x 60000|is no PNG picture)"):
        reading.read(project)


def test_a_link_out_of_the_folder_is_not_followed(project):
    picture = store.folder(project, key()) / "final.png"
    outside = shutil.move(picture, project / "outside.png")
    picture.symlink_to(outside)
    with pytest.raises(BrokenRecord, match=r"final\.png is a link, not a file"):
        reading.read(project)


def test_a_chart_that_runs_is_not_shown(project):
    path = project / store.MEASUREMENTS / "word.svg"
    svg = path.read_bytes().replace(b"<title", b"<script>alert(1)</script><title", 1)
    path.write_bytes(svg)
    digest = hashlib.sha256(svg).hexdigest()

    def change(fields: Fields) -> None:
        fields["digests"] = [[n, digest if n == path.name else d] for n, d in fields["digests"]]

    sealed(path.with_suffix(".json"), change)
    with pytest.raises(BrokenRecord, match=r"word\.svg holds <script>"):
        reading.read(project)
