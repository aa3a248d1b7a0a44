"""What matters of a page's HTML, parsed once: addresses, ids, states, scripts."""

import re
from collections.abc import Iterable, Iterator, Mapping
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
USING = ",".join(sorted({tag for tag, _ in LOADS | FOLLOWS})) + ",meta,style,[style],[data-sheet]"
SCRIPT = re.compile(r"\s*javascript:", re.IGNORECASE)  # an address that is one
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
    """All of a page, from its tree as parsed once."""
    elements = [(node.tag or "", node.attributes) for node in tree.css("*")]
    labs = [lab.attributes for lab in tree.css("[id][data-states]")]
    return Content(
        uses=tuple(dict.fromkeys(use for node in tree.css(USING) for use in _uses(node))),
        ids=frozenset(_ids(tree)),
        states={lab["id"] or "": _states(lab["data-states"] or "") for lab in labs},
        tags=frozenset(tag for tag, _ in elements),
        scripts=tuple(node.text(strip=False) for node in tree.css("script") if _runs(node)),
        handlers=tuple(_handlers(elements)),
    )


def css_addresses(text: str) -> list[str]:
    """Every address in a style sheet, data: ones left out."""
    addresses = (url or imported for url, imported in CSS_ADDRESS.findall(text))
    return [address for address in addresses if not address.startswith("data:")]


def _uses(element: LexborNode) -> Iterator[Use]:
    """Every address of one element."""
    tag, attributes = element.tag or "", element.attributes
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


def _ids(tree: LexborHTMLParser) -> Iterator[str]:
    """What a fragment may name."""
    for selector, name in (("[id]", "id"), ("a[name]", "name")):
        for node in tree.css(selector):
            if value := node.attributes[name]:
                yield value


def _states(written: str) -> frozenset[str]:
    """What a link may name of a lab: its data-states, as docs/assets/js/state.js reads them."""
    return frozenset(map(unquote, written.split()))


def _runs(script: LexborNode) -> bool:
    """Whether a script's own text is run."""
    data = DATA.fullmatch(script.attributes.get("type") or "")
    return "src" not in script.attributes and not data


def _handlers(elements: Iterable[tuple[str, Attributes]]) -> Iterator[str]:
    """The attributes that hold a script, each after its element's tag."""
    for tag, attributes in elements:
        for name, value in attributes.items():
            if name.startswith("on") or (value and SCRIPT.match(value)):
                yield f"{tag} {name}"
