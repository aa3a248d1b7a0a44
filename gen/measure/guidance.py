"""Measurement 5: what guidance does, scale by scale, to the same prompts and noise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from gen.core.measured import Row
from gen.measure.highlights import STATISTICS, statistics
from gen.measure.kit.pictures import GENERATED, NEAR_WHITE, Layer, inside
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import readable

ID, VERSION = "guidance", 4
QUESTION = "What does guidance do?"
METHOD = (
    "The same prompts and the same noise at each guidance scale (1 is no guidance). Finish as "
    "asked: the probability that the judge gives the finish that the prompt names. Near-white: "
    "share of the bodywork's pixels at 240 of 255 and more. Clipped: share of a picture's values "
    "that are 0 or 255. Diversity: root mean square distance, of 255, between pictures of one "
    "prompt from different noise, over the pictures' own contrast, as any strong picture lies far "
    "from another. Figures are averaged over the noises of a prompt first, and n counts prompts. "
    "Renders of the same prompts, one each, give the level that a scale could be chosen for. On "
    "mirrors alone: near-white, and the contrast of luminance in fine and in coarse detail (its "
    "deviation in two bands, one four times as coarse as the other), as on the page of highlights; "
    "too much is what a scale paints more than the renders of its prompts have, prompt by prompt. "
    "Neighbouring prompts share a noise, which the intervals, over prompts, leave out of account."
)
NEEDS = ("model", "samples", "judging")
PROMPTS, NOISES = 50, 2  # at each guidance scale: 100 pictures
SCALES = (1.0, 2.0, 4.0, 8.0, 15.0)
RENDERS = "renders"
SPARKLE = {  # on mirrors alone
    "mirrors-white": "Mirrors: near-white",
    "mirrors-fine": "Mirrors: fine contrast",
    "mirrors-coarse": "Mirrors: coarse contrast",
}
UNITS = {"mirrors-white": "%", "mirrors-fine": "of 255", "mirrors-coarse": "of 255"}
BY = "by guidance scale"  # the numbers under the lines


def of(project: Project) -> Measured:
    """A few samples' prompts under every scale, each from the same noises."""
    few = project.samples.entries[:PROMPTS]
    prompts = [s.prompt for s in few for _ in range(NOISES)]
    finishes = [readable(s.scene)["finish"] for s in few for _ in range(NOISES)]
    seeds = [s.seed + noise for s in few for noise in range(NOISES)]
    pictures = {scale: project.generated(f"guidance-{scale:g}", prompts, seeds, scale)
             for scale in SCALES}  # fmt: skip
    levels = (project.samples.renders[:PROMPTS], [readable(s.scene)["finish"] for s in few])
    return run(pictures, prompts, finishes, project.judging, levels)


def run(
    pictures: Mapping[float, np.ndarray],
    prompts: Sequence[str],
    finishes: Sequence[str],
    judges: Judges | None = None,
    rendered: tuple[np.ndarray, Sequence[str]] | None = None,
) -> Measured:
    """Pictures of each scale (N, H, W, 3), N prompts (each as often as it has seeds), N finishes.

    `rendered` are renders, any number of them, and the finish of each.
    Without judges (a model that none was trained for) what needs one is left out.
    """
    rows: list[Row] = []
    labels = [f"{scale:g}" for scale in sorted(pictures)]
    for label, scale in zip(labels, sorted(pictures), strict=True):
        rows += _unjudged(label, GENERATED, pictures[scale], prompts)
        if judges is not None:
            rows += _judged(label, GENERATED, pictures[scale], prompts, finishes, judges)
    if rendered is not None:  # a level to compare with at every scale
        first = labels[0]
        each = [str(number) for number in range(len(rendered[0]))]  # one of each prompt
        levels = _unjudged(first, RENDERS, rendered[0], each)
        if judges is not None:
            levels += _judged(first, RENDERS, rendered[0], each, rendered[1], judges)
            rows += _sparkle(pictures, prompts, finishes, judges, rendered[0])
        rows += [
            replace(row, name=f"{row.name.removesuffix(first)}{label}", label=label)
            for label in labels
            for row in levels
        ]
    return Measured(QUESTION, METHOD, tuple(rows))


def _unjudged(label: str, series: str, pictures: np.ndarray, prompts: Sequence[str]) -> list[Row]:
    clipped = 100 * ((pictures == 0) | (pictures == 255)).mean((1, 2, 3))
    place = Place(f"Clipped values, {BY}", label, series)
    rows = [mean(f"{series}-clipped-{label}", place, by_prompt(clipped, prompts), "%")]
    if series != RENDERS:  # renders of one prompt differ in their scene, not in their noise
        place = Place(f"Diversity over noise, {BY}", label, series)
        rows.append(
            mean(f"{series}-diversity-{label}", place, diversity(pictures, prompts), "of contrast")
        )
    return rows


