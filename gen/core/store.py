"""docs/captures/ and docs/measurements/: their only reader and writer; atomic, locked, checked."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from errno import EDQUOT, ENOSPC
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from gen.core.errors import BrokenCapture, MissingCapture, StoreError
from gen.core.records import (
    CAPTURE_FORMAT,
    Capture,
    LatentColours,
    Measurement,
    Model,
    Reference,
    canonical,
    digest,
)

CAPTURES = Path("docs", "captures")
MEASUREMENTS = Path("docs", "measurements")
REFERENCES = Path("docs", "references")
MADE_BY = {MEASUREMENTS.name: "measure", REFERENCES.name: "study reference"}  # else capture
LOCKS = Path(".cache", "locks")  # outside docs/: MkDocs watches and copies all that lies there
RECORD, MADE = "capture.json", "made.json"
COLOURS = "model.json"
SEALED = re.compile(rb'\{"(\w+)":(.*),"sha256":"([0-9a-f]{64})"\}\n', re.DOTALL)
PART, OLD = ".part", ".old"  # a leading dot as well: MkDocs leaves hidden folders out

Record = TypeVar("Record", Capture, LatentColours, Measurement, Reference)


def folder(root: Path, key: str) -> Path:
    """Where the capture of this key lies, or would lie."""
    return root / CAPTURES / key


def keys(root: Path) -> tuple[str, ...]:
    """The keys of every kept capture, sorted. A folder without a record is not a capture."""
    return tuple(sorted(path.parent.name for path in (root / CAPTURES).glob(f"[!.]*/{RECORD}")))


def model_keys(root: Path) -> tuple[str, ...]:
    """The folder names of every kept model record, sorted; `remove` takes them too."""
    return tuple(sorted(path.parent.name for path in (root / CAPTURES).glob(f"[!.]*/{COLOURS}")))


def model_key(model: Model) -> str:
    """Names a model's record: a hash of all that its latent colours depend on, 64 digits."""
    fitted = {"format": CAPTURE_FORMAT, "revision": model.revision}
    return digest(canonical(fitted | {"latent_map": asdict(model.latent_map)}))


def read(root: Path, key: str, who: str = "") -> Capture:
    """A kept capture, every byte of it checked against its digests.

    `who` is the prompt that asks, for the message. Raises MissingCapture if there is none, and
    BrokenCapture if the record or an image is truncated, altered or absent.
    """
    record = folder(root, key) / RECORD
    capture = _read(record, "capture", Capture, who)
    for name, expected in capture.digests:
        if digest(_bytes(record.parent / name, who)) != expected:
            raise _broken(record.parent / name, "is not what was captured", who)
    if capture.key != key:
        raise _broken(record, f"is the record of {capture.key}", who)
    return capture


def read_colours(root: Path, model: Model) -> LatentColours:
    """A model's kept latent colours. Raises MissingCapture or BrokenCapture."""
    return _read(_model_folder(root, model_key(model)) / COLOURS, "colours", LatentColours, "")


def image(root: Path, key: str, name: str) -> bytes:
    """The bytes of one kept picture or sheet. Raises BrokenCapture if it is absent."""
    return _bytes(folder(root, key) / name, "")


def made(root: Path, key: str) -> dict[str, Any]:
    """When, on what and with which versions a capture was made. Raises BrokenCapture."""
    path = folder(root, key) / MADE
    try:
        return json.loads(_bytes(path, ""))
    except ValueError:  # also what is not UTF-8
        raise _broken(path, "is truncated or altered", "") from None


def write(root: Path, capture: Capture, files: Mapping[str, bytes], made: Mapping) -> None:
    """Keeps a capture, in place of one of the same key; all of it or none of it.

    Images first, the record last, in a folder beside the final one that is then moved into place.
    `files` are the pictures that `capture.digests` names. Raises StoreError.
    """
    assert {name: digest(held) for name, held in files.items()} == dict(capture.digests)
    record = _sealed("capture", capture)
    _place(root, capture.key, {**files, MADE: _pretty(made), RECORD: record})


