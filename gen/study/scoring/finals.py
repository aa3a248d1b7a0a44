"""docs/finals/: a final picture of every paint in every world and view, small, with its words.

The view that the model's prompts begin with has more seeds than one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from gen.capture import denoise, words
from gen.capture.sheets import pixels, webp_within
from gen.capture.weights import load
from gen.core import store
from gen.core.canonical import canonical, digest
from gen.core.counting import Counting
from gen.core.disk import make_folder
from gen.core.measured import Finals, Painted
from gen.core.sources import STUDY, Inputs, Prompt
from gen.study.recipe.render import RenderRecipe
from gen.study.training.checkpoint import write_array
from gen.study.world.captions import understood
from gen.study.world.scene import holds_out

FORMAT = 1  # raised when the same model and words come out other files
SEED = 1  # of every prompt: nothing is picked
MORE = (2, 3)  # further seeds of one view: how much else may come of the same words
BATCH = 10  # pictures painted together, and kept in the cache together
WIDEST = 256  # pixels
MOST = 2_400  # bytes of a picture: of the first quality that keeps to it, else of the last
QUALITIES = (76, 70, 60, 50, 40)


def bring_up_to_date(
    root: Path,
    inputs: Inputs,
    recipe: RenderRecipe,
    cache: Path,
    counting: Counting,
    device: str | None = None,
    force: bool = False,
) -> Finals:
    """Paint and keep them, unless those of the pinned model are there already.

    Batches lie in the cache until all are made. Raises ModelError and StoreError.
    """
    asked = prompts(inputs, recipe)
    key = key_of(inputs, asked, recipe)
    if not force and STUDY in store.finals.ids(root):
        there = store.finals.read(root, STUDY)
        if there.key == key:
            return there
    store.finals.refuse_unwritable(root)
    pipe = load(inputs.model(STUDY), root, device=device, dtype=torch.float32)
    place = cache / "finals" / key
    with store.finals.hold(root, STUDY):
        files = {file_of(p): _webp(a) for p, a in _painted(pipe, asked, place, counting)}
        made = _record(inputs, key, asked, recipe, pipe, files)
        store.finals.write(root, STUDY, made, files)
    return made


def prompts(inputs: Inputs, recipe: RenderRecipe) -> tuple[Prompt, ...]:
    """In the words that a page's choices make, by the settings that the model's prompts have."""
    plain = replace(next(p for p in inputs.prompts if p.model == STUDY), id="", idea="")
    views = list(recipe.captions.views)
    often = next((view for view in views if view in plain.text), views[0])
    seen_from = [(view, SEED) for view in views], *([(often, seed)] for seed in MORE)
    return tuple(
        replace(plain, text=f"a {paint} car {world}, {view}", seed=seed)
        for some in seen_from
        for paint in _paints(recipe)
        for world in (phrases[0] for phrases in recipe.captions.worlds.values())
        for view, seed in some
    )


def _paints(recipe: RenderRecipe) -> Iterator[str]:
    """Each finish in each of its colours, in the first words for it."""
    for name, finish in recipe.finishes.items():
        for colour in dict.fromkeys(finish.colours):
            yield recipe.captions.finishes[name][0].format(colour=colour)


def key_of(inputs: Inputs, asked: Sequence[Prompt], recipe: RenderRecipe) -> str:
    """Names them by all that decides them: model, words, settings, size, what is unseen."""
    revision, each = inputs.model(STUDY).revision, [asdict(prompt) for prompt in asked]
    unseen = [_unseen(prompt, recipe) for prompt in asked]
    how = [FORMAT, WIDEST, MOST, list(QUALITIES), BATCH]
    return digest(canonical([how, revision, each, unseen]))[:16]


def file_of(prompt: Prompt) -> str:
    """What a picture is called: by its words and its seed."""
    return f"{re.sub(r'[^a-z0-9]+', '-', prompt.text.lower())}-{prompt.seed}.webp"


def _painted(
    pipe: StableDiffusionPipeline, asked: Sequence[Prompt], place: Path, counting: Counting
) -> Iterator[tuple[Prompt, np.ndarray]]:
    """Each prompt with its picture (H, W, 3) uint8, batches painted where they are not kept."""
    make_folder(place)
    for first in range(0, len(asked), BATCH):
        some, path = asked[first : first + BATCH], place / f"{first:05d}.npy"
        if not path.exists():
            write_array(path, _paint(pipe, some))
        yield from zip(some, np.load(path, allow_pickle=False), strict=True)
        counting("pictures", min(first + BATCH, len(asked)), len(asked))


def _paint(pipe: StableDiffusionPipeline, some: Sequence[Prompt]) -> np.ndarray:
    """(N, H, W, 3) uint8, by the pipeline's own loop."""
    *_, last = denoise.together(pipe, some)
    return pixels(denoise.decode(pipe, torch.cat([moment.latents for moment in last])))


def _webp(picture: np.ndarray) -> bytes:
    """A picture made small, as light as it must be."""
    height, width = picture.shape[:2]
    wide = min(width, WIDEST)
    size = (wide, round(height * wide / width))
    small = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
    return webp_within(small, MOST, QUALITIES)


def _record(
    inputs: Inputs,
    key: str,
    asked: Sequence[Prompt],
    recipe: RenderRecipe,
    pipe: StableDiffusionPipeline,
    files: dict[str, bytes],
) -> Finals:
    first, revision = asked[0], inputs.model(STUDY).revision
    assert revision is not None, "weights that are not pinned were refused when they were loaded"
    wide = min(first.width, WIDEST)
    return Finals(
        STUDY,
        key,
        revision,
        first.steps,
        first.guidance_scale,
        first.scheduler,
        first.negative,
        wide,
        round(first.height * wide / first.width),
        tuple(_told(prompt, recipe, pipe) for prompt in asked),
        tuple((name, digest(data)) for name, data in files.items()),
        first.eta,
    )


def _told(prompt: Prompt, recipe: RenderRecipe, pipe: StableDiffusionPipeline) -> Painted:
    pieces = words.tokens(pipe.tokenizer, prompt.text)[1:-1]
    split = tuple(token.text.removesuffix("</w>") for token in pieces)
    return Painted(prompt.text, split, prompt.seed, file_of(prompt), _unseen(prompt, recipe))


def _unseen(prompt: Prompt, recipe: RenderRecipe) -> bool:
    """Whether training never saw what a prompt asks for."""
    return holds_out(recipe, understood(prompt.text, recipe))
