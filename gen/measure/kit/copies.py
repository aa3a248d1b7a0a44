"""What a decoder makes of held-out renders before and after it met a critic, to look at."""

import numpy as np

from gen.core import store
from gen.core.errors import BadInput, BrokenRecord, MissingRecord
from gen.measure.kit.pictures import sheet
from gen.measure.kit.project import Project
from gen.study.training.decoder import SHEET, read_sheet

LAYERS = ("renders", "errors", "critic")  # of the sheet that training leaves beside the weights
COLUMNS = 3


def copies(project: Project, id: str) -> dict[str, bytes]:
    """File name, less that of measurement `id`, to two rows of pictures as WebP.

    The sheet that they are cut from stays with who trained. Without it they are those that the
    measurement has, if it was made of the same model; none where there are none. Raises BadInput
    where that measurement is broken: it may hold the last there are.
    """
    path = project.root / project.model.location / SHEET
    if path.exists():
        layers = read_sheet(path, project.recipe.render.width)
        return {_file(name): _rows(layer) for name, layer in zip(LAYERS, layers, strict=True)}
    try:
        there, files = store.read_measurement_whole(project.root, id)
    except MissingRecord:
        return {}
    except BrokenRecord:
        where = f"{store.MEASUREMENTS}/{id}*"
        raise BadInput(
            f"{where}: broken, and perhaps the last of {SHEET}; restore them from git, "
            "or remove them"
        ) from None
    known = dict(there.inputs).get("model") == project.key("model")
    found = {_file(name): files.get(f"{id}-{_file(name)}") for name in LAYERS if known}
    return {name: held for name, held in found.items() if held is not None}


def _file(name: str) -> str:
    return f"{name}.webp"


def _rows(layer: np.ndarray) -> bytes:
    """Pictures (N, H, W, 3) uint8 in two rows."""
    return sheet([layer[:COLUMNS], layer[COLUMNS : 2 * COLUMNS]])
