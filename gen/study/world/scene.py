"""A scene: everything that is drawn from one seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from gen.study.recipe.render import Body, Range, RenderRecipe


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

    @property
    def sun(self) -> tuple[float, float]:
        """Azimuth and height of the sun, in a world that has one."""
        assert self.sun_azimuth is not None and self.sun_height is not None, f"{self.name}: no sun"
        return self.sun_azimuth, self.sun_height


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


def draw(seed: int, recipe: RenderRecipe, held_out: bool = False) -> Scene:
    """The scene of a seed: one that may be trained on, or, with `held_out`, one that may not.

    A draw of the other kind is thrown away and drawn again; the seed alone decides.
    """
    attempt = 0
    while True:
        scene = _draw(seed, np.random.default_rng([seed, attempt]), recipe, held_out)
        if is_held_out(scene, recipe) == held_out:
            return scene
        attempt += 1


def is_held_out(scene: Scene, recipe: RenderRecipe) -> bool:
    """Whether the scene shows a combination that training must not see."""
    return holds_out(recipe, scene.meaning())


def holds_out(recipe: RenderRecipe, meaning: Mapping[str, str]) -> bool:
    """Whether a meaning has a combination that training must not see."""
    return any(combination.items() <= meaning.items() for combination in recipe.held_out)


def _draw(seed: int, rng: np.random.Generator, recipe: RenderRecipe, held_out: bool) -> Scene:
    fixed = recipe.held_out[rng.integers(len(recipe.held_out))] if held_out else {}

    def pick(kind: str, options: dict) -> str:
        option = list(options)[rng.integers(len(options))]
        return fixed.get(kind, option)

    body = _draw_body(rng, pick("style", recipe.body_styles), recipe)
    material = _draw_material(rng, recipe, fixed)
    world = _draw_world(rng, pick("world", recipe.worlds), recipe)
    view = pick("view", recipe.views)
    camera = _draw_camera(rng, recipe.views[view], body)
    pane = _draw_pane(rng) if rng.uniform() < recipe.window else None
    return Scene(seed, view, body, material, world, camera, pane)


def _draw_body(rng: np.random.Generator, style: str, recipe: RenderRecipe) -> Body:
    shape = {name: _between(rng, r) for name, r in sorted(recipe.body_styles[style].items())}
    return Body(style=style, spokes=int(rng.integers(5, 11)), **shape)


def _draw_material(
    rng: np.random.Generator, recipe: RenderRecipe, fixed: dict[str, str]
) -> Material:
    fits = {
        name: f
        for name, f in recipe.finishes.items()
        if name == fixed.get("finish", name) and fixed.get("colour", f.colours[0]) in f.colours
    }
    weights = np.array([f.weight for f in fits.values()])
    finish = list(fits)[rng.choice(len(fits), p=weights / weights.sum())]
    colour = fits[finish].colours[rng.integers(len(fits[finish].colours))]
    return Material(finish, fixed.get("colour", colour), _between(rng, fits[finish].roughness))


def _draw_world(rng: np.random.Generator, name: str, recipe: RenderRecipe) -> World:
    seed, azimuth = int(rng.integers(2**31)), _between(rng, (-180, 180))
    heights = recipe.worlds[name].sun
    if heights is None:
        return World(name, seed, None, None)
    if name == "city street":  # the houses leave the sky free along the street only
        azimuth = _between(rng, (-20, 20)) + 180 * int(rng.integers(2))
    return World(name, seed, azimuth, _between(rng, heights))


def _draw_camera(rng: np.random.Generator, azimuths: Range, body: Body) -> Camera:
    azimuth = _between(rng, azimuths) * rng.choice([-1, 1])
    a, fov = np.radians(azimuth), _between(rng, (26, 32))  # a long lens, as cars are photographed
    across = body.length * abs(np.sin(a)) + body.width * abs(np.cos(a))
    fill = _between(rng, (0.87, 0.97))  # of the picture's width, less what the next line takes
    distance = across / fill / (2 * np.tan(np.radians(fov / 2))) + 0.6  # the near end looks larger
    shift = _between(rng, (-0.10, 0.10))
    aim = (-shift * float(np.sin(a)), shift * float(np.cos(a)), _between(rng, (0.55, 0.85)))
    height = _between(rng, (0.8, 2.1))  # from a crouch to a raised arm
    return Camera(float(azimuth), height, float(distance), fov, aim)


def _draw_pane(rng: np.random.Generator) -> Pane:
    mullion = _between(rng, (0.15, 0.85)) if rng.uniform() < 0.6 else None
    frame = _between(rng, (0.03, 0.07))
    return Pane(_between(rng, (-25, 25)), frame, mullion, int(rng.integers(2**31)))


def _between(rng: np.random.Generator, ends: Range) -> float:
    return float(rng.uniform(*ends))


def record(scene: Scene, recipe: RenderRecipe) -> dict:
    """A scene as JSON can hold it, with the horizon's height in the picture (0 top, 1 bottom)."""
    horizon = scene.camera.horizon(recipe.width / recipe.height)
    return {"format": recipe.format, "horizon": horizon, **asdict(scene)}


def scene_of(entry: dict) -> Scene:
    """The scene that a record holds: the inverse of `record`."""
    camera = entry["camera"] | {"aim": tuple(entry["camera"]["aim"])}
    return Scene(
        seed=entry["seed"],
        view=entry["view"],
        body=Body(**entry["body"]),
        material=Material(**entry["material"]),
        world=World(**entry["world"]),
        camera=Camera(**camera),
        pane=Pane(**entry["pane"]) if entry["pane"] else None,
    )


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 before low, 1 after high, smooth between; low may be the larger. Cars and worlds use it."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
