"""A scene: what the recipe allows, what a seed draws, what a caption says of it."""

import re
from collections.abc import Callable, Set
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import yaml

from gen.core.errors import BadInput

# ---- the recipe: what may be drawn ---------------------------------------------------------

Range = tuple[float, float]

# what a recipe may name; worlds.py and render.py know how each of these looks
WORLDS = {"studio", "sunset", "city street", "desert", "forest", "snow"}
FINISHES = {"mirror", "brushed", "glossy", "satin", "matte"}
METALS = {"chrome", "gold", "copper", "steel"}


@dataclass(frozen=True)
class Finish:
    """How a surface scatters, and its colours; one named twice is drawn twice as often."""

    weight: float
    roughness: Range
    colours: tuple[str, ...]


@dataclass(frozen=True)
class WorldRecipe:
    """How bright a world is shown, and how high its sun stands (degrees; None: no sun)."""

    exposure: float
    sun: Range | None


@dataclass(frozen=True)
class Grammar:
    """Sentences with slots, the wordings of each slot, and how often a slot is left out."""

    sentences: tuple[str, ...]
    omit: dict[str, float]
    finishes: dict[str, tuple[str, ...]]
    bodies: dict[str, tuple[str, ...]]
    worlds: dict[str, tuple[str, ...]]
    views: dict[str, tuple[str, ...]]
    window: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """The `render` and `captions` sections of sources/study.yml, checked."""

    format: int
    width: int
    height: int
    samples: int
    full_every: int
    window: float
    body_styles: dict[str, dict[str, Range]]
    finishes: dict[str, Finish]
    paints: dict[str, Range]
    worlds: dict[str, WorldRecipe]
    views: dict[str, Range]
    held_out: tuple[dict[str, str], ...]
    captions: Grammar


def read_recipe(path: Path) -> Recipe:
    """sources/study.yml -> its `render` and `captions`; BadInput names a key that nobody knows."""
    text = yaml.safe_load(path.read_text("utf-8"))
    _strict_keys({"render", "captions"}, text, path.name, optional={"train", "judges", "score"})
    render, captions = text["render"], text["captions"]
    place = f"{path.name}: render"
    finishes = {
        k: _strict(Finish, v, f"{place}.finishes.{k}") for k, v in render["finishes"].items()
    }
    worlds = {
        k: _strict(WorldRecipe, v, f"{place}.worlds.{k}") for k, v in render["worlds"].items()
    }
    grammar = _strict(Grammar, captions, f"{path.name}: captions")
    whole = {**render, "finishes": finishes, "worlds": worlds, "captions": grammar}
    recipe = _strict(Recipe, whole, place)
    for style, ranges in recipe.body_styles.items():
        _strict_keys(DRAWN, ranges, f"{place}.body_styles.{style}")
    _strict_keys(set(WORLDS), recipe.worlds, f"{place}.worlds")
    _strict_keys(FINISHES, recipe.finishes, f"{place}.finishes")
    _check_colours(recipe, place)
    _check_held_out(recipe, place)
    _check_words(recipe, f"{path.name}: captions")
    return recipe


def _check_colours(recipe: Recipe, place: str) -> None:
    for name, finish in recipe.finishes.items():
        metallic = name in ("mirror", "brushed")
        for colour in finish.colours:
            if colour not in (METALS if metallic else recipe.paints):
                kind = "metal" if metallic else "paint"
                raise BadInput(f"{place}.finishes.{name}: {colour} is not a {kind} that we have")


def _check_held_out(recipe: Recipe, place: str) -> None:
    values = {
        "style": set(recipe.body_styles),
        "finish": set(recipe.finishes),
        "colour": {c for f in recipe.finishes.values() for c in f.colours},
        "world": set(recipe.worlds),
        "view": set(recipe.views),
    }
    for combination in recipe.held_out:
        for kind, value in combination.items():
            if value not in values.get(kind, ()):
                raise BadInput(f"{place}.held_out: nothing that is drawn has {kind}: {value}")
        finish, colour = combination.get("finish"), combination.get("colour")
        if finish and colour and colour not in recipe.finishes[finish].colours:
            raise BadInput(f"{place}.held_out: no {finish} surface is {colour}")


def _check_words(recipe: Recipe, place: str) -> None:
    words = recipe.captions
    _strict_keys(set(recipe.finishes), words.finishes, f"{place}.finishes")
    _strict_keys(set(recipe.body_styles) | {"any"}, words.bodies, f"{place}.bodies")
    _strict_keys(set(recipe.worlds), words.worlds, f"{place}.worlds")
    _strict_keys(set(recipe.views), words.views, f"{place}.views")


def _strict(cls, given: dict, place: str):
    _strict_keys({f.name for f in fields(cls)}, given, place)
    return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})


def _strict_keys(
    known: set[str], given: dict, place: str, optional: Set[str] = frozenset()
) -> None:
    for key in sorted(known ^ (set(given) - optional)):
        problem = "is missing" if key in known else "is not known"
        raise BadInput(f"{place}: {key} {problem}; the keys are {', '.join(sorted(known))}")


