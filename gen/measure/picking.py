"""Measurement 7: picking the best of several, by a score of a layout part and an image part."""

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np

from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.study.judging.accuracy import doubt
from gen.study.judging.judges import Judges
from gen.study.judging.readings import Classes, Readings, readable
from gen.study.scoring.layouts import Layouts

ID, VERSION = "picking", 4
QUESTION = "What does picking the best of several give?"
METHOD = (
    "Sixteen candidates of each prompt, scored by one set of judges and looked at by another. The "
    "score is the mean of a part for the layout and a part for the image. Auto Cherry-Picker has "
    "such parts, too, and differs plainly: each of them has a threshold of its own (so says its "
    "third version), and the two are not averaged; layout here is how usual the car's size and "
    "place are in pictures that training may see (the paper compares several objects with each "
    "other), image is how likely a small judge finds what the prompt names (the paper compares "
    "captions written by large language models). The gain is in how likely the set that did not "
    "score finds what the prompt names, the geometric mean over all that both sets read well "
    "enough, in points over a random candidate; n counts prompts, and the best of k is averaged "
    "over all choices of k. All k hold together. The ceiling picks by the judging set itself; the "
    "floor picks by a random score. No two candidates, of whichever prompts, begin with the same "
    "noise."
)
NEEDS = ("model", "requests", "judging", "choosing", "layouts")
PICKED, CANDIDATES = 60, 16  # prompts, and pictures of each
FIRST = 7_000_000  # seed: no sample begins with these noises
COUNTS = (1, 2, 4, 8, 16)
GAIN = "Gain over a random pick, by tries"
READ = ("finish", "colour", "world", "view")


def likelihood(read: Readings, known: Classes, meaning: Mapping[str, str]) -> np.ndarray:
    """How likely each picture of a reading shows all that is named: the kinds' geometric mean."""
    likely = [
        read.probabilities[kind][:, getattr(known, kind).index(meaning[kind])]
        for kind in READ
        if kind in meaning
    ]
    return np.exp(np.mean(np.log(np.maximum(likely, 1e-6)), axis=0))


def composite(
    judges: Judges, layouts: Layouts, pictures: np.ndarray, meaning: Mapping[str, str]
) -> np.ndarray:
    """The score of each candidate (N, H, W, 3) of one prompt: (N,), 0 to 1."""
    read = judges.read(pictures)
    return 0.5 * layouts.score(read.mask) + 0.5 * likelihood(read, judges.known, meaning)


def of(project: Project) -> Measured:
    """A few samples' prompts, many candidates each."""
    few = project.request.every[:PICKED]
    scale = project.recipe.score.guidance_scale
    candidates = [
        project.generated(f"candidates-{s.index}", [s.prompt] * CANDIDATES, noises(n), scale)
        for n, s in enumerate(few)
    ]
    named = [{k: v for k, v in readable(s.scene).items() if k in s.named} for s in few]
    return run(np.stack(candidates), named, project.choosing, project.judging, project.layouts)


def noises(prompt: int) -> range:
    """The seeds of a prompt's candidates, by its number."""
    return range(FIRST + prompt * CANDIDATES, FIRST + (prompt + 1) * CANDIDATES)


def run(
    candidates: np.ndarray,
    meanings: Sequence[Mapping[str, str]],
    choosing: Judges,
    judging: Judges,
    layouts: Layouts,
) -> Measured:
    """Candidates (P, K, H, W, 3) of P prompts, what each names, both sets, what is usual."""
    unfit = {kind: why for kind in READ if (why := doubt(choosing, kind) or doubt(judging, kind))}
    left_out = "; ".join(unfit.values())
    why = doubt(choosing, "mask") or (left_out if len(unfit) == len(READ) else "")
    if why:
        places = {k: Place(GAIN, str(k), "composite") for k in COUNTS}
        gone = (missing(f"gain-{k}", place, "points", why) for k, place in places.items())
        return Measured(QUESTION, METHOD, tuple(gone))
    meanings = [{k: v for k, v in named.items() if k not in unfit} for named in meanings]
    counts = [k for k in COUNTS if k <= candidates.shape[1]]
    gains = _gains(candidates, meanings, choosing, judging, layouts, counts)
    rows = [
        mean(f"{name}-{k}", Place(GAIN, str(k), name), of_k, "points", left_out, len(counts) - 1)
        for name, values in gains.items()
        for k, of_k in zip(counts, values.T, strict=True)
    ]
    return Measured(QUESTION, METHOD, tuple(rows))


def _gains(
    candidates: np.ndarray,
    meanings: Sequence[Mapping[str, str]],
    choosing: Judges,
    judging: Judges,
    layouts: Layouts,
    counts: Sequence[int],
) -> dict[str, np.ndarray]:
    """By score: what the best of each count is worth over a random one, (P, counts), in points."""
    rng = np.random.default_rng(0)
    gains: dict[str, list[list[float]]] = {"composite": [], "ceiling": [], "floor": []}
    for pictures, meaning in zip(candidates, meanings, strict=True):
        worth = 100 * likelihood(judging.read(pictures), judging.known, meaning)
        scores = {
            "composite": composite(choosing, layouts, pictures, meaning),
            "ceiling": worth,
            "floor": rng.random(len(worth)),
        }
        for name, score in scores.items():
            gains[name].append([best_of(k, score, worth) - worth.mean() for k in counts])
    return {name: np.array(values) for name, values in gains.items()}


def best_of(k: int, score: np.ndarray, worth: np.ndarray) -> float:
    """What the best-scored of k candidates is worth, averaged over every choice of k of them."""
    order = np.argsort(score, kind="stable")
    n = len(order)
    chance = [comb(place, k - 1) / comb(n, k) for place in range(n)]  # that it is the best of k
    return float(np.dot(chance, worth[order]))
