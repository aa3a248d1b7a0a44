"""Measurement 16: does it know the shape? Directions read from activations by a weighted sum."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gen.capture import denoise
from gen.core.measured import Row
from gen.core.sources import Prompt
from gen.measure.kit import activations, probes
from gen.measure.kit.cells import places_on
from gen.measure.kit.noised import TARGETS, Noised, Subject, everywhere
from gen.measure.kit.pictures import FLOOR, slug
from gen.measure.kit.probes import Probe, degrees_off
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.shapes import Shapes, shapes
from gen.study.scoring import samples
from gen.study.training.dataset import as_input, as_pictures
from gen.study.training.latents import body_share, encoded
from gen.study.world import captions
from gen.study.world.scene import Scene

ID, VERSION = "shape", 2
QUESTION = "Does it know the shape?"
METHOD = (
    "Renders that training never saw are noised to {steps} levels of a run and given to the U-Net "
    "with words that name paint and car and nothing else. A linear probe, a weighted sum of what "
    "all its blocks give at a place on the bodywork, is fitted on {fitted} of them to say in which "
    "direction the surface faces there (its normal), in which direction a mirror there would look,"
    " and where the sun stands; on {tested} others it is measured by how many degrees it is off, "
    "averaged over a picture's places. Directions are as the camera sees them. The sun is read "
    "from all places of a picture together, in worlds that have one. Every probe is also told the "
    "place in the picture. Floors: the same network with random weights; the colours of the clean "
    "picture there and around, without any noise; the place alone; and, told outright, which "
    "kind of car it is and from where the camera sees it, with the place between the ends of its "
    "bodywork. In pictures being "
    "painted the truth is not known: there each step's reading of the surface is compared with the"
    " last step's, the floor being another picture's."
)
NEEDS = ("model", "scenes", "judging")
FITTED, TESTED = 300, 150  # renders
GENERATED = 40  # pictures watched while they are painted
LOOKS = 7  # steps of a run, evenly, the first and the last among them
TRAINED, UNTRAINED = "trained network", f"{FLOOR}: untrained network"
COLOURS, WHERE = f"{FLOOR}: the picture's colours", f"{FLOOR}: the place alone"
VIEW = f"{FLOOR}: kind, view and the place on the car"
ANOTHER = f"{FLOOR}: another picture"
SHORT = {TRAINED: "trained", UNTRAINED: "untrained", COLOURS: "colours"}
SHORT |= {WHERE: "place", VIEW: "view"}

Numbers = Mapping[str, np.ndarray]  # by block: (N, C, D)
Degrees = Mapping[str, np.ndarray]  # by target: (tested,), NaN where there is none
ByStep = dict[tuple[str, int], Degrees]  # by series and step
ByBlock = dict[tuple[str, str], np.ndarray]  # of normals, by series and block


@dataclass(frozen=True)
class Found:
    """How far off all probes are: by series and step, by series and block at the middle step.

    `settling` is the same by step for pictures being painted: their own (K,), and the floor.
    """

    by_step: ByStep
    by_block: ByBlock
    finishes: Sequence[str]  # of the renders tested
    settling: Mapping[int, tuple[np.ndarray, np.ndarray]]


def of(project: Project) -> Measured:
    """The first samples' renders, and pictures painted by the same words."""
    request = replace(project.request, count=FITTED + TESTED)
    assert len(request.every) >= FITTED + TESTED, "the recipe asks for more samples"
    samples.render(request, project.cache / "samples", project.report)
    subject = _subject(project, shapes(request, project.cache / "samples"))
    by_step, by_block, reading = _probed(project, subject)
    tested = subject.known.scenes[FITTED:]
    settling = {} if project.mask_doubt else _settling(project, tested, reading)
    finishes = [s.material.finish for s in tested]
    return run(Found(by_step, by_block, finishes, settling), project.mask_doubt)


def _subject(project: Project, known: Shapes) -> Subject:
    with torch.no_grad():
        latents = encoded(project.pipe.vae, as_input(known.pictures))
    words, at = _words(project, known.scenes), places_on(known.bodies)
    seeds = [scene.seed for scene in known.scenes]
    return Subject(known, Noised(project.pipe, project.prompt, latents, words, at, seeds))


def _text(project: Project, subject: Scene) -> str:
    """Paint and car, and nothing of where it stands or how it is seen."""
    rng = np.random.default_rng(subject.seed)
    return captions.caption_of(subject, project.recipe.render, rng, frozenset())


def _words(project: Project, scenes: Sequence[Scene]) -> Tensor:
    texts = [_text(project, scene) for scene in scenes]
    return project.pipe.encode_prompt(texts, project.pipe.device, 1, False)[0].detach()


def steps_of(prompt: Prompt) -> list[int]:
    """The steps looked at, from 1."""
    return sorted({int(s) for s in np.linspace(1, prompt.steps, LOOKS).round()})


