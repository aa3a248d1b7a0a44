"""<cache>/samples/: scenes that training never saw, rendered, and drawn by a pipeline from words.

Renders lie in renders-<key>/, a pipeline's pictures in <key>/, a batch to a file. Each file is put
in place whole, so what was stopped goes on and ends as the same set.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import load_file

from gen.capture.weights import load, revision_of
from gen.core.canonical import canonical, digest
from gen.core.counting import Counting
from gen.core.errors import BadInput, ModelError
from gen.core.sources import LatentMap, Model
from gen.study.model.pipeline import generate
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.train import ScoreRecipe
from gen.study.scoring.prompts import HELD_OUT, ORDINARY, Sample, all_samples
from gen.study.training.checkpoint import alone_in, read_state, write_tensors
from gen.study.world import shards

FORMAT = 1  # raised when a file's contents change: what was kept is then made anew
BATCH = 10  # pictures in one file: little is lost when a run stops


@dataclass(frozen=True)
class Samples:
    """Samples as a pipeline drew them, beside renders of the same scenes."""

    key: str
    entries: tuple[Sample, ...]
    pictures: np.ndarray  # generated, (N, H, W, 3) uint8
    renders: np.ndarray  # held-out renders of the same scenes, (N, H, W, 3) uint8
    bodies: np.ndarray  # (N, H, W) uint8: bodywork of the renders, 255 where it fills the pixel
    seconds: float | None  # per generated image, as made; None where unknown


@dataclass(frozen=True)
class Request:
    """Who is asked for samples, and how; None stands for the recipe's guidance and all samples."""

    recipe: RenderRecipe
    score: ScoreRecipe
    pipeline: Path  # a folder that diffusers reads
    guidance_scale: float | None = None  # 1 asks without guidance
    count: int | None = None  # the first few

    @cached_property
    def every(self) -> tuple[Sample, ...]:
        """All samples, wanted or not."""
        return all_samples(self.recipe, self.score)

    @property
    def wanted(self) -> tuple[Sample, ...]:
        """The samples that are asked for."""
        return self.every[: self.count]

    @property
    def guidance(self) -> float:
        """The guidance scale that holds."""
        own = self.guidance_scale
        return self.score.guidance_scale if own is None else own

    @cached_property
    def revision(self) -> str:
        """The sha256 of the pipeline's files. Raises ModelError where it is not there."""
        return _revision(self.pipeline)

    @cached_property
    def key(self) -> str:
        """Names the pictures: a hash of all that decides them; how many are wanted does not."""
        parts = {
            "renders": self.renders_key,
            "prompts": [sample.prompt for sample in self.every],
            "seeds": [sample.seed for sample in self.every],
            "revision": self.revision,
            "steps": self.score.steps,
            "guidance_scale": self.guidance,
            "eta": self.score.eta,
            "batch": BATCH,
        }
        return _hash(parts)

    @cached_property
    def renders_key(self) -> str:
        """Names the renders: another wording of captions leaves them as they are."""
        look = asdict(self.render_recipe)
        del look["captions"]
        # JSON's keys are sorted: what their order decides is told by what was drawn
        meanings = [sample.scene.meaning() for sample in self.every]
        return _hash({"format": FORMAT, "recipe": look, "meanings": meanings})

    @property
    def render_recipe(self) -> RenderRecipe:
        """The recipe of the renders: no windows, and every shard keeps linear light."""
        return replace(self.recipe, window=0.0, full_every=1)


def _revision(pipeline: Path) -> str:
    if not (pipeline / "model_index.json").is_file():
        raise ModelError(
            f"{pipeline}: has no model_index.json; give a pipeline's folder, as "
            "python -m gen study train pipeline --to FOLDER makes it"
        )
    return revision_of(pipeline)


def _hash(parts: dict) -> str:
    return digest(canonical(parts))[:16]


def make(request: Request, folder: Path, counting: Counting, device: str | None = None) -> Samples:
    """Render and generate what is missing under <cache>/samples, then read it all.

    Raises ModelError for a pipeline that cannot be loaded, BadInput where another run is at work.
    """
    place = folder / request.key
    with alone_in(place, BadInput(f"{place}: another run makes these samples; wait, or stop it")):
        render(request, folder, counting)
        _draw(request, place, counting, device)
    return read(request, folder)


