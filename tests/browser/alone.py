"""A page that has what one draft holds and nothing else, answered by the test itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from gen.publish import elements
from gen.publish.draft import Draft

DOCS = Path(__file__).parents[2] / "docs"
HOST = "http://alone.test/"
TYPES = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}


@dataclass
class Opened:
    """A page, and the paths that it fetched."""

    page: Page
    fetched: list[str]

    @property
    def pictures(self) -> list[str]:
        """The names of the pictures among them."""
        return [path.rpartition("/")[2] for path in self.fetched if path.endswith(".webp")]


def html_of(draft: Draft, element: str = "") -> str:
    """An element, the draft's first block if none is named, with its style sheets and scripts."""
    sheets = ("assets/css/tokens.css", *elements.styles(draft.elements))
    links = "".join(f'<link rel="stylesheet" href="/{sheet}">' for sheet in sheets)
    modules = elements.scripts(draft.elements)
    scripts = "".join(f'<script type="module" src="/{name}"></script>' for name in modules)
    body = f'<div class="md-typeset">{element or draft.blocks[0]}</div>'
    return f"<!doctype html>{links}{body}{scripts}"


@contextmanager
def visits(
    browser: Browser, html: str, place: str, picture: Callable[[], bytes]
) -> Iterator[Callable[..., Opened]]:
    """Opens the page at a place with a fragment; every picture on it is the same."""
    made = []

    def visit(fragment: str = "", **options) -> Opened:
        context = browser.new_context(viewport={"width": 1000, "height": 900}, **options)
        made.append(context)
        opened = Opened(context.new_page(), [])

        def answer(route) -> None:
            path = route.request.url.removeprefix(HOST).partition("#")[0]
            opened.fetched.append(path)
            if path.endswith(".webp"):
                route.fulfill(body=picture(), content_type="image/webp")
            elif (file := DOCS / path).is_file():
                route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            else:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")

        context.route("**/*", answer)
        opened.page.goto(f"{HOST}{place}{fragment}")
        return opened

    yield visit
    for context in made:
        context.close()
