"""The car: a lofted skin, everything cut out of it and fitted to it, and its wheels."""

from functools import lru_cache

import numpy as np

from gen.study.recipe.render import Body
from gen.study.world.cuts import SEAM, openings, pillar_field, seams
from gen.study.world.fittings import (
    exhausts,
    grilles,
    handles,
    headlamps,
    intakes,
    mirror,
    plates,
    raised,
    taillamps,
    underside,
)
from gen.study.world.mesh import Mesh, Place, finished, grown, join, mirrored, place_of, split
from gen.study.world.relief import refined
from gen.study.world.skin import arch, skin
from gen.study.world.wheels import wheels

PARTS = (
    *("body", "glass", "trim", "tyre", "rim", "headlamp", "taillamp", "plate"),
    *("lens", "reflector", "lit", "brake", "mirror"),
)

INSIDES = {"headlamp": headlamps, "taillamp": taillamps, "grille": grilles, "intake": intakes}
EDGES = {"grille": "rim"}  # what frames an opening, where that is not a dark seal


@lru_cache(maxsize=1)  # one car in several paints or worlds, one picture after another
def car(b: Body) -> dict[str, Mesh]:
    """The car's parts by material, named in PARTS."""
    whole = skin(b)
    left = _halves(b, whole)
    middle = [*plates(b, whole), ("trim", underside(b))]
    pieces = [*((name, mirrored(mesh)) for name, mesh in left), *middle]
    parts = {part: join([mesh for name, mesh in pieces if name == part]) for part in PARTS}
    return {name: finished(parts[name]) for name in PARTS}


def _halves(b: Body, shell: Mesh) -> list[tuple[str, Mesh]]:
    """Everything on the left side, each piece with its material."""
    fitted = [*wheels(b), *mirror(b, shell), *exhausts(b)]
    shell = _without_arches(b, shell)
    shell, filled = _opened(b, shell)
    for edge in handles(b):
        piece, shell = split(refined(shell, 0.015, edge), edge)
        fitted += raised(piece, edge)
    shell, gaps = _parted(b, shell)
    return [("body", shell), *filled, *fitted, *gaps]


def _without_arches(b: Body, shell: Mesh) -> Mesh:
    for axle in b.axles:

        def round_wheel(p: Place, axle: float = axle) -> np.ndarray:
            return ((p.x - axle) ** 2 + (p.z - b.wheel_radius) ** 2) ** 0.5 - arch(b)

        _, shell = split(shell, round_wheel)
    return shell


def _opened(b: Body, shell: Mesh) -> tuple[Mesh, list[tuple[str, Mesh]]]:
    """(the shell with its openings cut, what fills them)."""
    filled = []
    for name, width, field in openings(b):
        shell = refined(shell, 0.022, field)
        piece, shell = split(shell, grown(field, width))
        piece, seal = split(piece, field)
        filled.append((EDGES.get(name, "trim"), seal))
        filled += _filling(b, name, piece)
    return shell, filled


def _filling(b: Body, name: str, piece: Mesh) -> list[tuple[str, Mesh]]:
    if name in INSIDES:
        return INSIDES[name](b, piece)
    if name == "glass":
        post, piece = split(piece, lambda p: pillar_field(b)(p) + 9 * (p.around < 0.65))
        return [("trim", post), ("glass", piece)]
    return [(name, piece)]


def _parted(b: Body, shell: Mesh) -> tuple[Mesh, list[tuple[str, Mesh]]]:
    """(the panels, the gaps between them)."""
    gaps = []
    for line in seams(b):
        runs = np.isfinite(line(place_of(shell)))[shell.faces].all(1)
        crossed, still = (Mesh(shell.vertices, shell.faces[some]) for some in (runs, ~runs))
        near, rest = split(crossed, grown(line, SEAM / 2))
        inner, gap = split(near, grown(line, -SEAM / 2))
        gaps.append(("trim", gap))
        shell = finished(join([still, rest, inner]))
    return shell, gaps