# ---- the scene: everything that was drawn --------------------------------------------------


@dataclass(frozen=True)
class Body:
    """A car's shape: metres, and places along it as fractions of its length from the nose."""

    style: str
    spokes: int
    length: float
    width: float
    height: float
    wheelbase: float
    front_overhang: float
    wheel_radius: float
    clearance: float
    nose_height: float
    cowl: float  # fraction: where bonnet and windscreen meet
    cowl_height: float
    roof_front: float  # fraction
    roof_rear: float  # fraction
    deck: float  # fraction: where rear window and boot meet
    deck_height: float
    belt: float  # height of the side windows' lower edge
    flare: float  # how far the fenders swell

    @property
    def axles(self) -> Range:
        """Where the wheels stand along x, front and rear; x = 0 is the middle of the car."""
        front = self.length / 2 - self.front_overhang
        return front, front - self.wheelbase


DRAWN = {f.name for f in fields(Body)} - {"style", "spokes"}


@dataclass(frozen=True)
class Material:
    """What the bodywork is made of; roughness is Beckmann's alpha."""

    finish: str
    colour: str
    roughness: float


@dataclass(frozen=True)
class World:
    """What surrounds the car; angles in degrees, azimuth counter-clockwise from the car's nose."""

    name: str
    seed: int
    sun_azimuth: float | None
    sun_height: float | None


@dataclass(frozen=True)
class Camera:
    """Where it stands and aims: degrees, metres; `fov` across the picture."""

    azimuth: float
    height: float
    distance: float
    fov: float
    aim: tuple[float, float, float]

    @property
    def origin(self) -> np.ndarray:
        """(3,) metres."""
        a = np.radians(self.azimuth)
        return np.array([self.distance * np.cos(a), self.distance * np.sin(a), self.height])

    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit vectors right, up, forward, each (3,)."""
        forward = np.array(self.aim) - self.origin
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 0, 1])
        right /= np.linalg.norm(right)
        return right, np.cross(right, forward), forward

    def horizon(self, aspect: float) -> float:
        """Height of the horizon in the picture's middle: 0 is its top edge, 1 its bottom edge."""
        _, up, forward = self.axes()
        slope = forward[2] / up[2]  # negative where the camera looks down
        return float(0.5 + 0.5 * slope * aspect / np.tan(np.radians(self.fov / 2)))


@dataclass(frozen=True)
class Pane:
    """A window between camera and car, and the room behind us that it mirrors."""

    yaw: float  # degrees between it and the picture
    frame: float  # width of the frame, a fraction of the picture's height
    mullion: float | None  # where the upright bar stands, a fraction of the picture's width
    seed: int


@dataclass(frozen=True)
class Scene:
    """Everything drawn from one seed."""

    seed: int
    view: str
    body: Body
    material: Material
    world: World
    camera: Camera
    pane: Pane | None

    def meaning(self) -> dict[str, str]:
        """What a caption can say, and what a held-out combination is made of."""
        return {
            "style": self.body.style,
            "finish": self.material.finish,
            "colour": self.material.colour,
            "world": self.world.name,
            "view": self.view,
        }


def draw(seed: int, recipe: Recipe, held_out: bool = False) -> Scene:
    """The scene of a seed: one that may be trained on, or, with `held_out`, one that may not.

    A draw of the other kind is thrown away and drawn again; the seed alone decides.
    """
    attempt = 0
    while True:
        scene = _draw(seed, np.random.default_rng([seed, attempt]), recipe, held_out)
        if is_held_out(scene, recipe) == held_out:
            return scene
        attempt += 1


def is_held_out(scene: Scene, recipe: Recipe) -> bool:
    """Whether the scene shows a combination that training must not see."""
    meaning = scene.meaning().items()
    return any(combination.items() <= meaning for combination in recipe.held_out)


def _draw(seed: int, rng: np.random.Generator, recipe: Recipe, held_out: bool) -> Scene:
    given = recipe.held_out[rng.integers(len(recipe.held_out))] if held_out else {}

    def pick(kind: str, options: dict) -> str:
        drawn = list(options)[rng.integers(len(options))]
        return given.get(kind, drawn)

    body = _draw_body(rng, pick("style", recipe.body_styles), recipe)
    material = _draw_material(rng, recipe, given)
    world = _draw_world(rng, pick("world", recipe.worlds), recipe)
    view = pick("view", recipe.views)
    camera = _draw_camera(rng, recipe.views[view], body)
    pane = _draw_pane(rng) if rng.uniform() < recipe.window else None
    return Scene(seed, view, body, material, world, camera, pane)


def _draw_body(rng, style: str, recipe: Recipe) -> Body:
    shape = {name: _between(rng, r) for name, r in sorted(recipe.body_styles[style].items())}
    return Body(style=style, spokes=int(rng.integers(5, 11)), **shape)


