"""Where a model's weights lie on this machine; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HFValidationError,
    IncompleteSnapshotError,
    LocalEntryNotFoundError,
)

from gen.core.errors import ModelError
from gen.core.sources import Model


def place(model: Model, root: Path, weights: Path | None = None) -> Path:
    """`weights` if given, else where the model says. Raises ModelError if nothing can be there."""
    if weights is not None:
        return weights
    if model.kind == "file":
        raise ModelError(f"{model.id}: its weights are one file; give it with --weights FILE")
    return root / model.location if model.kind == "folder" else _cached(model)


def _cached(model: Model) -> Path:
    """The snapshot of a hub model in the local cache, whole or not: what is needed may be there."""
    try:
        return Path(snapshot_download(model.location, local_files_only=True))
    except IncompleteSnapshotError as partial:  # by the cache's list of the repository's files
        return Path(partial.snapshot_path)
    except HFValidationError:
        raise ModelError(
            f"sources/models.yml: {model.id} > where > hub: {model.location!r} is no name of the "
            "hub's; give one as somebody/model"
        ) from None
    except LocalEntryNotFoundError:
        raise ModelError(
            f"{model.id}: {model.location} is not in the local hub cache; download it there with "
            f"`hf download {model.location}`, or give a folder or a file with --weights PATH"
        ) from None
