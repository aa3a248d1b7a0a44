"""Judges: small networks that read a picture as a scene, and how far they can be trusted.

There are two sets, trained on renders of disjoint seeds: one chooses and scores, one judges what
was chosen. A set is four networks: one finds the bodywork; one reads finish, colour, world, view,
sun and horizon from the whole picture; two read the world, one from the bodywork alone and one
from what surrounds the car alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
import yaml
from pydantic import Field, ValidationError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from gen.errors import BadInput, ModelError
from gen.inputs import Given
from gen.study import model, scene
from gen.study.checkpoint import read_state, write_tensors
from gen.study.dataset import Renders, as_input
from gen.study.model import Pace, Share, Whole

Which = Literal["choosing", "judging"]
Of = Literal["body", "background"]

# ---- the recipe ----------------------------------------------------------------------------

GROUPS = 4  # of channels normalized together, large ones: brightness and colour must survive it
Widths = Annotated[
    list[Annotated[int, Field(ge=GROUPS, multiple_of=GROUPS)]], Field(min_length=4, max_length=4)
]


class JudgesRecipe(Given):
    """The `judges` section of sources/study.yml; widths are at 1/2, 1/4, 1/8 and 1/16 of a side."""

    whole: Widths = Field(default=[24, 32, 64, 96])
    part: Widths = Field(default=[16, 32, 48, 64])  # for the body alone, the background alone
    mask: Widths = Field(default=[16, 24, 32, 48])
    features: Whole = 96  # numbers that a Fréchet distance and nearest neighbours compare
    body_margin: Whole = 2  # pixels of bodywork given up: its edge mixes with what lies behind it
    background_margin: Whole = 4  # pixels kept away from the car: a found edge may be that far off
    batch: Whole = 16
    clean: Share = 0.3  # of what a judge learns from is as rendered, the rest is worn
    reconstructed: int = Field(default=1500, ge=0)  # renders seen as the autoencoder returns them
    pace: Pace = Pace(rate=0.002, warmup=100, knee=2000)

    def margin(self, of: Of) -> int:
        """Pixels between the car's edge and what a judge of a part may see."""
        return self.body_margin if of == "body" else self.background_margin


@dataclass(frozen=True)
class Recipe:
    """What judges are made from: the sections of sources/study.yml that they need."""

    render: scene.Recipe
    train: model.TrainRecipe
    judges: JudgesRecipe


def read_recipe(path: Path) -> Recipe:
    """sources/study.yml, checked. Raises BadInput."""
    return Recipe(scene.read_recipe(path), model.read_recipe(path), read_section(path))


def read_section(path: Path) -> JudgesRecipe:
    """The `judges` section alone; a key that is left out has its default. Raises BadInput."""
    given = yaml.safe_load(path.read_text("utf-8")).get("judges", {})
    try:
        return JudgesRecipe.model_validate(given)
    except ValidationError as errors:
        lines = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors.errors())
        told = "\n".join(f"{path.name}: judges.{line}; correct it there" for line in lines)
        raise BadInput(told) from None


@dataclass(frozen=True)
class Classes:
    """What each reading chooses from, in the recipe's order."""

    finish: tuple[str, ...]
    colour: tuple[str, ...]
    world: tuple[str, ...]
    view: tuple[str, ...]


KINDS = ("finish", "colour", "world", "view")


def classes(recipe: scene.Recipe) -> Classes:
    """What a render of this recipe can show; one colour of two finishes is one class."""
    colours = dict.fromkeys(c for finish in recipe.finishes.values() for c in finish.colours)
    return Classes(
        tuple(recipe.finishes), tuple(colours), tuple(recipe.worlds), tuple(recipe.views)
    )


# ---- what is true of a render --------------------------------------------------------------


def sun_of(seen: scene.Scene) -> float:
    """Degrees from where the camera looks to the sun, clockwise (right is +); NaN without a sun."""
    if seen.world.sun_azimuth is None:
        return float("nan")
    x, y, _ = seen.camera.axes()[2]
    return float((np.degrees(np.arctan2(y, x)) - seen.world.sun_azimuth + 180) % 360 - 180)


def horizon_of(seen: scene.Scene, aspect: float) -> float:
    """Its height, 0 at the top edge and 1 at the bottom; NaN where walls stand before it."""
    return float("nan") if seen.world.sun_azimuth is None else seen.camera.horizon(aspect)


