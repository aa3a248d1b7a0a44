"""Whether a record agrees with itself: its key, names, kinds, lengths, ranges; a line per fault.

Its seal says that nobody altered it by accident, not that it makes sense: whoever writes a record
can seal it too, and what is published is read from it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from pydantic import ValidationError

from gen.core.measured import Finals, Measurement, Reference, Row, Staged
from gen.core.records import Capture, Curve, LatentColours, Part, Step, Token, View

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # a file's name: no way out of its folder
NEEDED = ("tokenizer", "text_encoder", "unet", "scheduler", "vae", "vae.decoder")  # parts
VIEWS = ("noisy", "clean", "attention", "guidance")
LARGEST = 4096  # pixels a side, of a picture or of a frame
SHARE = 1.001  # of all operations: six digits are stored of each share


def capture(record: Capture) -> Iterator[str]:
    """What is wrong with a capture; its pictures are looked at by pictures.py."""
    prompt, model = record.prompt, record.model
    if prompt.model != model.id or prompt.key(model) != record.key:
        yield "has another key than its prompt and model give"
    if record.scaling_factor <= 0 or not 0 < record.training_timesteps <= 100_000:
        yield "has a scale or a schedule that no model has"
    named = {record.final, *(view.sheet for view in record.views)}
    if {name for name, _ in record.digests} != named or not record.final.endswith(".png"):
        yield "names other files than its pictures"
    yield from _digests(record.digests, (".png", ".webp"))
    yield from _steps(record.steps, prompt.evaluations, record.training_timesteps)
    yield from parts(record.parts)
    yield from _tokens(record.tokens)
    yield from _views(record.views, len(record.steps))
    yield from _curves(record.curves, len(record.steps), guided=prompt.guidance_scale > 1)


def colours(record: LatentColours) -> Iterator[str]:
    """What is wrong with a model's latent colours."""
    widths = {len(row) for row in record.matrix}
    if len(record.matrix) != 3 or len(widths) != 1 or len(record.bias) != 3 or 0 in widths:
        yield "is no map to three colours"
    if record.rmse < 0 or record.pixels < 1:
        yield "has an error or a number of pixels that cannot be"


def measurement(record: Measurement) -> Iterator[str]:
    """What is wrong with a measurement."""
    yield from _digests(record.digests, (".svg", ".png", ".webp"))
    for name, _ in record.digests:
        if not name.startswith((f"{record.id}.", f"{record.id}-")):
            yield f"names {name!r}, which is not its own"
    yield from _once("row", (row.name for row in record.rows))
    yield from _once("input", (name for name, _ in record.inputs))
    for row in record.rows:
        yield from (f"has a row {row.name!r} {fault}" for fault in _row(row))


def staged(record: Staged) -> Iterator[str]:
    """What is wrong with a staged picture."""
    yield from reference(record)
    yield from _once("place", (spot.name for spot in record.mirrored))
    if not all(0 <= share <= 1 for spot in record.mirrored for share in (spot.x, spot.y)):
        yield "points beside its picture"


def reference(record: Reference | Staged) -> Iterator[str]:
    """What is wrong with a reference, or with another path-traced picture."""
    yield from _digests(record.digests, (".webp",))
    if {name for name, _ in record.digests} != {f"{record.id}.webp"}:
        yield "names other files than its picture"
    if not (0 < record.width <= LARGEST and 0 < record.height <= LARGEST and record.samples > 0):
        yield "has a size or a number of samples that cannot be"


def finals(record: Finals) -> Iterator[str]:
    """What is wrong with many final pictures."""
    yield from _digests(record.digests, (".webp",))
    yield from _once("picture", ((each.text, each.seed) for each in record.painted))
    if {name for name, _ in record.digests} != {each.file for each in record.painted}:
        yield "names other files than its pictures"
    if not (0 < record.width <= LARGEST and 0 < record.height <= LARGEST and record.steps > 0):
        yield "has a size or a number of steps that cannot be"


def unread(error: ValidationError) -> str:
    """What keeps a record from being read: the first of what pydantic says of its content."""
    first, *_ = error.errors(include_url=False)
    place = ".".join(map(str, first["loc"]))
    if first["type"] == "unexpected_keyword_argument":
        return f"holds keys that no record of this version has ({place})"
    if first["type"] == "finite_number":
        return f"holds {first['input']}, which is no number ({place})"
    return f"is of another version of this project ({place})"