def render(request: Request, folder: Path, counting: Counting) -> None:
    """Every sample's render that is not there under <cache>/samples, whatever is wanted now.

    Other pipelines will be compared with them.
    """
    counts = ((ORDINARY, request.score.ordinary), (HELD_OUT, request.score.held_out))
    out, done = folder / f"renders-{request.renders_key}", 0
    for first, count in counts:
        for _ in shards.render_range(request.render_recipe, out, first, count, first == HELD_OUT):
            done += shards.SHARD
            counting("renders", done, len(request.every))


def _draw(request: Request, place: Path, counting: Counting, device: str | None) -> None:
    """Whole batches, though the last of them may go beyond what is wanted."""
    numbers = [n for n in _batches(request) if not _file(place, n).exists()]
    if not numbers:
        return
    pipe = open_pipeline(request.pipeline, device)
    for done, number in enumerate(numbers, 1):
        batch = request.every[number * BATCH : (number + 1) * BATCH]
        began = time.perf_counter()
        pictures = generate(
            pipe,
            [sample.prompt for sample in batch],
            [sample.seed for sample in batch],
            steps=request.score.steps,
            guidance_scale=request.guidance,
            eta=request.score.eta,
            height=request.recipe.height,
            width=request.recipe.width,
        )
        seconds = round((time.perf_counter() - began) / len(batch), 3)
        tensors = {"pictures": torch.from_numpy(pictures)}
        write_tensors(_file(place, number), tensors, {"seconds": seconds})
        counting("pictures", BATCH * done, BATCH * len(numbers))


def _batches(request: Request) -> range:
    return range(-(-len(request.wanted) // BATCH))


def _file(place: Path, number: int) -> Path:
    return place / f"pictures-{number:04d}.safetensors"


def open_pipeline(folder: Path, device: str | None = None) -> StableDiffusionPipeline:
    """The pipeline of a folder in single precision, whatever its revision. Raises ModelError."""
    itself = Model(
        id=folder.name,
        title=folder.name,
        kind="folder",
        location=folder.name,
        revision=_revision(folder),
        required=False,
        latent_map=LatentMap((), 1),
    )
    return load(itself, folder, folder, device, torch.float32)


def read(request: Request, folder: Path) -> Samples:
    """What was made. Raises BadInput, with the command that makes them, where some are missing."""
    place, renders = folder / request.key, folder / f"renders-{request.renders_key}"
    files = [_file(place, number) for number in _batches(request)]
    rendered = sorted({_shard(renders, sample, request) for sample in request.wanted})
    missing = [path for path in (*rendered, *files) if not path.exists()]
    if missing:
        raise BadInput(
            f"{missing[0]}: is not there, nor are {len(missing) - 1} other files of these samples; "
            "run python -m gen study score"
        )
    pictures = np.concatenate([load_file(path)["pictures"].numpy() for path in files])
    seconds = round(float(np.median([read_state(path)["seconds"] for path in files])), 3)
    wanted = request.wanted
    layers = _layers(rendered, wanted)
    return Samples(request.key, wanted, pictures[: len(wanted)], *layers, seconds)


def by_shard(
    request: Request, folder: Path, names: Sequence[str]
) -> Iterator[tuple[Sample, Mapping[str, np.ndarray]]]:
    """Every wanted sample with these arrays of its render, as shards keep them: a shard's together.

    The renders must be there, as `render` makes them.
    """
    renders = folder / f"renders-{request.renders_key}"
    paths = {sample.seed: _shard(renders, sample, request) for sample in request.wanted}
    for path in sorted(set(paths.values())):
        with np.load(path, allow_pickle=False) as shard:
            seeds = [json.loads(text)["seed"] for text in shard["scene"].tolist()]
            arrays = {name: shard[name] for name in names}
        for sample in (s for s in request.wanted if paths[s.seed] == path):
            at = seeds.index(sample.seed)
            yield sample, {name: array[at] for name, array in arrays.items()}


def _shard(renders: Path, sample: Sample, request: Request) -> Path:
    return shards.shard_path(
        renders, request.render_recipe, sample.seed // shards.SHARD * shards.SHARD
    )


def _layers(rendered: Sequence[Path], wanted: Sequence[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Picture and body of each sample's render."""
    by_seed: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for path in rendered:
        with np.load(path, allow_pickle=False) as shard:
            seeds = [json.loads(text)["seed"] for text in shard["scene"].tolist()]
            layers = zip(shard["picture"], shard["body"], strict=True)
            by_seed |= dict(zip(seeds, layers, strict=True))
    pictures, bodies = zip(*(by_seed[sample.seed] for sample in wanted), strict=True)
    return np.stack(pictures), np.stack(bodies)
