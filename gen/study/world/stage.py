"""A scene as Mitsuba describes it: sky, sun, ground, car, camera."""

from collections.abc import Mapping

import numpy as np

from gen.study.recipe.render import Linear
from gen.study.world.grounds import HALVES, SIDE
from gen.study.world.looks import FITTINGS, rgb, surface
from gen.study.world.mesh import Mesh
from gen.study.world.scene import Camera, Scene, smoothstep
from gen.study.world.surroundings import Surroundings
from gen.study.world.tracer import fill, mi


def stage(
    scene: Scene, parts: Mapping[str, Mesh], world: Surroundings, paints: dict[str, Linear]
) -> dict:
    """Mitsuba's description of everything but the camera."""
    transform = mi.ScalarTransform4f
    panorama = mi.Bitmap(world.panorama.astype(np.float32))
    everything: dict[str, object] = {
        "type": "scene",
        "sky": {
            "type": "envmap",
            "bitmap": panorama,
            "to_world": transform().rotate([1, 0, 0], 90),
        },
    }
    everything |= _land(world)
    if world.sun is not None:
        a, h = np.radians(scene.world.sun)
        down = [-np.cos(a) * np.cos(h), -np.sin(a) * np.cos(h), -np.sin(h)]
        sun = {"type": "directional", "direction": down, "irradiance": rgb(world.sun)}
        everything["sun"] = sun
    looks = {**FITTINGS, "body": surface(scene.material, paints)}
    return everything | {name: _shape(name, mesh, looks[name]) for name, mesh in parts.items()}


def _land(world: Surroundings) -> dict[str, mi.Mesh]:
    """The layers of the ground."""
    layers = {}
    for name, mesh in land(world).items():
        coat = world.coats[name]
        look = _ground(_texture(coat.colour), world.gloss)
        if coat.wet is not None:
            water = {"type": "roughplastic", "diffuse_reflectance": rgb([0.02] * 3), "alpha": 0.03}
            look = {"type": "blendbsdf", "weight": _texture(coat.wet), "a": look, "b": water}
        if world.fade is not None:
            floor = {"type": "twosided", "side": look}
            look = {
                "type": "mask",
                "opacity": _texture(_remaining(name, world.fade)),
                "floor": floor,
            }
        layers[name] = _shape(name, mesh, look)
    return layers


def land(world: Surroundings) -> dict[str, Mesh]:
    """The ground's layers as meshes."""
    return {name: Mesh(*shape) for name, shape in world.land.items()}


def _ground(colour: dict, gloss: float | None) -> dict:
    if gloss is None:
        return {"type": "diffuse", "reflectance": colour}
    return {"type": "roughplastic", "diffuse_reflectance": colour, "alpha": gloss}


def _remaining(name: str, fade: np.ndarray) -> np.ndarray:
    """(SIDE, SIDE) what is left of the ground where it goes over into the wall.

    Evenly in the angle at which a camera sees it, so that no place of it draws the eye.
    """
    line = ((np.arange(SIDE) + 0.5) / SIDE * 2 - 1) * HALVES[name]
    start, end = fade
    r = np.maximum(np.hypot(line, line[:, None]), start)
    return smoothstep(0, 1, (1 / (r + 8) - 1 / (end + 8)) / (1 / (start + 8) - 1 / (end + 8)))


def _texture(values: np.ndarray) -> dict:
    """A bitmap whose first row lies at v = 0."""
    bitmap = mi.Bitmap(np.array(values, np.float32, order="C"))
    return {"type": "bitmap", "bitmap": bitmap, "raw": True, "wrap_mode": "clamp"}


def _shape(name: str, mesh: Mesh, look: dict) -> mi.Mesh:
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict(
        look if look["type"] == "mask" else {"type": "twosided", "side": look}
    )
    v = mesh.vertices
    shape = mi.Mesh(
        name,
        len(v),
        len(mesh.faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    places = {"vertex_positions": v[:, :3], "vertex_texcoords": v[:, 6:8]}
    fill(shape, **places, vertex_normals=v[:, 3:6], faces=mesh.faces)
    return shape


UP = (0, 0, 1)


def sensor(
    camera: Camera, width: int, height: int, samples: int, seed: int, up: tuple[int, ...] = UP
) -> dict:
    """The camera, in Mitsuba's terms; `up` is what its picture has above."""
    film = {"type": "hdrfilm", "width": width, "height": height, "rfilter": {"type": "box"}}
    film |= {"pixel_format": "rgb", "component_format": "float32"}
    look = mi.ScalarTransform4f().look_at(list(camera.origin), list(camera.aim), list(up))
    return {
        "type": "perspective",
        "fov": camera.fov,
        "to_world": look,
        "film": film,
        # jittered: with less grain than as many independent ones
        "sampler": {"type": "multijitter", "sample_count": samples, "seed": seed % 2**31},
    }