def by_prompt(values: np.ndarray, prompts: Sequence[str]) -> np.ndarray:
    """The mean of each prompt's pictures (prompts,): they are not independent. NaN is left out."""
    names = np.array(prompts)
    groups = [values[names == prompt] for prompt in dict.fromkeys(prompts)]
    there = [group[~np.isnan(group)] for group in groups]
    return np.array([group.mean() if len(group) else np.nan for group in there])


def _judged(
    label: str,
    series: str,
    pictures: np.ndarray,
    prompts: Sequence[str],
    finishes: Sequence[str],
    judges: Judges,
) -> list[Row]:
    read = judges.read(pictures)
    wanted = [judges.known.finish.index(finish) for finish in finishes]
    likely = 100 * read.probabilities["finish"][np.arange(len(wanted)), wanted]
    white = [_near_white(p, m) for p, m in zip(pictures, read.mask, strict=True)]
    readings = (
        ("finish", f"Finish as asked, {BY}", likely, doubt(judges, "finish")),
        ("near-white", f"Near-white on the body, {BY}", np.array(white), doubt(judges, "mask")),
    )
    rows = []
    for name, panel, values, why in readings:
        id, place = f"{series}-{name}-{label}", Place(panel, label, series)
        absent = missing(id, place, "%", why)
        rows.append(absent if why else mean(id, place, by_prompt(values, prompts), "%"))
    return rows


def _sparkle(
    pictures: Mapping[float, np.ndarray],
    prompts: Sequence[str],
    finishes: Sequence[str],
    judges: Judges,
    renders: np.ndarray,
) -> list[Row]:
    """How much sparkle each scale paints on mirrors, and how much more than light would."""
    if doubt(judges, "mask"):
        return []
    noises = len(prompts) // len(renders)
    level = _on_mirrors(renders, prompts[::noises], finishes[::noises], judges)
    rows = []
    for scale, some in sorted(pictures.items()):
        found = _on_mirrors(some, prompts, finishes, judges)
        for kind, values in found.items():
            for series, each in ((GENERATED, values), (RENDERS, level[kind])):
                place = Place(f"{SPARKLE[kind]}, {BY}", f"{scale:g}", series)
                rows.append(mean(f"{series}-{kind}-{scale:g}", place, each, UNITS[kind]))
            place = Place(f"{SPARKLE[kind]}: too much, {BY}", f"{scale:g}", "paired, by prompt")
            more, name = values - level[kind], f"more-{kind}-{scale:g}"
            count = len(pictures) * len(SPARKLE)
            rows.append(mean(name, place, more, UNITS[kind], looked_at=count))
    return rows


def _on_mirrors(
    pictures: np.ndarray, prompts: Sequence[str], finishes: Sequence[str], judges: Judges
) -> dict[str, np.ndarray]:
    """Of each prompt for a mirror the figures of SPARKLE, over its noises: (prompts,)."""
    mirrors = np.array([finish == "mirror" for finish in finishes], bool)
    if not mirrors.any():
        return {kind: np.zeros(0) for kind in SPARKLE}
    few = [prompt for prompt, mirror in zip(prompts, mirrors, strict=True) if mirror]
    layer = Layer("", pictures[mirrors], judges.read(pictures[mirrors]).mask)
    found = dict(zip(STATISTICS, statistics(layer).T, strict=True))
    names = {"mirrors-white": "near-white", "mirrors-fine": "fine", "mirrors-coarse": "coarse"}
    return {kind: by_prompt(found[name], few) for kind, name in names.items()}


def _near_white(picture: np.ndarray, mask: np.ndarray) -> float:
    body = inside(mask)
    return 100 * float((picture.min(-1)[body] >= NEAR_WHITE).mean()) if body.any() else np.nan


def diversity(pictures: np.ndarray, prompts: Sequence[str]) -> np.ndarray:
    """Of each prompt with two pictures or more, their mean distance: (prompts,).

    Over the mean contrast of these pictures (the standard deviation of their values): two pictures
    that have nothing to do with each other lie some 1.4 apart, whatever the guidance.
    """
    distances = []
    for prompt in dict.fromkeys(prompts):
        group = [pictures[i].astype(np.float32) for i, p in enumerate(prompts) if p == prompt]
        pairs = [np.sqrt(((a - b) ** 2).mean()) for a, b in combinations(group, 2)]
        contrast = np.mean([picture.std() for picture in group])
        if pairs and contrast > 0:
            distances.append(np.mean(pairs) / contrast)
    return np.array(distances, np.float64)
