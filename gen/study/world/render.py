"""The picture: a scene ray-traced, seen through a window or not, and kept in shards."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mitsuba as mi
import numpy as np
import pyoidn

from gen.core.errors import BadInput
from gen.study.world.car import Mesh, car
from gen.study.world.panoramas import GROUND, Surroundings, room, surroundings
from gen.study.world.scene import Camera, Material, Pane, Range, Recipe, Scene, draw, record

mi.set_variant("scalar_rgb")  # needs no LLVM, and the same seed gives the same light
mi.set_log_level(mi.LogLevel.Error)  # a library prints nothing


# ---- the picture ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Render:
    """A picture and what is known about each of its pixels, all (H, W, ...).

    `linear` is light before the curve; `body` is the share of a pixel that bodywork covers;
    `normals` and `reflection` are unit vectors in the car's frame (x ahead, y left, z up), zero
    off the body. Through a window, `behind` and `pane` add up to `linear`, and `body` leaves out
    what the window's bars hide; else they are None.
    """

    picture: np.ndarray  # (H, W, 3) uint8, sRGB
    linear: np.ndarray  # (H, W, 3) float32
    body: np.ndarray  # (H, W) float32, 0..1
    normals: np.ndarray  # (H, W, 3) float32
    reflection: np.ndarray  # (H, W, 3) float32
    behind: np.ndarray | None
    pane: np.ndarray | None


def render(scene: Scene, recipe: Recipe) -> Render:
    """Trace a scene: the same scene and recipe give the same bytes on one machine."""
    world = surroundings(scene.world)
    stage = mi.load_dict(_stage(scene, world, recipe.paints))
    part, normals = _first_hits(stage, scene, recipe)
    albedo = _albedo(part, scene, world, recipe)
    linear = _traced(stage, scene, recipe, _halved(albedo), _halved(normals))
    body, normals = _of_body(part, normals)
    toward = rays(scene.camera, recipe.width, recipe.height)
    reflection = reflected(toward, normals) * (body > 0)[..., None]
    behind = pane = None
    if scene.pane:
        behind, pane, clear = _through(scene.pane, scene.camera, linear, toward)
        linear, body = behind + pane, body * clear
    picture = developed(linear, recipe.worlds[scene.world.name].exposure)
    return Render(picture, linear, body, normals, reflection, behind, pane)


def developed(linear: np.ndarray, exposure: float) -> np.ndarray:
    """Linear light -> 8-bit sRGB by one fixed curve: Narkowicz's fit of the ACES film curve, 2015.

    It keeps softboxes and sky apart up to some ten times white, where a plain cut would not.
    """
    x = linear * exposure
    x = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-8) ** (1 / 2.4) - 0.055)
    return (x * 255 + 0.5).astype(np.uint8)


def rays(camera: Camera, width: int, height: int) -> np.ndarray:
    """(H, W, 3) unit directions from the camera through the middle of each pixel."""
    right, up, forward = camera.axes()
    half = np.tan(np.radians(camera.fov / 2))
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * half
    y = (1 - (np.arange(height) + 0.5) / height * 2) * half * height / width
    d = forward + x[None, :, None] * right + y[:, None, None] * up
    return d / np.linalg.norm(d, axis=-1, keepdims=True)


def reflected(d: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Where a ray along d goes from a mirror of normal n: d - 2 (d.n) n."""
    return d - 2 * (d * n).sum(-1, keepdims=True) * n


def _rgb(colour) -> dict:
    return {"type": "rgb", "value": [float(c) for c in colour]}


def _diffuse(colour) -> dict:
    return {"type": "diffuse", "reflectance": _rgb(colour)}


def _coated(colour, ior: float = 1.5) -> dict:
    return {"type": "plastic", "diffuse_reflectance": _rgb(colour), "int_ior": ior}


