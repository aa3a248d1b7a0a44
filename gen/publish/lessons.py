"""How a model was taught, by the record that our training leaves beside the weights."""

from collections.abc import Iterator
from dataclasses import dataclass

from gen.publish.taught import Taught, Train


@dataclass(frozen=True)
class Lesson:
    """One stage of a training."""

    title: str
    renders: int  # that it learned from last
    steps: int
    batch: int  # pictures a step
    rate: float  # the learning rate at its highest
    hours: float


@dataclass(frozen=True)
class Schooling:
    """All stages, and what the painter was marked on: words and values."""

    lessons: tuple[Lesson, ...]
    marks: tuple[tuple[str, str], ...]


def schooling(told: Taught | None) -> Schooling | None:
    """What a record says; None where there is none."""
    if told is None:
        return None
    return Schooling(tuple(_lessons(told)), tuple(_marks(told.recipe.train)))


def _lessons(told: Taught) -> Iterator[Lesson]:
    asked = told.recipe.train
    stages = (
        ("The autoencoder", told.autoencoder, asked.autoencoder),
        ("Text encoder and U-Net", told.pipeline, asked.diffusion),
        ("The decoder, beside a critic", told.decoder, asked.decoder),
    )
    for title, seen, how in stages:
        if seen is not None:
            hours = seen.seconds / 3600
            yield Lesson(title, seen.renders.count, seen.step, how.batch, how.pace.rate, hours)


def _marks(train: Train) -> Iterator[tuple[str, str]]:
    how = train.diffusion
    yield "Captions left empty, for guidance", f"{how.dropout:.0%}"
    yield "First steps, on pictures halved in width and height", f"{how.halved:,}"
    yield (
        "A noise level counts by its ratio of signal to noise, but at least",
        f"{how.snr_floor:g}",
    )
    yield "The same ratio, but at most", f"{how.snr_limit:g}"
    yield "A place on bodywork counts, where any other counts 1", f"{1 + how.body:g}"
    yield (
        "Exponent of the parameters' running average, which is what paints",
        f"{train.average:g}",
    )
