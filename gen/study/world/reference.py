"""What light would do: a prompt's meaning as a scene, ray-traced."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

from PIL import Image

from gen.core import store
from gen.core.canonical import canonical, digest
from gen.core.errors import BadInput
from gen.core.measured import Reference
from gen.core.sources import Prompt
from gen.study.recipe.render import RenderRecipe
from gen.study.world import render
from gen.study.world.captions import understood
from gen.study.world.scene import Scene, draw

FIRST = 3_000_000  # seeds that neither training nor scores use
TRIED = 20_000  # scenes drawn in search of one: the rarest meaning asked for shows up in hundreds
LARGER = 2  # times the size of what the model is trained on
SAMPLES = 64  # paths a pixel, many times those of a render for training


def make(id: str, prompt: str, recipe: RenderRecipe) -> tuple[Reference, dict[str, bytes]]:
    """The first scene that an idea's prompt describes, path-traced: a record and its picture.

    The picture is WebP, LARGER times the size of a render. Raises BadInput where the prompt is no
    sentence of the grammar.
    """
    scene = scene_for(prompt, recipe)
    width, height = LARGER * recipe.width, LARGER * recipe.height
    larger = replace(recipe, samples=SAMPLES, width=width, height=height)
    picture = render.render(scene, larger).picture
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=92, method=6)
    files = {f"{id}.webp": file.getvalue()}
    meaning = tuple(sorted(scene.meaning().items()))
    digests = tuple((name, digest(data)) for name, data in files.items())
    record = Reference(
        id, key(prompt, recipe), prompt, scene.seed, meaning, width, height, SAMPLES, digests
    )
    return record, files


def key(prompt: str, recipe: RenderRecipe) -> str:
    """Names a reference by all that decides it."""
    decided = {"prompt": prompt, "recipe": asdict(recipe)}
    numbers = {"first": FIRST, "larger": LARGER, "samples": SAMPLES}
    return digest(canonical(decided | numbers))[:16]


def known(root: Path) -> tuple[str, ...]:
    """The ideas that have a reference. Raises BadInput where none has."""
    ids = store.references(root)
    if not ids:
        raise BadInput("no reference is kept yet; name the ideas that shall have one")
    return ids


def bring_up_to_date(
    root: Path, prompts: Sequence[Prompt], recipe: RenderRecipe, force: bool
) -> Iterator[str]:
    """Make the references that are missing or of another recipe, or all; yields their ids.

    Raises StoreError before any work.
    """
    for prompt in prompts:
        if force or not _fresh(root, prompt, recipe):
            store.pictured.refuse_unwritable(root)
            store.write_reference(root, *make(prompt.id, prompt.text, recipe))
            yield prompt.id


def _fresh(root: Path, prompt: Prompt, recipe: RenderRecipe) -> bool:
    there = prompt.id in store.references(root)
    return there and store.read_reference(root, prompt.id).key == key(prompt.text, recipe)


def scene_for(prompt: str, recipe: RenderRecipe) -> Scene:
    """The first scene, counted by seed, that shows what a prompt says; what it leaves out is free.

    One without a window unless the prompt names one. Raises BadInput.
    """
    meaning = understood(prompt, recipe)
    windowed = meaning.pop("window", None) is not None
    for seed, held_out in product(range(FIRST, FIRST + TRIED), (False, True)):
        scene = draw(seed, recipe, held_out)
        if meaning.items() <= scene.meaning().items() and (scene.pane is not None) == windowed:
            return scene
    raise BadInput(f"{prompt!r}: no scene of {TRIED} shows {meaning}; see sources/study.yml")
