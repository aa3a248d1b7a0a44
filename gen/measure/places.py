"""Measurement 18: where do the words sit? One group of places at a time from another prompt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from gen.core.measured import Row
from gen.measure.kit.on_body import on_body
from gen.measure.kit.pictures import FLOOR, sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean, missing
from gen.measure.kit.sentences import ROLES, Change, changes
from gen.measure.kit.swapping import ALL, GROUPS, OWN, PADDING, attention_groups, swapped
from gen.measure.kit.watching import attention_at

ID, VERSION = "places", 3
PAINTINGS = 3  # raised when the pictures come out others: the cache keeps them by it
QUESTION = "Where do the words sit?"
METHOD = (
    "The text encoder gives the network one vector for each of 77 places: the start, the prompt's "
    "words, an end, and padding up to the last. Of two prompts that differ in one word, one group "
    "of places at a time is taken from the second, all others from the first, and a picture is "
    "painted from the same noise: the word's own place; the words after it; the end; the padding. "
    "Places before a word know nothing of it. How far the picture moves is the mean absolute "
    "difference of colour values, in percent of how far it moves when all places are taken; and "
    "it may move aside. How much nearer it comes to that picture is told in percent of the same. "
    "Groups need not add up. Once the vectors are changed from the first of {steps} steps on, once "
    "from step {late} on, so that the car stays. {frames} sentences; in each three words of a role "
    "take turns, each changed into the other two. n counts sentences, over whose changes figures "
    "are averaged. "
    "Attention is the mean over cross-attention layers, heads, steps and places of the picture; "
    "its floor is what a group would get if all 77 places got the same. Where all places "
    "are taken, the share of the squared change that lies on the bodywork of either picture stands "
    "beside the share of the picture that this bodywork is."
)
NEEDS = ("model", "judging")
STEPS, LATE = 20, 7
SHOWN = 4  # changes on the sheet: the first of each role
EVEN = f"{FLOOR}: all places alike"
EARLY, AFTERWARDS = "from the first step", "from a third of the way"
WHOLE = (len(GROUPS) + 1, 2 * len(GROUPS) + 2)  # pictures by all places, early and late
TITLES = dict(zip(GROUPS, ("its own place", "later words", "the end", "the padding"), strict=True))


@dataclass(frozen=True)
class Painted:
    """One change: pictures by the first prompt, and by each way early and late: see Swapped.

    The ways are GROUPS and then all places: (1 + 2 * V, H, W, 3) uint8. `bodies` (3, H, W) bool is
    the bodywork of the first picture and of those by all places, early and late; None if unknown.
    """

    change: Change
    pictures: np.ndarray
    bodies: np.ndarray | None = None

    def apart(self, late: bool) -> tuple[np.ndarray, np.ndarray]:
        """How far each way's picture lies from the first one, and from the last way's: (V,)."""
        ways = len(GROUPS) + 1
        some = self.pictures[1 + late * ways :][:ways].astype(np.float32)
        base = self.pictures[0].astype(np.float32)
        return np.abs(some - base).mean((1, 2, 3)), np.abs(some - some[-1]).mean((1, 2, 3))


@dataclass(frozen=True)
class Attended:
    """One sentence's attention by group of places: (h, w) each, over steps and layers.

    `sizes` are the shares of all places that the groups hold.
    """

    picture: np.ndarray
    maps: Mapping[str, np.ndarray]
    sizes: Mapping[str, float]


def of(project: Project) -> Measured:
    """Every change painted; and attention in the sentences as they are."""
    every = changes()
    painted = []
    for role in ROLES:
        some = [change for change in every if change.role == role]
        pictures = _painted(project, role, some)
        for change, each in zip(some, pictures, strict=True):
            bodies = None if project.mask_doubt else project.masks(each[[0, *WHOLE]]) >= 128
            painted.append(Painted(change, each, bodies))
    return run(painted, _attended(project, painted), project.mask_doubt)


def _painted(project: Project, role: str, some: Sequence[Change]) -> np.ndarray:
    """(N, 1 + 2 * V, H, W, 3) uint8."""
    texts = [[change.before, change.after] for change in some]
    decided_by = [texts, STEPS, LATE, PAINTINGS]
    return project.made(f"places-{role}", decided_by, lambda: _paint(project, role, some))


def _paint(project: Project, role: str, some: Sequence[Change]) -> np.ndarray:
    render, score = project.recipe.render, project.recipe.score
    size, pictures = (render.height, render.width), []
    for done, change in enumerate(some, 1):
        made = swapped(
            project.pipe,
            change.before,
            change.after,
            change.frame + 1,
            size,
            steps=STEPS,
            late=LATE,
            guidance_scale=score.guidance_scale,
            eta=score.eta,
        )
        pictures.append(np.concatenate([made.base[None], made.early, made.late]))
        project.report(f"places, {role}: changes", done, len(some))
    return np.stack(pictures)


def _attended(project: Project, painted: Sequence[Painted]) -> list[Attended]:
    """Of each sentence once, in its first words."""
    first = {p.change.frame: p for p in reversed(painted)}
    looks = []
    for frame, each in sorted(first.items()):
        asked = replace(project.prompt_with(each.change.before, frame + 1), steps=STEPS)
        groups = attention_groups(project.pipe, asked.text)
        maps = attention_at(project.pipe, asked, groups)
        small = {name: shares.mean((0, 1)) for name, shares in maps.items()}
        every = sum(map(len, groups.values()))
        sizes = {name: len(group) / every for name, group in groups.items()}
        looks.append(Attended(each.pictures[0], small, sizes))
    return looks


# ---- rows ------------------------------------------------------------------------------------


def run(painted: Sequence[Painted], attended: Sequence[Attended] = (), doubt: str = "") -> Measured:
    """Rows by role, group of places and step from which on; n is sentences.

    `doubt` says why bodywork cannot be found.
    """
    rows: list[Row] = []
    for late, when in enumerate((EARLY, AFTERWARDS)):
        for role in dict.fromkeys(p.change.role for p in painted):
            mine = [p for p in painted if p.change.role == role]
            rows += _moved(role, when, bool(late), mine)
            rows += _on_body(role, when, bool(late), mine, doubt)
    rows += _looked(attended)
    method = METHOD.format(steps=STEPS, late=LATE, frames=len({p.change.frame for p in painted}))
    pictures = _shown(painted) | ({"padding.webp": _maps(attended)} if attended else {})
    return Measured(QUESTION, method, tuple(rows), pictures)


def _moved(role: str, when: str, late: bool, painted: Sequence[Painted]) -> Iterator[Row]:
    suffix, panel = ("-late" if late else ""), f"Nearer to the other words' picture, {when}"
    moved, nearer, whole = _shares(painted, late)
    for at, group in enumerate(GROUPS):
        name, place = f"{role}-{group}{suffix}", Place(panel, role, TITLES[group])
        yield mean(name, place, nearer[:, at], "% of the way")
        there = Place("", f"{role}, {when}, moves anywhere", TITLES[group])
        yield mean(f"{name}-moved", there, moved[:, at], "% of the way")
    place = Place("", f"{role}, {when}", "all places")
    yield mean(f"{role}-{ALL}{suffix}", place, whole, "of 255")
    more = nearer[:, GROUPS.index(PADDING)] - nearer[:, GROUPS.index(OWN)]
    place = Place("The padding brings nearer than the word's own place", role, when)
    yield mean(f"{role}-more{suffix}", place, more, "points", looked_at=2 * len(ROLES))


def _on_body(
    role: str, when: str, late: bool, painted: Sequence[Painted], doubt: str
) -> Iterator[Row]:
    """Where the change of all places lies, beside how much of the picture is bodywork."""
    name, place = f"{role}-inside{'-late' if late else ''}", f"Change inside the body, {when}"
    found: dict[int, list] = {}
    for each in painted:
        if each.bodies is not None:
            at = WHOLE[late]
            body = (each.bodies[0] | each.bodies[1 + late])[None]
            both = on_body(each.pictures[:1], each.pictures[at : at + 1], body)
            found.setdefault(each.change.frame, []).append(both)
    if not found:
        yield missing(
            name, Place(place, role, "change"), "%", doubt or "no bodywork was looked for"
        )
        return
    inside, area = np.array([np.mean(some, 0)[:, 0] for some in found.values()]).T
    yield mean(name, Place(place, role, "change"), inside, "%")
    yield mean(name.replace("inside", "area"), Place(place, role, f"{FLOOR}: its area"), area, "%")


def _shares(painted: Sequence[Painted], late: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By sentence: percent of the way moved and come nearer by each group (F, G); the way (F,)."""
    frames = sorted({p.change.frame for p in painted})
    sums = []
    for frame in frames:
        both = [p.apart(late) for p in painted if p.change.frame == frame]
        sums.append(np.mean(both, 0))  # (2, V)
    moved, left = np.stack(sums, 1)
    whole = moved[:, -1]
    scale = 100 / np.maximum(whole, 1e-6)[:, None]
    return moved[:, :-1] * scale, 100 - left[:, :-1] * scale, whole


