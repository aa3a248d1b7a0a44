"""Measurement 5: what guidance does, scale by scale, to the same prompts and noise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np

from gen.core.measured import Row
from gen.measure.highlights import STATISTICS, statistics
from gen.measure.kit.pictures import GENERATED, NEAR_WHITE, Layer, inside
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import readable
from gen.study.scoring import samples

ID, VERSION = "guidance", 5
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
    "too much is what a scale paints more than the renders of its prompts have, prompt by prompt; "
    "all of these intervals hold at once. Scales are compared picture by picture, of one prompt "
    "and one noise: each with the one before it, and the highest with none. All {pairs} of these "
    "comparisons, too, hold at once. "
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
COMPARED = {  # scale with scale: what grows
    "clipped": "clipped values",
    "finish": "finish as asked",
    "near-white": "near-white on the body",
    "mirrors-white": "near-white on mirrors",
}


def of(project: Project) -> Measured:
    """A few samples' prompts under every scale, each from the same noises."""
    kept = samples.read(replace(project.request, count=PROMPTS), project.cache / "samples")
    few = kept.entries
    prompts = [s.prompt for s in few for _ in range(NOISES)]
    finishes = [readable(s.scene)["finish"] for s in few for _ in range(NOISES)]
    seeds = [s.seed + noise for s in few for noise in range(NOISES)]
    pictures = {scale: project.generated(f"guidance-{scale:g}", prompts, seeds, scale)
             for scale in SCALES}  # fmt: skip
    levels = (kept.renders, [readable(s.scene)["finish"] for s in few])
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
    found: dict[str, dict[str, np.ndarray]] = {}
    for label, scale in zip(labels, sorted(pictures), strict=True):
        found[label] = _figures(pictures[scale], finishes, judges)
        rows += _unjudged(label, GENERATED, found[label], pictures[scale], prompts)
        if judges is not None:
            rows += _judged(label, GENERATED, found[label], prompts, judges)
    if rendered is not None:  # a level to compare with at every scale
        first = labels[0]
        each = [str(number) for number in range(len(rendered[0]))]  # one of each prompt
        level = _figures(*rendered, judges)
        levels = _unjudged(first, RENDERS, level, rendered[0], each)
        if judges is not None:
            levels += _judged(first, RENDERS, level, each, judges)
            rows += _sparkle(found, prompts, level)
        rows += [
            replace(row, name=f"{row.name.removesuffix(first)}{label}", label=label)
            for label in labels
            for row in levels
        ]
    beside = _compared(found, prompts)
    return Measured(QUESTION, METHOD.format(pairs=len(beside)), (*rows, *beside))


def _figures(
    pictures: np.ndarray, finishes: Sequence[str], judges: Judges | None
) -> dict[str, np.ndarray]:
    """By kind, of each picture (N,); NaN where it has none, no kind that needs a doubtful judge."""
    found = {"clipped": 100 * ((pictures == 0) | (pictures == 255)).mean((1, 2, 3))}
    if judges is None:
        return found
    read = judges.read(pictures)
    if not doubt(judges, "finish"):
        wanted = [judges.known.finish.index(finish) for finish in finishes]
        found["finish"] = 100 * read.probabilities["finish"][np.arange(len(wanted)), wanted]
    if not doubt(judges, "mask"):
        white = [_near_white(p, m) for p, m in zip(pictures, read.mask, strict=True)]
        found |= {"near-white": np.array(white), **_on_mirrors(pictures, finishes, judges)}
    return found


def _unjudged(
    label: str,
    series: str,
    found: Mapping[str, np.ndarray],
    pictures: np.ndarray,
    prompts: Sequence[str],
) -> list[Row]:
    place = Place(f"Clipped values, {BY}", label, series)
    rows = [mean(f"{series}-clipped-{label}", place, by_prompt(found["clipped"], prompts), "%")]
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
    found: Mapping[str, np.ndarray],
    prompts: Sequence[str],
    judges: Judges,
) -> list[Row]:
    readings = {
        "finish": (f"Finish as asked, {BY}", doubt(judges, "finish")),
        "near-white": (f"Near-white on the body, {BY}", doubt(judges, "mask")),
    }
    rows = []
    for name, (panel, why) in readings.items():
        id, place = f"{series}-{name}-{label}", Place(panel, label, series)
        absent = missing(id, place, "%", why)
        rows.append(absent if why else mean(id, place, by_prompt(found[name], prompts), "%"))
    return rows


def _sparkle(
    found: Mapping[str, Mapping[str, np.ndarray]],
    prompts: Sequence[str],
    level: Mapping[str, np.ndarray],
) -> Iterator[Row]:
    """How much sparkle each scale paints on mirrors, and how much more than light would."""
    for label, kind in product(found, (k for k in SPARKLE if k in level)):
        noises = len(prompts) // len(level[kind])
        painted = by_prompt(found[label][kind], prompts)
        rendered = by_prompt(level[kind], prompts[::noises])
        for series, each in ((GENERATED, painted), (RENDERS, rendered)):
            place = Place(f"{SPARKLE[kind]}, {BY}", label, series)
            yield mean(f"{series}-{kind}-{label}", place, each, UNITS[kind])
        place = Place(f"{SPARKLE[kind]}: too much, {BY}", label, "paired, by prompt")
        more, name = painted - rendered, f"more-{kind}-{label}"
        yield mean(name, place, more, UNITS[kind], looked_at=len(found) * len(SPARKLE))


def _compared(found: Mapping[str, Mapping[str, np.ndarray]], prompts: Sequence[str]) -> list[Row]:
    """What each scale has more than the one before, and the highest than the lowest."""
    labels, rows = list(found), []
    kinds = [kind for kind in COMPARED if kind in found[labels[0]]]
    pairs = dict.fromkeys((*pairwise(labels), (labels[0], labels[-1]))) if labels[1:] else ()
    for kind, (low, high) in product(kinds, pairs):
        more = by_prompt(found[high][kind] - found[low][kind], prompts)
        place = Place("Scale against scale: more by", f"{high} above {low}", COMPARED[kind])
        count = len(kinds) * len(pairs)
        rows.append(mean(f"{kind}-{high}-above-{low}", place, more, "points", looked_at=count))
    return rows


def _on_mirrors(
    pictures: np.ndarray, finishes: Sequence[str], judges: Judges
) -> dict[str, np.ndarray]:
    """Of each picture for a mirror the figures of SPARKLE, NaN of the others: (N,)."""
    mirrors = np.array([finish == "mirror" for finish in finishes], bool)
    found = np.full((len(STATISTICS), len(pictures)), np.nan)
    if mirrors.any():
        layer = Layer("", pictures[mirrors], judges.read(pictures[mirrors]).mask)
        found[:, mirrors] = statistics(layer).T
    of = dict(zip(STATISTICS, found, strict=True))
    names = {"mirrors-white": "near-white", "mirrors-fine": "fine", "mirrors-coarse": "coarse"}
    return {kind: of[name] for kind, name in names.items()}


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
