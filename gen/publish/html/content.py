"""What matters of a page's HTML, read in one walk: addresses, ids, states, scripts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

LOADS = {  # attributes whose address the browser fetches by itself
    ("img", "src"), ("img", "srcset"), ("script", "src"), ("link", "href"), ("source", "src"),
    ("source", "srcset"), ("iframe", "src"), ("video", "src"), ("video", "poster"),
    ("audio", "src"), ("object", "data"), ("embed", "src"), ("image", "href"),
    ("image", "xlink:href"), ("use", "href"), ("use", "xlink:href"), ("input", "src"),
}  # fmt: skip
FOLLOWS = {("a", "href"), ("a", "xlink:href"), ("area", "href"), ("form", "action")}
NOT_LOADED = ("canonical", "alternate")  # a link element that only names an address
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
Attributes = dict[str, str | None]
DATA = re.compile(r"\w+/(?:\w+\+)?json")  # a script that is data: it never runs


@dataclass(frozen=True)
class Use:
    """An address that an element of a page uses."""

    tag: str
    address: str
    loads: bool  # fetched by the browser itself, not on a click


@dataclass(frozen=True)
class Content:
    """What a page uses, what links may name there, and what on it would run."""

    uses: tuple[Use, ...]
    ids: frozenset[str]
    states: Mapping[str, frozenset[str]]  # of each lab, by its id: what its data-states has
    tags: frozenset[str]  # the kinds of its elements
    scripts: tuple[str, ...]  # inline ones that a browser would run, letter for letter
    handlers: tuple[str, ...]  # attributes that hold a script, each as "a onclick"


def read(tree: LexborHTMLParser) -> Content:
    """All of a page in one walk over its elements."""
    elements = [(node, node.tag or "", node.attributes) for node in tree.css("*")]
    return Content(
        uses=tuple(dict.fromkeys(use for element in elements for use in _uses(*element))),
        ids=frozenset(id for _, tag, has in elements for id in _ids(tag, has)),
        states={
            has["id"] or "": _states(has["data-states"] or "")
            for _, _, has in elements
            if has.get("id") and "data-states" in has
        },
        tags=frozenset(tag for _, tag, _ in elements),
        scripts=tuple(node.text(strip=False) for node, tag, has in elements if _runs(tag, has)),
        handlers=tuple(name for _, tag, has in elements for name in _handlers(tag, has)),
    )


def css_addresses(text: str) -> list[str]:
    """Every address in a style sheet, data: ones left out."""
    addresses = (url or imported for url, imported in CSS_ADDRESS.findall(text))
    return [address for address in addresses if not address.startswith("data:")]


def _uses(element: LexborNode, tag: str, attributes: Attributes) -> Iterator[Use]:
    """Every address of one element."""
    for name, value in attributes.items():
        yield from _of_attribute(tag, name, (value or "").strip(), attributes)
    if tag == "style":
        yield from (Use(tag, a, loads=True) for a in css_addresses(element.text()))
    if tag == "meta":
        yield from _of_meta(attributes)


def _of_attribute(tag: str, name: str, value: str, attributes: Attributes) -> Iterator[Use]:
    if (tag, name) in FOLLOWS:
        yield Use(tag, value, loads=False)
    elif (tag, name) in LOADS or name == "data-sheet":
        loads = attributes.get("rel") not in NOT_LOADED
        yield from (Use(tag, address, loads) for address in _listed(name, value))
    elif name == "style":
        yield from (Use("style", address, loads=True) for address in css_addresses(value))


def _of_meta(attributes: Attributes) -> Iterator[Use]:
    """Where a page sends its reader on, and what it names for a shared link."""
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        yield Use("meta", content.partition("url=")[2], loads=True)
    if attributes.get("property") in ("og:image", "og:url"):
        yield Use("meta", content, loads=False)


def _listed(name: str, value: str) -> list[str]:
    """One address, or the several of a srcset."""
    if name != "srcset":
        return [value]
    return [part.split()[0] for part in value.split(",") if part.strip()]


def _ids(tag: str, attributes: Attributes) -> Iterator[str]:
    """What a fragment may name an element by."""
    for name in ("id", "name") if tag == "a" else ("id",):
        if value := attributes.get(name):
            yield value


def _states(written: str) -> frozenset[str]:
    """What a link may name of a lab: its data-states, as docs/assets/js/state.js reads them."""
    return frozenset(map(unquote, written.split()))


def _runs(tag: str, attributes: Attributes) -> bool:
    """Whether an element is a script whose own text is run."""
    data = DATA.fullmatch(attributes.get("type") or "")
    return tag == "script" and "src" not in attributes and not data


def _handlers(tag: str, attributes: Attributes) -> Iterator[str]:
    """The attributes of an element that hold a script."""
    for name, value in attributes.items():
        if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
            yield f"{tag} {name}"
