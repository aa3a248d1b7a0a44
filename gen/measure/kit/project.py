"""What measurements are made from, each read or made when first asked for, and its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from gen.capture.denoise import alike
from gen.capture.weights import load, revision_of
from gen.core.canonical import canonical, digest
from gen.core.counting import Counting
from gen.core.disk import make_folder
from gen.core.errors import BadInput, BuildError
from gen.core.measured import captures_key, model_key
from gen.core.records import Capture
from gen.core.sources import STUDY, Inputs, Model, Prompt
from gen.measure.kit import linear_light as light
from gen.measure.kit import mirrors, two_worlds
from gen.measure.kit.captures import all_captures
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH, Layer, in_parts
from gen.study.judging import judges
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.recipe.whole import Recipe, read_recipe
from gen.study.scoring import layouts, samples
from gen.study.scoring import table as score_table
from gen.study.scoring.layouts import Layouts
from gen.study.scoring.samples import Request, Samples
from gen.study.scoring.table import Score
from gen.study.training.autoencoder import reconstructed
from gen.study.training.checkpoint import write_array
from gen.study.training.dataset import Renders, read_renders, read_scenes

if TYPE_CHECKING:  # see capture/denoise.py
    from diffusers import StableDiffusionPipeline


@dataclass(frozen=True)
class Project:
    """A project, its cache, and the samples, judges, renders and pipeline that they hold.

    Whatever is not there raises BadInput or ModelError with the command that makes it.
    """

    root: Path
    cache: Path
    inputs: Inputs
    report: Counting
    device: str | None = None

    def key(self, need: str) -> str:
        """The key of one thing that is needed; raises if it cannot be named."""
        return {
            "light": lambda: light.lit_key(self.recipe.render),
            "windows": lambda: light.windows_key(self.recipe.render, self._every),
            "two-worlds": lambda: two_worlds.pairs_key(self.recipe.render, self._every),
            "mirrors": lambda: mirrors.mirrors_key(self.recipe.render, self._every),
            "samples": lambda: self.request.key,
            "requests": lambda: self.request.key,
            "scenes": lambda: self.request.renders_key,
            "judging": lambda: self._revision("judging"),
            "choosing": lambda: self._revision("choosing"),
            "apart": lambda: self._revision("apart", self._apart),
            "layouts": lambda: self.layouts.key,
            "model": lambda: model_key(*self._painter),
            "score": lambda: digest(canonical(asdict(self.score)))[:16],
            "training": lambda: self._drawn("renders"),
            "unseen": lambda: self._drawn("renders/apart"),
            "recipe": lambda: digest(canonical(asdict(self.recipe.render)))[:16],
            "captures": lambda: captures_key(self.captures),
        }[need]()

    def missing(self, need: str) -> str | None:
        """Why one thing is not there, with the command that makes it; None where it is."""
        try:
            self.key(need)
            if need == "samples":  # their key says what they would be, not that they are
                samples.read(self.request, self.cache / "samples")
        except BuildError as error:
            return str(error)
        return None

    def has(self, needs: Sequence[str]) -> bool:
        """Whether all of it is there."""
        return not any(self.missing(need) for need in needs)

    @cached_property
    def model(self) -> Model:
        """The study model as models.yml pins it."""
        return self.inputs.model(STUDY)

    @cached_property
    def prompt(self) -> Prompt:
        """A prompt to be given other words and noise, with the settings that all is measured at.

        They are the score's.
        """
        first, how = next(p for p in self.inputs.prompts if p.model == STUDY), self.recipe.score
        return replace(first, steps=how.steps, guidance_scale=how.guidance_scale, eta=how.eta)

    @cached_property
    def recipe(self) -> Recipe:
        """sources/study.yml."""
        return read_recipe(self.root / "sources" / "study.yml")

    @cached_property
    def request(self) -> Request:
        """The samples that `study score` makes."""
        return Request(self.recipe.render, self.recipe.score, self.root / self.model.location)

    @cached_property
    def captures(self) -> dict[str, Capture]:
        """What is kept of every prompt of every model, by key."""
        captures = all_captures(self.root, self.inputs)
        if not captures:
            raise BadInput("docs/captures: holds none that is asked for; run python -m gen capture")
        return captures

    @cached_property
    def lit(self) -> light.Lit:
        """Renders with their light."""
        return light.lit(self.cache / "renders", self.recipe.render)

    @cached_property
    def windows(self) -> light.Windows:
        """Renders through a window, rendered now where they are not kept."""
        place, report = self.cache / "windows", self.telling("windows rendered")
        return light.windows(place, self.recipe.render, self._every, report)

    def two_worlds(self, finish: str) -> two_worlds.Pairs:
        """Cars of one finish in two worlds, rendered now where they are not kept."""
        place, report = self.cache / "two-worlds", self.telling(f"{finish}, two worlds: cars")
        return two_worlds.pairs(place, self.recipe.render, self._every, finish, report)

    @cached_property
    def samples(self) -> Samples:
        """What `study score` kept."""
        return samples.read(self.request, self.cache / "samples")

    @cached_property
    def unguided(self) -> Samples:
        """The first of them, drawn from the same noise without guidance: as `study score` kept."""
        few = replace(self.request, guidance_scale=1.0, count=self.recipe.score.variant)
        return samples.read(few, self.cache / "samples")

    @cached_property
    def score(self) -> Score:
        """What `study score` found of the model and its judges as they are now, or BadInput."""
        path = self.root / self.model.location / "score.json"
        score = score_table.read(path)
        judged_by = revision_of(self._judges / "judging.safetensors")
        for what, told, now in (
            ("another model's", score.revision, self.request.revision),
            ("of other samples", score.samples, self.request.key),
            ("by other judges", score.judges, judged_by),
        ):
            if told != now:
                raise BadInput(f"{path}: is {what}; run python -m gen study score")
        return score

    @cached_property
    def pipe(self) -> StableDiffusionPipeline:
        """The study model, as pinned, in single precision on any device: its keys name no other."""
        return load(self.model, self.root, device=self.device, dtype=torch.float32)

    @cached_property
    def through(self) -> np.ndarray:
        """The samples' renders through the autoencoder: (N, H, W, 3)."""
        return reconstructed(self.pipe.vae, self.samples.renders)

    @cached_property
    def judging(self) -> Judges:
        """The set that judges what was chosen."""
        return judges.load(self._judges, "judging")

    @cached_property
    def choosing(self) -> Judges:
        """The set that chooses."""
        return judges.load(self._judges, "choosing")

    @cached_property
    def apart(self) -> Judges:
        """Judges that learned from no render that the model learned from; not kept with it."""
        return judges.load(self._apart, "apart")

    @cached_property
    def layouts(self) -> Layouts:
        """How cars lie in pictures that training may see."""
        return layouts.read(self.root, self.recipe.render)

    @cached_property
    def training(self) -> Renders:
        """Everything that the study model learned from, and what was held out."""
        return read_renders(self.cache / "renders", self.recipe.render, self._every)

    @cached_property
    def unseen(self) -> Renders:
        """Renders of the same worlds, of which the study model learned nothing."""
        return read_renders(self.cache / "renders" / "apart", self.recipe.render, self._every)

    def masks(self, pictures: np.ndarray) -> np.ndarray:
        """Bodywork as the judging set finds it in pictures (N, H, W, 3): (N, H, W), see Layer."""
        return in_parts(lambda part: self.judging.read(part).mask, pictures)

    @cached_property
    def mask_doubt(self) -> str:
        """Why these masks may not be leaned on; "" where they may."""
        return doubt(self.judging, "mask")

    def layers(self) -> list[Layer]:
        """The samples, their renders, and these through the autoencoder, with the masks found."""
        series = (
            (GENERATED, self.samples.pictures),
            (RENDERED, self.samples.renders),
            (THROUGH, self.through),
        )
        return [Layer(name, pictures, self.masks(pictures)) for name, pictures in series]

    def generated(
        self, name: str, prompts: Sequence[str], seeds: Sequence[int], guidance: float
    ) -> np.ndarray:
        """Pictures (N, H, W, 3) of the pinned model; kept in the cache by all that decides them."""
        decided_by = [list(prompts), list(seeds), guidance, self.recipe.score.steps]
        return self.made(name, decided_by, lambda: self._draw(name, prompts, seeds, guidance))

    def made(self, name: str, decided_by: list, make: Callable[[], np.ndarray]) -> np.ndarray:
        """What the pinned model makes, kept in the cache by all else that decides it."""
        key = digest(canonical([*decided_by, self._painter]))[:16]
        path = self.cache / "measured" / f"{name}-{key}.npy"
        if not path.exists():
            make_folder(path.parent)  # refused before long work
            write_array(path, make())
        return np.load(path, allow_pickle=False)

    def prompt_with(self, text: str, seed: int) -> Prompt:
        """The study model's defaults with these words and this noise."""
        return replace(self.prompt, text=text, seed=seed)

    def telling(self, what: str) -> Callable[[int, int], None]:
        """A report of how far one thing is."""
        return lambda done, of: self.report(what, done, of)

    def _draw(
        self, name: str, prompts: Sequence[str], seeds: Sequence[int], guidance: float
    ) -> np.ndarray:
        render, at_once = self.recipe.render, samples.BATCH
        parts = [np.zeros((0, render.height, render.width, 3), np.uint8)]
        for first in range(0, len(prompts), at_once):
            some = slice(first, first + at_once)
            parts.append(
                samples.generate(
                    self.pipe,
                    prompts[some],
                    seeds[some],
                    steps=self.recipe.score.steps,
                    guidance_scale=guidance,
                    eta=self.recipe.score.eta,
                    height=render.height,
                    width=render.width,
                )
            )
            self.report(f"{name}: pictures", min(first + at_once, len(prompts)), len(prompts))
        return np.concatenate(parts)

    @property
    def _painter(self) -> list:
        """Who paints, and how wherever a measurement has no settings of its own."""
        return [self.request.revision, asdict(alike(self.prompt))]

    @property
    def _every(self) -> int:
        return self.recipe.train.held_out_every

    @property
    def _judges(self) -> Path:
        return self.root / "sources" / "models" / "judges"

    @property
    def _apart(self) -> Path:
        return self.cache / "judges"

    def _drawn(self, folder: str) -> str:
        """The key of renders, and of which are held out: a seed gives one picture."""
        recipe = self.recipe.render
        seeds = [scene.seed for scene in read_scenes(self.cache / folder, recipe)]
        return digest(canonical([recipe.format, seeds, self._every]))[:16]

    def _revision(self, which: str, place: Path | None = None) -> str:
        getattr(self, which)  # refuses, with the command, where there are none
        return revision_of((place or self._judges) / f"{which}.safetensors")[:16]
