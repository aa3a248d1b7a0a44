"""The check of a reader's own picture: what it is set beside, and what there is to try."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

from gen.publish import own_picture
from gen.publish.draft import Draft

PATH = "your-picture.md"
ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "docs" / "assets"
SCRIPT = ASSETS / "js" / "settings" / "web-ui.js"
MOST = 60_000  # bytes


def needs(script: Path, by: str, seen: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """A script and all that it takes from others, which follows one of these words."""
    if script in seen:
        return seen
    seen = (*seen, script)
    for name in re.findall(rf'{by} ?"(\.[^"]+)"', script.read_text(encoding="utf-8")):
        seen = needs((script.parent / name).resolve(), by, seen)
    return seen


def written(materials) -> str:
    """The element's HTML on a page of its own."""
    draft = Draft(materials, PATH)
    own_picture.own_picture(draft, "chrome-studio", "desert")
    (html,) = draft.blocks
    return html


def test_each_step_has_a_panel_and_a_button_and_its_marks_a_place_on_the_picture(materials):
    html = written(materials)
    for step in own_picture.STEPS:
        assert html.count(f'data-panel="{step.name}"') == html.count(f'data-go="{step.name}"') == 1
        assert html.count(f'data-of="{step.name}" data-title=') == len(step.marks)
    named = [mark.name for step in own_picture.STEPS for mark in step.marks]
    assert len(set(named)) == len(named), "a link names a mark without its step"


def test_shares_of_white_are_the_measured_rows_and_none_where_nobody_measured(materials):
    rows = {row.name: row for row in materials.measurements["highlights"].rows}
    html = written(materials)
    for series, name in (("rendered", "rendered"), ("painted", "generated")):
        assert f'data-{series}="{rows[f"mirror-white-{name}"].value}"' in html
    assert len(re.findall(r"#row-\w+-white-(?:rendered|generated)", html)) == 10
    rest = {id: m for id, m in materials.measurements.items() if id != "highlights"}
    without = written(replace(materials, measurements=rest))
    assert "data-painted" not in without
    assert "<table>" not in without


def test_our_render_is_offered_with_marks_where_it_is_known_to_show_ground_and_camera(materials):
    spots = {spot.name: spot for spot in materials.staged["desert"].mirrored}
    known = {"body": spots["ground"], "facing": spots["camera"]}
    places = " ".join(f"{m}-{1000 * s.x:.0f}-{1000 * s.y:.0f}" for m, s in known.items())
    assert f'data-src="../staged/desert.webp" data-marks="{places}"' in written(materials)
    assert "staged/" not in written(replace(materials, staged={}))


def test_every_setting_that_is_read_is_explained_with_its_evidence(materials):
    html = written(materials)
    entries = re.findall(r'<div data-setting="(\w+)">(.*?)</div>', html, re.DOTALL)
    script = SCRIPT.read_text(encoding="utf-8")
    names = set(re.findall(r'"(\w+)"', script.partition("@typedef {")[2].partition("}")[0]))
    assert {name for name, _ in entries} == names
    assert all('class="evidence' in says for _, says in entries)


def test_it_weighs_little_before_a_picture_comes_and_packed_with_all_that_reads_one():
    script, styles = ASSETS / "js" / "your-picture.js", [*ASSETS.glob("css/labs/own-*.css")]
    before = [*needs(script, r"from"), *styles]
    assert sum(path.stat().st_size for path in before) < MOST
    everything = {*needs(script, r"(?:from|await import\()"), *styles}
    assert everything >= {
        *before,
        *ASSETS.glob("js/settings/*.js"),
        *ASSETS.glob("js/picture/*.js"),
    }
    assert sum(len(gzip.compress(path.read_bytes())) for path in everything) < MOST