FITTINGS = {
    "glass": _coated(
        (0.010, 0.012, 0.014), 1.75
    ),  # two faces of real glass reflect 8%; so does this
    "trim": _diffuse((0.012, 0.012, 0.013)),
    "tyre": _diffuse((0.028, 0.028, 0.030)),
    "rim": {"type": "roughconductor", "material": "Al", "alpha": 0.12},
    "headlamp": _coated((0.78, 0.82, 0.86)),
    "taillamp": _coated((0.62, 0.012, 0.010)),
    "plate": _diffuse((0.72, 0.72, 0.66)),
}

CONDUCTORS = {  # Mitsuba's measured indices; chromium itself is darker than what people call chrome
    "chrome": ("Ag", (0.90, 0.92, 0.94)),
    "gold": ("Au", (1, 1, 1)),
    "copper": ("Cu", (1, 1, 1)),
    "steel": ("Cr", (1, 1, 1)),
}


def surface(material: Material, paints: dict[str, Range]) -> dict:
    """The bodywork's scattering, in Mitsuba's terms."""
    if material.colour in CONDUCTORS:
        metal, tint = CONDUCTORS[material.colour]
        base = {"material": metal, "specular_reflectance": _rgb(tint)}
        if material.finish == "mirror":
            return {"type": "conductor", **base}
        grain = {"alpha_u": 0.25 * material.roughness, "alpha_v": material.roughness}
        return {"type": "roughconductor", **base, **grain}  # brushed along the car
    paint = paints[material.colour]
    if material.finish == "glossy":
        return _coated(paint, 1.6)
    if material.finish == "satin":
        return {
            "type": "roughplastic",
            "diffuse_reflectance": _rgb(paint),
            "alpha": material.roughness,
        }
    return _diffuse(paint)


def _stage(scene: Scene, world: Surroundings, paints: dict[str, Range]) -> dict:
    """Mitsuba's description of everything but the camera."""
    transform = mi.ScalarTransform4f
    panorama = mi.Bitmap(world.panorama.astype(np.float32))
    stage = {
        "type": "scene",
        "sky": {
            "type": "envmap",
            "bitmap": panorama,
            "to_world": transform().rotate([1, 0, 0], 90),
        },
        "far": {
            "type": "rectangle",
            "to_world": transform().translate([0, 0, -0.01]).scale(400),  # its edge is the horizon
            "bsdf": _ground(_rgb(world.ground.mean((0, 1))), world.gloss),
        },
        "near": {
            "type": "rectangle",
            "to_world": transform().scale(GROUND / 2),
            "bsdf": _ground(_texture(world.ground), world.gloss),
        },
    }
    if world.sun is not None:
        a, h = np.radians(scene.world.sun_azimuth), np.radians(scene.world.sun_height)
        down = [-np.cos(a) * np.cos(h), -np.sin(a) * np.cos(h), -np.sin(h)]
        stage["sun"] = {"type": "directional", "direction": down, "irradiance": _rgb(world.sun)}
    looks = {**FITTINGS, "body": surface(scene.material, paints)}
    for name, mesh in car(scene.body).items():
        stage[name] = _shape(name, mesh, looks[name])
    return stage


def _ground(colour: dict, gloss: float | None) -> dict:
    if gloss is None:
        return {"type": "diffuse", "reflectance": colour}
    return {"type": "roughplastic", "diffuse_reflectance": colour, "alpha": gloss}


def _texture(colour: np.ndarray) -> dict:
    return {"type": "bitmap", "bitmap": mi.Bitmap(colour.astype(np.float32)), "raw": True}


