"""A drawing of matplotlib's -> one that a page may hold: its colours, its letters, few bytes."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

FONT = "Inter, sans-serif"  # the site's; narrower than the one that is measured with there
SVG = "http://www.w3.org/2000/svg"  # a name, not an address: nothing is fetched from it


def for_page(drawn: bytes, id: str, title: str, says: str, colours: Mapping[str, str]) -> bytes:
    """An SVG as matplotlib draws it -> one without styles, which a strict page refuses.

    With a title and what it says in words; `colours` are the page's own, by those it was drawn in.
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(drawn)
    for child in list(root):
        if child.tag.endswith("metadata"):
            root.remove(child)
    for group in root.iter():
        for style in [c for c in group if c.tag == f"{{{SVG}}}style"]:
            group.remove(style)
    for element in root.iter():
        _plain(element, id, colours)
    root.attrib |= {"role": "img", "font-family": FONT, "stroke-linejoin": "round"}
    root.attrib |= {"aria-labelledby": f"{id}-title {id}-desc"}
    for name in ("width", "height"):
        root.attrib[name] = root.attrib[name].removesuffix("pt")
    for place, (tag, text) in enumerate((("title", title), ("desc", says))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", id=f"{id}-{tag}")
        element.text = text
        root.insert(place, element)
    _lean(root)
    return ElementTree.tostring(root) + b"\n"


def _lean(root: ElementTree.Element) -> None:
    """Hundredths of a unit, and neither room between elements nor names that nothing refers to."""
    places = ("d", "points", "transform", "x", "y", "width", "height")
    said = {
        name
        for element in root.iter()
        for attribute, value in element.attrib.items()
        if attribute != "id"
        for name in re.split(r"[#() ]+", value)
    }
    for element in root.iter():
        element.tail = None
        if element.text and not element.text.strip():
            element.text = None
        if element.attrib.get("id") not in said:
            element.attrib.pop("id", None)
        for name in element.attrib.keys() & places:
            value = re.sub(r"-?\d+\.\d+", _hundredths, element.attrib[name])
            element.attrib[name] = " ".join(value.split())


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _plain(element: ElementTree.Element, id: str, colours: Mapping[str, str]) -> None:
    """Styles as attributes, colours and letters as the page's, names that are this chart's own."""
    for pair in filter(None, element.attrib.pop("style", "").split(";")):
        name, value = (part.strip() for part in pair.split(":", 1))
        if name == "font-family":
            continue
        element.attrib[name] = value
    for name, value in list(element.attrib.items()):
        if name.endswith("}href"):  # a page's own parser knows the plain name alone
            element.attrib["href"] = element.attrib.pop(name).replace("#", f"#{id}-", 1)
        elif name in ("fill", "stroke"):
            element.attrib[name] = colours.get(value, value)
        elif name == "id":
            element.attrib[name] = f"{id}-{value}"
        elif "#" in value:
            element.attrib[name] = value.replace("#", f"#{id}-", 1)
