"""Captures made again, and how far each is from the one in the store."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gen.capture import plan
from gen.capture.batch import stale
from gen.capture.circumstances import manner, manner_of
from gen.capture.devices import DTYPES, enough_memory
from gen.capture.events import CaptureEvent, Tell
from gen.capture.image_text import names_in
from gen.capture.making import Job
from gen.capture.one import capture
from gen.capture.room import ALONE, Room
from gen.capture.weights import PipeOf
from gen.core import store
from gen.core.errors import BrokenRecord, NotReproduced
from gen.core.records import Capture, LatentColours
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

MEAN_APART = 2.0  # of 255, over all pixels of the final picture; see `verify`
CURVE_APART = 0.02  # of a curve's highest value, at any step


@dataclass(frozen=True)
class Difference:
    """How far a capture made again is from the kept one."""

    id: str
    model: str  # its id
    same: bool  # every byte of the record, and so of every picture
    mean: float  # of the final pictures' absolute differences, in 255ths
    largest: float
    curve: float  # the largest difference of a curve, as a share of its highest value
    other: tuple[str, ...]  # what else differs: steps, parts, tokens
    manners: tuple[str, str]  # number format, how many at once: the kept one's, and this one's

    @property
    def wrong(self) -> bool:
        """Whether it is over the tolerance."""
        return bool(self.other) or self.mean > MEAN_APART or self.curve > CURVE_APART

    @property
    def text(self) -> str:
        """The difference and its tolerance in one line."""
        then, now = self.manners
        made = f" (made in {then}, now in {now})" if then != now else ""
        if self.same:
            return f"{self.id}: the same to the last byte{made}"
        other = f"; other {', '.join(self.other)}" if self.other else ""
        return (
            f"{self.id}: picture {self.mean:.3f} of 255 apart on average (tolerance {MEAN_APART:g})"
            f", {self.largest:.0f} at most; curves {self.curve:.2%} (tolerance {CURVE_APART:.0%})"
            f"{other}{made}"
        )


def planned(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    tell: Callable[[str], None] = lambda line: None,
    options: str = "",
) -> plan.Plan:
    """What `verify` makes again and how long that takes, by one step and one decode.

    Raises MissingRecord or BrokenRecord where something is not kept, before anything is made.
    """
    for prompt, model in stale(root, jobs, pipe_of, force=True):
        _kept(root, prompt, model, options)
    return plan.plan(root, jobs, pipe_of, force=True, tell=tell, measured=_alone)


def verify(
    root: Path,
    jobs: Sequence[Job],
    pipe_of: PipeOf,
    report: Callable[[Difference], None],
    *,
    options: str = "",
    tell: Tell = lambda event: None,
) -> tuple[Difference, ...]:
    """Makes captures again, writes nothing, and says how far each is from the kept one.

    What two prompts ask alike is made once and reported for both; `tell` hears how far it is. On
    one platform with one number of threads every byte is the same, one prompt at a time, as
    captures are made again here. Elsewhere sums are rounded in another order, and a picture may
    move by a fraction of a grey level: a mean of 2 in 255 and 2 % of a curve are far above that and
    far below what another seed or word does. `options` is what a person typed besides, for the
    command that is advised. Raises MissingRecord, BrokenRecord, and NotReproduced once all were
    compared.
    """
    differences: list[Difference] = []
    seen: dict[tuple[str, str], Difference] = {}  # by model and key
    for prompt, model in jobs:
        pipe = pipe_of(model)  # refuses a model that is not pinned, which has no key
        asked = model.id, prompt.pinned_key(model)
        if asked not in seen:
            with enough_memory():
                seen[asked] = _difference(root, prompt, model, pipe, options, tell)
        differences.append(replace(seen[asked], id=prompt.id))
        report(differences[-1])
    wrong = [difference for difference in differences if difference.wrong]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if wrong[1:] else ""
        raise NotReproduced(f"{wrong[0].text}{more}; {_next_move(wrong[0], options)}")
    return tuple(differences)


def _next_move(wrong: Difference, options: str) -> str:
    """Verify in the number format that it was made in, if that was another; else make it anew."""
    then, now = (manner.partition(",")[0] for manner in wrong.manners)
    if then in DTYPES and then != now:
        others = re.sub(r"--dtype \S+", "", options)
        command = f"verify --model {wrong.model} {others} --dtype {then} {wrong.id}"
    else:
        command = f"capture --force --model {wrong.model} {options} {wrong.id}"
    return f"run python -m gen {' '.join(command.split())}"


def _alone(
    pipe: StableDiffusionPipeline, prompt: Prompt, fits: Room, tell: Callable[[str], None]
) -> plan.Pace:
    """One at a time, as captures are made again, however many would fit."""
    return plan.measure(pipe, prompt, ALONE, tell)


def _kept(root: Path, prompt: Prompt, model: Model, options: str) -> tuple[Capture, LatentColours]:
    """What a capture made again is held against, and is made with."""
    plain = model.required and not options
    who = prompt.id if plain else f"{prompt.id} --model {model.id} {options}".rstrip()
    return store.read(root, prompt.pinned_key(model), who), store.read_colours(root, model, who)


def _difference(
    root: Path,
    prompt: Prompt,
    model: Model,
    pipe: StableDiffusionPipeline,
    options: str,
    tell: Tell,
) -> Difference:
    """A prompt's capture in the store against one made now."""

    def asked(event: CaptureEvent) -> None:  # the kept one's may be of another that asks the same
        tell(replace(event, id=prompt.id))

    stored, colours = _kept(root, prompt, model, options)
    png_before = store.image(root, stored.key, stored.final)
    texts = names_in(png_before)
    again, files = capture(pipe, stored.prompt, stored.model, colours, asked, texts)
    before, now = (
        np.asarray(Image.open(io.BytesIO(png)), dtype=float)
        for png in (png_before, files[again.final])
    )
    apart = np.abs(before - now)
    curve = max(_curve_apart(stored.curve(each.name), each.values) for each in again.curves)
    exact = ("steps", "tokens", "parts")
    other = tuple(name for name in exact if getattr(stored, name) != getattr(again, name))
    mean, largest = float(apart.mean()), float(apart.max())
    then_and_now = (_manner(root, stored.key), manner_of(pipe, ALONE))
    same = stored == again
    return Difference(prompt.id, model.id, same, mean, largest, curve, other, then_and_now)


def _manner(root: Path, key: str) -> str:
    """How a capture was made, as far as that is still known."""
    try:
        return manner(store.made(root, key))
    except BrokenRecord:
        return manner({})


def _curve_apart(stored: Sequence[float], again: Sequence[float]) -> float:
    """The largest difference at a step, as a share of the stored curve's highest value."""
    return float(np.abs(np.subtract(stored, again)).max()) / (max(stored) or 1.0)
