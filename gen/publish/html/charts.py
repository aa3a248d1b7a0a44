"""Drawings: what an SVG may hold. A chart stands in its page as it is, so nothing else may."""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = (
    "svg title desc defs g path use text tspan clipPath rect circle ellipse line polyline polygon "
    "linearGradient radialGradient stop mask"
)
ELEMENTS = frozenset(_ELEMENTS.split())
_ATTRIBUTES = (
    "aria-hidden aria-label aria-labelledby class clip-path clip-rule cx cy d dx dy fill "
    "fill-opacity fill-rule font-family font-size font-style font-weight fx fy gradientTransform "
    "gradientUnits height href id mask offset opacity points preserveAspectRatio r role rx ry "
    "shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor "
    "transform version viewBox width x x1 x2 y y1 y2"
)
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
OWN = re.compile(r"#[\w.-]+")  # something in the same drawing
CALL = re.compile(r"(?i)\b(?!url|rotate|translate|scale|skew|matrix|rgba?|hsla?|var)[\w-]+\(")
LINK = re.compile(r"(?i)url\((?!#[\w.-]+\))")
FORBIDDEN = ("<!DOCTYPE", "<!ENTITY", "<![CDATA[", "<?", "<!--")  # but for the first line of XML
BYTES = 4_000_000


@lru_cache  # a chart's file is looked at beside all files, and again for its page
def fault(data: bytes) -> str | None:
    """Why these bytes are no drawing that may be shown, with the next move; None where they are."""
    if len(data) > BYTES:
        return f"has {len(data):,} bytes, more than {BYTES:,}; draw it with fewer points"
    try:
        text = data.decode("utf-8-sig")
        faults = [*_marks(text), *_elements(ElementTree.fromstring(text))]
    except UnicodeDecodeError:
        return "is not UTF-8 text; save it as UTF-8"
    except (ElementTree.ParseError, ValueError) as error:
        return f"is no SVG ({error}); draw it again"
    return faults[0] if faults else None


def _marks(text: str) -> Iterator[str]:
    """What XML and HTML read differently, or what defines letters of its own."""
    body = re.sub(r"\A\s*<\?xml [^<>]*\?>", "", text)
    yield from (f"holds {mark}; take it out" for mark in FORBIDDEN if mark in body)


def _elements(drawing: ElementTree.Element) -> Iterator[str]:
    if drawing.tag != f"{SVG}svg":
        yield "is no SVG; draw it again"
    for element in drawing.iter():
        name = _local(element.tag)
        if name not in ELEMENTS:
            yield f"holds <{name}>; take it out"
        for attribute, value in element.attrib.items():
            yield from _attribute(name, _local(attribute), value)


def _attribute(element: str, name: str, value: str) -> Iterator[str]:
    if name not in ATTRIBUTES:
        yield f"holds <{element} {name}>; take it out"
    elif (name == "href" and not OWN.fullmatch(value)) or LINK.search(value) or CALL.search(value):
        yield f"holds <{element} {name}> that leads out of it; take it out"


def _local(name: str) -> str:
    """A name without SVG's namespace; one of another is left as it is, and no list has it."""
    return name.removeprefix(SVG)
