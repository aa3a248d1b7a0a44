"""Measurement 23: a chrome ball path-traced, beside one look for each of its places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from gen.measure.kit.changes import correlation
from gen.measure.kit.clusters import mean_of
from gen.measure.kit.mirrors import chosen
from gen.measure.kit.pictures import FLOOR, webp
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place
from gen.measure.kit.turntable import Door, exact_light, packed, unrolled
from gen.study.recipe.render import RenderRecipe
from gen.study.world import ball
from gen.study.world.around import around_in, panorama
from gen.study.world.ball import Look
from gen.study.world.cuts import door_ends
from gen.study.world.looks import CONDUCTORS
from gen.study.world.panoramas import surroundings
from gen.study.world.render import Render, developed, render_in
from gen.study.world.scene import Camera, Scene
from gen.study.world.surroundings import Surroundings
from gen.study.world.terrain import facing

ID, VERSION = "ball", 3
QUESTION = "Is a chrome ball one look into what stands around it?"
METHOD = (
    "A chrome ball where the middle of a car would be, path-traced in {worlds} worlds of {kinds} "
    "kinds, from {turns} sides each; no model takes part. Beside each a picture by one rule: every "
    "place of the ball shows what lies in the direction in which a mirror there would look, taken "
    "from an ordinary picture of the surroundings unrolled, seen from the ball's middle and "
    "without it. The correlation is of finished pixels on the ball over three colours, per "
    "picture, then averaged; 1 is a picture alike but for brightness and contrast. Balls of one "
    "world are not independent, so the intervals draw whole worlds again. Floors: the "
    "same rule with up and down exchanged, and with the surroundings of the next world, which is "
    "of another kind. What the rule leaves out: the ball's shadow on what it mirrors, and that "
    "near ground is seen from elsewhere. The worlds are those of the first held-out cars of "
    "each kind, the sun put over the viewer's shoulder; land that rises above the viewer's eye is "
    "shaded as facing it. Shown is the first of each kind; the door is the front one of the very "
    "first car, with the bodywork around it."
)
NEEDS = ("mirrors",)
WORLDS = {"desert": "desert", "sunset": "sunset", "city street": "city"}  # a recipe's -> a file's
STAND, SUN = 65.0, 15.0  # degrees from the nose: where the viewer stands, and the sun
DOOR_FOV = 19.0  # degrees across the picture: the door fills most of it
EACH = 3  # worlds of each kind
TURNS = 6  # sides from which each ball is looked at
FACE, WIDE = 600, 1200  # pixels: a side of the cube, the panorama
LOOKED, SHOWN = (144, 96), (384, 256)  # pixels measured, pixels shown
QUALITY = 80  # of the panoramas: together at most some 300 kB
RULE = "looked up"
TURNED, ANOTHER = f"{FLOOR}: upside down", f"{FLOOR}: another world's surroundings"
SHORT = {RULE: "looked-up", TURNED: "turned", ANOTHER: "another"}
PANEL = "Correlation with the path-traced ball"
DOWN = np.array((1, 1, -1))


@dataclass(frozen=True)
class Balls:
    """One world: T path-traced balls (T, H, W, 3) uint8, its panorama as a file, its exposure.

    See `turntable` for how the panorama lies.
    """

    pictures: np.ndarray
    around: bytes
    exposure: float


@dataclass(frozen=True)
class Shown:
    """Two pictures (H, W, 3) uint8 of one world: a ball and a door."""

    still: np.ndarray
    door: np.ndarray


def of(project: Project) -> Measured:
    """All kinds of world once, then again; and the door, which is the same in all."""
    recipe, every = project.recipe.render, project.recipe.train.held_out_every
    scenes = chosen(recipe, every)
    worlds, shown, door = [], {}, None
    for turn in range(EACH):
        for kind, name in WORLDS.items():
            there = sorted(scenes, key=lambda s: s.world.name != kind)[turn]
            named = replace(there, world=replace(there.world, name=kind), body=scenes[0].body)
            subject = _lit(named, recipe)
            land = surroundings(subject.world)
            land = land._replace(land=facing(land.land))
            worlds.append(_balls(land, subject, recipe))
            if not turn:
                shown[name], door = _shown(land, subject, recipe)
            project.report("ball: worlds", len(worlds), EACH * len(WORLDS))
    assert door is not None, "no world"
    looks = [ball.look(camera, *LOOKED) for camera in _cameras()]
    return run(worlds, shown, looks, door)


def _lit(subject: Scene, recipe: RenderRecipe) -> Scene:
    """The sun over the viewer's shoulder, in the middle of the heights that its world has."""
    heights = recipe.worlds[subject.world.name].sun
    assert heights is not None, f"{subject.world.name}: no sun"
    return replace(
        subject,
        pane=None,
        material=ball.CHROME,
        world=replace(subject.world, sun_azimuth=SUN, sun_height=sum(heights) / 2),
        camera=_at_door(subject),
    )


