"""What docs/measurements/, docs/references/, docs/staged/ and docs/finals/ hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from gen.core.canonical import canonical, digest

MEASUREMENT_FORMAT = 1  # raised when what a measurement holds changes; all are then stale


@dataclass(frozen=True)
class Reference:
    """What light would do: a scene that an idea's words describe, path-traced without a model."""

    id: str  # the idea's
    key: str  # of words and recipe: it is stale once those have another
    prompt: str
    seed: int  # of the scene: the first that shows what the words say
    scene: tuple[tuple[str, str], ...]  # what it shows, kind and name, sorted
    width: int  # pixels
    height: int
    samples: int  # paths a pixel
    digests: tuple[tuple[str, str], ...]  # file name, sha256


@dataclass(frozen=True)
class Spot:
    """A place on a picture, and what the bodywork mirrors there."""

    name: str  # sky, ground, camera
    x: float  # shares of the picture's width and height, from its upper left corner
    y: float


@dataclass(frozen=True)
class Staged:
    """The picture that opens the site: a scene set up for it, path-traced without a model."""

    id: str
    key: str  # of the scene and its size: it is stale once these are others
    width: int  # pixels
    height: int
    samples: int  # paths a pixel
    mirrored: tuple[Spot, ...]  # where to point at what
    digests: tuple[tuple[str, str], ...]  # file name, sha256


@dataclass(frozen=True)
class Painted:
    """One of many final pictures that are kept small, with its words."""

    text: str  # its prompt
    tokens: tuple[str, ...]  # the same, as the model's tokenizer split it
    seed: int
    file: str
    held_out: bool  # whether it asks for a combination that training never saw


@dataclass(frozen=True)
class Finals:
    """Many final pictures of one model, all by the same settings, made small."""

    id: str  # the model's
    key: str  # of all that decides them: they are stale once that is another
    revision: str  # the model's
    steps: int
    guidance_scale: float
    scheduler: str
    negative: str
    width: int  # pixels, as kept
    height: int
    painted: tuple[Painted, ...]
    digests: tuple[tuple[str, str], ...]  # file name, sha256
    eta: float = 0.0  # how much of the noise was drawn anew at each step


@dataclass(frozen=True)
class Row:
    """One figure of a measurement with its 95 % interval; None where it could not be measured."""

    name: str  # unique in its measurement: prose asks for it by this
    panel: str  # the part of the chart that it stands in; "" where it is in the table alone
    label: str  # its place there: a category, or a number where all of a panel's are numbers
    series: str  # what it is told from others by: generated, rendered, floor, …
    value: float | None
    low: float | None
    high: float | None
    n: int  # how many were looked at: pictures, unless the measurement's method says otherwise
    unit: str
    note: str = ""  # why there is no figure, or why not to lean on it


@dataclass(frozen=True)
class Measurement:
    """What was measured, on what and how, with uncertainty; stored under its id."""

    id: str
    key: str  # of what it was made from: it is stale once that has another
    question: str
    method: str  # a sentence or two: what is counted, against what
    model: str  # the title of the model measured; "" where no model took part
    inputs: tuple[tuple[str, str], ...]  # name, key or digest, sorted by name
    rows: tuple[Row, ...]
    digests: tuple[tuple[str, str], ...]  # of the files beside the record: name, sha256

    def row(self, name: str) -> Row:
        """The row of this name. Raises KeyError."""
        return {row.name: row for row in self.rows}[name]


def captures_key(keys: Iterable[str]) -> str:
    """Names all captures that a measurement looks at: a hash of their keys."""
    return digest(canonical(sorted(keys)))[:16]


def model_key(revision: str, settings: object) -> str:
    """Names the model that a measurement is of: its pinned weights, and how it paints."""
    return f"{_pin(revision)}-{digest(canonical(settings))[:16]}"


def is_of(key: str, revision: str | None) -> bool:
    """Whether a model's key is of weights of this revision."""
    return revision is not None and key.startswith(f"{_pin(revision)}-")


def _pin(revision: str) -> str:
    return revision[:16]


def measurement_key(id: str, inputs: tuple[tuple[str, str], ...]) -> str:
    """Names what a measurement is made from: a hash of its inputs' own keys."""
    named = {"format": MEASUREMENT_FORMAT, "id": id, "inputs": [list(pair) for pair in inputs]}
    return digest(canonical(named))[:16]
