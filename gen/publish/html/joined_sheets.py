"""The style sheets of a page as it ships: those of all pages as one file, its own as another.

Each file is a request that a page waits for before it shows anything.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from gen.core.canonical import digest

LINK = re.compile(r'[ \t]*<link rel="stylesheet" href="(?!/|\w+:)([^"]+)">\n?')
ADDRESS = re.compile(r'url\("?(?!data:|#|/|\w+:)([^")]+)"?\)')
FOLDER = "assets/css"
OWN = (f"{FOLDER}/parts/", f"{FOLDER}/labs/")  # the sheets of elements: pages differ in them
Sheets = Mapping[str, tuple[str, ...]]  # by the path of the file, those that are joined in it


def join(html: str, place: str) -> tuple[str, Sheets]:
    """A page below the site's folder with at most two links to sheets, and what those join."""
    here = posixpath.dirname(place)
    links = [posixpath.normpath(posixpath.join(here, way)) for way in LINK.findall(html)]
    common = tuple(path for path in links if not path.startswith(OWN))
    own = tuple(path for path in links if path.startswith(OWN))
    sheets = {_name(paths): paths for paths in (common, own) if len(paths) > 1}
    instead = {path: name for name, paths in sheets.items() for path in paths}
    return LINK.sub(_linked(iter(links), instead, here), html), sheets


def _linked(links: Iterable[str], instead: dict[str, str], here: str) -> Callable[..., str]:
    """What stands in a link's place: itself, the joined file's, or nothing if that is there."""
    ways, there = iter(links), set[str]()

    def linked(link: re.Match[str]) -> str:
        name = instead.get(next(ways))
        if name in there:
            return ""
        if name is None:
            return link[0]
        there.add(name)
        return link[0].replace(link[1], posixpath.relpath(name, here or "."))

    return linked


def write(folder: Path, sheets: Sheets) -> None:
    """Put the joined files into a built site, from the files that it holds."""
    for name, paths in sheets.items():
        texts = (_moved((folder / path).read_text(encoding="utf-8"), path) for path in paths)
        (folder / name).write_text("\n".join(texts), encoding="utf-8")


def _moved(text: str, path: str) -> str:
    """A sheet whose addresses are seen from FOLDER."""
    here = posixpath.dirname(path)

    def seen(address: re.Match[str]) -> str:
        return f'url("{posixpath.relpath(posixpath.join(here, address[1]), FOLDER)}")'

    return ADDRESS.sub(seen, text)


def _name(paths: tuple[str, ...]) -> str:
    return f"{FOLDER}/joined-{digest(' '.join(paths).encode())[:8]}.css"
