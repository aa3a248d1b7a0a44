"""Relief: triangles made finer, pushed in or out along their normals, and given thickness."""

import numpy as np

from gen.study.world.mesh import Field, Mesh, place_of

HALVES = np.array([[0, 1, 2], [0, 2, 3]])  # a quad's two triangles


def refined(mesh: Mesh, size: float, field: Field | None = None, reach: float = 0.0) -> Mesh:
    """Edges cut to at most `size` metres; with a field only where its border is within reach."""
    for _ in range(5):
        chosen = np.arange(len(mesh.faces)) if field is None else _near(mesh, field, reach)
        chosen = chosen[_longest(mesh.vertices, mesh.faces[chosen]) > size]
        if not len(chosen):
            break
        mesh = _quartered(mesh, chosen)
    return mesh


def _longest(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(M,) each face's longest edge, metres."""
    a, b, c = (vertices[corner, :3] for corner in faces.T)
    squares = [((p - q) ** 2).sum(1) for p, q in ((a, b), (b, c), (c, a))]
    return np.sqrt(np.maximum.reduce(squares))


def _near(mesh: Mesh, field: Field, reach: float) -> np.ndarray:
    """Numbers of the faces that the border may touch."""
    f = field(place_of(mesh))
    inside, outside = f < reach, f > -reach
    a, b, c = mesh.faces.T
    touched = (inside[a] | inside[b] | inside[c]) & (outside[a] | outside[b] | outside[c])
    return np.flatnonzero(touched)


def _quartered(mesh: Mesh, chosen: np.ndarray) -> Mesh:
    """The faces of these numbers cut at the middles of their edges; they stay in their planes."""
    v, faces = mesh.vertices, mesh.faces[chosen]
    edges = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), 1)
    pairs, number = np.unique(edges, axis=0, return_inverse=True)
    a, b, c = faces.T
    ab, bc, ca = len(v) + number.reshape(-1, 3).T
    four = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    faces = np.concatenate([np.delete(mesh.faces, chosen, 0), *(np.stack(f, 1) for f in four)])
    return Mesh(np.concatenate([v, v[pairs].mean(1)]), faces)


def pushed(mesh: Mesh, depth: Field) -> Mesh:
    """The surface moved inwards by `depth` metres along its normals, its new normals smooth."""
    v = mesh.vertices.copy()
    v[:, :3] -= v[:, 3:6] * depth(place_of(mesh))[:, None]
    points = v[mesh.faces][..., :3]
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    sides = np.sign((flat * v[mesh.faces][..., 3:6].sum(1)).sum(-1, keepdims=True))
    number = _welded(mesh.vertices)
    sums = np.zeros((number.max() + 1, 3))
    np.add.at(sums, number[mesh.faces], (flat * sides)[:, None])
    size = np.linalg.norm(sums, axis=1, keepdims=True)
    v[:, 3:6] = np.where(size > 1e-12, sums / np.maximum(size, 1e-12), [0, 0, 1])[number]
    return Mesh(v, mesh.faces)


def moved(mesh: Mesh, by: tuple[float, float, float]) -> Mesh:
    """The mesh elsewhere; metres."""
    v = mesh.vertices.copy()
    v[:, :3] += by
    return Mesh(v, mesh.faces)


def walls(mesh: Mesh, by: tuple[float, float, float]) -> Mesh:
    """What stands between the mesh's rim and the same rim moved: gives a sheet its thickness."""
    edges = _rim(mesh)
    near = mesh.vertices[edges]  # (E, 2, 10)
    far = near.copy()
    far[..., :3] += by
    corners = np.concatenate([near, far[:, ::-1]], 1)  # (E, 4, 10), round each wall
    normals = np.cross(corners[:, 1, :3] - corners[:, 0, :3], by)
    size = np.linalg.norm(normals, axis=1, keepdims=True)
    corners, normals, size = (a[size[:, 0] > 1e-9] for a in (corners, normals, size))
    corners[..., 3:6] = -(normals / size)[:, None]
    first = 4 * np.arange(len(corners))[:, None, None]
    return Mesh(corners.reshape(-1, 10), (first + HALVES).reshape(-1, 3))


def _rim(mesh: Mesh) -> np.ndarray:
    """(E, 2) vertices of the edges that only one face has."""
    edges = mesh.faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    welded = np.sort(_welded(mesh.vertices)[edges], 1)
    _, first, count = np.unique(welded, axis=0, return_index=True, return_counts=True)
    return edges[first[count == 1]]


def _welded(vertices: np.ndarray) -> np.ndarray:
    """(N,) a number for each vertex, the same where two stand within a few micrometres."""
    near = np.round(vertices[:, :3] * 1e5).astype(np.int64)
    return np.unique(near, axis=0, return_inverse=True)[1].reshape(-1)


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> Mesh:
    """A block between two corners, metres."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    corners = np.array(low) + corners * (np.array(high) - low)
    faces = (0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)
    points = corners[np.array(faces)]  # (6, 4, 3)
    normals = points.mean(1) - corners.mean(0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    v = np.concatenate([points, np.repeat(normals[:, None], 4, 1), np.zeros((6, 4, 4))], -1)
    return Mesh(v.reshape(-1, 10), (4 * np.arange(6)[:, None, None] + HALVES).reshape(-1, 3))


def slanted(mesh: Mesh, lean: float) -> Mesh:
    """Sheared so that x grows by `lean` for each metre of height above the mesh's origin."""
    v = mesh.vertices.copy()
    v[:, 0] += lean * v[:, 2]
    v[:, 5] -= lean * v[:, 3]
    v[:, 3:6] /= np.linalg.norm(v[:, 3:6], axis=1, keepdims=True)
    return Mesh(v, mesh.faces)


def lengthwise(mesh: Mesh) -> Mesh:
    """A turned piece laid along the car: its y axis becomes x."""
    v = mesh.vertices.copy()
    v[:, [0, 1]] = v[:, [1, 0]]
    v[:, [3, 4]] = v[:, [4, 3]]
    return Mesh(v, mesh.faces[:, ::-1])