def _shape(name: str, mesh: Mesh, look: dict) -> mi.Mesh:
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict({"type": "twosided", "side": look})
    v = mesh.vertices.astype(np.float32)
    shape = mi.Mesh(
        name,
        len(v),
        len(mesh.faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    buffers = mi.traverse(shape)
    buffers["vertex_positions"] = v[:, :3].ravel()
    buffers["vertex_normals"] = v[:, 3:6].ravel()
    buffers["vertex_texcoords"] = v[:, 6:8].ravel()
    buffers["faces"] = mesh.faces.astype(np.uint32).ravel()
    buffers.update()
    return shape


def _sensor(camera: Camera, width: int, height: int, samples: int, seed: int) -> dict:
    film = {"type": "hdrfilm", "width": width, "height": height, "rfilter": {"type": "box"}}
    film |= {"pixel_format": "rgb", "component_format": "float32"}
    look = mi.ScalarTransform4f().look_at(list(camera.origin), list(camera.aim), [0, 0, 1])
    return {
        "type": "perspective",
        "fov": camera.fov,
        "to_world": look,
        "film": film,
        # jittered: at 9 samples as sharp as 16 independent ones
        "sampler": {"type": "multijitter", "sample_count": samples, "seed": seed % 2**31},
    }


def _reflectance(look: dict) -> list[float]:
    """The diffuse colour of a fitting; a metal's is white."""
    colour = look.get("reflectance") or look.get("diffuse_reflectance")
    return colour["value"] if colour else [1.0, 1.0, 1.0]


PARTS = (
    "body",
    *FITTINGS,
    "near",
    "far",
)  # what a ray can meet first; 0 is the sky, then in this order


def _first_hits(stage: mi.Scene, scene: Scene, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """What each quarter of a pixel shows: a part's number (2H, 2W), a normal (2H, 2W, 3)."""
    sensor = _sensor(scene.camera, 2 * recipe.width, 2 * recipe.height, 1, scene.seed)
    seen = mi.load_dict({"type": "aov", "aovs": "part:shape_index,normal:sh_normal"})
    hits = np.array(
        mi.render(
            stage, sensor=mi.load_dict(sensor), integrator=seen, spp=1, seed=scene.seed % 2**31
        )
    )
    names = [shape.id() for shape in stage.shapes()]
    number = np.array([0] + [1 + PARTS.index(name) for name in names])
    normals = hits[..., 1:4].astype(np.float32)
    away = (normals * rays(scene.camera, 2 * recipe.width, 2 * recipe.height)).sum(-1) > 0
    normals[away] *= -1  # a smooth normal may lean past the edge of what is seen
    return number[hits[..., 0].astype(int)], normals


def _albedo(part: np.ndarray, scene: Scene, world: Surroundings, recipe: Recipe) -> np.ndarray:
    """(2H, 2W, 3) what share of light each part returns, as the denoiser wants it."""
    paint = recipe.paints.get(scene.material.colour, (1, 1, 1))
    colours = {name: _reflectance(look) for name, look in FITTINGS.items()}
    ground = world.ground.mean((0, 1))
    colours |= {"body": paint, "near": ground, "far": ground}
    table = [(0, 0, 0), *(colours[name] for name in PARTS)]
    return np.array(table, np.float32)[part]


def _of_body(part: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share of each pixel that is bodywork (H, W), and its unit normal there (H, W, 3)."""
    body = (part == 1 + PARTS.index("body")).astype(np.float32)
    mean = _halved(normals * body[..., None])
    size = np.linalg.norm(mean, axis=-1, keepdims=True)
    share = _halved(body[..., None])[..., 0] * (size[..., 0] > 0.05)
    return share, np.where(share[..., None] > 0, mean / np.maximum(size, 1e-6), 0)


def _halved(a: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels."""
    h, w, channels = a.shape
    return a.reshape(h // 2, 2, w // 2, 2, channels).mean((1, 3))


def _traced(stage: mi.Scene, scene: Scene, recipe: Recipe, albedo, normals) -> np.ndarray:
    """(H, W, 3) denoised linear light."""
    sensor = _sensor(scene.camera, recipe.width, recipe.height, recipe.samples, scene.seed)
    path = mi.load_dict({"type": "path", "max_depth": 5})  # sky, mirror, ground, mirror, sky
    seed, samples = scene.seed % 2**31, recipe.samples
    noisy = np.array(
        mi.render(stage, sensor=mi.load_dict(sensor), integrator=path, spp=samples, seed=seed)
    )
    noisy = np.minimum(noisy[..., :3], BRIGHTEST)
    images = [np.ascontiguousarray(a, np.float32) for a in (noisy, albedo, normals)]
    return np.maximum(pyoidn.denoise(*images, hdr=True), 0)


BRIGHTEST = 40.0  # the sun's disc; a pixel above it is a stray path


# ---- seen through a window -----------------------------------------------------------------


def _through(pane: Pane, camera: Camera, linear: np.ndarray, toward: np.ndarray):
    """(light through the pane, light from the pane, how clear each pixel is (H, W))."""
    right, up, forward = camera.axes()
    yaw = np.radians(pane.yaw)
    normal = np.sin(yaw) * right - np.cos(yaw) * forward  # upright enough, and facing us
    cosine = -(toward @ normal)
    one = 0.043 + 0.957 * (1 - cosine) ** 5  # Schlick, one face of glass of index 1.52
    mirror = (2 * one / (1 + one))[..., None]  # both faces, all bounces between them
    back = reflected(toward, normal)
    mirrored = room(pane, np.stack([back @ right, back @ up, -(back @ forward)], -1))
    bars = _bars(pane, *linear.shape[:2])[..., None]
    behind = linear * (1 - mirror) * GREENISH * (1 - bars)
    return (
        behind.astype(np.float32),
        (mirrored * mirror * (1 - bars) + 0.02 * bars).astype(np.float32),
        1 - bars[..., 0],
    )


GREENISH = np.array([0.93, 0.96, 0.94])  # what float glass lets through


def _bars(pane: Pane, height: int, width: int) -> np.ndarray:
    """(H, W) share of each pixel that frame and mullion hide."""
    thick = pane.frame * height
    x, y = np.arange(width) + 0.5, (np.arange(height) + 0.5)[:, None]
    inset = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    bars = np.clip(thick - inset + 0.5, 0, 1)
    if pane.mullion is not None:
        bars = np.maximum(bars, np.clip(thick / 2 - np.abs(x - pane.mullion * width) + 0.5, 0, 1))
    return bars


# ---- shards --------------------------------------------------------------------------------

SHARD = 50  # renders in one file: a minute's work, so that little is lost when a run stops


def shard_path(out: Path, recipe: Recipe, first: int) -> Path:
    """Where the shard that begins at seed `first` is kept."""
    return out / f"renders-{recipe.format}-{first:07d}.npz"


def render_range(
    recipe: Recipe, out: Path, first: int, count: int, held_out: bool = False
) -> Iterator[Path]:
    """Render seeds first..first+count into shards of 50; yields each path, made or already there.

    A shard holds `picture` (N, H, W, 3) uint8, `body` (N, H, W) uint8 of 255 and `scene` (N,)
    JSON strings; every `full_every`th also float16 `linear`, `normals`, `reflection`, and of its
    window scenes, in order, `behind` and `pane`. It is written beside its place and moved there
    whole, and needs no pickle. BadInput where the seeds do not fill whole shards.
    """
    if first % SHARD or count % SHARD:
        raise BadInput(f"seeds {first}+{count}: give multiples of {SHARD}, the size of a shard")
    out.mkdir(parents=True, exist_ok=True)
    for start in range(first, first + count, SHARD):
        path = shard_path(out, recipe, start)
        if not path.exists():
            full = start // SHARD % recipe.full_every == 0
            scenes = [draw(seed, recipe, held_out) for seed in range(start, start + SHARD)]
            write_arrays(path, _shard(scenes, recipe, full))
        yield path


def _shard(scenes: list[Scene], recipe: Recipe, full: bool) -> dict[str, np.ndarray]:
    renders = [render(scene, recipe) for scene in scenes]
    shard = {
        "scene": np.array([json.dumps(record(s, recipe), sort_keys=True) for s in scenes]),
        "picture": np.stack([r.picture for r in renders]),
        "body": np.stack([(r.body * 255 + 0.5).astype(np.uint8) for r in renders]),
    }
    if full:
        for name in ("linear", "normals", "reflection"):
            shard[name] = np.stack([getattr(r, name) for r in renders]).astype(np.float16)
        for name in ("behind", "pane"):
            layers = [getattr(r, name) for r in renders if r.pane is not None]
            shard[name] = np.array(layers, np.float16)
    return shard


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Arrays by name as one compressed file, put in place whole."""
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays)
    part.replace(path)
