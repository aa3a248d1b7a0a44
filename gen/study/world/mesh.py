"""Triangles: how surfaces are made, cut, bent and joined."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Mesh(NamedTuple):
    """Triangles; a vertex is position, normal, texture place, and where it lies on the skin."""

    vertices: np.ndarray  # (N, 10): x y z, nx ny nz, two for texture, along, around
    faces: np.ndarray  # (M, 3)


class Place(NamedTuple):
    """Columns of vertices as arrays (N,): metres, and the skin's own coordinates."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    along: np.ndarray  # 0 at the nose, 1 at the tail
    around: np.ndarray  # 0 on the centre line, 1 at the belt, 2 at the sill, 3 under the floor


def place_of(mesh: Mesh) -> Place:
    """Where a mesh's vertices lie."""
    v = mesh.vertices
    return Place(v[:, 0], v[:, 1], v[:, 2], v[:, 8], v[:, 9])


Field = Callable[[Place], np.ndarray]  # negative inside; roughly metres near its border


def grown(field: Field, by: float) -> Field:
    """A field whose border lies further out, by metres."""
    return lambda p: field(p) - by


def lathe(radius: np.ndarray, y: np.ndarray, turns: int) -> Mesh:
    """A surface of revolution about the y axis."""
    angle = np.linspace(0, 2 * np.pi, turns + 1)[:, None]
    n_r, n_y = np.gradient(y), -np.gradient(radius)
    size = np.hypot(n_r, n_y) + 1e-12
    n_r, n_y = -n_r / size, -n_y / size
    c, s = np.cos(angle), np.sin(angle)
    columns = [radius * c, y, radius * s, n_r * c, n_y, n_r * s, c, s, angle, radius]
    v = np.stack(np.broadcast_arrays(*columns), -1)
    return Mesh(v.reshape(-1, 10), quads(turns + 1, len(radius)))


def split(mesh: Mesh, field: Field) -> tuple[Mesh, Mesh]:
    """(where the field is negative, the rest): triangles on the border are cut along it."""
    v, faces = mesh
    f = field(place_of(mesh))
    outside = (f >= 0)[faces]
    count = outside[:, 0].astype(int) + outside[:, 1] + outside[:, 2]
    crossed = (count == 1) | (count == 2)
    tri, out = faces[crossed], outside[crossed]
    lone = np.where(count[crossed] == 1, out.argmax(1), (~out).argmax(1))
    row = np.arange(len(tri))
    a, b, c = (tri[row, (lone + i) % 3] for i in range(3))
    p, q = len(v) + row, len(v) + len(row) + row
    v = np.concatenate([v, _crossing(v, f, a, b), _crossing(v, f, a, c)])
    tip = np.stack([a, p, q], 1)
    rest = np.concatenate([np.stack([p, b, c], 1), np.stack([p, c, q], 1)])
    tip_out = out[row, lone]
    rest_out = np.concatenate([~tip_out, ~tip_out])
    inner = np.concatenate([faces[count == 0], tip[~tip_out], rest[~rest_out]])
    outer = np.concatenate([faces[count == 3], tip[tip_out], rest[rest_out]])
    return _compact(v, inner), _compact(v, outer)


def _crossing(v: np.ndarray, f: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Vertices where the field is zero between a and b."""
    return v[a] + (f[a] / (f[a] - f[b]))[:, None] * (v[b] - v[a])


def _compact(v: np.ndarray, faces: np.ndarray) -> Mesh:
    """Without the vertices that no face names."""
    used = np.zeros(len(v), bool)
    used[faces] = True
    return Mesh(v[used], (np.cumsum(used) - 1)[faces])


def join(meshes: list[Mesh]) -> Mesh:
    """One mesh of several."""
    first = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    faces = [m.faces + n for m, n in zip(meshes, first, strict=True)]
    return Mesh(np.concatenate([m.vertices for m in meshes]), np.concatenate(faces))


def finished(mesh: Mesh) -> Mesh:
    """Without vertices that no face names, and every normal of length 1."""
    v, faces = _compact(*mesh)
    v[:, 3:6] /= np.linalg.norm(v[:, 3:6], axis=1, keepdims=True)
    return Mesh(v, faces)


def mirrored(mesh: Mesh) -> Mesh:
    """The left half and its mirror image."""
    v = mesh.vertices.copy()
    v[:, [1, 4]] *= -1  # y and the normal's y
    return join([mesh, Mesh(v, mesh.faces[:, ::-1])])


def quads(rows: int, columns: int) -> np.ndarray:
    """Two triangles for each cell of a grid."""
    i = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:]
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)


def overlap(*fields: np.ndarray) -> np.ndarray:
    """Inside every one of them."""
    return np.maximum.reduce(np.broadcast_arrays(*fields))


def blurred(a: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian along the last axis, its ends held."""
    reach = int(3 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(a, [(0, 0)] * (a.ndim - 1) + [(reach, reach)], mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), -1)
    return windows @ (kernel / kernel.sum())