def _probed(project: Project, subject: Subject) -> tuple[ByStep, ByBlock, dict[int, Probe]]:
    """Errors by step, by block at the middle one, and of each step the probe of the surface."""
    unet, targets, place = project.pipe.unet, subject.targets(), subject.places()
    networks = {TRAINED: unet, UNTRAINED: activations.untrained(unet)}
    seen = {COLOURS: subject.colours(), WHERE: place, VIEW: subject.seen_from()}
    level = {series: _errors(numbers, targets) for series, numbers in seen.items()}
    steps = steps_of(project.prompt)
    by_step: ByStep = {(s, step): errors for step in steps for s, errors in level.items()}
    by_block: ByBlock = {}
    reading: dict[int, Probe] = {}
    for number, step in enumerate(steps, 1):
        for series, network in networks.items():
            blocks = subject.noised.numbers(network, step)
            whole = np.concatenate([*blocks.values(), place], -1)
            by_step[series, step] = _errors(whole, targets)
            if series == TRAINED:
                reading[step] = probes.fitted(whole[:FITTED], targets["normals"][:FITTED])
            if step == steps[len(steps) // 2]:
                by_block |= _by_block(series, blocks, place, targets["normals"])
        project.report("shape: steps", number, len(steps))
    return by_step, by_block, reading


def _by_block(series: str, blocks: Numbers, place: np.ndarray, normals: np.ndarray) -> ByBlock:
    return {
        (series, name): _errors(np.concatenate([numbers, place], -1), {"": normals})[""]
        for name, numbers in blocks.items()
    }


def _errors(numbers: np.ndarray, targets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Numbers (N, C, D) -> of each target the degrees off, render by render of those tested."""
    errors = {}
    for name, true in targets.items():
        there = ~np.isnan(true[:FITTED, 0, 0])
        probe = probes.fitted(numbers[:FITTED][there], true[:FITTED][there])
        read, tested = probe.read(numbers[FITTED:]), true[FITTED:]
        if name == "sun":
            read, tested = read.mean(1, keepdims=True), tested[:, :1]
        errors[name] = degrees_off(read, tested).mean(1)
    return errors


def _settling(
    project: Project, scenes: Sequence[Scene], reading: Mapping[int, Probe]
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Of each step how far its reading of the surface is from the last one's, and another's."""
    fields, finals = [], []
    for done, scene in enumerate(scenes[:GENERATED], 1):
        prompt = project.prompt_with(_text(project, scene), scene.seed)
        moments = list(denoise.denoise(project.pipe, prompt))
        finals.append(as_pictures(2 * denoise.decode(project.pipe, moments[-1].latents) - 1))
        fields.append(_fields(project, moments, scene, reading))
        project.report("shape: pictures", done, GENERATED)
    at = places_on(body_share(project.masks(np.concatenate(finals))).float().numpy())
    whole = np.stack(fields)  # (K, S, h * w, 3)
    here = [np.take_along_axis(f, at[..., None], 1) for f in whole.swapaxes(0, 1)]
    another = np.take_along_axis(np.roll(whole[:, -1], 1, 0), at[..., None], 1)
    compared = [[degrees_off(f, last).mean(1) for last in (here[-1], another)] for f in here]
    return {step: (own, floor) for step, (own, floor) in zip(reading, compared, strict=True)}


def _fields(
    project: Project,
    moments: Sequence[denoise.Moment],
    scene: Scene,
    reading: Mapping[int, Probe],
) -> np.ndarray:
    """The surface as each step's probe reads it, everywhere: (S, h * w, 3)."""
    unet, words = project.pipe.unet, _words(project, [scene])
    return np.stack([p.read(everywhere(unet, moments[s - 1], words)) for s, p in reading.items()])


# ---- rows ------------------------------------------------------------------------------------


def run(found: Found, doubt: str = "") -> Measured:
    """`doubt` says why bodywork cannot be found in generated pictures: these are then left out."""
    rows = [*_by_step(found), *_gains(found), *_blocks(found), *_finishes(found)]
    rows += _settled(found, doubt)
    steps = len({step for _, step in found.by_step})
    counts = {"fitted": FITTED, "tested": len(found.finishes), "steps": steps}
    return Measured(QUESTION, METHOD.format(**counts), tuple(rows))


def _by_step(found: Found) -> Iterator[Row]:
    for target, title in TARGETS.items():
        for (series, step), errors in found.by_step.items():
            place = Place(f"{title} off by, by step", str(step), series)
            yield mean(f"{target}-{SHORT[series]}-{step}", place, errors[target], "degrees")


def _gains(found: Found) -> Iterator[Row]:
    """How much nearer the trained network's readings are, over all steps, render by render."""
    floors = [series for series in SHORT if series != TRAINED]
    for target, title in TARGETS.items():
        for floor in floors:
            place = Place("Fewer degrees off, over all steps", title, f"than {floor}")
            nearer = _over_steps(found, floor, target) - _over_steps(found, TRAINED, target)
            name, count = f"{target}-nearer-{SHORT[floor]}", len(TARGETS) * len(floors)
            yield mean(name, place, nearer, "degrees", looked_at=count)


def _over_steps(found: Found, series: str, target: str) -> np.ndarray:
    """Mean degrees off of each render tested: (N,)."""
    every = [errors[target] for (of, _), errors in found.by_step.items() if of == series]
    return np.mean(every, 0)


def _blocks(found: Found) -> Iterator[Row]:
    for (series, block), errors in found.by_block.items():
        place = Place("Surface, from one block halfway", block, series)
        yield mean(f"block-{SHORT[series]}-{slug(block)}", place, errors, "degrees")


def _finishes(found: Found) -> Iterator[Row]:
    """Whether a mirror's shape is read as well as others', over all steps."""
    names = np.array(found.finishes)
    for finish in dict.fromkeys(found.finishes):
        for series in (TRAINED, COLOURS):
            errors = _over_steps(found, series, "normals")[names == finish]
            place = Place("Surface, finish by finish", finish, series)
            yield mean(f"{finish}-{SHORT[series]}", place, errors, "degrees")


def _settled(found: Found, doubt: str) -> Iterator[Row]:
    panel = "Painted: surface as at last but for, by step"
    if doubt:
        yield missing("settling", Place(panel, "1", "painted"), "degrees", doubt)
    for step, both in found.settling.items():
        for series, name, errors in zip(("painted", ANOTHER), ("own", "other"), both, strict=True):
            yield mean(
                f"settling-{name}-{step}", Place(panel, str(step), series), errors, "degrees"
            )
