"""Which addresses are allowed, and which of them a built site really uses."""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput, OutsideLink
from gen.core.sources import Source
from gen.publish.html import content
from gen.publish.html.content import Content, Use, css_addresses

# Addresses that stand inside the theme's own scripts, and why none is ever fetched. The browser
# tests prove it: they fail on any request that leaves the site.
INERT = {
    "https://unpkg.com/mermaid": "asked for when a page has a .mermaid element; no page has",
    "https://unpkg.com/resize-observer-polyfill": "asked for by browsers older than 2020",
    "https://api.github.com": "asked for when repo_url is set; it is not",
    "https://clipboardjs.com/": "in a comment",
    "http://lunrjs.com": "in a comment",
    "http://tartarus.org/~martin/PorterStemmer": "in a comment",
    "https://bit.ly/2s3ChXG": "in an error message",
}
UPWARDS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$|\?)", re.IGNORECASE)  # leads out of the folder named
ANYWHERE = "404.html"  # a host shows it at every address, so that its own begin with a slash
CAPTURED = ("lab", "diagram")  # elements of a capture: their ids go on with its prompt's name
SCRIPT_ADDRESS = re.compile(r"""https?://[A-Za-z0-9.-]+[^\s"'`<>)\\]*""")


def check_site(folder: Path, sources: tuple[Source, ...]) -> int:
    """Every link and load of a built site; returns how many pages it has. Raises OutsideLink."""
    pages = read_pages(folder)
    if not pages:
        raise BadInput(f"{folder}: no built site there; run make site first")
    if problems := list(Site(folder, "", sources, pages).problems()):
        raise OutsideLink("\n".join(problems))
    return len(pages)


def read_pages(folder: Path) -> dict[str, Content]:
    """Every page of a built site, by its path below the folder."""
    pages = {}
    for path in folder.rglob("*.html"):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        pages[path.relative_to(folder).as_posix()] = content.read(tree)
    return pages


def allowed(address: str, sources: tuple[Source, ...]) -> bool:
    """Whether a page may link to this address: a cited work, or lines in its pinned commit."""
    bare = urldefrag(address).url
    if UPWARDS.search(bare):
        return False
    return any(
        bare == source.url
        or (source.kind == "github" and bare.startswith(f"{source.url}/blob/{source.revision}/"))
        for source in sources
    )


@dataclass(frozen=True)
class Site:
    """A built site: a folder of files, and the address it will stand at ("" if unknown)."""

    folder: Path
    address: str
    sources: tuple[Source, ...]
    pages: Mapping[str, Content]  # by path below the folder
    scripts: frozenset[str] | None = None  # the files that may be run, by path; None: all of it
    awaited: frozenset[str] = frozenset()  # prompts whose elements are still to come, by name
    _files: dict[str, Path | None] = field(default_factory=dict)

    def problems(self) -> Iterator[str]:
        """One line for every address that is not allowed or leads nowhere."""
        for name, page in sorted(self.pages.items()):
            for use in page.uses:
                if problem := self._problem(self.folder / name, use):
                    yield f"{name}: <{use.tag}> {use.address}: {problem}"
        for path in sorted(self.folder.rglob("*.css")):
            for address in css_addresses(path.read_text(encoding="utf-8")):
                if problem := self._problem(path, Use("css", address, loads=True)):
                    yield f"{self._name(path)}: {address}: {problem}"
        for path in sorted(self.folder.rglob("*.js")):
            yield from self._in_script(path)

    def _problem(self, path: Path, use: Use) -> str | None:
        scheme = urlsplit(use.address).scheme if ":" in use.address else ""
        if scheme == "data" and use.tag in ("img", "link", "image", "style", "css"):
            return None
        if scheme in ("http", "https") or use.address.startswith("//"):
            return self._outside(path, use)
        if scheme:
            return f"a {scheme}: address; link to a page of the site"
        if use.address.startswith("/") and self._name(path) != ANYWHERE:
            return (
                "begins at the top of the host, above this version of the site; begin at the page"
            )
        return self._inside(path, use.address) or self._stranger(path, use)

    def _stranger(self, path: Path, use: Use) -> str | None:
        """A file that is run and that neither the theme nor this project brought."""
        if use.tag != "script" or self.scripts is None:
            return None
        target = self._target(path, unquote(use.address.partition("?")[0]))
        named = target is not None and self._name(target) in self.scripts
        return None if named else "is a script that no element declares; remove it"

    def _outside(self, path: Path, use: Use) -> str | None:
        own = bool(self.address) and use.address.startswith(self.address)
        if own and not use.loads:
            bare = urlsplit(use.address)._replace(scheme="", netloc="")
            return self._inside(path, bare.geturl() or "/")
        if use.loads:
            return "is fetched from outside; keep a copy under docs/assets/"
        if not allowed(use.address, self.sources):
            return "is none of the four cited works; remove it"
        return None

    def _inside(self, path: Path, address: str) -> str | None:
        bare, _, fragment = address.partition("#")
        bare = bare.partition("?")[0]
        target = self._target(path, unquote(bare)) if bare else path
        if target is None:
            return "leads to no file; correct the path"
        if fragment and target.suffix == ".html" and not self._names(target, fragment):
            name = unquote(fragment)
            return f"no element there has the id {name}, and no lab that state; correct it"
        return None

    def _names(self, target: Path, fragment: str) -> bool:
        """Whether a page has an element of this id, or a lab in this state: ID.STATE.STATE."""
        page = self.pages.get(self._name(target))
        if page is None or unquote(fragment) in page.ids:
            return page is not None
        lab, *states = map(unquote, fragment.split("."))
        held = bool(states) and page.states.get(lab, frozenset()).issuperset(states)
        return held or self._awaits(lab)

    def _awaits(self, id: str) -> bool:
        """Whether a capture that is still to be made brings this element."""
        kind, _, name = id.partition("-")
        return kind in CAPTURED and any(f"{name}-".startswith(f"{each}-") for each in self.awaited)

    def _target(self, path: Path, address: str) -> Path | None:
        """The file that a relative address leads to, if it is one of the site's."""
        base = urlsplit(self.address).path.rstrip("/")
        if address.startswith("/") and not address.startswith(f"{base}/"):
            return None
        if address.startswith("/"):
            address = address.removeprefix(base)
        folder = posixpath.dirname(f"/{self._name(path)}")
        return self._file(posixpath.normpath(posixpath.join(folder, address)).lstrip("/"))

    def _file(self, name: str) -> Path | None:
        """A file of the site by its path, or a folder's page; each is looked for once."""
        if name not in self._files:
            target = self.folder / name
            target = target / "index.html" if target.is_dir() else target
            self._files[name] = target if target.is_file() else None
        return self._files[name]

    def _in_script(self, path: Path) -> Iterator[str]:
        for address in SCRIPT_ADDRESS.findall(path.read_text(encoding="utf-8", errors="replace")):
            if not any(address.startswith(inert) for inert in INERT):
                yield (
                    f"{self._name(path)}: {address}: an outside address in a script; remove it, "
                    "or give the reason why it is inert in gen/publish/html/links.py"
                )

    def _name(self, path: Path) -> str:
        """A file's path below the site; asked for every link, and relative_to would be slow."""
        return str(path)[len(str(self.folder)) + 1 :].replace(os.sep, "/")
