"""An element declares once what it needs; a page that has it loads that, and nothing else."""

import re
from pathlib import Path

import pytest

from gen.publish import elements, lean_script, lean_style, run_figures, templating
from gen.publish.elements import ELEMENTS
from gen.publish.page import Page

DOCS = Path(__file__).parents[2] / "docs"
TEMPLATES = Path(elements.__file__).parent / "templates"
CUSTOM = re.compile(r"<([a-z]+-[a-z]+)[ >]")
TRIED = ("painter", "painted", "ball", "where", "turning", "own-picture")
MOST = 60_000


def test_every_file_that_an_element_declares_is_there():
    files = elements.styles(ELEMENTS) + elements.scripts(ELEMENTS)
    assert [file for file in files if not (DOCS / file).is_file()] == []


def needs(script: Path, seen: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """A script and all that it imports before it runs."""
    if script in seen:
        return seen
    seen = (*seen, script)
    for name in re.findall(r'from "(\.[^"]+)"', script.read_text(encoding="utf-8")):
        seen = needs((script.parent / name).resolve(), seen)
    return seen


def weight(page: Page) -> int:
    """Bytes of all scripts and style sheets that a page's elements load, as they ship."""
    loaded = {each for name in elements.scripts(page.elements) for each in needs(DOCS / name)}
    scripts = (lean_script.lean(script.read_text(encoding="utf-8")) for script in loaded)
    sheets = (
        lean_style.lean((DOCS / sheet).read_text(encoding="utf-8"))
        for sheet in elements.styles(page.elements)
    )
    return sum(len(text.encode()) for text in (*scripts, *sheets))


def test_what_a_reader_tries_weighs_little_with_all_else_on_its_page_before_its_pictures(built):
    """A comparison's page has two labs, one of them far below."""
    pages = [page for page in built.pages.values() if "comparison" not in page.elements]
    assert {"lab", *TRIED} <= {name for page in pages for name in page.elements}
    heavy = {page.path: weight(page) for page in pages if weight(page) > MOST}
    assert heavy == {}


def test_every_style_sheet_of_an_element_is_declared_by_one():
    sheets = {path for folder in ("parts", "labs") for path in DOCS.glob(f"assets/css/{folder}/*")}
    assert {DOCS / sheet for sheet in elements.styles(ELEMENTS)} == sheets


def test_every_template_with_a_custom_element_is_that_of_an_element():
    tags = {(e.template, e.tag) for e in ELEMENTS.values() if e.tag}
    in_templates = {
        (path.name, tag)
        for path in TEMPLATES.glob("*.html.j2")
        for tag in CUSTOM.findall(path.read_text(encoding="utf-8"))
    }
    assert in_templates == tags


def test_sheets_come_in_the_order_of_the_cascade_whatever_the_order_of_the_elements():
    assert elements.styles(["wipe", "gallery", "lab"]) == elements.styles(
        ["lab", "gallery", "wipe"]
    )
    assert elements.styles({"comparison"}) == (
        "assets/css/parts/control.css",
        "assets/css/parts/choices.css",
        "assets/css/parts/slider.css",
        "assets/css/parts/pair.css",
        "assets/css/parts/table.css",
        "assets/css/parts/late.css",
        "assets/css/labs/lab.css",
        "assets/css/labs/compare-lab.css",
    )
    assert elements.styles(()) == elements.scripts(()) == ()


def test_a_script_is_loaded_once_for_the_element_that_it_brings_to_life():
    assert elements.scripts(["strip", "lab", "facts"]) == ("assets/js/step-lab.js",)


def states(name: str, **arguments: object) -> list[str]:
    return list(ELEMENTS[name].states(**arguments))


def test_a_link_may_name_each_step_event_word_and_view_of_a_lab(materials):
    capture = materials.captures[materials.keys[materials.prompt("x.md", "chrome-studio")]]
    events = run_figures.events(capture)
    named = states("lab", capture=capture, events=events)
    steps = len(capture.steps)
    assert named[:steps] == [f"step-{step}" for step in range(1, steps + 1)]
    assert named[steps : steps + len(events)] == [event.name for event in events]
    assert {"word-startoftext", "word-endoftext", "word-chrome"} <= set(named)
    assert named[-3:] == ["view-clean", "view-attention", "view-guidance"]


def test_a_link_may_name_each_run_step_and_look_of_a_comparison(materials):
    (one, other, *_) = materials.captures.values()
    named = states("comparison", captures=(one, other))
    assert named[:5] == ["a-0", "b-0", "a-1", "b-1", "step-1"]
    assert f"step-{max(len(one.steps), len(other.steps))}" == named[-4]


def test_a_link_may_name_what_a_gallery_lets_choose_and_no_lone_value():
    offered = {"view": {"front three-quarter": 2, "side": 1}, "model": {"study": 3}}
    choices = ["view-front-three-quarter", "view-side"]
    assert states("gallery", offered=offered, cards=range(48), page=48) == choices
    pages = states("gallery", offered=offered, cards=range(97), page=48)
    assert pages == ["page-2", "page-3", *choices]


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_s_template_compiles(name):
    assert templating.environment().get_template(ELEMENTS[name].template)
