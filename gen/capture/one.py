"""Prompts through a pipeline -> the capture of each and its files. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gen.capture import hollow, image_text, parts, sheets, views
from gen.capture.events import CaptureEvent, Tell
from gen.capture.room import ALONE, Room, encoders
from gen.capture.run import Run, clean, run
from gen.capture.unfit import refuse_unfit
from gen.core.canonical import digest
from gen.core.records import Capture, LatentColours, Step, View
from gen.core.sources import Model, Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

FINAL = "final.png"


@dataclass(frozen=True)
class Seen:
    """A capture while its pictures are being encoded."""

    bare: Capture  # without views and digests
    final: Future[bytes]
    views: tuple[Future[tuple[View, bytes]], ...]

    def whole(self) -> tuple[Capture, dict[str, bytes]]:
        """The capture and its files by name, once all are encoded."""
        shown = [view.result() for view in self.views]
        files = {FINAL: self.final.result()} | {view.sheet: webp for view, webp in shown}
        digests = tuple((name, digest(content)) for name, content in files.items())
        return replace(self.bare, views=tuple(view for view, _ in shown), digests=digests), files


def capture(
    pipe: StableDiffusionPipeline,
    prompt: Prompt,
    model: Model,
    colours: LatentColours,
    report: Tell = lambda event: None,
    texts: Collection[str] = image_text.NAMES,
) -> tuple[Capture, dict[str, bytes]]:
    """One prompt's capture and its files by name; see `see`."""
    with ThreadPoolExecutor(encoders()) as pool:
        (seen,) = see(pipe, [prompt], model, colours, pool, report=report, texts=texts)
        return seen.whole()


def see(
    pipe: StableDiffusionPipeline,
    prompts: Sequence[Prompt],
    model: Model,
    colours: LatentColours,
    pool: Executor,
    room: Room = ALONE,
    report: Tell = lambda event: None,
    texts: Collection[str] = image_text.NAMES,
) -> list[Seen]:
    """The captures of prompts that are alike, once the device is done; `pool` encodes beside it.

    `texts` names those that final pictures carry, see image_text.py.

    Watching does not change a picture: alone, its bytes are those of the pipeline's own call.
    Raises BadInput for a prompt that cannot be captured, see unfit.py.
    """
    for prompt in prompts:
        refuse_unfit(pipe, prompt)
    runs = run(pipe, prompts, room.pictures, report)
    begun = [_begun(one, model, colours, pool, texts) for one in runs]
    return [
        _seen(pipe, one, model, room, report, pool, *pictures)
        for one, pictures in zip(runs, begun, strict=True)
    ]


def _begun(
    run: Run, model: Model, colours: LatentColours, pool: Executor, texts: Collection[str]
) -> tuple[Future[bytes], list[Future[tuple[View, bytes]]]]:
    """What can be encoded before the clean pictures are there: most of the work.

    A model that need not be there is captured sparingly: a repository carries only so much of it.
    """
    sparing, about = not model.required, _about(run, model)
    final = sheets.pixels(run.final)[0]
    picture = pool.submit(sheets.png, final, image_text.texts(run.prompt, model, texts))
    maps = (*views.attention(run, sparing), *views.guidance(run, sparing))
    shown = (views.noisy(run, colours), *maps)
    return picture, [pool.submit(sheets.sheet, one, about, sparing) for one in shown]


def _seen(
    pipe: StableDiffusionPipeline,
    run: Run,
    model: Model,
    room: Room,
    report: Tell,
    pool: Executor,
    final: Future[bytes],
    shown: list[Future[tuple[View, bytes]]],
) -> Seen:
    """The clean pictures decoded and handed on to be encoded, and the record's text."""
    frames, distance = clean(pipe, run, room.pictures, report)
    about, sparing = _about(run, model), not model.required
    decoded = pool.submit(sheets.sheet, sheets.Frames("clean", frames), about, sparing)
    report(CaptureEvent(run.prompt.id, "sheets"))
    bare = Capture(
        key=run.prompt.pinned_key(model),
        prompt=run.prompt,
        model=model,
        scaling_factor=pipe.vae.config.scaling_factor,
        training_timesteps=pipe.scheduler.config.num_train_timesteps,
        final=FINAL,
        steps=tuple(Step(m.index, m.timestep, sheets.short(m.sigma)) for m in run.moments),
        parts=parts.tree(pipe, run.prompt, hollow.ran(pipe, run.prompt)),
        tokens=run.tokens,
        views=(),
        curves=(distance, *views.energy(run)),
        digests=(),
    )
    noisy, *others = shown
    return Seen(bare, final, (noisy, decoded, *others))


def _about(run: Run, model: Model) -> dict[str, object]:
    """What each sheet says of itself."""
    return {"model": model.title, "prompt": run.prompt.text, "seed": run.prompt.seed}
