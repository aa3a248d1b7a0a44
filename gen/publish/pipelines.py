"""What a diagram is drawn from: a pipeline as a capture ran it, or as its shape says it would."""

from __future__ import annotations

from dataclasses import dataclass

from gen.core import blueprints
from gen.core.errors import MissingRecord
from gen.core.records import Blueprint, Capture, Part, part_of
from gen.core.sources import Model, Prompt
from gen.publish.materials import Materials


@dataclass(frozen=True)
class Pipeline:
    """A model's parts, asked for one prompt."""

    model: Model
    prompt: Prompt
    parts: tuple[Part, ...]
    capture: Capture | None = None  # that ran; None where parts are worked out from a shape
    blueprint: Blueprint | None = None  # they were worked out there

    def part(self, name: str) -> Part:
        """The part of this name. Raises KeyError."""
        return part_of(self.parts, name)

    @property
    def parameters(self) -> int:
        """Of all its networks."""
        return sum(part.parameters for part in self.parts if part.parent is None)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The prompt as the tokenizer splits it; none where a blueprint lacks its text."""
        if self.capture is not None:
            return tuple(token.text for token in self.capture.tokens)
        assert self.blueprint is not None
        splits = {split.text: split.pieces for split in self.blueprint.splits}
        return splits.get(self.prompt.text, ())

    @property
    def record(self) -> str:
        """Where the record lies that its figures were read from, under docs/."""
        if self.capture is not None:
            return f"captures/{self.capture.key}/capture.json"
        assert self.blueprint is not None
        return f"{blueprints.BLUEPRINTS.name}/{self.blueprint.key}.json"


def captured(capture: Capture) -> Pipeline:
    """The pipeline as a capture ran it."""
    return Pipeline(capture.model, capture.prompt, capture.parts, capture=capture)


def of(materials: Materials, prompt: Prompt) -> Pipeline | None:
    """A prompt's pipeline: its capture's, else its shape's; None where a preview may lack it.

    Raises MissingRecord.
    """
    capture = materials.capture(prompt)
    if capture is not None:
        return captured(capture)
    model = materials.inputs.model(prompt.model)
    blank = blueprints.blank(prompt, model)
    known = blank and materials.blueprints.get(blank.key)
    if known:
        return Pipeline(model, prompt, known.parts, blueprint=known)
    if blank and not materials.preview:
        says = f"no blueprint {blank.key} of {model.id}; run python -m gen blueprints"
        raise MissingRecord(f"{prompt.id}: {says}")
    return None
