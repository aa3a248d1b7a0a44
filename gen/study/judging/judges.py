"""Judges: small networks that read a picture as a scene.

There are two sets, trained on renders of disjoint seeds: one chooses, the other judges, so that
nothing is judged by what it was chosen by. A third is their control, apart: it learned from renders
that the painter never saw. A set is four networks: one finds the bodywork; one
reads finish, colour, world, view, sun and horizon from the whole picture; two read the world, one
from the bodywork alone and one from what surrounds the car alone.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from gen.core.disk import make_folder
from gen.core.errors import BadInput, ModelError
from gen.study.judging.networks import Jury
from gen.study.judging.readings import KINDS, Accuracy, Classes, Readings, WorldReading
from gen.study.recipe.stages import Which
from gen.study.recipe.train import JudgesRecipe, Of
from gen.study.training.checkpoint import read_state, write_tensors
from gen.study.training.dataset import as_input, shrunk

# ---- what a judge may see ------------------------------------------------------------------


def allowed(masks: np.ndarray, of: Of, margin: int) -> Tensor:
    """The pixels that a judge of a part may see: (N, 1, H, W), 1 or 0; masks as in renders.

    The body's lie `margin` pixels inside it, and neither glass nor the ground's shadow is body.
    The background's lie `margin` pixels outside the car: windows and wheels, which mirror the world
    too, are shut away with the bodywork that stands on both sides of them.
    """
    body = torch.from_numpy(masks >= 128)[:, None].float()
    if of == "body":
        return 1 - _grown(1 - body, margin)
    solid = _grown(1 - _grown(1 - body, 1), 1)  # without specks: one far off would close too much
    return 1 - _grown(torch.maximum(_closed(solid), body), margin)


def _grown(mask: Tensor, margin: int) -> Tensor:
    return F.max_pool2d(mask, 2 * margin + 1, stride=1, padding=margin)


def _closed(mask: Tensor) -> Tensor:
    """The mask, and what lies in it between two of its pixels of a row or a column."""
    across, down = (mask.cummax(d)[0] * mask.flip(d).cummax(d)[0].flip(d) for d in (-1, -2))
    return torch.maximum(across, down)


def part_of(pictures: Tensor, seen: Tensor) -> Tensor:
    """(N, 4, H, W): a picture with grey for what may not be seen, and what may be seen."""
    return torch.cat([torch.where(seen > 0, pictures, 0.0), seen], dim=1)


# ---- what they read ------------------------------------------------------------------------


class Judges:
    """A trained set, wherever its weights are: arrays in, arrays out.

    `size` (H, W) is that of the pictures; the networks see them shrunk as the recipe says.
    """

    def __init__(self, jury: Jury, recipe: JudgesRecipe, known: Classes, size: tuple[int, int]):
        self.jury, self.recipe, self.known, self.size = jury, recipe, known, size
        self.accuracies: tuple[Accuracy, ...] = ()  # on held-out renders, as kept
        self.trained_on = 0  # renders, as kept

    @torch.no_grad()
    def read(self, pictures: np.ndarray) -> Readings:
        """Read pictures (N, H, W, 3) uint8 of the renders' size. Raises BadInput for another."""
        answers, masks = [], []
        for x in self._batches(pictures):
            cover = self.jury.mask(x).sigmoid()
            seen = allowed(_mask(cover).numpy(), "body", self.recipe.body_margin)
            answers.append(self.jury.whole(torch.cat([x, seen.to(x.device)], dim=1)))
            masks.append(_mask(F.interpolate(cover, size=self.size, mode="bilinear")))
        return Readings(mask=torch.cat(masks).numpy(), **self._reading(answers))

    @torch.no_grad()
    def read_world(self, pictures: np.ndarray, masks: np.ndarray, of: Of) -> WorldReading:
        """Read the world from the bodywork or from what surrounds the car, and from nothing else.

        `masks` (N, H, W) uint8 are bodywork, as in renders or in a reading. Raises BadInput.
        """
        if masks.shape != pictures.shape[:3] or masks.dtype != np.uint8:
            raise BadInput(
                f"masks {masks.shape} {masks.dtype} for pictures {pictures.shape}: give one for "
                "each, uint8, 255 where bodywork is"
            )
        small = shrunk(masks[..., None], self.recipe.shrink)[..., 0]
        seen = allowed(small, of, self.recipe.margin(of)).split(READ_AT_ONCE)
        reader = self.jury.body if of == "body" else self.jury.background
        pairs = zip(self._batches(pictures), seen, strict=True)
        answers = [reader(part_of(x, s.to(x.device))) for x, s in pairs]
        return WorldReading(**self._reading(answers))

    def _batches(self, pictures: np.ndarray) -> Iterator[Tensor]:
        if pictures.shape[1:] != (*self.size, 3) or not len(pictures):
            raise BadInput(f"pictures {pictures.shape}: judges read (N, {self.size}, 3), N >= 1")
        device = next(self.jury.parameters()).device
        for first in range(0, len(pictures), READ_AT_ONCE):
            some = shrunk(pictures[first : first + READ_AT_ONCE], self.recipe.shrink)
            yield as_input(some).to(device)

    def _reading(self, answers: list[dict[str, Tensor]]) -> dict:
        """The numbers of all batches, in a reading's terms."""
        whole = {name: torch.cat([f[name] for f in answers]).cpu() for name in answers[0]}
        kinds = [kind for kind in KINDS if kind in whole]
        likely = {kind: whole[kind].softmax(1).numpy() for kind in kinds}
        names = {k: np.array(getattr(self.known, k))[p.argmax(1)] for k, p in likely.items()}
        cosine, sine = whole["sun"].unbind(1)
        return {
            **names,
            "probabilities": likely,
            "sun": torch.atan2(sine, cosine).rad2deg().numpy(),
            "horizon": whole["horizon"][:, 0].numpy(),
            "features": whole["features"].numpy(),
        }