def labels(scenes: Iterable[scene.Scene], known: Classes) -> np.ndarray:
    """The place of each scene's finish, colour, world and view among the classes: (N, 4)."""
    return np.array(
        [[getattr(known, kind).index(s.meaning()[kind]) for kind in KINDS] for s in scenes]
    )


def sky(scenes: Iterable[scene.Scene], aspect: float) -> np.ndarray:
    """(N, 2) float32: sun in degrees and horizon, as sun_of and horizon_of say."""
    return np.array([(sun_of(s), horizon_of(s, aspect)) for s in scenes], np.float32)


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


# ---- the networks --------------------------------------------------------------------------


def _layer(given: int, width: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(given, width, 3, stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.GroupNorm(GROUPS, width), nn.SiLU())


class Trunk(nn.Module):
    """A picture -> maps of half, a quarter, an eighth and a sixteenth of its sides."""

    def __init__(self, given: int, widths: list[int]):
        super().__init__()
        self.first = _layer(4 * (given + 2), widths[0])  # squares of 2 x 2 pixels, with their place
        self.levels = nn.ModuleList(
            nn.Sequential(_layer(a, b, stride=2), _layer(b, b)) for a, b in pairwise(widths)
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        n, _, height, width = x.shape
        down = torch.linspace(-1, 1, height).reshape(1, 1, -1, 1).expand(n, 1, height, width)
        across = torch.linspace(-1, 1, width).reshape(1, 1, 1, -1).expand(n, 1, height, width)
        x = torch.cat([x, down.to(x.device), across.to(x.device)], dim=1)
        x = F.pixel_unshuffle(x, 2).contiguous(memory_format=torch.channels_last)
        maps = [self.first(x)]  # one layer: at this size the dearest
        for level in self.levels:
            maps.append(level(maps[-1]))
        return maps


NARROW = 24  # channels of a profile: with more, this one layer would outweigh all convolutions


class Reader(nn.Module):
    """A picture and an area of it, (N, 4, H, W) -> features and, of each head, its numbers.

    The last map is averaged over the area, which tells a surface, and along its rows and its
    columns, as where a thing stands tells the sun and the horizon.
    """

    def __init__(
        self,
        widths: list[int],
        size: tuple[int, int],
        features: int,
        heads: dict[str, int],
    ):
        super().__init__()
        self.trunk = Trunk(4, widths)
        self.narrow = nn.Conv2d(widths[-1], NARROW, 1)
        self.features = nn.Linear(widths[-1] + NARROW * sum(n // 16 for n in size), features)
        self.heads = nn.ModuleDict({name: nn.Linear(features, n) for name, n in heads.items()})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        area = F.avg_pool2d(x[:, 3:], 16)  # (N, 1, H/16, W/16)
        x = self.trunk(x)[-1]
        surface = (x * area).sum((2, 3)) / (area.sum((2, 3)) + 1e-3)  # there may be no area
        x = self.narrow(x)
        means = torch.cat([surface, x.mean(-1).flatten(1), x.mean(-2).flatten(1)], dim=1)
        features = F.silu(self.features(means))
        return {"features": features} | {name: h(features) for name, h in self.heads.items()}


class MaskFinder(nn.Module):
    """A picture -> the log odds of each pixel being bodywork, (N, 1, H, W)."""

    def __init__(self, widths: list[int]):
        super().__init__()
        self.trunk = Trunk(3, widths)
        self.ups = nn.ModuleList(
            _layer(low + high, high) for low, high in pairwise(reversed(widths))
        )
        self.pixels = nn.Conv2d(widths[0], 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        *maps, x = self.trunk(x)
        for up, beside in zip(self.ups, reversed(maps), strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0), beside], dim=1))
        return F.pixel_shuffle(self.pixels(x), 2)


class Jury(nn.Module):
    """The four networks of a set, with random weights."""

    def __init__(self, recipe: JudgesRecipe, known: Classes, size: tuple[int, int]):
        super().__init__()
        counts = {kind: len(getattr(known, kind)) for kind in KINDS}
        place = {"sun": 2, "horizon": 1}  # cosine and sine; a height
        of_world = {"world": counts["world"], **place}
        self.mask = MaskFinder(recipe.mask)
        self.whole = Reader(recipe.whole, size, recipe.features, {**counts, **place})
        self.body = Reader(recipe.part, size, recipe.features, of_world)
        self.background = Reader(recipe.part, size, recipe.features, of_world)
        self.to(memory_format=torch.channels_last)

    def look(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """A whole picture -> log odds of bodywork, and what is read knowing where that is."""
        odds = self.mask(x)
        return odds, self.whole(torch.cat([x, odds.detach().sigmoid()], dim=1))


# ---- what they read ------------------------------------------------------------------------


@dataclass(frozen=True)
class WorldReading:
    """What a part of each picture says of its surroundings.

    `sun` and `horizon` mean nothing in a world that has none: ask `world` first.
    """

    world: np.ndarray  # (N,) names
    probabilities: dict[str, np.ndarray]  # (N, classes) of each kind that is read
    sun: np.ndarray  # (N,) degrees right of where the camera looks, -180..180
    horizon: np.ndarray  # (N,) height in the picture: 0 its top edge, 1 its bottom edge
    features: np.ndarray  # (N, features) float32


@dataclass(frozen=True)
class Readings(WorldReading):
    """What each whole picture shows."""

    mask: np.ndarray  # (N, H, W) uint8, 255 where surely bodywork: as in renders
    finish: np.ndarray  # (N,) names
    colour: np.ndarray
    view: np.ndarray


class Judges:
    """A trained set, wherever its weights are: arrays in, arrays out."""

    def __init__(self, jury: Jury, recipe: JudgesRecipe, known: Classes, size: tuple[int, int]):
        self.jury, self.recipe, self.known, self.size = jury, recipe, known, size
        self.accuracies: tuple[Accuracy, ...] = ()  # on held-out renders, as kept

    @torch.no_grad()
    def read(self, pictures: np.ndarray) -> Readings:
        """Read pictures (N, H, W, 3) uint8 of the renders' size. Raises BadInput for another."""
        found, masks = [], []
        for x in self._batches(pictures):
            odds, read = self.jury.look(x)
            found.append(read)
            masks.append(odds[:, 0].sigmoid() * 255)
        told = self._told(found)
        return Readings(mask=torch.cat(masks).round().byte().cpu().numpy(), **told)

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
        seen = allowed(masks, of, self.recipe.margin(of)).split(READ_AT_ONCE)
        reader = self.jury.body if of == "body" else self.jury.background
        pairs = zip(self._batches(pictures), seen, strict=True)
        return WorldReading(**self._told([reader(part_of(x, s.to(x.device))) for x, s in pairs]))

    def _batches(self, pictures: np.ndarray) -> Iterator[Tensor]:
        if pictures.shape[1:] != (*self.size, 3) or not len(pictures):
            raise BadInput(f"pictures {pictures.shape}: judges read (N, {self.size}, 3), N >= 1")
        device = next(self.jury.parameters()).device
        for first in range(0, len(pictures), READ_AT_ONCE):
            yield as_input(pictures[first : first + READ_AT_ONCE]).to(device)

    def _told(self, found: list[dict[str, Tensor]]) -> dict:
        """The numbers of all batches, in a reading's terms."""
        whole = {name: torch.cat([f[name] for f in found]).cpu() for name in found[0]}
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


# ---- kept on disk --------------------------------------------------------------------------


def write(path: Path, judges: Judges, told: dict) -> None:
    """Keep a set in half precision; recipe, classes, accuracies and `told` go into its header."""
    state = told | {
        "recipe": judges.recipe.model_dump(),
        "classes": asdict(judges.known),
        "size": list(judges.size),
        "accuracies": [asdict(a) for a in judges.accuracies],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tensors(path, {n: w.half() for n, w in judges.jury.state_dict().items()}, state)


def load(folder: Path, which: Which) -> Judges:
    """A kept set. Raises ModelError where it is not."""
    path = folder / f"{which}.safetensors"
    if not path.exists():
        raise ModelError(f"{path}: is not there; train these judges first")
    state = read_state(path)
    recipe = JudgesRecipe.model_validate(state["recipe"])
    known = Classes(**{kind: tuple(state["classes"][kind]) for kind in KINDS})
    size = tuple(state["size"])
    jury = Jury(recipe, known, size)
    jury.load_state_dict({name: w.float() for name, w in load_file(path).items()})
    judges = Judges(jury.requires_grad_(False), recipe, known, size)
    judges.accuracies = tuple(Accuracy(**a) for a in state["accuracies"])
    return judges


# ---- how far they can be trusted -----------------------------------------------------------

NEEDED = {"share": 0.90, "IoU": 0.85}  # below this a judge is not used
SUN_WITHIN = 30.0  # degrees: the sun stands on the side of the car that was said
HORIZON_WITHIN = 0.04  # of the picture's height: five pixels of 128


@dataclass(frozen=True)
class Accuracy:
    """How well one thing is read, on which pictures, with a 95 % interval."""

    name: str  # mask, a kind, body_world, background_world, sun, horizon, sun_error, horizon_error
    of: str  # all | window | a finish
    unit: str  # share | IoU | degrees | height (of the picture)
    value: float  # a share, or a mean
    low: float
    high: float
    n: int

    @property
    def usable(self) -> bool:
        """Whether it reaches what is needed; an error is for the reader to weigh."""
        return self.unit not in NEEDED or self.value >= NEEDED[self.unit]


def accuracy(
    judges: Judges, renders: Renders, which: np.ndarray | None = None
) -> tuple[Accuracy, ...]:
    """Read renders (those held out, or those of these indices) and compare with what was drawn.

    World from a part is read under the judges' own masks, as it will be on generated pictures.
    """
    which = renders.held_out if which is None else which
    marks = dict(_marks(judges, renders, which))  # name -> (unit, (N,) marks, NaN where none)
    scenes = [renders.scenes[i] for i in which]
    groups = {"all": np.ones(len(scenes), bool), "window": np.array([bool(s.pane) for s in scenes])}
    for finish in judges.known.finish:
        groups[finish] = np.array([s.material.finish == finish for s in scenes])
    rows = []
    for name, (unit, mark) in marks.items():
        for of, member in groups.items():
            some = mark[member & ~np.isnan(mark)]
            if len(some):
                rows.append(Accuracy(name, of, unit, float(some.mean()), *_interval(unit, some)))
    return tuple(rows)


def _interval(unit: str, marks: np.ndarray) -> tuple[float, float, int]:
    """(low, high, n)"""
    n = len(marks)
    if unit == "share":
        return *wilson(int(marks.sum()), n), n
    mean, half = float(marks.mean()), 1.96 * float(marks.std(ddof=1)) / n**0.5 if n > 1 else 0.0
    return mean - half, mean + half, n


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    share, spread = hits / n, z * ((hits * (n - hits) / n + z**2 / 4) / n**2) ** 0.5
    middle, scale = share + z**2 / (2 * n), 1 + z**2 / n
    return (middle - spread) / scale, (middle + spread) / scale


def _marks(
    judges: Judges, renders: Renders, which: np.ndarray
) -> Iterator[tuple[str, tuple[str, np.ndarray]]]:
    """Of each thing that is read: its name, unit, and a mark for each render."""
    pictures, scenes = renders.pictures[which], [renders.scenes[i] for i in which]
    read = judges.read(pictures)
    true = {kind: np.array([s.meaning()[kind] for s in scenes]) for kind in KINDS}
    yield "mask", ("IoU", overlaps(read.mask, renders.bodies[which]))
    for kind in KINDS:
        yield kind, ("share", (getattr(read, kind) == true[kind]).astype(float))
    height, width = judges.size
    sun, horizon = sky(scenes, width / height).T
    yield from _sky_marks("", read, sun, horizon)
    for of in ("body", "background"):
        part = judges.read_world(pictures, read.mask, of)
        yield f"{of}_world", ("share", (part.world == true["world"]).astype(float))
        yield from _sky_marks(f"{of}_", part, sun, horizon)


def _sky_marks(
    prefix: str, read: WorldReading, sun: np.ndarray, horizon: np.ndarray
) -> Iterator[tuple[str, tuple[str, np.ndarray]]]:
    for name, unit, error, within in (
        ("sun", "degrees", apart(read.sun, sun), SUN_WITHIN),
        ("horizon", "height", np.abs(read.horizon - horizon), HORIZON_WITHIN),
    ):
        near = np.where(np.isnan(error), np.nan, error <= within)
        yield f"{prefix}{name}", ("share", near)
        yield f"{prefix}{name}_error", (unit, error)


def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Degrees between two directions, the short way round: 0..180."""
    return np.abs((a - b + 180) % 360 - 180)


def overlaps(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Intersection over union of each pair of masks (N, H, W): (N,)."""
    found, true = found >= 128, true >= 128
    both, either = (found & true).sum((1, 2)), (found | true).sum((1, 2))
    return both / np.maximum(either, 1)
