"""What the hook and the script of one build pass to each other, through MkDocs' configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gen.publish.html.finish import Finished

if TYPE_CHECKING:
    from gen.publish.build import Built

PLACE = "publishing"  # in config.extra, for our templates too


@dataclass
class Handover:
    """One build: what it is for, then what the script made, then what the hook made of it."""

    preview: bool  # mkdocs serve: a missing capture is shown and not an error
    built: Built | None = None
    finished: dict[str, Finished] = field(default_factory=dict)  # by path below the site's folder


def of(config: Any) -> Handover:
    """The handover of the build that this configuration is for."""
    handover: Handover = config.extra[PLACE]
    return handover
