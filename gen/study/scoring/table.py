"""The table of a score: its rows, how it is kept and how it is shown."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gen.core.canonical import canonical
from gen.core.disk import put, writing
from gen.core.errors import BadInput
from gen.study.judging.readings import KINDS, Accuracy
from gen.study.training.autoencoder import AutoencoderScore

FORMAT = 2  # raised when what a score holds changes
SETS = ("ordinary", "held_out")

# ---- the records ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """The share of pictures read as asked for, with its 95 % interval (Wilson)."""

    reading: str  # finish | colour | world | view, where the prompt names it
    of: str  # ordinary | held_out
    value: float
    low: float
    high: float
    n: int
    relative: float | None  # to the renders' share on the same samples, taken as exact
    relative_low: float | None  # None where the judges read no render right
    relative_high: float | None
    judge: Accuracy  # of this reading, on held-out renders


@dataclass(frozen=True)
class Distance:
    """Fréchet distance in the judges' features between one half of a row and the other of renders.

    Few pictures make it large, so it is read beside the same distance between renders.
    """

    value: float  # mean of the two ways to pair halves
    between_renders: float
    n: int  # pictures in a half


@dataclass(frozen=True)
class Near:
    """The share of pictures nearer to a training render than 1 % of held-out renders are."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ScoreRow:
    """One way of showing the samples' scenes."""

    name: str  # renders | autoencoder | generated | unguided | baseline
    revision: str | None  # of the pipeline, where one drew them
    guidance_scale: float | None
    shares: tuple[Share, ...]
    frechet: Distance
    near: Near
    seconds: float | None  # per picture


@dataclass(frozen=True)
class LeftOut:
    """A reading that is not used: its judge is under the bound."""

    reading: str
    accuracy: float | None  # None where it was never tried
    needed: float


@dataclass(frozen=True)
class Score:
    """The table, and all that it depends on."""

    recipe: dict  # the `score` section
    revision: str
    samples: str  # their key
    judges: str  # sha256 of the set
    accuracies: tuple[Accuracy, ...]  # on held-out renders
    left_out: tuple[LeftOut, ...]
    trained_on: dict  # count and digest of the training's renders
    autoencoder: AutoencoderScore
    critic: tuple[AutoencoderScore, AutoencoderScore] | None  # before and after the decoder met one
    rows: tuple[ScoreRow, ...]
    uncriticized: AutoencoderScore | None = None  # after as many steps without a critic
    format: int = FORMAT


# ---- kept and shown ------------------------------------------------------------------------


def write(path: Path, score: Score) -> None:
    """Keep a score as canonical JSON, put in place whole. Raises StoreError."""
    with writing(path):
        put(path, canonical(asdict(score)) + b"\n")


def read(path: Path) -> Score:
    """A kept score. Raises BadInput, with the command that makes it, where there is none."""
    again = "run python -m gen study score"
    if not path.is_file():
        raise BadInput(f"{path}: is not there; {again}")
    try:
        return TypeAdapter(Score).validate_json(path.read_bytes())
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise BadInput(f"{path}: is of another version ({place}); {again}") from None


def text(score: Score) -> str:
    """The table for a terminal: shares in percent with intervals, (relative to renders)."""
    return "\n".join([*_heading(score), *(_line(row, of) for of in SETS for row in score.rows)])


def _heading(score: Score) -> Iterator[str]:
    for kind, judge in sorted({s.reading: s.judge for r in score.rows for s in r.shares}.items()):
        yield f"{kind}: read right in {_percent(judge)} of {judge.n} held-out renders"
    for left in score.left_out:
        tried = "never tried" if left.accuracy is None else f"right in {100 * left.accuracy:.1f} %"
        yield f"{left.reading}: left out, {tried}; {100 * left.needed:.0f} % are needed"
    vae = score.autoencoder
    yield (
        f"autoencoder, bodies of {vae.renders} renders: "
        f"{vae.body_psnr:.1f} dB, SSIM {vae.body_ssim:.3f}, {100 * vae.body_edges:.0f} % of edges"
    )
    kinds = "".join(f"{kind:24}" for kind in KINDS)
    yield f"{'':12}{'':10}{kinds}{'Fréchet':>8} ({'floor'}) {'near':>8} {'s':>6}"


def _line(row: ScoreRow, of: str) -> str:
    shares = {share.reading: share for share in row.shares if share.of == of}
    cells = "".join(f"{_cell(shares.get(kind)):24}" for kind in KINDS)
    line = f"{row.name:12}{of:10}{cells}"
    if of != SETS[0]:
        return line.rstrip()
    seconds = "" if row.seconds is None else f"{row.seconds:.2f}"
    apart = f"{row.frechet.value:8.2f} ({row.frechet.between_renders:.2f})"
    return f"{line}{apart} {100 * row.near.value:6.1f} % {seconds:>6}".rstrip()


def _cell(share: Share | None) -> str:
    if share is None:
        return "-"
    relative = "-" if share.relative is None else f"{share.relative:.2f}"
    return f"{_percent(share)} ({relative})"


def _percent(share: Share | Accuracy) -> str:
    return f"{100 * share.value:.1f} % {100 * share.low:.0f}–{100 * share.high:.0f}"
