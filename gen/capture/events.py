"""What a capture tells while it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CaptureEvent:
    """What has just happened to one prompt."""

    id: str  # the prompt's; the model's while its latent colours are fitted
    kind: str  # fresh | warning | fit | colours | step | clean | sheets | made | left | compared
    step: int = 0  # of `steps`, for fit, colours, step and clean
    steps: int = 0
    message: str = ""  # one line, for warning, colours, made, left and compared


Tell = Callable[[CaptureEvent], None]


def warning(report: Tell, id: str) -> Callable[[str], None]:
    """Tells a line about a prompt, or about a model while its colours are fitted."""
    return lambda line: report(CaptureEvent(id, "warning", message=f"{id}: {line}"))
