"""What pages are made from, and what the pages made so far have cited and are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gen.core.measured import Measurement, Reference
from gen.core.records import Capture, LatentColours
from gen.core.sources import Inputs
from gen.publish import claims as prose
from gen.publish import diagram
from gen.publish.pictures import upscaled as enlarged

APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])|(?<=s)'(?= )")  # it's, the renders' own
PUNCTUATION = str.maketrans({c: f"&#{ord(c)};" for c in "\\`*_{}[]()<>#+-.!|&\"'~:^=$@/%"})


def plain(text: str) -> Markup:
    """Text that stays text, in HTML and in Markdown alike: every mark becomes an entity.

    An apostrophe is set as one, as Markdown's smarty does in prose.
    """
    words = APOSTROPHE.sub("’", " ".join(str(text).split()))
    return Markup(words.translate(PUNCTUATION))


def _environment() -> Environment:
    """Jinja2 for prose and page templates; an HTML template escapes what it is given."""
    environment = Environment(
        loader=PackageLoader("gen.publish"),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and name.endswith((".html.j2", ".svg.j2")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"plain": plain, "shape": diagram.shape, "count": diagram.count}
    environment.globals |= {"shown_file": enlarged.FILE, "shown_width": enlarged.WIDTH}
    return environment


@dataclass
class Stock:
    """What pages are made from, and what the pages made so far have cited and are called."""

    inputs: Inputs
    captures: Mapping[str, Capture]  # by key; one that is missing is missing here
    made: Mapping[str, str] = field(default_factory=dict)  # key -> on what and with which versions
    colours: Mapping[str, LatentColours] = field(default_factory=dict)  # by the id of the model
    measurements: Mapping[str, tuple[Measurement, str]] = field(default_factory=dict)  # id -> chart
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # of measurements' pictures
    references: Mapping[str, Reference] = field(default_factory=dict)  # by the id of the idea
    apart: Mapping[tuple[str, str], float] = field(default_factory=dict)  # two keys -> how far
    preview: bool = False  # a page whose capture is missing says so instead of stopping the build
    site: str = ""  # what the site calls itself
    address: str = ""  # where it will stand, with a slash at the end; "" where nobody knows yet
    uses: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # fact -> paths of pages
    titles: dict[str, str] = field(default_factory=dict)  # path -> title
    strips: set[str] = field(default_factory=set)  # keys of the captures that a page has as a strip

    def __post_init__(self):
        self.facts = prose.facts_of(self.inputs.sources)
        self.environment = _environment()
