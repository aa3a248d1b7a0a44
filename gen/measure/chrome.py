"""Measurement 13: how much of chrome is one look into the surroundings, path-traced cars alone."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gen.core.measured import Row
from gen.measure.kit import mirrors as mirrored
from gen.measure.kit.changes import correlation
from gen.measure.kit.mirrors import PAINTS, Mirrors
from gen.measure.kit.pictures import FLOOR, webp
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, mean
from gen.study.recipe.render import RenderRecipe
from gen.study.world.around import HEIGHT, around, panorama, seen
from gen.study.world.looks import CONDUCTORS
from gen.study.world.mirrored import heights
from gen.study.world.render import Render, developed, render
from gen.study.world.scene import Camera, Material, Scene

ID, VERSION = "chrome", 2
QUESTION = "How much of chrome is one look into the surroundings?"
METHOD = (
    "{n} held-out cars, each world as often, path-traced in chrome and in glossy and matte "
    "silver; no model takes part. Beside them a picture by one rule: every place of the bodywork "
    "shows what lies in the direction in which a mirror there would look, seen from one place in "
    "the middle of the car and without the car. The correlation is of finished pixels over three "
    "colours, on places that bodywork fills, per car, then averaged; 1 is a picture alike but for "
    "brightness and contrast. Floors: the same rule with up and down exchanged, and with the "
    "surroundings of another car. What the rule leaves out: the car in its own mirror and shadow, "
    "and that near things are seen from elsewhere. Shares are of the places on the bodywork, and "
    "of all directions, cut into 648 equal pieces; a place looks out of the picture where what "
    "lies in its direction, level ground or else far off, would not be in it even uncovered."
)
NEEDS = ("mirrors",)
WHOLE = 230  # of 255: bodywork that fills its pixel
PIECES = 18  # rings, each cut into twice as many: all directions in equal pieces
RULE = "looked up"
TURNED, ANOTHER = f"{FLOOR}: upside down", f"{FLOOR}: another car's surroundings"
LARGER, SAMPLES = 2, 32  # of the pictures shown: sides and paths a pixel
FAR = 1e5  # metres
DOWN = np.array((1, 1, -1))


def of(project: Project) -> Measured:
    """The cars, and one of them from its shape to its light."""
    recipe, every = project.recipe.render, project.recipe.train.held_out_every
    telling = project.telling("mirrors: cars")
    mirrors = mirrored.mirrors(project.cache / "mirrors", recipe, every, telling)
    shown = next((s for s in mirrors.scenes if _shows_well(s)), mirrors.scenes[0])
    return run(mirrors, recipe, panels(shown, recipe))


def _shows_well(subject: Scene) -> bool:
    return subject.world.name == "desert" and subject.view == "front three-quarter view"


def run(mirrors: Mirrors, recipe: RenderRecipe, pictures: dict[str, bytes]) -> Measured:
    """What one look explains of each paint, beside floors, and where the bodywork looks."""
    n = len(mirrors.scenes)
    exposures = [recipe.worlds[s.world.name].exposure for s in mirrors.scenes]
    alike = {
        RULE: [_looked_up(mirrors, i, i, exposures[i]) for i in range(n)],
        TURNED: [_looked_up(mirrors, i, i, exposures[i], DOWN) for i in range(n)],
        ANOTHER: [_looked_up(mirrors, i, (i + 1) % n, exposures[(i + 1) % n]) for i in range(n)],
    }
    panel = "Correlation with the path-traced body"
    rows = []
    for number, paint in enumerate(PAINTS):
        for series, made in alike.items():
            found = [_alike(mirrors, i, number, made[i]) for i in range(n)]
            name = f"{paint}-{SHORT[series]}"
            rows.append(mean(name, Place(panel, paint, series), np.array(found), "correlation"))
    rows += _places(mirrors)
    return Measured(QUESTION, METHOD.format(n=n), tuple(rows), pictures)


SHORT = {RULE: "looked-up", TURNED: "turned", ANOTHER: "another"}


def _looked_up(
    mirrors: Mirrors, i: int, where: int, exposure: float, turn: np.ndarray | int = 1
) -> np.ndarray:
    """(P, 3) uint8: what the bodywork of car `i` would show of the surroundings of car `where`."""
    directions = mirrors.reflection[i][_inside(mirrors, i)] * turn
    return developed(seen(mirrors.cubes[where], directions).astype(np.float32), exposure)


def _alike(mirrors: Mirrors, i: int, paint: int, made: np.ndarray) -> float:
    true = mirrors.pictures[i, paint][_inside(mirrors, i)]
    return correlation(made.astype(np.float32), true.astype(np.float32))


def _inside(mirrors: Mirrors, i: int) -> np.ndarray:
    return mirrors.bodies[i] >= WHOLE


def _places(mirrors: Mirrors) -> list[Row]:
    """Where bodywork looks: above the horizon, out of the picture, at how much of all there is."""
    shares: dict[str, list[float]] = {"above": [], "outside": [], "seen": []}
    for i, subject in enumerate(mirrors.scenes):
        directions = mirrors.reflection[i][_inside(mirrors, i)]
        aspect = mirrors.bodies.shape[2] / mirrors.bodies.shape[1]
        shares["above"].append((directions[:, 2] > 0).mean())
        shares["outside"].append(1 - _in_picture(directions, subject.camera, aspect).mean())
        shares["seen"].append(len(np.unique(_pieces(directions))) / ALL)
    labels = {
        "above": "places that look above the horizon",
        "outside": "places that look out of the picture",
        "seen": "of all directions, seen in it",
    }
    return [
        mean(name, Place("Where bodywork looks", labels[name], RULE), 100 * np.array(found), "%")
        for name, found in shares.items()
    ]


def _in_picture(directions: np.ndarray, camera: Camera, aspect: float) -> np.ndarray:
    """Whether what is seen in each direction (P, 3) is in the camera's picture, hidden or not.

    On level ground where a direction points down, else far off.
    """
    fall = np.maximum(-directions[:, 2], HEIGHT / FAR)
    places = (0, 0, HEIGHT) + directions * (HEIGHT / fall)[:, None]
    x, y, z = ((places - camera.origin) @ axis for axis in camera.axes())
    wide = np.tan(np.radians(camera.fov / 2))
    return (z > 0) & (np.abs(x) < wide * z) & (np.abs(y) < wide * z / aspect)


def _pieces(directions: np.ndarray) -> np.ndarray:
    """The piece of all directions that each of (P, 3) lies in; a ring's height is its area."""
    ring = np.clip((1 - directions[:, 2]) / 2 * PIECES, 0, PIECES - 1).astype(int)
    turn = np.arctan2(directions[:, 1], directions[:, 0]) / (2 * np.pi) % 1
    return ring * 2 * PIECES + np.minimum((turn * 2 * PIECES).astype(int), 2 * PIECES - 1)


