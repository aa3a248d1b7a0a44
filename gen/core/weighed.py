"""What the captures of each optional model weigh, and how much of that a repository may carry."""

from pathlib import Path

from gen.core import store
from gen.core.errors import BadInput
from gen.core.sources import Inputs

LARGEST = 30_000_000  # bytes of one model's captures: git keeps each version of them for good


def weighed(root: Path, inputs: Inputs) -> dict[str, int]:
    """Bytes of the captures of each optional model that has some, by its id.

    Raises BadInput for a model that takes more than LARGEST.
    """
    optional = [model for model in inputs.models if not model.required]
    held = {model.id: _bytes(root, inputs, model.id) for model in optional}
    for id, size in held.items():
        if size > LARGEST:
            raise BadInput(
                f"docs/captures: {id} takes {size / 1e6:.1f} MB of at most {LARGEST / 1e6:.0f}; "
                "leave its words out of some ideas in sources/prompts.yml, or give it fewer steps "
                "in sources/models.yml, then run python -m gen prune"
            )
    return {id: size for id, size in held.items() if size}


def _bytes(root: Path, inputs: Inputs, model: str) -> int:
    """Of all files of the captures that a model's prompts ask for, each counted once."""
    keys = {inputs.key(prompt) for prompt in inputs.prompts if prompt.model == model}
    folders = [store.folder(root, key) for key in keys if key is not None]
    return sum(path.stat().st_size for folder in folders for path in folder.glob("*"))
