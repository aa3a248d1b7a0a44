"""Measurement 15: a guess beside the mean of all that the picture may still become."""

from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.core.measured import Row
from gen.core.sources import STUDY
from gen.measure.kit.decoded import small_pictures
from gen.measure.kit.endings import Open, endings
from gen.measure.kit.pictures import sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean

ID, VERSION = "means", 2
QUESTION = "Why does a guess begin blurred?"
METHOD = (
    "{n} prompts, a noise each, {steps} steps without guidance. At some of the steps the painting "
    "was carried on {count} times, each time with fresh noise at every step left, and the "
    "{count} endings were averaged. Distances are root mean squares over latents, in percent of "
    "the latents' own spread over all endings. A guess that is the mean of its endings lies as far "
    "from their average as {count} endings leave open (half the distance between the averages of "
    "two halves of them). Whatever it is, it lies nearer to their average than to one of them at a "
    "time: so it is set beside an ending, from the average of the others. The endings are the "
    "model's own: whether they are those that the training pictures would allow, this does not say."
)
NEEDS = ("model",)
PROMPTS = 12
COUNT = 16  # endings; even
STEPS = 30
LOOKS = (0, 3, 7, 11, 15, 19, 23)  # steps, counted from 0
GUESS, ENDING = "the guess", "one ending, from the others' mean"
LEFT_OPEN = "floor: what so few endings leave open"
BY = "by step"  # the numbers under the lines


def of(project: Project) -> Measured:
    """The study model's own prompts, the first of each wording."""
    every = (p.text for p in project.inputs.prompts if p.model == STUDY)
    texts = list(dict.fromkeys(every))[:PROMPTS]
    found, eta = [], project.recipe.score.eta
    for seed, text in enumerate(texts):
        found.append(endings(project.pipe, text, seed, LOOKS, COUNT, STEPS, eta))
        project.report("means: prompts", seed + 1, len(texts))
    return run(found, strip(project.pipe.vae, found[0]))


def run(found: Sequence[Open], picture: bytes) -> Measured:
    """How far guesses lie from the mean of their endings, beside endings themselves."""
    spread = float(torch.cat([one.endings.flatten(0, 1) for one in found]).std())
    far = [_distances(one) for one in found]
    rows: list[Row] = []
    for place, look in enumerate(LOOKS[: len(far[0][GUESS])]):
        for series, name in ((GUESS, "mean"), (ENDING, "ending"), (LEFT_OPEN, "floor")):
            values = np.array([100 * one[series][place] / spread for one in far])
            where = Place(f"Distance from the mean of the endings, {BY}", str(look + 1), series)
            rows.append(mean(f"{name}-{look + 1}", where, values, "% of spread"))
    method = METHOD.format(n=len(found), steps=STEPS, count=found[0].endings.shape[1])
    return Measured(QUESTION, method, tuple(rows), {"strip.webp": picture})


def _distances(one: Open) -> dict[str, list[float]]:
    """Of one picture at each step: root mean squares over a latent."""
    middle = one.endings.mean(1)  # (S, 4, h, w)
    count = one.endings.shape[1]
    half = count // 2
    others = (count * middle[:, None] - one.endings) / (count - 1)  # (S, K, 4, h, w)
    parted = one.endings[:, :half].mean(1) - one.endings[:, half:].mean(1)
    return {
        GUESS: _sizes(one.guesses - middle),
        ENDING: _sizes((one.endings - others).flatten(2)),
        LEFT_OPEN: _sizes(parted / 2),
    }


def _sizes(difference: Tensor) -> list[float]:
    """Root mean square of each first entry."""
    return difference.flatten(1).pow(2).mean(1).sqrt().tolist()


@torch.no_grad()
def strip(vae: AutoencoderKL, one: Open) -> bytes:
    """Rows of small pictures by step: the guess, the mean of the endings, two of the endings."""
    guesses = small_pictures(vae, one.guesses)
    ends = [small_pictures(vae, step) for step in one.endings]
    middles = [end.mean(0).round().astype(np.uint8) for end in ends]
    return sheet([list(guesses), middles, [end[0] for end in ends], [end[1] for end in ends]])
