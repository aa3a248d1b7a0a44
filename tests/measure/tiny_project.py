"""A tiny project with a real pipeline, judges let in, samples, renders with light, captures."""

import inspect
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml
from tiny import ROOT, light_up
from tiny_judges import make_judged_place
from tiny_samples import FEW, make_pipeline, small_files

from gen.capture.batch import capture_all
from gen.capture.weights import Choice, opener, revision_of
from gen.core import inputs, store
from gen.core.measured import Measurement, Row
from gen.measure import (
    ball,
    chrome,
    colour,
    copied,
    decided,
    elsewhere,
    guidance,
    means,
    mixing,
    picking,
    places,
    quiz,
    raised,
    repaint,
    runner,
    shape,
    under,
    where,
    word,
)
from gen.measure.kit import cells, linear_light, mirrors, sentences, turns, two_worlds, unnamed
from gen.measure.kit.project import Project
from gen.study.judging import judges
from gen.study.scoring import layouts, score, table

SMALL = {  # how many of a thing an experiment takes: here as few as show its design
    (colour, "STEPS"): 3,
    (word, "SEEDS"): 2,
    (word, "LOOKS"): 3,
    (decided, "WATCHED"): 3,
    (guidance, "PROMPTS"): 2,
    (guidance, "NOISES"): 2,
    (picking, "PICKED"): 2,
    (picking, "CANDIDATES"): 3,
    (mixing, "WINDOWS"): 2,
    (copied, "COUNT"): 4,
    (repaint, "NOISES"): 2,
    (repaint, "STEPS"): 2,
    (repaint, "AT_ONCE"): 2,
    (chrome, "LARGER"): 1,
    (chrome, "SAMPLES"): 1,
    (quiz, "CARS"): 2,
    (quiz, "LARGER"): 1,
    (quiz, "SAMPLES"): 1,
    (quiz, "SKY"): 256,
    (ball, "WORLDS"): {"desert": "desert"},
    (ball, "EACH"): 2,
    (ball, "TURNS"): 2,
    (ball, "FACE"): 16,
    (ball, "WIDE"): 360,
    (ball, "LOOKED"): (24, 16),
    (ball, "SHOWN"): (48, 32),
    (mirrors, "CARS"): 2,
    (means, "PROMPTS"): 2,
    (means, "COUNT"): 4,
    (means, "STEPS"): 3,
    (means, "LOOKS"): (0, 1),
    (sentences, "FRAMES"): sentences.FRAMES[:1] + sentences.FRAMES[-1:],
    (places, "STEPS"): 3,
    (places, "LATE"): 2,
    (elsewhere, "NOISES"): 3,
    (where, "EACH"): 1,
    (where, "ROUNDS"): 3,
    (raised, "COUNT"): 8,
    (under, "NOISED"): 3,
    (under, "STEPS"): 3,
    (under, "LOOKS"): (0, 1),
    (shape, "FITTED"): 5,
    (shape, "TESTED"): 3,
    (shape, "GENERATED"): 2,
    (shape, "LOOKS"): 2,
    (turns, "NOISES"): 2,
    (turns, "WORLDS"): turns.WORLDS[:2],
    (turns, "PAINTS"): turns.PAINTS[:2],
    (turns, "VIEWS"): turns.VIEWS[:2],
    (cells, "CELLS"): 6,
    (unnamed, "FINISH"): "glossy",  # of eight samples none is a mirror without a world
    (two_worlds, "SCENES"): 2,
    (two_worlds, "AT_ONCE"): 2,
    (linear_light, "SHARDS"): 1,
    (linear_light, "WINDOWS"): 2,
    (linear_light, "AT_ONCE"): 1,
}
CAPTURED = ("chrome-studio", "glossy-red-studio")  # ideas


@contextmanager
def small() -> Iterator[None]:
    """Few of everything, while it lasts."""
    with small_files(), pytest.MonkeyPatch.context() as patch:
        for (module, name), value in SMALL.items():
            patch.setattr(module, name, value)
        yield


# ---- the project -----------------------------------------------------------------------------


def make_project(folder: Path) -> Path:
    """Make it under a folder, which is its cache as well; returns its root."""
    place = make_judged_place(folder)
    make_pipeline(place, "study", 0)
    root = place / "project"
    _sources(place, root)
    light_up(place)
    shutil.copytree(place / "renders", place / "apart")
    shutil.move(place / "apart", place / "renders")
    project = project_of(root)
    _scored(project)
    layouts.write(root, layouts.draw(project.recipe, project.cache, 0, 4, project.report))
    _capture(root, project.inputs)
    return root


def _sources(place: Path, root: Path) -> None:
    ignored = shutil.ignore_patterns("models")
    shutil.copytree(ROOT / "sources", root / "sources", ignore=ignored)
    _few_prompts(root / "sources/prompts.yml")
    study = yaml.safe_load((place / "study.yml").read_text("utf-8"))
    study["score"] = FEW.model_dump()
    study["render"]["samples"] = 1
    _write(root / "sources/study.yml", study)
    models = root / "sources/models"
    shutil.copytree(place / "study", models / "study")
    _let_in(place / "judges/judging.safetensors", models / "judges")
    entries = yaml.safe_load((root / "sources/models.yml").read_text("utf-8"))
    entries["study"]["revision"] = revision_of(models / "study")
    entries["study"]["defaults"] |= {"width": 64, "height": 64, "steps": 2}
    entries["study"]["latent_map"]["steps"] = 2
    _write(root / "sources/models.yml", entries)


