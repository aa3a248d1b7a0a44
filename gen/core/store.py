"""docs/captures, measurements, references, staged, finals: their one reader and writer."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import Any

from gen.core import pictures, sound
from gen.core.cache import read_or_make
from gen.core.canonical import canonical, digest
from gen.core.disk import writing
from gen.core.errors import InUse
from gen.core.measured import Finals, Measurement, Reference, Staged
from gen.core.records import Capture, LatentColours
from gen.core.shelf import OLD, PART, Shelf, drop
from gen.core.sources import CAPTURE_FORMAT, Model

CAPTURES = Path("docs", "captures")
MEASUREMENTS = Path("docs", "measurements")
REFERENCES = Path("docs", "references")
STAGED = Path("docs", "staged")
FINALS = Path("docs", "finals")
RECORD, MADE = "capture.json", "made.json"
COLOURS, FITTED = "model.json", "model-"  # the second begins the names of these folders
DECODED = Path(".cache", "decoded")

captures = Shelf(
    *(CAPTURES, "capture", Capture, "capture", "captured", attrgetter("key"), RECORD),
    faults=sound.capture,
    pictures=pictures.of_capture,
)
colours = Shelf(
    *(CAPTURES, "colours", LatentColours, "capture", "fitted"),
    own=lambda record: model_id(record.key),
    record=COLOURS,
    faults=sound.colours,
)
measurements = Shelf(
    *(MEASUREMENTS, "measurement", Measurement, "measure", "measured"),
    faults=sound.measurement,
    pictures=pictures.of_measurement,
)
pictured = Shelf(
    *(REFERENCES, "reference", Reference, "study reference", "rendered"),
    faults=sound.reference,
    pictures=pictures.of_reference,
)
staged = Shelf(
    *(STAGED, "staged", Staged, "study stage", "rendered"),
    faults=sound.staged,
    pictures=pictures.of_reference,
)
finals = Shelf(
    *(FINALS, "finals", Finals, "study finals", "painted"),
    record="finals.json",
    faults=sound.finals,
    pictures=pictures.of_finals,
)


# ---- captures, and what is fitted on a model's own pictures ----------------------------------


def folder(root: Path, key: str) -> Path:
    """Where the capture of this key lies, or would lie."""
    return captures.folder(root, key)


def keys(root: Path) -> tuple[str, ...]:
    """The keys of every capture, sorted. A folder without a record is not a capture."""
    return captures.ids(root)


def model_keys(root: Path) -> tuple[str, ...]:
    """The folder names of every model's record, sorted; `remove` takes them too."""
    return colours.ids(root)


def model_key(model: Model) -> str:
    """Names a model's record: a hash of all that its latent colours depend on, 64 digits."""
    return digest(canonical({"format": CAPTURE_FORMAT, **model.made_of}))


def model_id(key: str) -> str:
    """The folder's name of a model's record."""
    return f"{FITTED}{key[:16]}"


def read(root: Path, key: str, who: str = "") -> Capture:
    """A capture, every byte of it checked against its digests.

    `who` is the prompt that asks, for the message. Raises MissingRecord if there is none, and
    BrokenRecord if the record or an image is truncated, altered or absent.
    """
    return read_whole(root, key, who)[0]


def read_whole(root: Path, key: str, who: str = "") -> tuple[Capture, dict[str, bytes]]:
    """A capture as `read` reads it, and the bytes of its pictures and sheets by name."""
    return captures.read_whole(root, key, who)


def decode(root: Path, capture: Capture, files: Mapping[str, bytes]) -> None:
    """Reads every pixel of a capture's pictures, once: it takes longer than all other checks.

    What has been seen is noted in the project's cache. Raises BrokenRecord.
    """

    def decoded() -> bytes:
        for name, size in pictures.of_capture(capture):
            if what := pictures.fault(name, files[name], size, decode=True):
                raise captures.broken(root, capture.key, name, what)
        return b""

    read_or_make(root / DECODED / digest(canonical(capture.digests)), decoded)


def read_colours(root: Path, model: Model, who: str = "") -> LatentColours:
    """A model's latent colours; `who` asks for them. Raises MissingRecord or BrokenRecord."""
    return colours.read(root, model_id(model_key(model)), who)


