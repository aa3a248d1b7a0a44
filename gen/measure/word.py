"""Measurement 4: what does a word do? One word changed, the same noise; and where it looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.looking import overlap, pointing, ranked
from gen.measure.kit.on_body import on_body
from gen.measure.kit.pictures import luminance
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.watching import Watched, attention, frames
from gen.study.training.dataset import means

ID, VERSION = "word", 4
QUESTION = "What does a word do?"
METHOD = (
    "Pictures from the same noise whose prompts differ in one word, against pictures of the same "
    "prompt from other noise, two and two; differences are mean absolute ones of 255. Inside the "
    "body: share of the squared change that lies on the bodywork of either picture, beside the "
    "share of the picture that this bodywork is (what a change without aim would give). Two "
    "pictures part at the first step whose predicted clean pictures are half as far apart as the "
    "final ones. Attention: the overlap with the bodywork of as many of a word's strongest "
    "positions as bodywork has, and how often the strongest lies on it (the pointing game), step "
    "by step and layer by layer; the floor is the bodywork's share. A probe is a word that the "
    "prompt does not have, looked up through the same keys without touching the picture. "
    "Agreement with the effect is the rank correlation, over the latents' positions, of a word's "
    "attention with the change that it makes. What lies above or below something else is told of "
    "the same pictures, all words of one such comparison together."
)
NEEDS = ("model", "judging")
SEEDS = 16  # noises for each wording, in pairs: of each, every step is decoded
LOOKS = 24  # noises in which attention is watched, the same ones first
RED = "a glossy red car in the desert, side view"
WORDS = {  # the role of a word: a prompt, and the same with that word changed
    "finish": (RED, "a matte red car in the desert, side view"),
    "colour": (RED, "a glossy blue car in the desert, side view"),
    "world": (RED, "a glossy red car in the snow, side view"),
}
ROLES = {"glossy": "finish", "red": "colour", "desert": "world", "car": "object"}
PROBES = ("reflection", "sky")  # not in the prompt


@dataclass(frozen=True)
class Pair:
    """One word changed: the pictures with each wording from the same S noises, and their bodywork.

    `role` is what the word is: finish, colour, world … ; masks (S, H, W) of either picture's body.
    """

    role: str
    before: Watched
    after: Watched
    masks: np.ndarray


@dataclass(frozen=True)
class Look:
    """One word's attention in one picture: maps (S, L, h, w), bodywork's share (h, w).

    `role` is finish, colour, object, world or probe; `effect` (h, w), what changing the word
    changed there, where that was tried.
    """

    role: str
    maps: np.ndarray
    body: np.ndarray
    effect: np.ndarray | None = None


def of(project: Project) -> Measured:
    """One prompt and the same with a word changed, from the same noises."""
    texts = dict.fromkeys(text for pair in WORDS.values() for text in pair)
    watched: dict[str, Watched] = {}
    bodies: dict[str, np.ndarray] = {}
    for text in texts:
        runs = [project.prompt_with(text, seed) for seed in range(1, SEEDS + 1)]
        watched[text] = frames(project.pipe, runs, project.telling(f"word: {text}"))
        bodies[text] = project.masks(watched[text].finals)
    pairs = [
        Pair(role, watched[a], watched[b], np.maximum(bodies[a], bodies[b]))
        for role, (a, b) in WORDS.items()
    ]
    return run(pairs, _looks(project, watched, bodies), project.mask_doubt)


def _looks(
    project: Project, watched: Mapping[str, Watched], bodies: Mapping[str, np.ndarray]
) -> list[Look]:
    """The attention of each word of the first prompt, from each noise, and of the probes."""
    text = next(iter(watched))
    effects = {role: np.abs(watched[a].finals.astype(np.float32) - watched[b].finals).mean(-1)
               for role, (a, b) in WORDS.items()}  # fmt: skip
    more, scale = range(SEEDS + 1, LOOKS + 1), project.recipe.score.guidance_scale
    further = project.generated("looks", [text] * len(more), list(more), scale)
    masks = np.concatenate([bodies[text], project.masks(further)])
    looks = []
    for at, mask in enumerate(masks):
        for name, maps in attention(
            project.pipe, project.prompt_with(text, at + 1), PROBES
        ).items():
            role = f"probe: {name}" if name in PROBES else ROLES.get(name)
            if role is not None:
                tried = role in effects and at < SEEDS
                acts = _small(effects[role][at], maps) if tried else None
                looks.append(Look(role, maps, _small(mask / 255, maps), acts))
        project.report("word: attention", at + 1, LOOKS)
    return looks


def _small(values: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """(H, W) -> means over the cells of the grid of maps (..., h, w)."""
    return means(values[None, ..., None], len(values) // maps.shape[-2])[0, ..., 0]


def run(pairs: Sequence[Pair], looks: Sequence[Look], doubt: str = "") -> Measured:
    """`doubt` says why masks may not be used: then only the size of a change is measured."""
    rows = _other_noise(pairs)
    roles = list(dict.fromkeys(pair.role for pair in pairs))
    for role in roles:
        rows += _changes(role, [pair for pair in pairs if pair.role == role], doubt, len(roles))
    by_role: dict[str, list[Look]] = {}
    for look in looks:
        by_role.setdefault(look.role, []).append(look)
    if not doubt:
        rows += _above(by_role)
    for role, mine in by_role.items():
        rows += _effects(role, mine)
        place = Place("Attention: overlap with the body", role, "attention")
        if doubt:
            rows.append(missing(f"{role}-iou", place, "%", doubt))
        else:
            rows += _attention(role, mine)
    return Measured(QUESTION, METHOD, tuple(rows))


# ---- what a word changes -------------------------------------------------------------------


def _other_noise(pairs: Sequence[Pair]) -> list[Row]:
    """How far apart pictures of one prompt are: of each prompt once, of each picture once."""
    prompts = {id(p.before): p.before for p in pairs}.values()
    if not prompts:
        return []
    apart = np.concatenate([_apart(*_halves(p.finals)) for p in prompts])
    return [mean("noise", Place("Change", "no word", "other noise"), apart, "of 255")]


def _halves(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every other one of N, and those beside them: where N is odd, the last is left out."""
    even = len(values) // 2 * 2
    return values[:even:2], values[1:even:2]


