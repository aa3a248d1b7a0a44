"""A page on its way from the templates to MkDocs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of the site, as Markdown."""

    path: str  # under docs/
    text: str
    blocks: tuple[str, ...] = ()  # HTML that stands aside from the text
