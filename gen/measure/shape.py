"""Measurement 16: does it know the shape? Directions read from activations by a weighted sum."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from gen.capture import denoise
from gen.core.sources import Prompt
from gen.measure.kit import activations, probes
from gen.measure.kit.cells import places_on
from gen.measure.kit.first import first
from gen.measure.kit.noised import Noised, Subject, everywhere
from gen.measure.kit.probed import (
    BLOCKWISE,
    COLOURS,
    TRAINED,
    UNTRAINED,
    VIEW,
    WHERE,
    ByBlock,
    ByStep,
    Found,
    rows_of,
)
from gen.measure.kit.probes import Probe, degrees_off
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured
from gen.measure.kit.shapes import Shapes, shapes
from gen.study.scoring import samples
from gen.study.training.dataset import as_input, as_pictures
from gen.study.training.latents import body_share, encoded
from gen.study.world import captions
from gen.study.world.scene import Scene

ID, VERSION = "shape", 3
QUESTION = "Does it know the shape?"
METHOD = (
    "Renders that training never saw are noised to {steps} levels of a run and given to the U-Net "
    "with words that name paint and car and nothing else; their phrasing is drawn from the scene's "
    "seed, so it can go together with the kind of car. A linear probe, a weighted sum of what all "
    "its blocks give at a place on the bodywork, is fitted on {fitted} of them to say in which "
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
NEEDS = ("model", "scenes", "judging", "recipe")
FITTED, TESTED = 300, 150  # renders
GENERATED = 40  # pictures watched while they are painted
LOOKS = 7  # steps of a run, evenly, the first and the last among them

Numbers = Mapping[str, np.ndarray]  # by block: (N, C, D)


def of(project: Project) -> Measured:
    """The first samples' renders, and pictures painted by the same words."""
    request = first(project.request, FITTED + TESTED)
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
                by_block |= _by_block(series, blocks, place, targets)
        project.report("shape: steps", number, len(steps))
    return by_step, by_block, reading


def _by_block(
    series: str, blocks: Numbers, place: np.ndarray, targets: Mapping[str, np.ndarray]
) -> ByBlock:
    true = {target: targets[target] for target in BLOCKWISE}
    found: ByBlock = {}
    for name, numbers in blocks.items():
        errors = _errors(np.concatenate([numbers, place], -1), true)
        found |= {(series, target, name): off for target, off in errors.items()}
    return found


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


def run(found: Found, doubt: str = "") -> Measured:
    """`doubt` says why bodywork cannot be found in generated pictures: these are then left out."""
    steps = len({step for _, step in found.by_step})
    counts = {"fitted": FITTED, "tested": len(found.finishes), "steps": steps}
    return Measured(QUESTION, METHOD.format(**counts), tuple(rows_of(found, doubt)))
