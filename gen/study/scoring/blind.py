"""A blind test: painted and rendered pictures, shuffled, under names that say nothing.

Whoever looks is asked which is which, and what is broken; the key lies apart from the pictures.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from gen.core.canonical import canonical
from gen.core.disk import put, refuse_no_place, writing
from gen.core.errors import BadInput
from gen.study.scoring.samples import Samples
from gen.study.training.checkpoint import Kind, write_folder

EACH = 20  # pictures of a kind
NAMES = tuple(f"{number:02d}.png" for number in range(1, 2 * EACH + 1))
PICTURES = Kind("shuffled pictures", frozenset(NAMES), NAMES[0])
SHUFFLED_BY = 384256  # the seed


class Answer(NamedTuple):
    """What a picture is."""

    painted: bool  # by the study model; else rendered
    sample: int  # which of the score's samples
    prompt: str


def write(samples: Samples, folder: Path, key: Path) -> None:
    """The first samples as painted, and renders of the next ones: no scene is there twice.

    Raises BadInput where there are too few, and see `refuse_unfit`.
    """
    refuse_unfit(folder, key)
    if len(samples.entries) < 2 * EACH:
        raise BadInput(f"{len(samples.entries)} samples: {2 * EACH} are needed; see score.ordinary")
    answers, pictures = _shuffled(samples)
    by_name = {name: answer._asdict() for name, answer in zip(NAMES, answers, strict=True)}

    def fill(new: Path) -> None:
        for name, picture in zip(NAMES, pictures, strict=True):
            Image.fromarray(picture).save(new / name)
        with writing(key):  # before the pictures are in their place
            put(key, canonical(by_name) + b"\n")

    write_folder(folder, fill, PICTURES)


def refuse_unfit(folder: Path, key: Path) -> None:
    """Stops at a folder of anything else, and at a key that cannot lie where it should, or must
    not: among the pictures. Raises BadInput.
    """
    PICTURES.refuse_other(folder)
    if key.resolve().is_relative_to(folder.resolve()):
        raise BadInput(f"{key}: the key lies among the pictures; name a place outside {folder}")
    if folder.parent.exists() or key.resolve().parent != folder.resolve().parent:
        refuse_no_place(key)  # what a folder that is to be made will lie in is made with it


def _shuffled(samples: Samples) -> tuple[list[Answer], list[np.ndarray]]:
    order = np.random.default_rng(SHUFFLED_BY).permutation(2 * EACH)
    answers = [Answer(bool(i < EACH), int(i), samples.entries[i].prompt) for i in order]
    pictures = [(samples.pictures if a.painted else samples.renders)[a.sample] for a in answers]
    return answers, pictures
