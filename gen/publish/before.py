"""Final pictures that were painted before: of the required model, if it is still the same."""

from pathlib import Path

from gen.core import store
from gen.core.measured import Finals
from gen.core.sources import Model


def read(root: Path, model: Model) -> Finals | None:
    """What is kept of a model; None where there is none, or of another revision.

    Raises BrokenRecord.
    """
    if model.id not in store.finals.ids(root):
        return None
    finals = store.finals.read(root, model.id)
    return finals if finals.revision == model.revision else None