def _few_prompts(path: Path) -> None:
    """Two ideas, and two comparisons, by words and by noise, of all but the last."""
    asked = yaml.safe_load(path.read_text("utf-8"))
    compared = {id: c for id, c in asked["comparisons"].items() if c["varies"] in ("text", "seed")}
    for comparison in compared.values():
        comparison["values"]["study"].pop()
    known = {*CAPTURED, *(comparison["idea"] for comparison in compared.values())}
    ideas = {id: idea for id, idea in asked["ideas"].items() if id in known}
    _write(path, asked | {"ideas": ideas, "comparisons": compared})


def _write(path: Path, entries: dict) -> None:
    path.write_text(yaml.safe_dump(entries, sort_keys=False), "utf-8")


def _let_in(trained: Path, folder: Path) -> None:
    """Three steps of training make no judge; experiments need two sets that they may lean on."""
    folder.mkdir(parents=True)
    shutil.copy(trained, folder)
    jury = judges.load(folder, "judging")
    for which, value in (("judging", 0.95), ("choosing", 0.96)):
        jury.accuracies = tuple(
            replace(a, value=value, low=0.94, high=0.97) if a.unit in ("share", "IoU") else a
            for a in jury.accuracies
        )
        judges.write(folder / f"{which}.safetensors", jury, {})
    judges.write(trained.parent / "apart.safetensors", jury, {"trained_on": 7})


def _scored(project: Project) -> None:
    sources, cache = project.root / "sources", project.cache
    recipe = replace(project.recipe, render=replace(project.recipe.render, samples=1))
    made = score.score(
        recipe, sources / "models/study", sources / "models/judges", cache, lambda *count: None
    )
    table.write(sources / "models/study/score.json", made)


def _capture(root: Path, read: inputs.Inputs) -> None:
    jobs = [(prompt, read.model("study")) for prompt in read.prompts if prompt.model == "study"]
    capture_all(root, jobs, opener(root, Choice()), lambda event: None)


def project_of(root: Path) -> "Recorder":
    """The project as a command would open it."""
    return Recorder(root, root.parent, inputs.read(root), lambda what, done, of: None)


# ---- what an experiment does in it -----------------------------------------------------------


@dataclass(frozen=True)
class Generation:
    """Pictures that an experiment had the model paint."""

    prompts: tuple[str, ...]
    seeds: tuple[int, ...]
    guidance: float
    pictures: np.ndarray


@dataclass(frozen=True)
class Recorder(Project):
    """A project that writes down what pictures it was asked for, and makes them as ever."""

    generations: dict[str, Generation] = field(default_factory=dict)

    def generated(self, name, prompts, seeds, guidance) -> np.ndarray:
        pictures = super().generated(name, prompts, seeds, guidance)
        self.generations[name] = Generation(tuple(prompts), tuple(seeds), guidance, pictures)
        return pictures


@dataclass(frozen=True)
class Made:
    """A measurement that was made: what it computed from, what it had painted, its record."""

    handed: dict[str, Any]  # from `of` to `run`, by parameter
    generations: dict[str, Generation]
    measurement: Measurement
    said: str

    @property
    def rows(self) -> dict[str, Row]:
        return {row.name: row for row in self.measurement.rows}


def make(project: Recorder, experiment: ModuleType) -> Made:
    """Make a measurement as the command does, looking on."""
    project.generations.clear()
    handed: dict[str, Any] = {}
    said: list[str] = []
    run = experiment.run

    def watched(*args, **more):
        bound = inspect.signature(run).bind(*args, **more)
        bound.apply_defaults()
        handed.update(bound.arguments)
        return run(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "run", watched)
        runner.measure_all(project, [experiment.ID], said.append, force=False)
    measurement = store.read_measurement(project.root, experiment.ID)
    return Made(handed, dict(project.generations), measurement, *said)


def handed_over(project: Recorder, experiment: ModuleType) -> dict[str, Any]:
    """What `of` would hand to `run`, without computing it."""
    handed: dict[str, Any] = {}

    def stop(*args, **more):
        bound = inspect.signature(run).bind(*args, **more)
        bound.apply_defaults()
        handed.update(bound.arguments)

    run = experiment.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "run", stop)
        experiment.of(project)
    return handed


def doubting(project: Recorder, *names: str) -> Recorder:
    """The same project, whose judging set is under its bound in these readings."""
    other = replace(project, generations={})
    vars(other).update({k: v for k, v in vars(project).items() if k not in vars(other)})
    weak = copy(project.judging)
    weak.accuracies = tuple(
        replace(a, value=0.1, low=0.1, high=0.1) if a.name in names else a for a in weak.accuracies
    )
    vars(other)["judging"] = weak
    vars(other).pop("mask_doubt", None)
    return other
