"""What the hook and the script of one build pass to each other, through MkDocs' configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gen.publish.build import Built
    from gen.publish.shipping import Shipping

PLACE = "publishing"  # in config.extra, for our templates too


@dataclass
class Handover:
    """One build: what it is for, then what the script made of it, or why it could not."""

    preview: bool  # mkdocs serve: a missing capture is shown and not an error
    fault: str = ""
    made: Shipping | None = None

    @property
    def shipping(self) -> Shipping:
        """What the script made."""
        assert self.made is not None
        return self.made

    @property
    def built(self) -> Built:
        """The site's pages and files, for our templates."""
        return self.shipping.built


def of(config: Any) -> Handover:
    """The handover of the build that this configuration is for."""
    handover: Handover = config.extra[PLACE]
    return handover
