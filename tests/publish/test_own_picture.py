"""The check of a reader's own picture: what it is set beside, and what there is to try."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from gen.publish import own_picture
from gen.publish.draft import Draft

PATH = "your-picture.md"
ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "docs" / "assets"
SCRIPT = ASSETS / "js" / "settings" / "web-ui.js"
MOST = 60_000  # bytes
LAWS = {  # a step, and the rows on which its law rests
    "horizon": (
        ("ball", "looked-up"),
        ("ball", "turned"),
        ("chrome", "chrome-looked-up"),
        ("chrome", "chrome-turned"),
    ),
    "light": (("highlights", "mirror-white-rendered"), ("highlights", "matte-white-rendered")),
}
TEMPLATES = ROOT / "gen" / "publish" / "templates"
VERDICT = re.compile(  # on a picture, or on what it shows
    r"\b(?:(?:un)?real(?:ly|istic|ity)?|fak(?:e[ds]?|ing|ery)|genuine(?:ly)?|(?:in)?authentic\w*"
    r"|forg(?:ed|ery|eries)|counterfeit\w*|bogus|hoax\w*|deepfakes?|synthetic|artificial\w*"
    r"|photoshopped|doctored|manipulat\w+|(?-i:AI)|made[- ]up|fraud\w*|legit\w*|impossible"
    r"|(?:made|painted|drawn|taken) by (?:an? )?(?:human|machine|computer|robot|camera|person))\b",
    re.IGNORECASE,
)
ALLOWED = (  # of things in front of a camera, not of a picture of them
    "on the very line of the real one",  # the horizon that stands behind the car
    "Real twins differ too",
)


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
    table = html.partition("<table>")[2].partition("</table>")[0]
    assert len(re.findall(r"#row-\w+-white-(?:rendered|generated)", table)) == 10
    rest = {id: m for id, m in materials.measurements.items() if id != "highlights"}
    without = written(replace(materials, measurements=rest))
    assert "data-painted" not in without
    assert "<table>" not in without


def test_laws_that_a_measurement_supports_carry_its_figures_and_no_empty_sentence(materials):
    html = written(materials)
    for of, rows in LAWS.items():
        panel = html.partition(f'data-panel="{of}"')[2].partition("</section>")[0]
        for id, row in rows:
            assert f"{id}/#row-{row}" in panel
        for id in {id for id, _ in rows}:
            rest = {name: m for name, m in materials.measurements.items() if name != id}
            bare = written(replace(materials, measurements=rest))
            panel = bare.partition(f'data-panel="{of}"')[2].partition("</section>")[0]
            assert "not measured by" not in panel


def test_our_render_is_offered_with_marks_where_it_is_known_to_show_ground_and_camera(materials):
    spots = {spot.name: spot for spot in materials.staged["desert"].mirrored}
    known = {"body": spots["ground"], "facing": spots["camera"]}
    places = " ".join(f"{m}-{1000 * s.x:.0f}-{1000 * s.y:.0f}" for m, s in known.items())
    assert f'data-src="../staged/desert.webp" data-marks="{places}"' in written(materials)
    assert "staged/" not in written(replace(materials, staged={}))


def test_the_highlight_of_our_render_is_marked_on_the_body_s_brightest_place(materials):
    """Of the front, from the wheel arch to the plate, which is the body that mirrors the camera."""
    text = (ROOT / "docs" / PATH).read_text(encoding="utf-8")
    x, y = (int(one) / 1000 for one in re.search(r"spot-(\d+)-(\d+)", text).groups())
    with Image.open(ROOT / "docs" / "staged" / "desert.webp") as render:
        light = np.asarray(render.convert("L").resize((400, 210), Image.Resampling.BOX))
    left, top = round(0.59 * 400), round(0.55 * 210)
    front = light[top : round(0.8 * 210), left : round(0.85 * 400)]
    row, column = np.unravel_index(front.argmax(), front.shape)
    assert abs((left + column + 0.5) / 400 - x) < 0.006
    assert abs((top + row + 0.5) / 210 - y) < 0.01
    camera = next(s for s in materials.staged["desert"].mirrored if s.name == "camera")
    assert 0.59 < camera.x < 0.85 and 0.55 < camera.y < 0.8


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


def spoken(path: Path) -> str:
    """A file without its comments: all that can come onto a page, in one line."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = re.sub(r"(?<![:\w])//.*", " ", text)
    return " ".join(text.split())


def test_no_line_of_this_page_calls_a_picture_or_a_reflection_real_or_fake():
    """Whatever the page's scripts, its element and its text hold, but for what is allowed."""
    script = ASSETS / "js" / "your-picture.js"
    files = [
        *needs(script, r"(?:from|await import\()"),
        *TEMPLATES.glob("own_*.j2"),
        Path(own_picture.__file__),
        ROOT / "docs" / PATH,
    ]
    said = {path: spoken(path) for path in files}
    words = " ".join(said.values())
    for known in ("as on metal that stands upright", "stand on one place", *ALLOWED):
        assert known in words, "a sentence that is there is looked through"
    for path, line in said.items():
        for phrase in ALLOWED:
            line = line.replace(phrase, "")
        found = [line[max(m.start() - 60, 0) : m.end() + 30] for m in VERDICT.finditer(line)]
        assert found == [], path


def test_what_would_be_a_verdict_is_known_as_one():
    for line in (
        "This reflection is fake.",
        "A genuine photograph shows it lower.",
        "That is a real reflection",
        "It was painted by a machine.",
        "No camera would do that: it is AI.",
    ):
        assert VERDICT.search(line), line
    assert not VERDICT.search("The model's settings; it may already reflect, as all metal does.")