def write_colours(root: Path, colours: LatentColours) -> None:
    """Keeps a model's latent colours. Raises StoreError."""
    record = {COLOURS: _sealed("colours", colours)}
    _place(root, _model_folder(root, colours.key).name, record)


def measured(root: Path) -> tuple[str, ...]:
    """The ids of every kept measurement, sorted."""
    return tuple(sorted(path.stem for path in (root / MEASUREMENTS).glob("[!.]*.json")))


def read_measurement(root: Path, id: str) -> Measurement:
    """A kept measurement, its files checked too. Raises MissingCapture or BrokenCapture."""
    measurement = _read(root / MEASUREMENTS / f"{id}.json", "measurement", Measurement, id)
    for name, expected in measurement.digests:
        if digest(measured_file(root, id, name)) != expected:
            raise _broken(root / MEASUREMENTS / name, "is not what was measured", id)
    return measurement


def measured_file(root: Path, id: str, name: str) -> bytes:
    """The bytes of a measurement's chart or picture. Raises BrokenCapture if it is absent."""
    return _bytes(root / MEASUREMENTS / name, id)


def write_measurement(root: Path, measurement: Measurement, files: Mapping[str, bytes]) -> None:
    """Keeps a measurement in place of the last: its files, named <id>…, first, the record last.

    A run that is killed between them leaves a measurement that reads as broken, and is made again.
    Raises StoreError.
    """
    assert {name: digest(held) for name, held in files.items()} == dict(measurement.digests)
    record = _sealed("measurement", measurement)
    _side_by_side(root / MEASUREMENTS, measurement.id, files, record, root)


def references(root: Path) -> tuple[str, ...]:
    """The ids of every idea that has a kept reference, sorted."""
    return tuple(sorted(path.stem for path in (root / REFERENCES).glob("[!.]*.json")))


def read_reference(root: Path, id: str) -> Reference:
    """A kept reference, its picture checked too. Raises MissingCapture or BrokenCapture."""
    place = root / REFERENCES
    reference = _read(place / f"{id}.json", "reference", Reference, id)
    for name, expected in reference.digests:
        if digest(_bytes(place / name, id)) != expected:
            raise _broken(place / name, "is not what was rendered", id)
    return reference


def write_reference(root: Path, reference: Reference, files: Mapping[str, bytes]) -> None:
    """Keeps a reference in place of the last, as a measurement is kept. Raises StoreError."""
    assert {name: digest(held) for name, held in files.items()} == dict(reference.digests)
    record = _sealed("reference", reference)
    _side_by_side(root / REFERENCES, reference.id, files, record, root)


def _side_by_side(
    place: Path, id: str, files: Mapping[str, bytes], record: bytes, root: Path
) -> None:
    """Files and then the record of an id, in a folder that holds those of others too."""
    with hold(root, f"{place.name.removesuffix('s')}-{id}"), _writing(place):
        place.mkdir(parents=True, exist_ok=True)
        for name, held in {**files, f"{id}.json": record}.items():
            part = place / f".{name}{PART}"
            _write_through(part, held)
            part.replace(place / name)
        left = {p for end in (".svg", ".png", "-*.webp") for p in place.glob(f"{id}{end}")}
        for path in sorted(left - {place / name for name in files}):
            path.unlink()
        _sync(place)


@contextmanager
def hold(root: Path, key: str) -> Iterator[None]:
    """Makes this process the only one at work on a capture. Raises StoreError at once if it is not.

    The lock is the system's: it goes with the process, however that ends.
    """
    path = root / LOCKS / f"{key}.lock"
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"{CAPTURES / key}: another process is making it; wait for that one or end it"
            ) from None
    try:
        yield
    finally:
        lock.release()


def remove(root: Path, key: str) -> None:
    """Takes a capture, or a model's record, out of the store. Raises StoreError."""
    with hold(root, key), _writing(folder(root, key)):
        _drop(folder(root, key))


