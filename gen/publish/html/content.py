"""What matters of a page's HTML, parsed once: addresses, ids, states, scripts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ADDRESSES = (  # attributes that hold an address, whatever element they stand on
    "action archive attributionsrc background cite classid codebase data data-sheet dynsrc "
    "formaction href icon imagesrcset longdesc lowsrc manifest ping poster profile src srcset "
    "xlink:href xml:base"
)
ADDRESSES = frozenset(_ADDRESSES.split())
LISTS = ("srcset", "imagesrcset")  # several, each with a size
_STYLES = (  # attributes that are read as CSS
    "clip-path cursor fill filter marker marker-end marker-mid marker-start mask stroke style"
)
STYLES = frozenset(_STYLES.split())
FOLLOWS = {("a", "href"), ("a", "xlink:href"), ("area", "href"), ("form", "action")}
FOLLOWS |= {("button", "formaction"), ("input", "formaction")}
FOLLOWS |= {(tag, "cite") for tag in ("blockquote", "q", "ins", "del")}
NOT_LOADED = ("canonical", "alternate", "prev", "next")  # a link element that only names an address
CSS_ADDRESS = re.compile(
    r"""(?:url|src)\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()]+))"""
    r"""|@import\s+["']([^"']+)|["']((?:\w+:)?//[^"']+)["']""",
    re.IGNORECASE,
)
CSS_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)
Attributes = dict[str, str | None]
Element = tuple[str, Attributes]  # its tag, and what it has
SCRIPT = re.compile(r"(?:java|vb|live)script:", re.IGNORECASE)  # an address that is one
SKIPPED = re.compile(r"^[\0-\x20]+|[\t\n\r]")  # in an address, by a browser
DATA = re.compile(r"\w+/(?:\w+\+)?json")  # a script that is data: it never runs


class Use(NamedTuple):
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
    sent_on: tuple[str, ...]  # what a meta element tells the browser to do, but to be modern
    handlers: tuple[str, ...]  # attributes that hold a script, each as "a onclick"


def read(tree: LexborHTMLParser) -> Content:
    """All of a page, from its tree as parsed once."""
    elements = [(node.tag or "", node.attributes) for node in tree.css("*")]
    labs = [lab.attributes for lab in tree.css("[id][data-states]")]
    sheets = [css_addresses(node.text()) for node in tree.css("style")]
    in_sheets = (Use("style", address, loads=True) for found in sheets for address in found)
    return Content(
        uses=tuple(dict.fromkeys((*_uses(elements), *in_sheets))),
        ids=frozenset(_ids(tree)),
        states={lab["id"] or "": _states(lab["data-states"] or "") for lab in labs},
        tags=frozenset(tag.lower() for tag, _ in elements),
        scripts=tuple(node.text(strip=False) for node in tree.css("script") if _runs(node)),
        sent_on=tuple(_sent_on(tree)),
        handlers=tuple(_handlers(elements)),
    )


def css_addresses(text: str) -> list[str]:
    """Every address in a style sheet, but for data: ones and those of its own page."""
    plain = CSS_ESCAPE.sub(lambda escape: _letter(escape[1]), text) if "\\" in text else text
    addresses = ("".join(found).strip() for found in CSS_ADDRESS.findall(plain))
    return [address for address in addresses if not address.startswith(("data:", "#"))]


def _letter(code: str) -> str:
    """What a CSS escape stands for; one beyond Unicode stands for nothing."""
    return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""


def bare(address: str) -> str:
    """An address as a browser reads it: some letters are skipped, a backslash is a slash."""
    return SKIPPED.sub("", address).strip().replace("\\", "/")


def _uses(elements: Iterable[Element]) -> Iterator[Use]:
    """Every address of these elements, in their attributes."""
    for tag, attributes in elements:
        for name, value in attributes.items():
            if name in ADDRESSES:
                yield from _of_address(tag, name, value or "", attributes)
            elif name in STYLES and value and "(" in value:
                yield from (Use("style", address, loads=True) for address in css_addresses(value))
        if tag == "meta" and attributes.get("property") in ("og:image", "og:url"):
            yield Use("meta", attributes.get("content") or "", loads=False)


def _of_address(tag: str, name: str, value: str, attributes: Attributes) -> Iterator[Use]:
    named = tag == "link" and attributes.get("rel") in NOT_LOADED
    loads = (tag, name) not in FOLLOWS and not named
    yield from (Use(tag, bare(address), loads) for address in _listed(name, value))


def _sent_on(tree: LexborHTMLParser) -> Iterator[str]:
    """What meta elements ask of a browser, in small letters."""
    for meta in tree.css("meta[http-equiv]"):
        asks = (meta.attributes["http-equiv"] or "").strip().lower()
        if asks not in ("x-ua-compatible", "content-type"):
            yield asks


def _listed(name: str, value: str) -> list[str]:
    """One address, or the several of a srcset."""
    if name not in LISTS:
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


def _handlers(elements: Iterable[Element]) -> Iterator[str]:
    """The attributes that hold a script, each after its element's tag."""
    for tag, attributes in elements:
        for name, value in attributes.items():
            named = value and ":" in value and SCRIPT.match(bare(value))
            if named or name.startswith("on"):
                yield f"{tag} {name}"
