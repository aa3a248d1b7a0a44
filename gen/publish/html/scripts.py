"""The scripts that a page may run, by name: those of the theme's and our templates, and ours."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gen.publish.elements import ELEMENTS

INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
FILE = re.compile(r"""["']([\w./-]+\.js)["']\s*\|\s*url""")
MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
PATH = r"[\w./~%-]*"  # what may stand in the place of a template's mark: the way to the site's top


@dataclass(frozen=True)
class Scripts:
    """Which scripts a page may have: nothing is allowed for merely standing there."""

    inline: tuple[re.Pattern[str], ...] = ()
    files: frozenset[str] = frozenset()  # by path below the site's folder

    def knows(self, text: str) -> bool:
        """Whether an inline script is one of the templates'."""
        return any(pattern.fullmatch(text) for pattern in self.inline)


def of(folders: Iterable[Path], files: Iterable[str]) -> Scripts:
    """The scripts of the templates in these folders; `files` are those that mkdocs.yml names."""
    texts = [text for folder in folders for text in _templates(folder)]
    inline = {script for text in texts for script in INLINE.findall(text) if script.strip()}
    ours = (f"assets/js/{element.script}.js" for element in ELEMENTS.values() if element.script)
    theirs = (name for text in texts for name in FILE.findall(text))
    return Scripts(tuple(map(_pattern, sorted(inline))), frozenset((*ours, *theirs, *files)))


@cache
def _templates(folder: Path) -> tuple[str, ...]:
    """The templates in a theme's folder that have scripts; hidden folders hold its 10,000 icons."""
    return tuple(text for path in _files(folder) if "<script" in (text := path.read_text("utf-8")))


def _files(folder: Path) -> Iterator[Path]:
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if name.endswith(".html"))


def _pattern(script: str) -> re.Pattern[str]:
    """A template's script, with room for a path where a mark stands."""
    return re.compile(PATH.join(map(re.escape, MARK.split(script))))