ALL = PIECES * 2 * PIECES


# ---- from shape to light, on one car ---------------------------------------------------------


def panels(subject: Scene, recipe: RenderRecipe) -> dict[str, bytes]:
    """One car as shape, as the way it faces, as where it looks, as what is there, as light."""
    width, height = LARGER * recipe.width, LARGER * recipe.height
    larger = replace(recipe, width=width, height=height, samples=SAMPLES)
    light = render(subject, larger)
    shape = render(replace(subject, material=Material("matte", "white", 1.0)), larger).picture
    exposure = recipe.worlds[subject.world.name].exposure
    cube = around(subject, recipe, recipe.width)
    on = light.body[..., None]
    away = np.where(on > 0, light.reflection, (0, 0, 1))
    tint = np.array(CONDUCTORS["chrome"][1])
    found = developed(seen(cube, away) * tint, exposure)
    view = developed(panorama(cube, 2 * width), exposure)
    places = _marked(light)
    at = [_in_panorama(light.reflection[place], view.shape) for place in places]
    dim = _dimmed(light.picture)
    return {
        "shape.webp": webp(shape),
        "facing.webp": webp(_over(dim, (light.normals + 1) * 127.5, on)),
        "looking.webp": webp(_lettered(_over(dim, _by_height(away), on), places)),
        "found.webp": webp(_over(light.picture, found, on)),
        "light.webp": webp(light.picture),
        "around.webp": webp(_lettered(view, at)),
    }


def _over(below: np.ndarray, above: np.ndarray, share: np.ndarray) -> np.ndarray:
    return (below * (1 - share) + above * share + 0.5).clip(0, 255).astype(np.uint8)


def _dimmed(picture: np.ndarray) -> np.ndarray:
    """A picture drained of most of its colour and light, so that what lies on it stands out."""
    grey = picture.mean(-1, keepdims=True)
    return 0.35 * (0.25 * picture + 0.75 * grey)


def _by_height(directions: np.ndarray) -> np.ndarray:
    """(H, W, 3) colours of how high directions point: blue above, brown below, a pale horizon."""
    height = heights(directions)
    stops = [-90, -20, -1.5, 0, 1.5, 20, 90]
    ground = [(70, 45, 25), (150, 105, 65), (205, 170, 125)]
    sky = [(190, 215, 240), (110, 160, 215), (25, 60, 130)]
    colours = np.array([*ground, (255, 255, 255), *sky])
    return np.stack([np.interp(height, stops, c) for c in colours.T], -1)


AIMED = (55, 0, -25)  # degrees above the horizon: where the lettered places look


def _marked(light: Render) -> list[tuple[int, int]]:
    """Rows and columns of three places that look up, at the horizon and down, one over another."""
    height = heights(light.reflection)
    rows, columns = np.nonzero(light.body > 0.98)
    beside = np.abs(columns - columns.mean()) > 0.03 * light.body.shape[1]
    off = [np.abs(height[rows, columns] - aim) + 180 * beside for aim in AIMED]
    return [(int(rows[np.argmin(o)]), int(columns[np.argmin(o)])) for o in off]


def _in_panorama(direction: np.ndarray, shape: tuple[int, ...]) -> tuple[int, int]:
    """Row and column of a direction in a panorama: see `around.panorama`."""
    azimuth = np.degrees(np.arctan2(direction[1], direction[0]))
    row = (90 - float(heights(direction))) / 180 * shape[0]
    return int(row), int((90 - azimuth) % 360 / 360 * shape[1])


def _lettered(picture: np.ndarray, places: list[tuple[int, int]]) -> np.ndarray:
    """A picture with A, B, C at these rows and columns."""
    image = Image.fromarray(picture)
    draw, size = ImageDraw.Draw(image), max(8, picture.shape[1] // 40)
    font = ImageFont.load_default(size)
    for letter, (row, column) in zip("ABC", places, strict=True):
        disc = (column - size, row - size, column + size, row + size)
        draw.ellipse(disc, fill=(13, 15, 18), outline=(255, 255, 255), width=max(1, size // 8))
        draw.text((column, row), letter, fill=(255, 255, 255), font=font, anchor="mm")
    return np.asarray(image)
