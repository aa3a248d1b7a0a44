"""Weights that the checkout holds: whether they are the pinned ones, and how they come back."""

from pathlib import Path

from gen.core.digests import revision_of
from gen.core.errors import ModelError
from gen.core.sources import Model


def restore(model: Model) -> str:
    """The next move where they are damaged or gone."""
    return f"restore it from git: `git restore {model.location}`"


def refuse_other(model: Model, path: Path) -> None:
    """Stops at weights in the model's place that are not the pinned ones. Raises ModelError.

    They may be damaged, so pinning them is advised after a training alone.
    """
    revision = revision_of(path)
    if revision != model.revision:
        raise ModelError(
            f"sources/models.yml: {model.id} is pinned to {model.revision}, but {model.location} "
            f"is damaged or another; {restore(model)}, or, where you trained it anew, put this "
            f"line there under `{model.id}:`, in place of the `revision` it has: "
            f"`revision: {revision}`"
        )
