"""What a camera ray meets first: part, normal, place on its texture; no light is traced.

Mitsuba's own integrator for this takes longer than the picture. So each part glows with its number
and its vertices' normals instead, and a path of one segment reads them back, exact to rounding.
"""

from collections.abc import Mapping

import numpy as np

from gen.study.world.mesh import Mesh
from gen.study.world.tracer import fill, mi

STEP = 10.0  # between the codes of two parts: a normal's component plus one lies in 0..2


def first_hits(
    parts: Mapping[str, Mesh], order: tuple[str, ...], sensor: dict
) -> tuple[np.ndarray, np.ndarray]:
    """One ray through each pixel: what part it meets, and that part's normal.

    (H, W) int, 0 for the sky, else 1 + the part's place in `order`; (H, W, 3) float32, unit, as the
    mesh has it whichever side is seen.
    """
    codes = {
        name: STEP * (1 + order.index(name)) + 1 + mesh.vertices[:, 3:6]
        for name, mesh in parts.items()
    }
    faces, backs = (_glance(parts, codes, sensor, turned) for turned in (False, True))
    code = np.where(faces[..., :1] > 0, faces, backs)  # a lamp has one side
    part = np.floor(code[..., 0] / STEP).astype(int)
    normal = code - STEP * part[..., None] - 1
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    return part, np.where(part[..., None] > 0, normal, 0).astype(np.float32)


def texture_places(parts: Mapping[str, Mesh], sensor: dict) -> np.ndarray:
    """(H, W, 2) the place on its texture, 0..1, of the first face that each ray meets."""
    codes = {name: mesh.vertices[:, [6, 7, 7]] for name, mesh in parts.items()}
    return _glance(parts, codes, sensor, turned=False)[..., :2]


def _glance(
    parts: Mapping[str, Mesh], codes: Mapping[str, np.ndarray], sensor: dict, turned: bool
) -> np.ndarray:
    """(H, W, 3) of the codes (N, 3) of vertices, where a part shows its face, or its back."""
    glowing = {name: _glowing(name, mesh, codes[name], turned) for name, mesh in parts.items()}
    light = mi.render(
        mi.load_dict({"type": "scene", **glowing}),
        sensor=mi.load_dict(sensor),
        integrator=mi.load_dict({"type": "path", "max_depth": 1}),
        spp=1,
        seed=sensor["sampler"]["seed"],
    )
    return np.array(light)[..., :3]


def _glowing(name: str, mesh: Mesh, code: np.ndarray, turned: bool) -> mi.Mesh:
    """A part that gives off its code, faces turned round or not."""
    faces = mesh.faces[:, ::-1] if turned else mesh.faces
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict({"type": "diffuse"})
    light = {"type": "mesh_attribute", "name": "vertex_code"}
    properties["emitter"] = mi.load_dict({"type": "area", "radiance": light})
    shape = mi.Mesh(name, len(mesh.vertices), len(faces), props=properties)
    shape.add_attribute("vertex_code", 3, code.astype(np.float32).ravel())
    fill(shape, vertex_positions=mesh.vertices[:, :3], faces=faces)
    return shape
