"""Every byte of a small store flipped once: each is noticed; made.json alone may say anything."""

import random
from pathlib import Path

import pytest
from stored import FILES, MODEL, capture, picture

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord
from gen.core.measured import Measurement, Reference, Row, Spot, Staged
from gen.core.records import LatentColours

MADE = {"when": "2026-01-01T00:00:00+00:00", "device": "cpu"}
ROW = Row("share", "", "cars", "generated", 42.0, 40.0, 44.0, 100, "%")


@pytest.fixture
def root(tmp_path) -> Path:
    """One record of each kind."""
    record = capture()
    store.write(tmp_path, record, FILES, MADE)
    key = store.model_key(MODEL)
    store.write_colours(tmp_path, LatentColours(key, ((0.5,) * 4,) * 3, (0.1,) * 3, 0.01, 48))
    chart, webp = {"told.svg": b"<svg/>"}, {"red.webp": picture("WEBP", (6, 4))}
    names = tuple((name, digest(data)) for name, data in chart.items())
    told = Measurement("told", "k", "Is it?", "Counted.", "", (), (ROW,), names)
    store.write_measurement(tmp_path, told, chart)
    names = tuple((name, digest(data)) for name, data in webp.items())
    store.write_reference(tmp_path, Reference("red", "k", "a red car", 5, (), 6, 4, 4, names), webp)
    spots = (Spot("sky", 0.25, 0.5),)
    store.write_staged(tmp_path, Staged("red", "k", 6, 4, 4, spots, names), webp)
    return tmp_path


def test_every_flipped_byte_is_noticed(root):
    record = capture()
    readers = {
        store.folder(root, record.key): lambda: store.read(root, record.key),
        store.folder(root, store.model_keys(root)[0]): lambda: store.read_colours(root, MODEL),
        root / store.MEASUREMENTS: lambda: store.read_measurement(root, "told"),
        root / store.REFERENCES: lambda: store.read_reference(root, "red"),
        root / store.STAGED: lambda: store.read_staged(root, "red"),
    }
    rng, flipped, missed = random.Random(15), 0, []
    for folder, read in readers.items():
        for path in sorted(folder.iterdir()):
            if path.name == store.MADE:
                continue
            whole = path.read_bytes()
            for at in range(len(whole)):
                altered = bytes([whole[at] ^ 1 << rng.randrange(8)])
                path.write_bytes(whole[:at] + altered + whole[at + 1 :])
                flipped += 1
                try:
                    read()
                    missed.append((path.name, at))
                except BrokenRecord as error:
                    assert len(str(error).splitlines()) == 1
            path.write_bytes(whole)
    assert missed == []
    assert flipped > 2000
