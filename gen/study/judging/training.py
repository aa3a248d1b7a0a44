"""The third stage, the judges: renders, most of them worn -> what was drawn."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from gen.capture.weights import revision_of
from gen.core.errors import BadInput, ModelError
from gen.study.judging import judges as judging
from gen.study.judging import readings as reading
from gen.study.judging.accuracy import accuracy
from gen.study.judging.judges import Judges, allowed, networks
from gen.study.judging.lesson import Lesson, class_weights, looks
from gen.study.judging.wear import worn
from gen.study.recipe.stages import Which
from gen.study.recipe.whole import Recipe
from gen.study.training.autoencoder import reconstructed
from gen.study.training.checkpoint import CHECKPOINT, Kind, averages, read_state
from gen.study.training.clock import Report
from gen.study.training.dataset import (
    Renders,
    as_input,
    as_pictures,
    read_renders,
    shrunk,
    shuffled,
)
from gen.study.training.loop import CHECKPOINT_EVERY, alone, learn
from gen.study.training.run import Run
from gen.study.training.start import refuse_another

NUMBERS: dict[Which, int] = {  # keep the sets' random numbers apart from each other's
    "choosing": 2,
    "judging": 3,  # the decoder's number too; with another these judges would be others
    "apart": 4,
}
KEPT = Kind("judges", frozenset(f"{which}.safetensors" for which in NUMBERS))
LEVELLED = 256  # renders over which a reader's measures are brought to one scale
SCORED = 96  # held-out renders in a score while training; `save` takes them all


def train_judges(
    recipe: Recipe,
    renders: Path,
    work: Path,
    which: Which,
    report: Report,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    start: Path | None = None,
    pipeline: Path | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
) -> None:
    """Train one set of judges on, as train.train does a stage; `start` is a folder of kept sets.

    With the folder of a trained pipeline, some renders are seen as its autoencoder gives them back,
    too: what the study model draws has passed through it. Raises BadInput without renders and for
    a `start` of another training, ModelError for a checkpoint of another shape or in use.
    """
    place = work / stage_name(which)
    with alone(place) as accelerator:
        origin: dict[str, str] = {}
        if start is not None:
            path = judging.place_of(start, which)
            origin[which] = revision_of(path)
            refuse_another(place, start, origin, read_state(path))
        dataset = _renders(recipe, renders, which)
        stage = JudgesStage(recipe, dataset, which, pipeline)
        stage.model.to(accelerator.device)
        run = Run(stage, recipe.train.average)
        if not run.resume(place) and start is not None:
            run.begin(start, origin)
        learn(run, accelerator, place, report, minutes, steps, checkpoint_every)


def save(recipe: Recipe, renders: Path, work: Path, which: Which, folder: Path) -> Judges:
    """Keep the averaged weights in half precision, with their accuracy on held-out renders.

    Raises ModelError before training, BadInput for a folder of anything else.
    """
    KEPT.refuse_other(folder)
    place = work / stage_name(which)
    weights, state = averages(place, "jury"), read_state(place / CHECKPOINT)
    dataset = _renders(recipe, renders, which)
    judges = _judges(recipe, dataset)
    judges.jury.load_state_dict({name: w.half().float() for name, w in weights.items()})
    judges.accuracies = accuracy(judges, dataset)
    header = {name: state[name] for name in ("step", "seconds", "renders")}
    header |= {"which": which, "trained_on": len(pool(dataset, which))}
    judging.write(folder / f"{which}.safetensors", judges, header)
    return judges


def stage_name(which: Which) -> str:
    """Of the stage, and of its folder under work/."""
    return f"judges-{which}"


def pool(renders: Renders, which: Which) -> np.ndarray:
    """The renders that a set learns from: even seeds choose, odd ones judge; none is held out.

    Judges apart have a folder of their own, and learn from all that is there.
    """
    if which == "apart":
        return renders.trained
    odd = np.array([s.seed % 2 for s in renders.scenes])
    return renders.trained[odd[renders.trained] == (which == "judging")]


def _renders(recipe: Recipe, folder: Path, which: Which) -> Renders:
    """What a set learns from lies in. Raises BadInput where there is none."""
    place = folder / "apart" if which == "apart" else folder
    return read_renders(place, recipe.render, recipe.train.held_out_every)


def _judges(recipe: Recipe, renders: Renders) -> Judges:
    """With random weights."""
    known, size = reading.classes(recipe.render), renders.pictures.shape[1:3]
    jury = networks(recipe.judges, known, size).requires_grad_(False)
    return Judges(jury, recipe.judges, known, size)


class JudgesStage:
    """Renders of one half of the seeds, mirrored and worn, and what was drawn in each."""

    def __init__(self, recipe: Recipe, renders: Renders, which: Which, pipeline: Path | None):
        self.recipe, self.renders, self.source = recipe.judges, renders, renders.source
        self.name, self.number, self.seed = stage_name(which), NUMBERS[which], recipe.train.seed
        self.pool = pool(renders, which)
        if not len(self.pool):
            raise BadInput(
                f"no renders to train {self.name} on; run python -m gen study render 0 2000"
            )
        self.pace, self.batch_size = self.recipe.pace, self.recipe.batch
        torch.manual_seed(self.seed + self.number)
        self.judges, self.which = _judges(recipe, renders), which
        self.pictures = shrunk(renders.pictures, self.recipe.shrink)
        self.bodies = shrunk(renders.bodies[..., None], self.recipe.shrink)[..., 0]
        height, width = self.bodies.shape[1:]
        self.labels = reading.labels(renders.scenes, self.judges.known)
        self.sky = reading.sky(renders.scenes, width / height)
        weights = class_weights(self.labels[self.pool], self.judges.known)
        self._level()
        self.model = Lesson(self.judges.jury, weights, self.recipe.mask_share)
        self.reconstructed = self._reconstructed(pipeline)
        few = np.linspace(0, len(renders.held_out) - 1, SCORED).astype(int)
        self.scored = renders.held_out[np.unique(few)]
        self.shape = {
            "widths": self.recipe.model_dump(include={"mask", "hidden", "features"}),
            "classes": {kind: list(names) for kind, names in asdict(self.judges.known).items()},
            "size": [height, width],
        }

    def load(self, folder: Path) -> None:
        """Begin with a kept set of the folder. Raises ModelError for one of another shape."""
        kept = judging.load(folder, self.which).jury.state_dict()
        own = self.judges.jury.state_dict()
        if {n: w.shape for n, w in kept.items()} != {n: w.shape for n, w in own.items()}:
            raise ModelError(
                f"--from {folder}: has judges of another shape than sources/study.yml asks for; "
                "begin without it"
            )
        self.judges.jury.load_state_dict(kept)

    def _level(self) -> None:
        """What readers measure varies by one over some renders; all else in them is learned."""
        jury, some = self.judges.jury.requires_grad_(True), self.pool[:LEVELLED]
        x, bodies = as_input(self.pictures[some]), self.bodies[some]
        for reader, seen in zip(jury.readers(), looks(x, *self._seen(None, bodies)), strict=True):
            reader.level(seen)
            for fixed in (reader.shift, reader.scale):
                fixed.requires_grad_(False)

    def _reconstructed(self, pipeline: Path | None) -> dict[int, np.ndarray]:
        """Some renders as the autoencoder gives them back, by their index."""
        if pipeline is None:
            return {}
        vae = AutoencoderKL.from_pretrained(pipeline / "vae", dtype=torch.float32)
        some = self.pool[: self.recipe.reconstructed]
        pictures, by = self.renders.pictures, self.recipe.shrink
        through = (shrunk(reconstructed(vae, pictures[i : i + 1]), by)[0] for i in some)
        return dict(zip(some.tolist(), through, strict=True))

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """What Lesson takes."""
        rng = np.random.default_rng([self.seed, self.number, step, process])
        torch.manual_seed(int(rng.integers(2**62)))  # for what the networks drop
        first = (step * processes + process) * self.batch_size
        which = shuffled(self.seed + self.number, self.pool, first, self.batch_size)
        pictures = np.stack([self._picture(rng, int(i)) for i in which])
        bodies, sky = self.bodies[which], self.sky[which].copy()
        mirrored = rng.random(len(which)) < 0.5
        for layer in (pictures, bodies):
            layer[mirrored] = layer[mirrored, :, ::-1]
        sky[mirrored, 0] *= -1  # what stood to the right stands to the left
        body, background = self._seen(rng, bodies)
        cover = torch.from_numpy(bodies)[:, None].float() / 255
        labels = torch.from_numpy(self.labels[which])
        return as_input(pictures), cover, body, background, labels, torch.from_numpy(sky)

    def _picture(self, rng: np.random.Generator, index: int) -> np.ndarray:
        """A render (H, W, 3): as it is, worn, or as the autoencoder gives it back."""
        picture = self.pictures[index]
        if rng.random() < self.recipe.clean:
            return picture
        if index in self.reconstructed and rng.random() < 0.5:
            picture = self.reconstructed[index]
        return worn(rng, picture)

    def _seen(self, rng: np.random.Generator | None, bodies: np.ndarray) -> tuple[Tensor, Tensor]:
        """What the judges of parts may see: margins vary, as the edges of read masks do."""
        inside, outside = self.recipe.body_margin, self.recipe.background_margin
        if rng is not None:
            inside += int(rng.integers(-1, 2))  # a pixel more or less
            outside = int(rng.integers(1, 2 * outside))
        return (
            allowed(bodies, "body", inside),
            allowed(bodies, "background", outside),
        )

    def score(self) -> dict[str, float]:
        """Shares and errors on held-out renders."""
        rows = accuracy(self.judges, self.renders, self.scored)
        return {row.name: round(row.value, 4) for row in rows if row.of == "all"}

    def sheet(self) -> list[np.ndarray]:
        """Six held-out renders, under each its bodywork as found and what the two parts show."""
        pictures = self.renders.pictures[self.scored[:6]]
        mask = self.judges.read(pictures).mask
        parts = [
            as_pictures(as_input(pictures) * allowed(mask, of, self.recipe.margin(of)))
            for of in ("body", "background")
        ]
        return [pictures, np.repeat(mask[..., None], 3, axis=-1), *parts]