READ_AT_ONCE = 16  # pictures: more is no faster on two cores


def _mask(cover: Tensor) -> Tensor:
    """(N, 1, H, W) of 0..1 -> (N, H, W) uint8"""
    return (cover[:, 0] * 255).round().byte().cpu()


def networks(recipe: JudgesRecipe, known: Classes, size: tuple[int, int]) -> Jury:
    """A set's networks with random weights, for pictures of a size (H, W)."""
    height, width = (side // recipe.shrink for side in size)
    return Jury(recipe.mask, recipe.hidden, recipe.features, known, (height, width))


# ---- kept on disk --------------------------------------------------------------------------


def write(path: Path, judges: Judges, training: dict) -> None:
    """Keep a set in half precision; its header has recipe, classes, accuracies and `training`."""
    state = training | {
        "recipe": judges.recipe.model_dump(),
        "classes": asdict(judges.known),
        "size": list(judges.size),
        "accuracies": [asdict(a) for a in judges.accuracies],
    }
    make_folder(path.parent)
    write_tensors(path, {n: w.half() for n, w in judges.jury.state_dict().items()}, state)


def place_of(folder: Path, which: Which) -> Path:
    """The file of a kept set. Raises ModelError where it is not."""
    path = folder / f"{which}.safetensors"
    if not path.exists():
        raise ModelError(f"{path}: is not there; {_trained(folder, which)} first")
    return path


def _trained(folder: Path, which: Which) -> str:
    """The command that trains a set as those of this site were, and keeps it in the folder."""
    how = "--pipeline sources/models/study --minutes 30"
    return f"run python -m gen study judge {which} {how} --to {folder}"


def load(folder: Path, which: Which) -> Judges:
    """A kept set. Raises ModelError where it is not, or is damaged."""
    path = place_of(folder, which)
    try:
        return _read(path)
    except (SafetensorError, ValueError, LookupError, TypeError, RuntimeError):
        raise ModelError(
            f"{path}: is damaged, or no set of judges; restore it from git if it is committed, or "
            f"move it away and {_trained(folder, which)}"
        ) from None


def _read(path: Path) -> Judges:
    """What a file holds; what is not a set of judges raises what its readers raise."""
    state = read_state(path)
    recipe = JudgesRecipe.model_validate(state["recipe"])
    known = Classes(**{kind: tuple(state["classes"][kind]) for kind in KINDS})
    size = tuple(state["size"])
    jury = networks(recipe, known, size)
    jury.load_state_dict({name: w.float() for name, w in load_file(path).items()})
    judges = Judges(jury.requires_grad_(False), recipe, known, size)
    judges.accuracies = tuple(Accuracy(**a) for a in state["accuracies"])
    judges.trained_on = state.get("trained_on", 0)
    return judges
