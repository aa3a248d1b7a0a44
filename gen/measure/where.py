"""Measurement 24: the bodywork alone, cut out of painted pictures: where does the car stand?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from gen.core.measured import Row
from gen.measure.kit.clusters import share_of
from gen.measure.kit.pictures import webp
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing
from gen.study.judging.judges import Judges
from gen.study.world.captions import understood
from gen.study.world.scene import holds_out

ID, VERSION = "where", 2
QUESTION = "Where does this car stand?"
METHOD = (
    "{n} prompts, each painted once: six worlds by three paints by turns, in an order drawn once, "
    "the seed of a prompt its number, so that none was picked. A judge finds the bodywork; another "
    "one, which sees nothing but it, names one of six worlds. Right is the world that the words "
    "named, whether it was painted well or not; how often a judge that sees nothing but the "
    "background names it is told too. Chance is one in six. Paints, worlds and views make {texts} "
    "wordings: pictures of one wording are no independent ones, and intervals count as many as vary"
    " as much. The rounds to try are the first {tried} of these prompts; a reader sees the same "
    "bodywork, cut out where the judge finds it."
)
NEEDS = ("model", "judging", "recipe")
EACH = 10  # pictures of a paint in a world
ROUNDS = 10  # the first, to be tried
PAINTS = {"mirror": "chrome", "glossy": "glossy silver", "matte": "matte silver"}
VIEWS = ("side view", "front three-quarter view")
RIGHT, BEHIND = "from the bodywork", "from the background"
PANEL = "Named right"
MARGIN = 2  # pixels of the edge that are cut off: they mix with what lies behind


@dataclass(frozen=True)
class Asked:
    """What one picture was asked for."""

    text: str
    world: str
    finish: str


@dataclass(frozen=True)
class Rounds:
    """N pictures (N, H, W, 3) and their bodywork (N, H, W), uint8, and what judges named there."""

    asked: Sequence[Asked]
    pictures: np.ndarray
    bodies: np.ndarray
    named: Sequence[str]  # from the bodywork alone
    behind: Sequence[str]  # from the background alone


def of(project: Project) -> Measured:
    """Every paint in every world; what the judging set reads there."""
    chosen, scale = asked(project), project.recipe.score.guidance_scale
    seeds = list(range(1, len(chosen) + 1))
    pictures = project.generated("where", [a.text for a in chosen], seeds, scale)
    bodies = project.masks(pictures)
    body, behind = (
        project.judging.read_world(pictures, bodies, part).world for part in ("body", "background")
    )
    rounds = Rounds(chosen, pictures, bodies, list(body), list(behind))
    return run(rounds, project.mask_doubt, _trusts(project.judging))


def asked(project: Project) -> list[Asked]:
    """Each paint in each world, EACH times; paints take turns, worlds in an order drawn once.

    A combination that training never saw makes way for the other view, or is left out.
    """
    recipe = project.recipe.render
    rng, chosen = np.random.default_rng(0), []
    for number in range(EACH):
        orders = [rng.permutation(list(recipe.worlds)) for _ in PAINTS]
        for worlds in zip(*orders, strict=True):
            for (finish, paint), world in zip(PAINTS.items(), worlds, strict=True):
                phrase = recipe.captions.worlds[world][0]
                views = VIEWS if number % 2 == 0 else VIEWS[::-1]
                texts = [f"a {paint} car {phrase}, {view}" for view in views]
                known = [text for text in texts if not _held_out(text, project)]
                chosen += [Asked(text, str(world), finish) for text in known[:1]]
    return chosen


def _held_out(text: str, project: Project) -> bool:
    recipe = project.recipe.render
    return holds_out(recipe, understood(text, recipe))


def _trusts(judges: Judges) -> dict[str, str]:
    """How often the judge of bodywork reads rendered bodies of each paint right."""
    known = {a.of: a for a in judges.accuracies if a.name == "body_world"}
    return {
        finish: f"it reads {100 * known[finish].value:.0f} % of rendered ones right"
        for finish in PAINTS
        if finish in known
    }


def run(rounds: Rounds, doubt: str = "", trusts: dict[str, str] | None = None) -> Measured:
    """How often the world is named right. `doubt` says why bodywork cannot be found."""
    n, texts = len(rounds.asked), len({a.text for a in rounds.asked})
    method = METHOD.format(n=n, texts=texts, tried=min(ROUNDS, n))
    if doubt:
        rows = [missing(finish, Place(PANEL, finish, RIGHT), "%", doubt) for finish in PAINTS]
        return Measured(QUESTION, method, tuple(rows))
    rows = [row for finish in PAINTS for row in _of_paint(rounds, finish, (trusts or {}))]
    return Measured(QUESTION, method, (*rows, *_tried(rounds)), _pictures(rounds))


def _of_paint(rounds: Rounds, finish: str, trusts: dict[str, str]) -> list[Row]:
    mine = [i for i, a in enumerate(rounds.asked) if a.finish == finish]
    texts = [rounds.asked[i].text for i in mine]
    rows = []
    for end, series, named, note in (
        ("", RIGHT, rounds.named, trusts.get(finish, "")),
        ("-background", BEHIND, rounds.behind, ""),
    ):
        hits = np.array([named[i] == rounds.asked[i].world for i in mine], bool)
        place = Place(PANEL, finish, series)
        rows.append(share_of(f"{finish}{end}", place, hits, texts, note))
    return rows


def _tried(rounds: Rounds) -> list[Row]:
    """The rounds that readers try: of each the words' world, its paint, and what the judge said."""
    rows = []
    for number, a in enumerate(rounds.asked[:ROUNDS]):
        said = rounds.named[number]
        right = float(said == a.world)
        note = f"the judge says {said}"
        rows.append(
            Row(f"round-{number}", "", a.world, a.finish, right, None, None, 1, "right", note)
        )
    return rows


def _pictures(rounds: Rounds) -> dict[str, bytes]:
    files = {}
    for number, (picture, body) in enumerate(
        zip(rounds.pictures[:ROUNDS], rounds.bodies[:ROUNDS], strict=True)
    ):
        files[f"{number}-whole.webp"] = webp(picture)
        files[f"{number}-body.webp"] = webp(cut_out(picture, body))
    return files


def cut_out(picture: np.ndarray, body: np.ndarray) -> np.ndarray:
    """The bodywork (H, W, 4) on nothing: what is not of it is black, so that no file keeps it."""
    inside = ndimage.binary_erosion(body >= 128, iterations=MARGIN)
    share = ndimage.gaussian_filter(inside.astype(np.float32), 0.6) * inside
    alpha = (255 * share + 0.5).astype(np.uint8)
    return np.concatenate([picture * inside[..., None], alpha[..., None]], -1)