def _digests(digests: Sequence[tuple[str, str]], endings: tuple[str, ...]) -> Iterator[str]:
    yield from _once("file", (name for name, _ in digests))
    for name, _ in digests:
        if not PLAIN.fullmatch(name) or not name.endswith(endings):
            yield f"names {name!r}, which is no file of such a record"


def _steps(steps: Sequence[Step], count: int, levels: int) -> Iterator[str]:
    if [step.index for step in steps] != list(range(count)):
        yield f"has other steps than the {count} of its prompt"
    if any(not 0 <= step.timestep <= levels or step.sigma < 0 for step in steps):
        yield "has a step outside its schedule"


def parts(parts: Sequence[Part]) -> Iterator[str]:
    """What is wrong with the parts of a pipeline."""
    yield from _once("part", (part.name for part in parts))
    named = {part.name for part in parts}
    yield from (f"has no part {name}" for name in NEEDED if name not in named)
    seen: set[str | None] = {None}
    for part in parts:
        if part.parent not in seen or (part.parent and not part.name.startswith(part.parent + ".")):
            yield f"has a part {part.name} that is inside none before it"
        seen.add(part.name)
        yield from (f"has a part {part.name} {fault}" for fault in _part(part))
    if sum(part.flops_share for part in parts if part.parent is None) > SHARE:
        yield "has parts that share more than all operations"


def _part(part: Part) -> Iterator[str]:
    sizes = [size for shape in (*part.takes, *part.gives) for size in shape]
    if part.parameters < 0 or part.runs < 0 or not 0 <= part.flops_share <= SHARE:
        yield "whose parameters, runs or share cannot be"
    if any(size < 1 for size in sizes):
        yield "whose shapes cannot be"
    if part.name.split(".")[0] == "unet" and not (part.takes and part.gives and all(part.gives)):
        yield "that takes or gives nothing"
    if part.name == "unet" and part.takes and len(part.takes[0]) != 4:
        yield "that takes no latents"


def _tokens(tokens: Sequence[Token]) -> Iterator[str]:
    positions = [token.position for token in tokens]
    if not tokens or positions[0] < 0 or sorted(set(positions)) != positions:
        yield "has no tokens, or two in one place"


def _views(views: Sequence[View], steps: int) -> Iterator[str]:
    kinds = [view.kind for view in views]
    yield from _once("view", ((view.kind, view.word) for view in views))
    yield from _once("sheet", (view.sheet for view in views))
    yield from (f"has no {kind} view" for kind in ("noisy", "clean") if kind not in kinds)
    for view in views:
        yield from (f"has a view {view.sheet!r} {fault}" for fault in _view(view, steps))


def _view(view: View, steps: int) -> Iterator[str]:
    if view.kind not in VIEWS or (view.word is not None) != (view.kind == "attention"):
        yield f"of an unknown kind {view.kind!r}"
    if view.frames != steps + (view.kind == "noisy"):
        yield f"of {view.frames} frames for {steps} steps"
    if not all(0 < side <= LARGEST for side in view.frame_size):
        yield "whose frames have no size"
    low, high = view.scale or (0.0, 0.0)
    if low > high or not view.sheet.endswith(".webp"):
        yield "whose scale or sheet cannot be"


def _curves(curves: Sequence[Curve], steps: int, guided: bool) -> Iterator[str]:
    names = [curve.name for curve in curves]
    yield from _once("curve", names)
    needed = ("distance", "guidance") if guided else ("distance",)
    yield from (f"has no curve {name}" for name in needed if name not in names)
    yield from (
        f"has a curve {name!r} that such a run has not" for name in names if name not in needed
    )
    for curve in curves:
        if len(curve.values) != steps or any(value < 0 for value in curve.values):
            yield f"has a curve {curve.name!r} that is not of {steps} steps, none below 0"


def _row(row: Row) -> Iterator[str]:
    ends = [end for end in (row.low, row.high) if end is not None]
    if len(ends) == 1 or (ends and row.value is None):
        yield "with a part of an interval"
    low, high = (inf if end is None else end for end in (row.low, row.high))
    if low > high or row.n < 0:
        yield "whose interval or number cannot be"


def _once(what: str, names: Iterable[object]) -> Iterator[str]:
    """A line for each name that stands twice."""
    seen: set[object] = set()
    for name in names:
        if name in seen:
            yield f"has a {what} {name!r} twice"
        seen.add(name)
