"""A shelf of the store: records of a kind in a folder, sealed, checked, locked, put whole."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from stat import S_ISLNK
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from filelock import FileLock, Timeout
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from gen.core.canonical import canonical, digest, written
from gen.core.disk import put, refuse_unwritable, sync, write_through, writing
from gen.core.errors import BrokenRecord, InUse, MissingRecord
from gen.core.pictures import Size, fault
from gen.core.sound import PLAIN, unread

LOCKS = Path(".cache", "locks")  # outside docs/: MkDocs watches and copies all that lies there
SEALED = re.compile(rb'\{"(\w+)":(.*),"sha256":"([0-9a-f]{64})"\}\n', re.DOTALL)
LARGEST = 64_000_000  # bytes of one file
WHOLE = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
PART, OLD = ".part", ".old"  # a leading dot as well: MkDocs leaves hidden folders out


class Dataclass(Protocol):
    """Every record is one; those with files name these in `digests`, each with its sha256."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Record = TypeVar("Record", bound=Dataclass)


def _none(record: Any) -> tuple[()]:
    """What a record has that holds nothing to look at."""
    return ()


@dataclass(frozen=True)
class Shelf(Generic[Record]):
    """Where records of a kind lie, what they are called, and which command makes them anew."""

    place: Path  # under the project's root
    name: str  # what a record's seal calls it
    kind: type[Record]
    command: str  # after python -m gen
    done: str  # what was done to make it: captured, measured, rendered
    own: Callable[[Record], str] = attrgetter("id")  # the id of a record, as it says it
    record: str = ""  # the record's file, in a folder of its own; "": <id>.json beside the others'
    faults: Callable[[Record], Iterable[str]] = _none  # what a record says against itself
    pictures: Callable[[Record], Iterable[tuple[str, Size | None]]] = _none  # of its files

    def folder(self, root: Path, id: str) -> Path:
        """Where a record and its files lie, or would lie."""
        return root / self.place / id if self.record else root / self.place

    def path(self, root: Path, id: str) -> Path:
        """Where a record lies, or would lie."""
        return self.folder(root, id) / (self.record or f"{id}.json")

    def named(self, files: Mapping[str, Iterable[str]]) -> Iterator[str]:
        """The paths under docs/ of records and their files; `files` names these, by id."""
        for id, names in files.items():
            folder, record = self.folder(Path(), id), self.path(Path(), id)
            paths = (record, *(folder / name for name in names))
            yield from (path.relative_to("docs").as_posix() for path in paths)

    def ids(self, root: Path) -> tuple[str, ...]:
        """Of every record, sorted. A folder without a record holds none."""
        if self.record:
            paths = (root / self.place).glob(f"[!.]*/{self.record}")
            return tuple(sorted(path.parent.name for path in paths))
        return tuple(sorted(path.stem for path in (root / self.place).glob("[!.]*.json")))

    def read(self, root: Path, id: str, who: str = "") -> Record:
        """A record, checked against its seal and its type, every byte of its files against it.

        `who` asks for it, for the message. Raises MissingRecord if there is none, BrokenRecord if
        it or a file of its is truncated, altered or absent.
        """
        return self.read_whole(root, id, who)[0]

    def read_whole(self, root: Path, id: str, who: str = "") -> tuple[Record, dict[str, bytes]]:
        """A record as `read` reads it, and the bytes of its files by name: each is read once."""
        record, files = self.read_record(root, id, who), {}
        for name, expected in getattr(record, "digests", ()):
            files[name] = self.file(root, id, name, who)
            if digest(files[name]) != expected:
                raise self.broken(root, id, name, f"is not what was {self.done}", who)
        for name, size in self.pictures(record):
            if what := fault(name, files[name], size):
                raise self.broken(root, id, name, what, who)
        return record, files

    def read_record(self, root: Path, id: str, who: str = "") -> Record:
        """A record without its files. Raises MissingRecord or BrokenRecord."""
        path = self.path(root, id)
        if not path.is_file():
            what = f"capture {id}" if self.record else self.name
            raise MissingRecord(self._line(who, f"no {what}"))
        sealed = SEALED.fullmatch(self.file(root, id, path.name, who))
        name = self.name.encode()
        if not sealed or sealed[1] != name or digest(sealed[2]).encode() != sealed[3]:
            raise self.broken(root, id, path.name, "is truncated or altered", who)
        record = self._parsed(root, id, sealed[2], who)
        for what in self.faults(record):
            raise self.broken(root, id, path.name, what, who)
        if (own := self.own(record)) != id:
            raise self.broken(root, id, path.name, f"is that of {own}", who)
        return record

    def _parsed(self, root: Path, id: str, content: bytes, who: str) -> Record:
        try:
            return self._reader.validate_json(content)
        except ValidationError as error:
            raise self.broken(root, id, self.path(root, id).name, unread(error), who) from None

    def file(self, root: Path, id: str, name: str, who: str = "") -> bytes:
        """The bytes of a file that a record must have. Raises BrokenRecord.

        A link may lead out of the store, and a file of gigabytes is none of ours.
        """
        path = self.folder(root, id) / name
        if not PLAIN.fullmatch(name):
            raise self.broken(root, id, "", f"names {name!r}, which is no file of its own", who)
        try:
            head = path.lstat()
            if S_ISLNK(head.st_mode) or (self.record and path.parent.is_symlink()):
                raise self.broken(root, id, name, "is a link, not a file", who)
            if head.st_size > LARGEST:
                raise self.broken(root, id, name, f"has more than {LARGEST:,} bytes", who)
            return path.read_bytes()
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            raise self.broken(root, id, name, what, who) from None

    def write(self, root: Path, id: str, record: Record, files: Mapping[str, bytes]) -> None:
        """Put a record in place of the last of its id: its files first, the record last.

        In a folder of its own that folder is moved into place: all of it or none of it. Beside
        others a run that is killed leaves a record that reads as broken, and is made again.
        """
        sealed = {self.path(root, id).name: self.sealed(record)}
        if self.record:
            _place(self.folder(root, id), {**files, **sealed})
        else:
            self._side_by_side(root, id, {**files, **sealed})

    def sealed(self, record: Record) -> bytes:
        """A record and the digest of it, as one line of canonical JSON."""
        content = canonical(written(record))
        seal = digest(content).encode()
        return b'{"%b":%b,"sha256":"%b"}\n' % (self.name.encode(), content, seal)

    @contextmanager
    def hold(self, root: Path, id: str) -> Iterator[None]:
        """Make this process the only one at work on a record. Raises InUse at once if not.

        The lock is the system's: it goes with the process, however that ends.
        """
        path = self._lock(root, id)
        with writing(path):
            lock = FileLock(path)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                raise InUse(
                    f"{self.place / id}: another process is making it; wait for that one or end it"
                ) from None
        try:
            yield
        finally:
            lock.release()

    def refuse_unwritable(self, root: Path) -> None:
        """Stops, before the work that makes a record, where none can be put. Raises StoreError."""
        for folder in (LOCKS, self.place):
            refuse_unwritable(root / folder)

    def clear(self, root: Path, id: str) -> None:
        """Removes what a killed run left beside a folder. Raises InUse where another makes it."""
        final = self.folder(root, id)
        with self.hold(root, id), writing(final):
            _clear(final, self.record)

    def broken(self, root: Path, id: str, name: str, what: str, who: str = "") -> BrokenRecord:
        """The error that a file of a record is, to be raised."""
        path = self.folder(root, id).relative_to(root) / name
        return BrokenRecord(self._line(who, f"{path} {what}"))

    @cached_property
    def _reader(self) -> TypeAdapter[Record]:
        """Built once, as building costs more than reading."""
        return TypeAdapter(with_config(WHOLE)(self.kind))

    def _lock(self, root: Path, id: str) -> Path:
        return root / LOCKS / (f"{id}.lock" if self.record else f"{self.name}-{id}.lock")

    def _line(self, who: str, what: str) -> str:
        """Place, value and next move in one line."""
        fault = f"{who}: {what}".removeprefix(": ")
        return fault + f"; run python -m gen {self.command} {who}".rstrip()

    def _side_by_side(self, root: Path, id: str, files: Mapping[str, bytes]) -> None:
        place = root / self.place
        with self.hold(root, id), writing(place):
            left = self._files_of_last(root, id) - set(files)
            place.mkdir(parents=True, exist_ok=True)
            for name, data in files.items():
                put(place / name, data)
            for name in sorted(left):
                (place / name).unlink(missing_ok=True)
            sync(place)

    def _files_of_last(self, root: Path, id: str) -> set[str]:
        """What the record in place names; nothing where there is none that can be read."""
        try:
            record = self.read_record(root, id)
        except (MissingRecord, BrokenRecord):
            return set()
        return {name for name, _ in getattr(record, "digests", ())}


def drop(folder: Path, record: str) -> None:
    """Remove a folder, its record first: half removed, it must not pass for one."""
    (folder / record).unlink(missing_ok=True)
    if folder.exists():
        shutil.rmtree(folder)


def _beside(final: Path) -> tuple[Path, Path]:
    """Where a folder is written, and where the last one waits until that has taken its place."""
    return final.with_name(f".{final.name}{PART}"), final.with_name(f".{final.name}{OLD}")


def _clear(final: Path, record: str) -> None:
    """Remove what a killed run left beside a folder; one that it had moved away goes back.

    Killed between its two moves it has left nothing in the folder's place.
    """
    part, old = _beside(final)
    if (old / record).is_file() and not final.exists():
        old.rename(final)
    for left in (part, old):
        drop(left, record)


def _place(final: Path, files: Mapping[str, bytes]) -> None:
    """Write files in this order to a folder beside its place, then move it there."""
    part, old = _beside(final)
    *_, record = files
    with writing(final, part):
        _clear(final, record)
        part.mkdir(parents=True)
        for name, data in files.items():
            write_through(part / name, data)
        sync(part)
        if final.exists():
            final.rename(old)
        part.rename(final)
        sync(final.parent)
        drop(old, record)
