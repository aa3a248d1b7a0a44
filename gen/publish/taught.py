"""The record that a training leaves beside a model's weights, as far as pages tell of it."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gen.core.errors import BrokenRecord
from gen.core.sound import unread

FILE = "recipe.json"  # in a model's folder, where our own training saved it
Phrases = Annotated[tuple[str, ...], Field(min_length=1)]


class _Part(BaseModel):
    """Of a record that says more than is told here."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False)


class Captions(_Part):
    """The words for what a render shows, by the name of each thing."""

    finishes: dict[str, Phrases]
    bodies: dict[str, Phrases]
    worlds: dict[str, Phrases]
    views: dict[str, Phrases]


class Finish(_Part):
    """A finish that was rendered."""

    colours: tuple[str, ...]


class Render(_Part):
    """What the renders were of."""

    finishes: dict[str, Finish]
    captions: Captions

    @model_validator(mode="after")
    def _each_worded(self) -> Self:
        if set(self.finishes) - set(self.captions.finishes):
            raise ValueError("a finish without a phrase")
        return self


class Pace(_Part):
    """How fast a stage learned."""

    rate: float


class Stage(_Part):
    """What the recipe asks of a stage."""

    batch: int
    pace: Pace


class Diffusion(Stage):
    """What it asks of text encoder and U-Net."""

    dropout: float
    halved: int
    snr_floor: float
    snr_limit: float
    body: float


class Train(_Part):
    """What it asks of all stages."""

    average: float
    autoencoder: Stage
    diffusion: Diffusion
    decoder: Stage


class Recipe(_Part):
    """The recipe that the model was trained by."""

    render: Render
    train: Train


class Renders(_Part):
    """What a stage learned from."""

    count: int


class Seen(_Part):
    """How a stage went."""

    renders: Renders
    step: int
    seconds: float


class Taught(_Part):
    """All of it; a stage that was not trained is none."""

    recipe: Recipe
    autoencoder: Seen | None = None
    pipeline: Seen | None = None
    decoder: Seen | None = None


def read(folder: Path, place: str) -> Taught | None:
    """The record in a model's folder; None where nobody left one.

    `place` names the folder, for the message. Raises BrokenRecord.
    """
    if not (folder / FILE).is_file():
        return None
    return parsed((folder / FILE).read_bytes(), f"{place}/{FILE}")


def parsed(data: bytes, place: str) -> Taught:
    """The record that these bytes are. Raises BrokenRecord, which names the place."""
    try:
        return Taught.model_validate_json(data)
    except ValidationError as error:
        what = _what(error)
        raise BrokenRecord(f"{place}: {what}; check it out anew, or remove it") from None


def _what(error: ValidationError) -> str:
    """What is wrong with a record, in words."""
    first: Any = error.errors(include_url=False)[0]
    return "is truncated or altered" if first["type"] == "json_invalid" else unread(error)
