"""Several pictures of one prompt, scored, the best first: for any model, with judges or without."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from gen.capture import denoise, schedulers, sheets, words
from gen.capture.room import device_of
from gen.core.counting import Counting
from gen.core.errors import BadInput, ModelError
from gen.core.sources import STUDY, Model, Prompt
from gen.measure.picking import READ, composite
from gen.study.judging import judges
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import ALIKE
from gen.study.recipe.whole import read_recipe
from gen.study.scoring import layouts
from gen.study.world.captions import understood

if TYPE_CHECKING:  # see capture/weights.py
    from diffusers import StableDiffusionPipeline

WIDEST = 256  # pixels: a candidate's largest width on the sheet
COLUMNS, LINE = 4, 18
LEVELS = (0.2, 0.4, 0.6, 0.8)  # of all noise levels: where words decide most
JUDGED = "the choosing judges: half layout, half image"
OWN = "the model's own error in predicting noise, less with the prompt than without; no judge"

Score = Callable[[np.ndarray], np.ndarray]  # pictures (N, H, W, 3) -> scores (N,)


@dataclass(frozen=True)
class Picked:
    """Candidates (N, H, W, 3) uint8, their scores (N,), the order from the best, and how scored."""

    pictures: np.ndarray
    scores: np.ndarray
    order: tuple[int, ...]
    how: str


def candidates(prompt: Prompt, text: str, seed: int, count: int) -> tuple[Prompt, ...]:
    """A model's defaults with these words, from `count` noises."""
    return tuple(replace(prompt, text=text, seed=seed + number) for number in range(count))


def judges_for(root: Path, chosen: Model, text: str) -> tuple[Score | None, str]:
    """A score by the choosing judges, or None and the reason: another model than theirs, no judges
    or layouts, judges under their bound, words that they do not know.
    """
    if chosen.id != STUDY:
        return None, f"judges know the pictures of {STUDY} alone"
    recipe = read_recipe(root / "sources" / "study.yml")
    try:
        meaning = understood(text, recipe.render)
        choosing = judges.load(root / "sources" / "models" / "judges", "choosing")
        usual = layouts.read(root, recipe.render)
    except (BadInput, ModelError) as error:
        return None, str(error)
    readable = _readable(choosing, meaning)
    if not readable:
        return None, "judges read too little of these words well enough"
    return lambda pictures: composite(choosing, usual, pictures, readable), ""


def _readable(choosing: Judges, meaning: dict[str, str]) -> dict[str, str]:
    """What of a meaning the judges read well enough; nothing where they do not find bodywork."""
    if doubt(choosing, "mask"):
        return {}
    return {
        kind: ALIKE.get(name, name)
        for kind, name in meaning.items()
        if kind in READ and not doubt(choosing, kind)
    }


def pick(
    pipe: StableDiffusionPipeline, prompts: Sequence[Prompt], score: Score | None, report: Counting
) -> Picked:
    """Make a candidate of each prompt and score them, by `score` or else by the model itself.

    Raises BadInput for words that the text encoder would cut.
    """
    _refuse_cut(pipe, prompts)
    pictures, own = [], []
    for number, prompt in enumerate(prompts, 1):
        *_, last = denoise.denoise(pipe, prompt)
        pictures.append(sheets.pixels(denoise.decode(pipe, last.latents))[0])
        if score is None:
            own.append(own_score(pipe, prompt, last.latents))
        report("candidates", number, len(prompts))
    stacked = np.stack(pictures)
    scores = np.array(own) if score is None else score(stacked)
    order = tuple(int(i) for i in np.argsort(-scores, kind="stable"))
    return Picked(stacked, scores, order, OWN if score is None else JUDGED)


def _refuse_cut(pipe: StableDiffusionPipeline, prompts: Sequence[Prompt]) -> None:
    """Stops before the first picture at words that fall off the end."""
    for prompt in prompts:
        if cut := words.words_cut(pipe.tokenizer, prompt.text):
            raise BadInput(f"{prompt.text!r}: is too long; leave out {', '.join(cut)}")


@torch.no_grad()
def own_score(pipe: StableDiffusionPipeline, prompt: Prompt, latents: Tensor) -> float:
    """How much better the model predicts noise in these latents with the prompt than without.

    Squared error without it less that with it, averaged over noise levels: a diffusion model as a
    classifier, after Li et al. 2023. The same noise for every candidate.
    """
    text, empty = pipe.encode_prompt(prompt.text, device_of(pipe), 1, True, "")
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
    noise = noise.to(latents)
    gains = []
    for level in LEVELS:
        x, t = schedulers.under_noise(pipe, latents, noise, level)
        batch, embeds = torch.cat([x, x]), torch.cat([empty, text])
        eps = pipe.unet(batch, t, encoder_hidden_states=embeds).sample
        # candidates that are near differ by less than half precision tells
        off = eps.float() - noise.float()
        without, with_ = (off**2).flatten(1).mean(1).tolist()
        gains.append(without - with_)
    return float(np.mean(gains))


def sheet(picked: Picked, title: str, text: str) -> bytes:
    """A contact sheet as PNG: the best first, each with its score; below, who scored and what."""
    tiles = [_tile(picked, place, at) for place, at in enumerate(picked.order, 1)]
    width, height = tiles[0].size
    rows = -(-len(tiles) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * width, rows * height + 3 * LINE), "white")
    for place, tile in enumerate(tiles):
        whole.paste(tile, (place % COLUMNS * width, place // COLUMNS * height))
    pen = ImageDraw.Draw(whole)
    for line, words_below in enumerate((f"{title}: {text}", "scored by", picked.how)):
        pen.text((4, rows * height + line * LINE), words_below, fill="black")
    png = io.BytesIO()
    whole.save(png, "PNG", optimize=True)
    return png.getvalue()


def _tile(picked: Picked, place: int, at: int) -> Image.Image:
    """One candidate with its place and score under it."""
    picture = Image.fromarray(picked.pictures[at])
    picture.thumbnail((WIDEST, WIDEST))
    tile = Image.new("RGB", (picture.width, picture.height + LINE), "white")
    tile.paste(picture, (0, 0))
    caption = f"{place}. {picked.scores[at]:.4f}"
    ImageDraw.Draw(tile).text((4, picture.height + 2), caption, fill="black")
    return tile
