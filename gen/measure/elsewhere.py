"""Measurement 19: another world's word, the same noise: how much of the change is the car's?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.clusters import mean_of
from gen.measure.kit.pictures import FLOOR, RENDERED, sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing
from gen.measure.kit.two_worlds import FINISHES

ID, VERSION = "elsewhere", 2
QUESTION = "Put it into another world: does the car change with it?"
METHOD = (
    "Two prompts that name two worlds and the same car, painted from the same noise, {n} times for "
    "each paint; paints share noises, worlds and views, and are compared noise by noise. The "
    "change is squared differences of colour values. The bodywork is what the judge finds in "
    "either picture, its area the share of the picture that it is: the floor, for a change without "
    "aim lies there to that share. More than its area: share of the change over share of the "
    "picture (1: no more than anywhere). Where both pictures have bodywork, and where neither has "
    "any, the change of one pixel is compared too, as the car need not keep its shape. The second "
    "floor is the same prompt from other noise. Renders are cars path-traced in two worlds, whose "
    "bodywork is known, other cars and worlds than these. The same two prompts come again every "
    "{period} noises, and are no new ones: intervals draw prompts, each with all its noises."
)
NEEDS = ("model", "judging", "two-worlds")
NOISES = 50  # for each paint, two pictures of each
CARS = {  # the nearest paint to chrome is silver
    "chrome": "chrome",
    "glossy": "glossy silver",
    "satin": "satin silver",
    "matte": "matte silver",
}
RENDERS = {"chrome": "mirror", "glossy": "glossy", "matte": "matte"}  # finishes of two_worlds
VIEWS = ("side view", "front three-quarter view")
WORLDS = {  # by name, as prompts say them; chrome is trained in each of them
    "studio": "in a studio",
    "sunset": "at sunset",
    "city": "in the city",
    "desert": "in the desert",
    "snow": "in the snow",
}
PERIOD = len(WORLDS) * (len(WORLDS) - 1) // 2  # noises after which the same two prompts come again
PAINTED, NOISE = "another world's word", f"{FLOOR}: other noise"
AREA = f"{FLOOR}: the bodywork's area"
SHOWN = 5  # noises on the sheet: the first


@dataclass(frozen=True)
class Both:
    """N pairs of pictures (N, 2, H, W, 3) uint8 and the bodywork of each (N, 2, H, W) uint8."""

    pictures: np.ndarray
    bodies: np.ndarray


def of(project: Project) -> Measured:
    """Every paint in pairs of worlds; and the renders that are kept in two."""
    pictures = {car: _painted(project, car) for car in CARS}
    painted = {car: Both(p, _found(project, p)) for car, p in pictures.items()}
    rendered = {car: _rendered(project, finish) for car, finish in RENDERS.items()}
    return run(painted, rendered, project.mask_doubt)


def texts(car: str) -> list[tuple[str, str]]:
    """The two prompts of each noise: every pair of worlds in turn, views in turn."""
    pairs = list(combinations(WORLDS.values(), 2))
    asked = [(*pairs[n % len(pairs)], VIEWS[n % len(VIEWS)]) for n in range(NOISES)]
    paint = CARS[car]
    return [(f"a {paint} car {a}, {view}", f"a {paint} car {b}, {view}") for a, b, view in asked]


def _painted(project: Project, car: str) -> np.ndarray:
    """(NOISES, 2, H, W, 3) uint8."""
    prompts = [text for both in texts(car) for text in both]
    seeds = [seed for seed in range(1, NOISES + 1) for _ in range(2)]
    scale = project.recipe.score.guidance_scale
    flat = project.generated(f"elsewhere-{car}", prompts, seeds, scale)
    return flat.reshape(NOISES, 2, *flat.shape[1:])


def _found(project: Project, pictures: np.ndarray) -> np.ndarray:
    flat = pictures.reshape(-1, *pictures.shape[2:])
    return project.masks(flat).reshape(pictures.shape[:-1])


def _rendered(project: Project, finish: str) -> Both:
    assert finish in FINISHES, finish
    pairs = project.two_worlds(finish)
    return Both(pairs.pictures, np.repeat(pairs.bodies[:, None], 2, 1))


# ---- rows ------------------------------------------------------------------------------------


def run(painted: Mapping[str, Both], rendered: Mapping[str, Both], doubt: str = "") -> Measured:
    """By car. `doubt` says why bodywork cannot be found in painted pictures."""
    rows: list[Row] = []
    times = {} if doubt else {car: _figures(both) for car, both in painted.items()}
    for car, figures in times.items():
        rows += _rows(car, PAINTED, "", figures, PERIOD)
        rows += _rows(car, NOISE, "-noise", _figures(_other_noise(painted[car])), PERIOD)
    for car, both in rendered.items():
        rows += _rows(car, RENDERED, "-rendered", _figures(both), len(both.pictures))
    rows += _less(times)
    if doubt:
        place = Place("Share of the change on the body", "chrome", PAINTED)
        rows.append(missing("chrome", place, "%", doubt))
    n = len(next(iter(painted.values())).pictures)
    files = {"worlds.webp": _shown(list(painted.values()))}
    return Measured(QUESTION, METHOD.format(n=n, period=PERIOD), tuple(rows), files)


def _figures(both: Both) -> dict[str, np.ndarray]:
    """Of each pair: percent of the change on the body, its area, and a pixel's against others'."""
    a, b = both.pictures[:, 0].astype(np.float32), both.pictures[:, 1]
    squared = ((a - b) ** 2).sum(-1)
    inside = both.bodies >= 128
    either, always = inside[:, 0] | inside[:, 1], inside[:, 0] & inside[:, 1]
    whole = np.maximum(squared.sum((1, 2)), 1e-6)
    there = 100 * (squared * either).sum((1, 2)) / whole
    area = 100 * either.mean((1, 2))
    on, off = _mean_in(squared, always), _mean_in(squared, ~either)
    return {
        "share": there,
        "area": area,
        "times": there / np.maximum(area, 1e-6),
        "pixel": np.divide(on, off, out=np.full(on.shape, np.nan), where=off > 0),
    }


def _mean_in(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The mean of values (N, H, W) within areas: (N,), NaN where there is none."""
    count = where.sum((1, 2))
    return np.where(count, (values * where).sum((1, 2)) / np.maximum(count, 1), np.nan)