def _changes(role: str, pairs: Sequence[Pair], doubt: str, looked_at: int) -> list[Row]:
    """The figures of all noises of all pairs of one role."""
    changes = [_apart(p.before.finals, p.after.finals) for p in pairs]
    less = np.concatenate(
        [
            _apart(*_halves(p.before.finals)) - np.mean(_halves(change), 0)
            for p, change in zip(pairs, changes, strict=True)
        ]
    )
    between, parts = np.concatenate(changes), np.concatenate([_parts(p) for p in pairs])
    place = Place("Another word moves less than other noise by", role, "")
    rows = [
        mean(f"{role}-less", place, less, "levels", looked_at=looked_at),
        mean(f"{role}-change", Place("Change", role, "another word"), between, "of 255"),
        mean(f"{role}-parts", Place("Pictures part at step", role, "another word"), parts, "step"),
    ]
    panel, light = "Change inside the body", "The body becomes brighter by"
    if doubt:
        rows.append(missing(f"{role}-inside", Place(panel, role, "change"), "%", doubt))
        return rows
    inside, area, brighter = (np.concatenate(v) for v in zip(*map(_where, pairs), strict=True))
    return [
        *rows,
        mean(f"{role}-inside", Place(panel, role, "change"), inside, "%"),
        mean(f"{role}-area", Place(panel, role, "floor: its area"), area, "%"),
        mean(f"{role}-brighter", Place(light, role, "another word"), brighter, "levels"),
    ]


def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mean absolute difference of each pair of pictures, of 255: (S,)."""
    return np.abs(a.astype(np.float32) - b).mean((1, 2, 3))


def _parts(pair: Pair) -> np.ndarray:
    """For each noise the step, from 1, at which two wordings are half as far apart as at last."""
    a, b = pair.before.frames.astype(np.float32), pair.after.frames
    apart = np.abs(a - b).mean((2, 3, 4))  # (S, steps)
    last = _apart(pair.before.finals, pair.after.finals)
    over = apart >= last[:, None] / 2
    return np.where(last > 0, over.argmax(1) + 1.0, np.nan)


def _where(pair: Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each noise: percent of the squared change on the body, its area, how much brighter."""
    body = pair.masks >= 128
    inside, area = on_body(pair.before.finals, pair.after.finals, body)
    lighter = luminance(pair.after.finals) - luminance(pair.before.finals)
    count = body.sum((1, 2))
    brighter = np.where(count, (lighter * body).sum((1, 2)) / np.maximum(count, 1), np.nan)
    return inside, area, brighter


# ---- where a word looks --------------------------------------------------------------------


def _attention(role: str, looks: Sequence[Look]) -> list[Row]:
    """Overlap and pointing game over all, then overlap by step and by layer."""
    scores = np.array([overlap(look.maps, look.body) for look in looks])  # (N, S, L)
    hits = np.array([pointing(look.maps, look.body) for look in looks])
    area = np.array([(look.body >= 0.5).mean() for look in looks])
    chance = area / (2 - area)  # the overlap of as many positions strewn at random
    panel = "Attention: overlap with the body"
    rows = [
        mean(f"{role}-iou", Place(panel, role, "attention"), 100 * scores.mean((1, 2)), "%"),
        mean(f"{role}-iou-floor", Place(panel, role, "floor: chance"), 100 * chance, "%"),
        mean(
            f"{role}-pointing",
            Place("Strongest position on the body", role, "attention"),
            100 * hits.mean((1, 2)),
            "%",
        ),
    ]
    for by, axis in (("step", 2), ("layer", 1)):
        for number, values in enumerate(scores.mean(axis).T, 1):
            place = Place(f"{panel}, by {by}", str(number), role)
            rows.append(mean(f"{role}-iou-{by}-{number}", place, 100 * values, "%"))
    return rows


def _above(by_role: Mapping[str, Sequence[Look]]) -> list[Row]:
    """How far a word's overlap lies above chance, and above that of the probes, by picture."""
    scores = {
        r: 100 * np.array([overlap(k.maps, k.body).mean() for k in by_role[r]]) for r in by_role
    }
    probed = [scores[role] for role in by_role if role.startswith("probe")]
    rows = []
    for role, own in scores.items():
        area = np.array([(look.body >= 0.5).mean() for look in by_role[role]])
        place, count = Place("Overlap above", role, "chance"), len(scores)
        above = own - 100 * area / (2 - area)
        rows.append(mean(f"{role}-iou-above", place, above, "points", looked_at=count))
        if probed and not role.startswith("probe"):
            place, count = Place("Overlap above", role, "probes"), len(scores) - len(probed)
            above = own - np.mean(probed, 0)
            rows.append(mean(f"{role}-iou-above-probes", place, above, "points", looked_at=count))
    return rows


def _effects(role: str, looks: Sequence[Look]) -> list[Row]:
    """Whether a word looks where it acts."""
    same = [
        ranked(look.maps.mean((0, 1)), effect)
        for look in looks
        if (effect := look.effect) is not None
    ]
    if not same:
        return []
    place = Place("Attention and effect: rank correlation", role, "attention")
    return [mean(f"{role}-effect", place, np.array(same), "correlation")]
