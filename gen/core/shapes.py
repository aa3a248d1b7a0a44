"""sources/shapes/: what a single file of weights leaves out, each shape known by its digest."""

from pathlib import Path

from gen.core.canonical import canonical, digest
from gen.core.errors import BadInput
from gen.core.sources import Shape
from gen.core.yamlfile import nearest

SHAPES = Path("sources", "shapes")


def folder(root: Path, shape: Shape) -> Path:
    """Where a shape lies: a diffusers folder without weights."""
    return root / SHAPES / shape.id


def read(root: Path, id: str, place: str) -> Shape:
    """A shape by its name; `place` names it, for the message. Raises BadInput if there is none."""
    inside = root / SHAPES / id
    if not (inside / "model_index.json").is_file():
        known = [path.parent.name for path in (root / SHAPES).glob("*/model_index.json")]
        raise BadInput(f"{place}: no shape {id} in {SHAPES}; {nearest(id, known)}")
    files = sorted(path for path in inside.rglob("*") if path.is_file())
    held = {path.relative_to(inside).as_posix(): digest(path.read_bytes()) for path in files}
    return Shape(id, digest(canonical(held)))
