"""Charts: the same bytes for the same rows, fit for a strict page, in light and in dark."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from gen.core import store
from gen.core.measured import Measurement, Row
from gen.measure.kit import chart, page_svg


def row(name, panel, label, series, value=5.0, **changes):
    return Row(name, panel, label, series, value, 4.0, 6.5, 100, "%", **changes)


DOTS = (
    row("a", "Agreement", "mirror", "generated"),
    row("b", "Agreement", "mirror", "rendered", 6.0),
    row("c", "Agreement", "a label so long that it takes two lines", "generated"),
)
LINES = tuple(
    row(f"{s}-{at}", "Seen, by step", str(at), s) for s in ("body", "sky") for at in (1, 2, 10)
)
SAID = Measurement(
    "one", "0" * 16, "Does <it> match & how?", "So.", "Tiny", (), (*DOTS, *LINES), ()
)
LINES_ALONE = replace(SAID, rows=LINES)
KEPT = Path(__file__).parents[3] / "docs" / "measurements"
PAPERS = "#fbfaf8", "#111418"  # the site's own, light and dark


def drawn(measurement=SAID):
    return ElementTree.fromstring(chart.svg(measurement))


def test_the_same_rows_give_the_same_bytes_in_any_process():
    code = "import sys, test_chart as t; sys.stdout.buffer.write(t.chart.svg(t.SAID))"
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {chart.svg(SAID)}


def test_one_to_take_along_says_what_was_asked_of_whom_in_its_own_colours():
    with Image.open(io.BytesIO(chart.png(SAID))) as opened:
        picture = np.asarray(opened.convert("RGB"), int)
    assert picture.shape[1] == 2 * chart.WIDTH
    for colour in (*chart.SERIES[:2], chart.INK, chart.PAPER):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert (abs(picture - wanted).max(-1) <= 2).any(), colour
    bare = chart.png(replace(SAID, question="", model="x"))
    with Image.open(io.BytesIO(bare)) as opened:
        assert picture.shape[0] >= opened.height
    assert chart.png(SAID) == chart.png(SAID) != bare


def test_lines_have_the_unit_upright_and_below_what_their_numbers_are():
    texts = list(drawn(replace(SAID, rows=LINES)).iter(f"{{{page_svg.SVG}}}text"))
    turned = {"".join(text.itertext()).strip(): text.get("transform") or "" for text in texts}
    assert "rotate(-90 " in turned["%"]
    assert "rotate(-90 " not in turned["step"]


def test_a_strict_page_takes_it():
    text = chart.svg(SAID).decode()
    assert "style" not in text
    assert "metadata" not in text
    assert not re.search(r"https?://(?!www\.w3\.org/(2000/svg|1999/xlink))", text)
    assert "xlink" not in text
    assert not re.search(r"\d{4}-\d\d-\d\d", text)  # no date


def test_it_says_what_it_shows():
    root = drawn()
    assert root.attrib["role"] == "img"
    ids = root.attrib["aria-labelledby"].split()
    title, told = (root.find(f".//*[@id='{id}']") for id in ids)
    assert title.text == "Does <it> match & how?"
    assert "Agreement, mirror, generated: 5 (4 to 6.5) %" in told.text


def test_a_panel_whose_name_is_long_has_as_many_lines_as_it_takes():
    long = "Read as the new words say: the world, by steps under the old words"
    wide = drawn(replace(SAID, rows=tuple(replace(line, panel=long) for line in LINES)))
    said = ["".join(text.itertext()) for text in wide.iter(f"{{{page_svg.SVG}}}text")]
    assert max(map(len, said)) <= chart.WIDE and long[:20] in " ".join(said)
    low, high = (float(root.attrib["viewBox"].split()[-1]) for root in (drawn(LINES_ALONE), wide))
    assert high > low


def test_every_name_is_used_once_and_every_use_is_named():
    root = drawn()
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert all(id.startswith("one-") for id in ids)
    text = chart.svg(SAID).decode()
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    assert used
    assert used <= set(ids)


def test_a_page_carries_no_bytes_that_draw_nothing():
    drawing = drawn()
    text = chart.svg(SAID).decode().strip()
    assert not re.search(r">\s+<", text)
    ways = [e.attrib["d"] for e in drawing.iter() if "d" in e.attrib]
    assert ways
    assert not re.search(r"\.\d{3}|\d  |[ \n]$", "".join(ways))
    used = " ".join(v for e in drawing.iter() for k, v in e.attrib.items() if k != "id")
    ids = [e.attrib["id"] for e in drawing.iter() if "id" in e.attrib]
    assert ids
    assert all(id in used for id in ids)


def test_colours_are_the_pages_own_or_stand_out_on_both_papers():
    colours = {
        value
        for element in drawn().iter()
        for name, value in element.attrib.items()
        if name in ("fill", "stroke")
    }
    assert not [
        c for c in colours if not re.fullmatch(r"none|currentColor|var\(--series-\d, #\w+\)", c)
    ]
    for colour in chart.SERIES:
        assert min(contrast(colour, paper) for paper in PAPERS) >= 3, colour


def contrast(a, b):
    """WCAG's ratio of two colours."""
    lights = sorted(luminance(c) for c in (a, b))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_row_without_a_figure_or_a_panel_is_left_out():
    bare = replace(row("x", "Agreement", "nowhere", "generated"), value=None, low=None, high=None)
    table = row("y", "", "table", "generated")
    with_them = chart.svg(replace(SAID, rows=(*SAID.rows, bare, table)))
    assert with_them == chart.svg(SAID)


@pytest.mark.parametrize("rows", [(), DOTS[:1], LINES[:1]])
def test_little_to_show_is_shown(rows):
    root = drawn(replace(SAID, rows=rows))
    assert root.attrib["width"] == str(chart.WIDTH)


@pytest.mark.parametrize("id", sorted(path.stem for path in KEPT.glob("*.json")))
def test_no_two_series_of_a_kept_chart_look_alike(id):
    for axes in chart._figure(store.read_measurement(KEPT.parents[1], id)).axes:
        handles, names = axes.get_legend_handles_labels()
        lines = [handle[0] if isinstance(handle, tuple) else handle for handle in handles]
        looks = [(one.get_color(), one.get_marker(), one.get_linestyle()) for one in lines]
        assert len(set(looks)) == len(looks), dict(zip(names, looks, strict=True))