def _rows(
    car: str, series: str, suffix: str, figures: Mapping[str, np.ndarray], period: int
) -> list[Row]:
    """A pair's prompts come again after a `period` of pairs: these are drawn together."""
    panel, area = "Share of the change on the body", f"{series}, area"
    places = {
        "": (Place(panel, car, series), "share", "%"),
        "-area": (Place(panel, car, AREA), "area", "%"),
        "-times": (
            Place("Share of the change over share of the picture", car, series),
            "times",
            "times",
        ),
        "-pixel": (
            Place("A pixel of the body against one beside it", car, series),
            "pixel",
            "times",
        ),
    }
    if series != PAINTED:
        places["-area"] = (Place("", car, area), "area", "%")
    return [
        mean_of(f"{car}{suffix}{end}", place, figures[of], unit, _prompts(figures[of], period))
        for end, (place, of, unit) in places.items()
    ]


def _prompts(values: np.ndarray, period: int) -> list[int]:
    return [number % period for number in range(len(values))]


def _other_noise(both: Both) -> Both:
    """Each first picture beside the first of the next noise with the same prompt."""
    firsts = (both.pictures[:, 0], both.bodies[:, 0])
    return Both(*(np.stack([first, np.roll(first, PERIOD, 0)], 1) for first in firsts))


def _less(times: Mapping[str, Mapping[str, np.ndarray]]) -> list[Row]:
    """Chrome less the others, noise by noise."""
    others = [car for car in times if car != "chrome"]
    place = "Share over share: chrome more than"
    return [
        mean_of(
            f"chrome-more-than-{car}",
            Place(place, car, "paired, noise by noise"),
            times["chrome"]["times"] - times[car]["times"],
            "times",
            _prompts(times[car]["times"], PERIOD),
            looked_at=len(others),
        )
        for car in others
    ]


def _shown(painted: Sequence[Both]) -> bytes:
    """Each car in both worlds, a noise a column."""
    return sheet([both.pictures[:SHOWN, world] for both in painted for world in (0, 1)])