def _looked(attended: Sequence[Attended]) -> Iterator[Row]:
    for group in attended[0].maps if attended else ():
        shares = np.array([100 * look.maps[group].mean() for look in attended])
        even = np.array([100 * look.sizes[group] for look in attended])
        panel, name = "Attention goes to", f"attention-{group}"
        yield mean(name, Place(panel, group, "attention"), shares, "%")
        yield mean(f"{name}-even", Place(panel, group, EVEN), even, "%")


def _shown(painted: Sequence[Painted]) -> dict[str, bytes]:
    """The first change of each role: as it is, each group taken, all taken, early."""
    first = {p.change.role: p for p in reversed(painted)}
    shown = list(reversed(first.values()))[:SHOWN]
    return {"swaps.webp": sheet([list(p.pictures[: len(GROUPS) + 2]) for p in shown])}


def _maps(attended: Sequence[Attended]) -> bytes:
    """A few pictures, and which of their places look at words, and which at padding."""
    few = attended[:SHOWN]
    maps = [[_grey(a.maps[g], a.picture.shape) for a in few] for g in ("words", "padding")]
    return sheet([[a.picture for a in few], *maps])


def _grey(values: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Shares (h, w), from their least to their most, as a picture of that shape."""
    low, high = float(values.min()), float(values.max())
    scaled = (255 * (values - low) / max(high - low, 1e-9)).round().astype(np.uint8)
    size = (shape[1], shape[0])
    return np.asarray(Image.fromarray(scaled).resize(size, Image.Resampling.BICUBIC).convert("RGB"))
