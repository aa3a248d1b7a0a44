"""What is built -> the site that ships: each page finished, each file named, each fault a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from gen.core.canonical import digest
from gen.core.errors import BuildError
from gen.publish import faults, synonyms
from gen.publish.build import Built
from gen.publish.html import charts, joined_sheets, links
from gen.publish.html.finish import Finished, finish
from gen.publish.html.scripts import Scripts
from gen.publish.html.shield import shield, unshield
from gen.publish.page import Page

# in these, only what a record names
STORE = ("captures/", "measurements/", "references/", "staged/", "finals/", "blueprints/")
ASSETS = {
    "assets/js/": (".js", ".wasm"),
    "assets/css/": (".css",),
    "assets/fonts/": (".woff2", ".txt"),
    "assets/licences": (".txt",),
}
MEDIA = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".svg")
SETTINGS = ("template", "icon", "status", "robots")  # of a page's front matter, for the theme alone


@dataclass
class Shipping:
    """One build on its way out."""

    built: Built
    scripts: Scripts  # that a page may have
    preview: bool
    BuildError = BuildError  # what `finish` raises: of this build's modules
    finished: dict[str, Finished] = field(default_factory=dict)  # by path below the site's folder
    digests: dict[str, str] = field(default_factory=dict)  # of the same pages, as they were written
    paths: dict[str, str] = field(default_factory=dict)  # of the same pages, under docs/
    sheets: dict[str, tuple[str, ...]] = field(default_factory=dict)  # style sheets, joined

    def meta(self, fields: dict[str, object]) -> dict[str, object]:
        """A page's front matter as the theme is given it: its texts are text."""
        return {
            name: shield(value) if isinstance(value, str) and name not in SETTINGS else value
            for name, value in fields.items()
        }

    def index(self, written: str) -> str:
        """The search's index, its texts as text and synonyms in it. Raises BadInput."""
        return synonyms.added(unshield(written), self.built.synonyms)

    def publishes(self, path: str) -> bool:
        """Whether a file of docs/ is part of the site: pages, records' files, pictures, ours."""
        if path in self.built.pages or path in self.built.named:
            return True
        for folder, endings in ASSETS.items():
            if path.startswith(folder):
                return path.endswith(endings)
        return path.endswith(MEDIA) and not path.startswith(STORE)

    def faults(self, docs: Path, paths: Iterable[str]) -> Iterator[str]:
        """One line for each file of docs/ that leads out of it, or is a drawing that may not be."""
        for path in paths:
            if not _lies_below(docs, docs / path):
                yield f"docs/{path}: is a link that leads out of docs/; put the file itself there"
            elif path.endswith(".svg"):
                fault = charts.fault((docs / path).read_bytes())
                yield from (f"docs/{path}: {fault}",) if fault else ()

    def finish(self, place: str, html: str, path: str) -> str:
        """A page as it ships. Raises BuildError."""
        page = self.built.pages.get(path, Page(path))
        finished = finish(html, page, self.preview, self.scripts)
        if not self.preview:  # there, a person may be at work on one of them
            finished = self._joined(finished, place)
        self.finished[place] = replace(finished, html="")  # written now; its digest will do
        self.digests[place], self.paths[place] = digest(finished.html.encode()), path
        return finished.html

    def _joined(self, finished: Finished, place: str) -> Finished:
        """A page with its style sheets joined, and noted for `complete`."""
        html, sheets = joined_sheets.join(finished.html, place)
        self.sheets |= sheets
        return replace(finished, html=html)

    def complete(self, folder: Path) -> None:
        """Writes what the pages of a built site load besides files of their own."""
        joined_sheets.write(folder, self.sheets)

    def problems(self, folder: Path, address: str) -> Iterator[str]:
        """One line for all that is wrong with a built site, in docs/ where people wrote it.

        In a preview a link may lead into a lab or a diagram that has yet to be captured.
        """
        for place, page in sorted(self.finished.items()):
            yield from (self._told(f"{place}: {problem}") for problem in page.problems)
        for file in sorted(folder.rglob("*.html")):
            place = file.relative_to(folder).as_posix()
            written = file.read_text(encoding="utf-8").encode()
            if self.digests.get(place) != digest(written):
                yield f"{place}: is not as it was finished; find what else writes it"
        pages = {place: page.content for place, page in self.finished.items()}
        scripts, sources = self.scripts.files, self.built.sources
        site = links.Site(folder, address, sources, pages, scripts, self.built.awaited)
        yield from map(self._told, site.problems())

    def _told(self, problem: str) -> str:
        """A problem of a page by people, said of the line that they wrote."""
        place, _, what = problem.partition(": ")
        path = self.paths.get(place, "")
        prose = self.built.prose.get(path)
        if prose is None:
            return problem
        tag, _, rest = what.partition(">")
        address = rest.strip().split(": ")[0]
        spots = (prose.find(word) for word in (*_typed(address), f"{tag} ", f"{tag}>"))
        at = next((spot for spot in spots if spot >= 0), -1)
        return f"{faults.place(path, prose, at) if at >= 0 else faults.place(path)}: {what}"


def _typed(address: str) -> Iterator[str]:
    """What a person can have typed for an address of a page: Markdown names the page's file."""
    if address:
        yield address
        bare, _, fragment = address.partition("#")
        file = bare.rstrip("/").rpartition("/")[2]
        if file.strip("."):
            yield f"{file}.md#{fragment}" if fragment else f"{file}.md"
        elif fragment:
            yield f".md#{fragment}"


def _lies_below(docs: Path, file: Path) -> bool:
    """Whether a file of docs/ really lies there; most are no links, and share their folder."""
    return _really(file if file.is_symlink() else file.parent).is_relative_to(_really(docs))


@lru_cache
def _really(path: Path) -> Path:
    return path.resolve()