def _at_door(subject: Scene) -> Camera:
    rear, front = door_ends(subject.body)[0]
    beside = subject.body.width / 2
    aim = ((rear + front) / 2, 0.92 * beside, 0.58)
    return Camera(STAND, 0.95, 6.0, DOOR_FOV, aim)


def _cameras() -> list[Camera]:
    return [ball.camera(STAND + 360 * turn / TURNS) for turn in range(TURNS)]


def _balls(world: Surroundings, subject: Scene, recipe: RenderRecipe) -> Balls:
    exposure = recipe.worlds[subject.world.name].exposure
    fine = panorama(around_in(world, subject, recipe, FACE), 2 * WIDE)
    light = fine.reshape(WIDE // 2, 2, WIDE, 2, 3).mean((1, 3))  # four looks a pixel
    sky = webp(unrolled(developed(light, exposure), STAND), QUALITY)
    return Balls(ball.traced(world, subject, recipe, _cameras(), LOOKED), sky, exposure)


def _shown(world: Surroundings, subject: Scene, recipe: RenderRecipe) -> tuple[Shown, Door]:
    width, height = SHOWN
    larger = replace(recipe, width=width, height=height, samples=ball.SAMPLES)
    light = render_in(world, subject, larger)
    (still,) = ball.traced(world, subject, recipe, [ball.camera(STAND)], SHOWN)
    return Shown(still, light.picture), _door(light, subject.camera)


def _door(light: Render, camera: Camera) -> Door:
    """The bodywork in the picture's middle, as far as it hangs together."""
    panels, _ = ndimage.label(light.body > 0.5)
    middle = panels[panels.shape[0] // 2, panels.shape[1] // 2]
    near = ndimage.binary_dilation(panels == middle)
    normals = np.stack([light.normals @ axis for axis in camera.axes()[:2]], -1)
    return Door(normals, light.body * near * (middle > 0))


def run(
    worlds: Sequence[Balls], shown: Mapping[str, Shown], looks: list[Look], door: Door
) -> Measured:
    """What one look explains of a ball, beside floors; and what the page turns.

    `shown` are the first of `worlds`, by the names of their files.
    """
    alike: dict[str, list[float]] = {RULE: [], TURNED: [], ANOTHER: []}
    skies = [exact_light(balls.around) / balls.exposure for balls in worlds]
    for i, balls in enumerate(worlds):
        for look, true in zip(looks, balls.pictures, strict=True):
            inside = ndimage.binary_erosion(look.on, iterations=2)
            away = look.directions[inside]
            for series, sky, turn in (
                (RULE, skies[i], 1),
                (TURNED, skies[i], DOWN),
                (ANOTHER, skies[(i + 1) % len(skies)], 1),
            ):
                made = _found(sky, away * turn, balls.exposure)
                alike[series].append(correlation(made, true[inside].astype(np.float32)))
    labels = [i for i in range(len(worlds)) for _ in looks]
    rows = [
        mean_of(
            SHORT[series],
            Place(PANEL, "chrome", series),
            np.array(figures),
            "correlation",
            labels,
            of="worlds",
        )
        for series, figures in alike.items()
    ]
    method = METHOD.format(worlds=len(worlds), kinds=len(shown), turns=len(looks))
    return Measured(QUESTION, method, tuple(rows), _files(worlds, shown, door))


def _found(sky: np.ndarray, away: np.ndarray, exposure: float) -> np.ndarray:
    """(P, 3) float32: what the ball shows of a panorama of light in directions (P, 3)."""
    height, width = sky.shape[:2]
    column = (STAND - np.degrees(np.arctan2(away[:, 1], away[:, 0]))) / 360 * width
    row = np.degrees(np.arccos(np.clip(away[:, 2], -1, 1))) / 180 * height
    light = sky[np.minimum(row.astype(int), height - 1), column.astype(int) % width]
    tint = np.array(CONDUCTORS["chrome"][1])
    return developed(light * tint, exposure).astype(np.float32)


def _files(worlds: Sequence[Balls], shown: Mapping[str, Shown], door: Door) -> dict[str, bytes]:
    files = {"normals.webp": packed(door)}
    for (name, pictures), balls in zip(shown.items(), worlds, strict=False):
        files[f"{name}-around.webp"] = balls.around
        files[f"{name}-still.webp"] = webp(pictures.still, QUALITY)
        files[f"{name}-door.webp"] = webp(pictures.door, QUALITY)
    return files
