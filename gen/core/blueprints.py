"""docs/blueprints: what runs in any model of a shape, found by what it was worked out for."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path

from gen.core import sound
from gen.core.canonical import canonical, digest
from gen.core.errors import MissingRecord
from gen.core.records import Blueprint, Part
from gen.core.shelf import Shelf
from gen.core.sources import Inputs, Model, Prompt

BLUEPRINTS = Path("docs", "blueprints")
FORMAT = 1  # raised when what a blueprint holds changes


def _faults(record: Blueprint) -> Iterator[str]:
    """What is wrong with a blueprint."""
    if _key_of(record) != record.key:
        yield "has another key than its shape and settings give"
    yield from sound.parts(record.parts)
    texts = {split.text for split in record.splits}
    if len(texts) < len(record.splits) or not all(split.pieces for split in record.splits):
        yield "splits a text twice, or into nothing"


shelf = Shelf(
    *(BLUEPRINTS, "blueprint", Blueprint, "blueprints", "worked out", attrgetter("key")),
    faults=_faults,
)


def blank(prompt: Prompt, model: Model, parts: tuple[Part, ...] = ()) -> Blueprint | None:
    """The blueprint that a prompt is drawn from, its parts aside; None for a model of no shape."""
    if model.shape is None:
        return None
    record = Blueprint(
        key="",
        shape=model.shape.revision,
        width=prompt.width,
        height=prompt.height,
        guided=prompt.guidance_scale > 1,
        evaluations=prompt.evaluations,
        scheduler=prompt.scheduler,
        parts=parts,
    )
    return Blueprint(**{**vars(record), "key": _key_of(record)})


def wanted(inputs: Inputs) -> dict[str, tuple[Prompt, Model]]:
    """A prompt and its model for each blueprint that the ideas ask for, by its key."""
    jobs: dict[str, tuple[Prompt, Model]] = {}
    for prompt in (prompt for idea in inputs.ideas for prompt in idea.prompts):
        model = inputs.model(prompt.model)
        if record := blank(prompt, model):
            jobs.setdefault(record.key, (prompt, model))
    return jobs


def texts(inputs: Inputs, key: str) -> tuple[str, ...]:
    """All that ideas ask of the models of one blueprint, each text once, in their order."""
    prompts = (prompt for idea in inputs.ideas for prompt in idea.prompts)
    own = (prompt for prompt in prompts if _names(prompt, inputs.model(prompt.model), key))
    return tuple(dict.fromkeys(prompt.text for prompt in own))


def read_all(root: Path, inputs: Inputs) -> dict[str, Blueprint]:
    """The blueprints that are kept of those asked for, by key. Raises BrokenRecord."""
    held: dict[str, Blueprint] = {}
    for key in wanted(inputs):
        with suppress(MissingRecord):
            held[key] = shelf.read(root, key)
    return held


def _names(prompt: Prompt, model: Model, key: str) -> bool:
    """Whether a prompt is drawn from the blueprint of this key."""
    record = blank(prompt, model)
    return record is not None and record.key == key


def _key_of(record: Blueprint) -> str:
    """Names a blueprint: a hash of all that its parts follow from."""
    fields = asdict(record)
    del fields["key"], fields["parts"], fields["splits"]
    return digest(canonical({"format": FORMAT, **fields}))[:16]