def image(root: Path, key: str, name: str) -> bytes:
    """The bytes of one picture or sheet. Raises BrokenRecord if it is absent."""
    return captures.file(root, key, name)


def made(root: Path, key: str) -> dict[str, Any]:
    """When, on what and with which versions a capture was made. Raises BrokenRecord."""
    try:
        circumstances: dict[str, Any] = json.loads(captures.file(root, key, MADE))
    except ValueError:  # also what is not UTF-8
        raise captures.broken(root, key, MADE, "is truncated or altered") from None
    return circumstances


def write(
    root: Path, capture: Capture, files: Mapping[str, bytes], made: Mapping[str, object]
) -> None:
    """Put a capture in place of one of the same key; all of it or none of it.

    `files` are the pictures that `capture.digests` names. Raises StoreError.
    """
    _refuse_others(files, capture.digests)
    beside = json.dumps(made, indent=1, sort_keys=True).encode() + b"\n"
    captures.write(root, capture.key, capture, {**files, MADE: beside})


def write_colours(root: Path, fitted: LatentColours) -> None:
    """Put a model's latent colours in their place. Raises StoreError."""
    colours.write(root, model_id(fitted.key), fitted, {})


@contextmanager
def hold(root: Path, key: str) -> Iterator[None]:
    """Makes this process the only one at work on a capture, or a model's record: see Shelf.hold."""
    with captures.hold(root, key):
        yield


def remove(root: Path, key: str) -> None:
    """Takes a capture, or a model's record, out of the store. Raises StoreError."""
    with hold(root, key), writing(folder(root, key)):
        drop(folder(root, key), RECORD)


def clean(root: Path) -> None:
    """Removes what killed runs left behind, but for what another process is making now.

    A capture that such a run had moved away goes back to its place.
    """
    left = (path for path in (root / CAPTURES).glob(".*") if path.suffix in (PART, OLD))
    for key in sorted({path.stem[1:] for path in left}):
        shelf: Shelf[Any] = colours if key.startswith(FITTED) else captures
        with suppress(InUse):
            shelf.clear(root, key)


# ---- measurements, references, staged pictures -----------------------------------------------


def measured(root: Path) -> tuple[str, ...]:
    """The ids of every measurement, sorted."""
    return measurements.ids(root)


def read_measurement(root: Path, id: str) -> Measurement:
    """A measurement, its files checked too. Raises MissingRecord or BrokenRecord."""
    return read_measurement_whole(root, id)[0]


def read_measurement_whole(root: Path, id: str) -> tuple[Measurement, dict[str, bytes]]:
    """A measurement as `read_measurement` reads it, and the bytes of its files by name."""
    return measurements.read_whole(root, id, id)


def measured_file(root: Path, id: str, name: str) -> bytes:
    """The bytes of a measurement's chart or picture. Raises BrokenRecord if it is absent."""
    return measurements.file(root, id, name, id)


def write_measurement(root: Path, measurement: Measurement, files: Mapping[str, bytes]) -> None:
    """Put a measurement and its files in place of the last. Raises StoreError."""
    _refuse_others(files, measurement.digests)
    measurements.write(root, measurement.id, measurement, files)


def references(root: Path) -> tuple[str, ...]:
    """The ids of every idea that has a reference, sorted."""
    return pictured.ids(root)


def read_reference(root: Path, id: str) -> Reference:
    """A reference, its picture checked too. Raises MissingRecord or BrokenRecord."""
    return pictured.read(root, id, id)


def write_reference(root: Path, reference: Reference, files: Mapping[str, bytes]) -> None:
    """Put a reference and its picture in place of the last. Raises StoreError."""
    _refuse_others(files, reference.digests)
    pictured.write(root, reference.id, reference, files)


def read_staged(root: Path, id: str) -> Staged:
    """A staged picture's record, the picture checked too. Raises MissingRecord or BrokenRecord."""
    return staged.read(root, id, "")


def write_staged(root: Path, record: Staged, files: Mapping[str, bytes]) -> None:
    """Put a staged picture in place of the last. Raises StoreError."""
    _refuse_others(files, record.digests)
    staged.write(root, record.id, record, files)


def _refuse_others(files: Mapping[str, bytes], digests: tuple[tuple[str, str], ...]) -> None:
    """Files that are not those of the record are a mistake of the caller's."""
    assert {name: digest(data) for name, data in files.items()} == dict(digests)
