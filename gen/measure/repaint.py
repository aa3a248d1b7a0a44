"""Measurement 12: how precise is the mirror? A body painted into a known world, and its truth."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.core.measured import Row
from gen.measure.kit import bodies
from gen.measure.kit.bodies import Box
from gen.measure.kit.fits import COMPARED, MIRRORED, PANELS, REVERSED, compared
from gen.measure.kit.mean_bodies import MeanBodies
from gen.measure.kit.over_truth import shown
from gen.measure.kit.pictures import FLOOR
from gen.measure.kit.project import Project
from gen.measure.kit.repainting import repainted
from gen.measure.kit.rows import Measured, Place, mean
from gen.measure.kit.two_worlds import FINISHES, Pairs
from gen.study.recipe.render import RenderRecipe
from gen.study.training.autoencoder import reconstructed
from gen.study.training.dataset import as_input, as_pictures
from gen.study.training.latents import body_share
from gen.study.world import captions
from gen.study.world.scene import Scene

ID, VERSION = "repaint", 3
PAINTINGS = 1  # raised when the same inputs paint other pictures
QUESTION = "How precise is the mirror?"
METHOD = (
    "{n} held-out cars, each path-traced before one camera in two worlds, and in each finish. The "
    "picture is taken into latents; those that hold bodywork are painted anew from noise, {looks} "
    "noises a car, by words that name paint and car and no world, while all others are held to one "
    "world or to the other (what little bodywork they hold is the mean of both, before encoding). "
    "Both worlds are painted from the same noise. What changes on the painted body from world to "
    "world is compared with what light would change, pixel by pixel over three colours: slope (1: "
    "all of the true change is in it), correlation (1: the same pattern) and spread (1: as much, "
    "right or wrong), per car, then averaged. Coarse is what a blur over a fiftieth of the width "
    "leaves. The error is the mean absolute difference from the path-traced "
    "body, of 255. For mirrors, the colour by height of the mirrored direction is shifted until "
    "it fits the truth best: by so many degrees its bands lie wrong; and the brightest fiftieth of "
    "it looks so many degrees beside where that of the true body looks. The ceiling is the renders "
    "through the autoencoder. Floors: the painted body upside down; another car's; the mean body "
    "of that paint in that world, over the renders that training saw, place by place of its box; "
    "the same, recoloured as such bodies follow the colours around them, above and below, by least "
    "squares; for error and bands, the other world's true body, as if nothing had changed. Gains "
    "over mean bodies are paired, car by car, and hold together. What surrounds the picture is not "
    "given, so no painter could reach the ceiling."
)
NEEDS = ("model", "two-worlds", "training", "recipe")
NOISES = 2  # of each car and world
STEPS = 20
AT_ONCE = 5  # cars painted together
FREE = 0.35  # share of bodywork from which a latent's square is painted anew
CEILING, PAINTED = "rendered, through the autoencoder", "repainted"
TURNED, ANOTHER = f"{FLOOR}: upside down", f"{FLOOR}: another car's"
TYPICAL, OTHER = f"{FLOOR}: the mean body", f"{FLOOR}: the other world's"
TINTED = f"{FLOOR}: the mean body in the colours around it"


@dataclass(frozen=True)
class Repainted:
    """One finish: N cars in two worlds, K noises of each."""

    pairs: Pairs
    painted: np.ndarray  # (N, K, 2, H, W, 3) uint8
    through: np.ndarray  # (N, 2, H, W, 3) uint8, the truth as the autoencoder returns it
    typical: np.ndarray  # (N, 2, H, W, 3) float32
    tinted: np.ndarray  # the same, in the colours around each car


def of(project: Project) -> Measured:
    """The pairs of every finish, each car's bodywork painted into both worlds."""
    seen = project.training
    scenes = [seen.scenes[i] for i in seen.trained]
    means = MeanBodies(scenes, seen.pictures[seen.trained], seen.bodies[seen.trained])
    return run({finish: _repainted(project, finish, means) for finish in FINISHES})


def _repainted(project: Project, finish: str, means: MeanBodies) -> Repainted:
    pairs = project.two_worlds(finish)
    flat = pairs.pictures.reshape(-1, *pairs.pictures.shape[2:])
    through = reconstructed(project.pipe.vae, flat).reshape(pairs.pictures.shape)
    decided_by = [project.key("two-worlds"), PAINTINGS, NOISES, STEPS]
    painted = project.made(f"repaint-{finish}", decided_by, lambda: _paint(project, pairs))
    typical = means.of(pairs.scenes, pairs.bodies)
    tinted = means.tinted(pairs.scenes, pairs.pictures, pairs.bodies)
    return Repainted(pairs, painted, through, typical, tinted)


