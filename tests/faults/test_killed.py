"""SIGKILL at fifty seeded moments: what is in place is whole, and going on ends as undisturbed."""

import shutil
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the train install")

from killing import kills, quickest, seconds
from tiny import checkpoint, equal, light_up, make_place, recipe_of

from gen.capture import batch
from gen.core import inputs, store
from gen.core.canonical import digest
from gen.core.errors import BrokenRecord, MissingRecord
from gen.measure import colour, runner
from gen.measure.kit import linear_light as light
from gen.measure.kit.project import Project
from gen.study.training import train
from gen.study.training.checkpoint import CHECKPOINT, read_state

ROOT = Path(__file__).parents[2]
CAPTURES, MEASURES, TRAININGS = 24, 13, 13  # kills of each
fork = get_context("fork")  # a child that has the pipeline already
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork, from 3.12


def quiet(*_: object) -> None:
    """Tells nobody."""


def contents(folder: Path) -> dict[str, str]:
    """Digests of all that is seen in a folder, but for what knows the clock."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    seen = (p for p in paths if p.name != store.MADE and "/." not in f"/{p.relative_to(folder)}")
    return {str(path.relative_to(folder)): digest(path.read_bytes()) for path in seen}


def child(work, *arguments: object):
    """A process at work, forked from this one."""
    process = fork.Process(target=work, args=arguments)
    process.start()
    return process


def test_captures(tiny_project, tiny_pipe, tiny_prompt, tiny_model):
    red = replace(tiny_prompt, id="red-tiny", text="a red car", steps=2)
    jobs = [(replace(tiny_prompt, steps=2), tiny_model), (red, tiny_model)]

    def work(root: Path) -> None:
        batch.capture_all(root, jobs, lambda model: tiny_pipe, quiet, force=True)

    whole, root = tiny_project / "whole", tiny_project / "killed"
    work(whole)  # here, so that children have imported all that it needs
    lasts = quickest(partial(child, work, whole))
    died = 0
    for one in kills(partial(child, work, root), 1, CAPTURES, lasts):
        died += one
        for key in store.keys(root):
            store.read(root, key)  # raises where it is not whole
    batch.capture_all(root, jobs, lambda model: tiny_pipe, quiet)
    assert contents(root / store.CAPTURES) == contents(whole / store.CAPTURES)
    assert died > CAPTURES / 2
    assert not list((root / store.CAPTURES).glob(".*")), "what killed runs left is gone"


def test_measurements(tmp_path, monkeypatch):
    place = make_place(tmp_path)
    monkeypatch.setattr(light, "SHARDS", 1)
    monkeypatch.setattr(colour, "STEPS", 3)
    light_up(place)
    whole, root = place / "whole", place / "killed"
    for project in (whole, root):
        ignored = shutil.ignore_patterns("models")
        shutil.copytree(ROOT / "sources", project / "sources", ignore=ignored)
        shutil.copy(place / "study.yml", project / "sources" / "study.yml")
    sources = inputs.read(ROOT)

    def work(project: Path, force: bool = True) -> None:
        made = Project(project, place, sources, quiet)
        runner.measure_all(made, ["colour"], quiet, force)

    work(whole)
    lasts = quickest(partial(child, work, whole))
    died = 0
    for one in kills(partial(child, work, root), 2, MEASURES, lasts):
        died += one
        try:
            store.read_measurement(root, "colour")
        except (MissingRecord, BrokenRecord):
            continue  # between its chart and its record: made again, as the next run finds
    work(root, force=False)
    assert contents(root / store.MEASUREMENTS) == contents(whole / store.MEASUREMENTS)
    assert died > MEASURES / 2


def learn(place: Path, folder: str, steps: int) -> None:
    """Trains the tiny autoencoder on, with a checkpoint after every step."""
    import torch

    torch.set_num_threads(1)
    renders, work = place / "renders", place / folder
    train.train(
        "autoencoder", recipe_of(place), renders, work, quiet, steps=steps, checkpoint_every=0
    )


def test_checkpoints_of_a_training(tmp_path, monkeypatch):
    """From a server that has torch but never ran a gradient: a fork could not, after that."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'tests'}:{ROOT / 'tests' / 'faults'}")
    server = get_context("forkserver")
    server.set_forkserver_preload(["test_killed"])
    place, steps = make_place(tmp_path / "place"), 5

    def start(folder: str):
        process = server.Process(target=learn, args=(place, folder, steps))
        process.start()
        return process

    seconds(partial(start, "warm"))  # the server itself starts
    lasts = seconds(partial(start, "whole"))
    path, done = place / "work" / "autoencoder" / CHECKPOINT, 0
    for _ in kills(partial(start, "work"), 3, TRAININGS, lasts):
        if path.exists():
            step = read_state(path)["step"]
            assert done <= step <= steps, "no step is lost that was kept"
            done = step
    seconds(partial(start, "work"))
    assert equal(checkpoint(place, "autoencoder"), checkpoint(place, "autoencoder", "whole"))