def clean(root: Path) -> None:
    """Removes what killed runs left behind, but for what another process is making now."""
    for left in sorted((root / CAPTURES).glob(".*")):
        with _writing(left):
            if left.suffix in (PART, OLD) and _free(root, left.stem[1:]):
                _drop(left)


def _free(root: Path, key: str) -> bool:
    """Whether no process holds this key now."""
    try:
        with FileLock(root / LOCKS / f"{key}.lock").acquire(timeout=0):
            return True
    except Timeout:
        return False


def _model_folder(root: Path, key: str) -> Path:
    """Where a model's record lies, or would lie."""
    return root / CAPTURES / f"model-{key[:16]}"


def _drop(path: Path) -> None:
    """Removes a folder, its record first: half removed, it must not pass for a capture."""
    (path / RECORD).unlink(missing_ok=True)
    if path.exists():
        shutil.rmtree(path)


def _place(root: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Writes files in this order to a folder beside docs/captures/<name>, then moves it there."""
    final = root / CAPTURES / name
    part, old = (final.with_name(f".{name}{end}") for end in (PART, OLD))
    with _writing(final, part):
        for left in (part, old):
            _drop(left)
        part.mkdir(parents=True)
        for file, held in files.items():
            _write_through(part / file, held)
        _sync(part)
        if final.exists():
            final.rename(old)
        part.rename(final)
        _sync(final.parent)
        _drop(old)


def _write_through(path: Path, held: bytes) -> None:
    """Writes a file down to the disk, not only to the system's memory."""
    with path.open("wb") as file:
        file.write(held)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Makes the names in a folder as durable as the files."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writing(path: Path, part: Path | None = None) -> Iterator[None]:
    """Turns what the system refuses into one line, and leaves nothing half-written."""
    try:
        yield
    except OSError as error:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        full = error.errno in (ENOSPC, EDQUOT)
        move = "free some space" if full else "make it writable for this user"
        raise StoreError(
            f"{error.filename or path}: cannot be written ({error.strerror}); {move} and run this "
            "again: what is already kept stays"
        ) from error


def _sealed(name: str, record: Capture | LatentColours | Measurement | Reference) -> bytes:
    """A record and the digest of it, as one line of canonical JSON."""
    held = canonical(asdict(record))
    return b'{"%b":%b,"sha256":"%b"}\n' % (name.encode(), held, digest(held).encode())


def _pretty(made: Mapping) -> bytes:
    return json.dumps(made, indent=1, sort_keys=True).encode() + b"\n"


def _read(path: Path, name: str, kind: type[Record], who: str) -> Record:
    """A sealed record, checked against its digest and its type."""
    if not path.is_file():
        beside = path.parent.name in MADE_BY
        what = path.parent.name.removesuffix("s") if beside else f"capture {path.parent.name}"
        raise MissingCapture(_told(path, who, f"no {what}"))
    sealed = SEALED.fullmatch(_bytes(path, who))
    if sealed is None or sealed[1] != name.encode() or digest(sealed[2]).encode() != sealed[3]:
        raise _broken(path, "is truncated or altered", who)
    try:
        return _reader(kind).validate_json(sealed[2], strict=True)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise _broken(path, f"is of another version of this project ({place})", who) from None


@cache
def _reader(kind: type[Record]) -> TypeAdapter[Record]:
    """Reads a record strictly; built once, as building costs more than reading."""
    return TypeAdapter(kind)


def _bytes(path: Path, who: str) -> bytes:
    """A file that a kept capture must have."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _broken(path, f"cannot be read ({error.strerror})", who) from None


def _broken(path: Path, what: str, who: str) -> BrokenCapture:
    above = Path("docs") if path.parent.name in MADE_BY else CAPTURES
    return BrokenCapture(_told(path, who, f"{above / path.parent.name / path.name} {what}"))


def _told(path: Path, who: str, what: str) -> str:
    """Place, value and next move in one line."""
    command = MADE_BY.get(path.parent.name, "capture")
    return f"{who}: {what}".removeprefix(": ") + f"; run python -m gen {command} {who}".rstrip()