def _draw_material(rng, recipe: Recipe, given: dict[str, str]) -> Material:
    fits = {
        name: f
        for name, f in recipe.finishes.items()
        if name == given.get("finish", name) and given.get("colour", f.colours[0]) in f.colours
    }
    weights = np.array([f.weight for f in fits.values()])
    finish = list(fits)[rng.choice(len(fits), p=weights / weights.sum())]
    colour = fits[finish].colours[rng.integers(len(fits[finish].colours))]
    return Material(finish, given.get("colour", colour), _between(rng, fits[finish].roughness))


def _draw_world(rng, name: str, recipe: Recipe) -> World:
    seed, azimuth = int(rng.integers(2**31)), _between(rng, (-180, 180))
    heights = recipe.worlds[name].sun
    if heights is None:
        return World(name, seed, None, None)
    if name == "city street":  # the houses leave the sky free along the street only
        azimuth = _between(rng, (-20, 20)) + 180 * int(rng.integers(2))
    return World(name, seed, azimuth, _between(rng, heights))


def _draw_camera(rng, azimuths: Range, body: Body) -> Camera:
    azimuth = _between(rng, azimuths) * rng.choice([-1, 1])
    a, fov = np.radians(azimuth), _between(rng, (26, 32))  # a long lens, as cars are photographed
    across = body.length * abs(np.sin(a)) + body.width * abs(np.cos(a))
    fill = _between(rng, (0.87, 0.97))  # of the picture's width, less what the next line takes
    distance = across / fill / (2 * np.tan(np.radians(fov / 2))) + 0.6  # the near end looks larger
    shift = _between(rng, (-0.10, 0.10))
    aim = (-shift * np.sin(a), shift * np.cos(a), _between(rng, (0.55, 0.85)))
    height = _between(rng, (0.8, 2.1))  # from a crouch to a raised arm
    return Camera(float(azimuth), height, float(distance), fov, tuple(map(float, aim)))


def _draw_pane(rng) -> Pane:
    mullion = _between(rng, (0.15, 0.85)) if rng.uniform() < 0.6 else None
    frame = _between(rng, (0.03, 0.07))
    return Pane(_between(rng, (-25, 25)), frame, mullion, int(rng.integers(2**31)))


def _between(rng, ends: Range) -> float:
    return float(rng.uniform(*ends))


def record(scene: Scene, recipe: Recipe) -> dict:
    """A scene as JSON can hold it, with the horizon's height in the picture (0 top, 1 bottom)."""
    horizon = scene.camera.horizon(recipe.width / recipe.height)
    return {"format": recipe.format, "horizon": horizon, **asdict(scene)}


def scene_of(kept: dict) -> Scene:
    """The scene that a record holds: the inverse of `record`."""
    camera = kept["camera"] | {"aim": tuple(kept["camera"]["aim"])}
    return Scene(
        seed=kept["seed"],
        view=kept["view"],
        body=Body(**kept["body"]),
        material=Material(**kept["material"]),
        world=World(**kept["world"]),
        camera=Camera(**camera),
        pane=Pane(**kept["pane"]) if kept["pane"] else None,
    )


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 before low, 1 after high, smooth between; low may be the larger. Cars and worlds use it."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


# ---- captions ------------------------------------------------------------------------------


def caption(scene: Scene, recipe: Recipe, rng: np.random.Generator) -> str:
    """One of the many sentences that describe a scene; a part of the meaning may be left out."""
    omit = recipe.captions.omit
    return _worded(scene, recipe, rng, lambda slot: rng.uniform() >= omit.get(slot, 0))


def caption_of(scene: Scene, recipe: Recipe, rng: np.random.Generator, said: Set[str]) -> str:
    """One of the sentences that say these slots (of body, world and view) and no others.

    Finish and colour are always said, and a window where there is one.
    """
    return _worded(scene, recipe, rng, said.__contains__)


def _worded(
    scene: Scene, recipe: Recipe, rng: np.random.Generator, said: Callable[[str], bool]
) -> str:
    g = recipe.captions

    def one(options: tuple[str, ...]) -> str:
        return options[rng.integers(len(options))]

    slots = {
        "paint": one(g.finishes[scene.material.finish]).format(colour=scene.material.colour),
        "body": one(g.bodies[scene.body.style if said("body") else "any"]),
        "world": one(g.worlds[scene.world.name]) if said("world") else "",
        "view": one(g.views[scene.view]) if said("view") else "",
        "window": one(g.window) if scene.pane else "",
    }
    sentence = re.sub(
        r"\[([^\]]*?\{(\w+)\}[^\]]*?)\]", lambda m: m[1] if slots[m[2]] else "", one(g.sentences)
    )
    return re.sub(r"\ba (?=[aeiou])", "an ", sentence.format(**slots))


def wordings(recipe: Recipe) -> tuple[str, ...]:
    """Texts that hold every word a caption can have."""
    g = recipe.captions
    slots = (g.finishes, g.bodies, g.worlds, g.views)
    fillings = [text for slot in slots for texts in slot.values() for text in texts]
    colours = [colour for finish in recipe.finishes.values() for colour in finish.colours]
    templates = [*g.sentences, *fillings, *g.window]
    plain = [re.sub(r"\{\w+\}|[\[\]]", " ", text) for text in templates]  # without slots
    return (*plain, *colours, "an")  # "a" becomes "an" before a vowel
