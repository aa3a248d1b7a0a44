"""sources/shapes/: what a single file of weights leaves out, each shape known by its digest."""

from pathlib import Path

from gen.core.canonical import canonical, digest
from gen.core.disk import shown
from gen.core.errors import BadInput
from gen.core.sources import Shape
from gen.core.yamlfile import nearest

SHAPES = Path("sources", "shapes")
SHORT = 80  # letters of a name that stand in a message


def folder(root: Path, shape: Shape) -> Path:
    """Where a shape lies: a diffusers folder without weights."""
    return root / SHAPES / shape.id


def read(root: Path, id: str, place: str) -> Shape:
    """A shape by its name; `place` names it, for the message. Raises BadInput if there is none."""
    inside = root / SHAPES / id
    known = [path.parent.name for path in (root / SHAPES).glob("*/model_index.json")]
    if id not in known:  # not asked of the system, which refuses names that are too long
        named = id if len(id) <= SHORT else f"{id[:SHORT]}…"
        raise BadInput(f"{place}: no shape {named} in {SHAPES}; {nearest(id, known)}")
    files = sorted(path for path in inside.rglob("*") if path.is_file() and shown(path, inside))
    held = {path.relative_to(inside).as_posix(): digest(path.read_bytes()) for path in files}
    return Shape(id, digest(canonical(held)))