def _paint(project: Project, pairs: Pairs) -> np.ndarray:
    """(N, NOISES, 2, H, W, 3) uint8."""
    pipe, recipe, score = project.pipe, project.recipe.render, project.recipe.score
    anew = partial(repainted, steps=STEPS, guidance_scale=score.guidance_scale, eta=score.eta)
    parts = []
    for first in range(0, len(pairs.scenes), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        known, free = _held(pipe.vae, pairs.pictures[some], pairs.bodies[some])
        texts = [_words(scenes[0], recipe) for scenes in pairs.scenes[some]]
        looks = []
        for noise in range(NOISES):
            seeds = [10 * scenes[0].seed + noise for scenes in pairs.scenes[some]]
            both = [anew(pipe, texts, z, free, seeds) for z in known.unbind(1)]
            looks.append(np.stack([_decoded(pipe.vae, z) for z in both], axis=1))
        parts.append(np.stack(looks, axis=1))
        project.report("repaint: cars", min(first + AT_ONCE, len(pairs.scenes)), len(pairs.scenes))
    return np.concatenate(parts)


def _words(subject: Scene, recipe: RenderRecipe) -> str:
    """Paint and car, and nothing of where it stands."""
    return captions.caption_of(subject, recipe, np.random.default_rng(subject.seed), frozenset())


@torch.no_grad()
def _held(vae: AutoencoderKL, pictures: np.ndarray, masks: np.ndarray) -> tuple[Tensor, Tensor]:
    """Latents (N, 2, 4, h, w) of both worlds around a body of neither; free cells (N, h, w).

    The body is the mean of both truths before it is encoded: a latent sees some pixels beyond its
    own square, and would else carry the true mirror into what is held.
    """
    share = (masks / 255)[:, None, ..., None]
    neutral = pictures.mean(1, keepdims=True) * share + pictures * (1 - share)
    flat = neutral.round().astype(np.uint8).reshape(-1, *pictures.shape[2:])
    latents = vae.encode(as_input(flat).to(vae.device)).latent_dist.mode()
    scaled = latents * vae.config.scaling_factor
    return scaled.reshape(len(pictures), 2, *scaled.shape[1:]), body_share(masks) > FREE


@torch.no_grad()
def _decoded(vae: AutoencoderKL, latents: Tensor) -> np.ndarray:
    return as_pictures(vae.decode(latents / vae.config.scaling_factor).sample)


def run(by_finish: Mapping[str, Repainted]) -> Measured:
    """Rows of every finish, mirrors beside matte bodies, and some mirrors to look at."""
    rows: list[Row] = []
    agreement: dict[str, np.ndarray] = {}
    for finish, result in by_finish.items():
        found = _figures(result)
        rows += _rows(finish, found)
        agreement[finish] = found[PAINTED]["correlation"]
        rows += _gains(finish, found)
    others = [f for f in agreement if f != "mirror" and "mirror" in agreement]
    for other in others:
        place = Place("Correlation: mirror less others", other, "paired, car by car")
        differences = agreement["mirror"] - agreement[other]
        row = mean(f"mirror-less-{other}", place, differences, "correlation", looked_at=len(others))
        rows.append(row)
    first = next(iter(by_finish.values()))
    n, looks = first.painted.shape[:2]
    mirrors = by_finish.get("mirror")
    pictures = (
        shown(mirrors.pairs.pictures, mirrors.painted, agreement["mirror"]) if mirrors else {}
    )
    return Measured(QUESTION, METHOD.format(n=n, looks=looks), tuple(rows), pictures)


def _rows(finish: str, found: Mapping[str, Mapping[str, np.ndarray]]) -> list[Row]:
    rows = []
    for figure, (panel, unit) in PANELS.items():
        if figure in MIRRORED and finish != "mirror":
            continue
        for series, values in found.items():
            if figure in values and not (series == OTHER and figure in REVERSED):
                name = f"{finish}-{figure}-{SHORT[series]}"
                rows.append(mean(name, Place(panel, finish, series), values[figure], unit))
    return rows


def _gains(finish: str, found: Mapping[str, Mapping[str, np.ndarray]]) -> Iterator[Row]:
    """By how much the painted body fits better than mean ones, car by car."""
    floors = {"gain": (TYPICAL, "the mean body's"), "gain-tinted": (TINTED, "the recoloured one's")}
    made, count = found[PAINTED], len(floors) * len(FINISHES) * len(COMPARED)
    for start, (floor, whose) in floors.items():
        for figure, part in COMPARED.items():
            name = f"{finish}-{start}" + (f"-{figure}" if figure != "correlation" else "")
            place = Place(f"Correlation: more than {whose}", finish, part)
            gained = made[figure] - found[floor][figure]
            yield mean(name, place, gained, "correlation", looked_at=count)
        for figure in MIRRORED if finish == "mirror" else ():
            place = Place(f"{PANELS[figure][0]}: nearer than {whose}", finish, "paired, car by car")
            nearer, both = found[floor][figure] - made[figure], len(floors) * len(MIRRORED)
            yield mean(f"{finish}-{start}-{figure}", place, nearer, "degrees", looked_at=both)


SHORT = {
    PAINTED: "painted",
    CEILING: "ceiling",
    TURNED: "turned",
    ANOTHER: "another",
    TYPICAL: "typical",
    TINTED: "tinted",
    OTHER: "other-world",
}


def _figures(result: Repainted) -> dict[str, dict[str, np.ndarray]]:
    """Of every series the figures of each car (N,): noises of one car are averaged first."""
    n = len(result.painted)
    boxes = [bodies.box(mask) for mask in result.pairs.bodies]
    series: dict[str, Callable[[int], Iterator[np.ndarray]]] = {
        PAINTED: lambda i: iter(result.painted[i]),
        CEILING: lambda i: iter([result.through[i]]),
        TURNED: lambda i: (bodies.turned(p, boxes[i]) for p in result.painted[i]),
        ANOTHER: lambda i: _anothers(result.painted[(i + 1) % n], boxes[(i + 1) % n], boxes[i]),
        TYPICAL: lambda i: iter([result.typical[i]]),
        TINTED: lambda i: iter([result.tinted[i]]),
        OTHER: lambda i: iter([result.pairs.pictures[i, ::-1]]),
    }
    figures = {}
    for name, made in series.items():
        cars = [[compared(result.pairs, i, pair) for pair in made(i)] for i in range(n)]
        figures[name] = {
            figure: np.array([np.mean([look[figure] for look in looks]) for looks in cars])
            for figure in cars[0][0]
        }
    return figures


def _anothers(painted: np.ndarray, of: Box, into: Box) -> Iterator[np.ndarray]:
    """Another car's painted pairs (K, 2, H, W, 3), its box stretched over this one's."""
    for pair in painted:
        yield np.stack([bodies.moved(picture, of, into) for picture in pair])
