"""What an SVG may hold."""

from pathlib import Path

import pytest

from gen.publish.html import charts

ROOT = Path(__file__).parents[3]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{}</svg>'


def test_the_stored_charts_may_be_shown():
    drawings = [*ROOT.glob("docs/measurements/*.svg"), ROOT / "docs/assets/mark.svg"]
    assert len(drawings) > 10
    assert [charts.fault(path.read_bytes()) for path in drawings] == [None] * len(drawings)


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<script>x()</script>", "holds <script>; take it out"),
        ('<g onload="x()"/>', "holds <g onload>"),
        ("<foreignObject/>", "holds <foreignObject>"),
        ('<a href="#y"/>', "holds <a>"),
        ("<style>*{}</style>", "holds <style>"),
        ('<image href="x.png"/>', "holds <image>"),
        ('<animate attributeName="href"/>', "holds <animate>"),
        ('<use href="x.svg#y"/>', "holds <use href> that leads out of it"),
        ('<use x:href="#y"/>', "holds <use {http://www.w3.org/1999/xlink}href>"),
        ('<g style="fill:red"/>', "holds <g style>"),
        ('<path fill="url(https://e.example/x)"/>', "holds <path fill> that leads out of it"),
        ('<path fill="URL( //e.example/x)"/>', "holds <path fill> that leads out of it"),
        ('<path fill="image-set(x)"/>', "holds <path fill> that leads out of it"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', "holds <{http://www.w3.org/1999"),
        ('<s:script xmlns:s="http://www.w3.org/2000/svg"/>', "holds <script>"),
        ("<!-- >x -->", "holds <!--"),
        ("<title><![CDATA[</title>]]></title>", "holds <![CDATA["),
        ("<?xml-stylesheet href='x'?>", "holds <?"),
        ("<g>", "is no SVG (mismatched tag"),
        ("\x00", "is no SVG ("),
    ],
)
def test_what_a_drawing_may_not_hold(inside, says):
    fault = charts.fault(SVG.format(inside).encode())
    assert fault is not None and fault.startswith(says)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<p>x</p>", "is no SVG; draw it again"),
        (b"", "is no SVG (no element"),
        (SVG.format("é").encode("latin-1"), "is not UTF-8 text"),
        (SVG.format("").encode("utf-16"), "is not UTF-8 text"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + SVG.format("&a;").encode(), "holds <!DOCTYPE"),
        (SVG.format(" " * charts.BYTES).encode(), "has 4,000,0"),
    ],
)
def test_what_is_no_drawing(data, says):
    fault = charts.fault(data)
    assert fault is not None and fault.startswith(says)


def test_the_first_line_of_xml_and_what_is_drawn_in_itself_may_stand():
    drawing = SVG.format('<g clip-path="url(#a)"/><use href="#b"/><path transform="scale(2)"/>')
    assert charts.fault(b'<?xml version="1.0" encoding="utf-8"?>\n' + drawing.encode()) is None
