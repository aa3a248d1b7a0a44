"""Every page, opened once: light, dark and narrow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from in_page import FINGER
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from gen.publish.lean_style import lean

AXE = Axe().axe_script
SETTLED = """Promise.race([
    Promise.allSettled([document.fonts.ready, ...document.getAnimations().map(a => a.finished)]),
    new Promise(done => setTimeout(done, 3000)),
])"""  # what moves without end, or is stopped, is not waited for
BROKEN = """Promise.all([...document.images].map(image => {
    image.loading = "eager"
    const there = image.decode().then(() => image.naturalWidth > 0, () => false)
    const late = new Promise(done => setTimeout(done, 10000, false))
    return Promise.race([there, late]).then(ok => ok ? null : image.src)
})).then(found => found.filter(Boolean))"""
SHEETS = Path(__file__).parents[2] / "docs" / "assets" / "css"
NUMBERS = {"tabindex", "width", "height", "start", "colspan", "rowspan"}
LIFELESS = "[...document.querySelectorAll(':not(:defined)')].map(e => e.tagName)"
WINDOW, PHONE_SIZE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
KIND = re.compile(r"/(ideas|comparisons)/[^/]+/")  # pages that one template makes
# How far what stood in the window has moved by itself, and what that was.
MOVED = """new Promise(done => {
    const moved = []
    new PerformanceObserver(list => {
        for (const {value, sources} of list.getEntries())
            moved.push([value.toFixed(4), ...sources.map(each => each.node?.className)].join(" "))
    }).observe({type: "layout-shift", buffered: true})
    setTimeout(done, 60, moved)
})"""
WIDE = """[...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + "." + e.className).slice(0, 5)"""
SOURCES = "on => document.documentElement.toggleAttribute('data-sources', on)"
# On a phone: room for a finger. Its colours are those of the dark, which were looked at when wide,
# but for what every page, or an element of these pages, has on a phone alone.
NARROW = ("/", "/steps/", "/paint/", "/your-picture/", "/sources/", "/study-model/", "/ideas/")
# Stacked tables, tiles and all else that a phone has of its own stand on these, too.
PHONE = {"rules": {"target-size": {"enabled": True}}}
# Of a table's rows that are built alike two stay: axe would take most of its time for hundreds.
SHORTENED = """globalThis.aside = []
for (const body of document.querySelectorAll("tbody")) {
    const built = new Map()
    for (const row of [...body.rows]) {
        const parts = [row, ...row.querySelectorAll("*")]
        const form = parts.map(({tagName, className}) => `${tagName}.${className}`).join()
        const before = built.get(form) ?? 0
        if (before < 2) built.set(form, before + 1)
        else {
            const place = document.createComment("")
            row.replaceWith(place)
            aside.push([place, row])
        }
    }
}"""
WHOLE = "for (const [place, row] of globalThis.aside ?? []) place.replaceWith(row)"


@dataclass
class Survey:
    """What was found wrong, page by page, under one name for each kind."""

    paths: list[str]
    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    lifeless: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    narrow: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def survey(watched, address, paths) -> Iterator[Survey]:
    """One visit to every page: as it comes; what axe finds in the light, in the dark, narrow."""
    found = Survey(paths)
    watch = watched(color_scheme="light")
    page = watch.context.new_page()
    alike = _alike(paths)
    for path in paths:
        page.set_viewport_size(WINDOW)
        page.emulate_media(color_scheme="light")
        page.goto(f"{address}{path}")
        found.images += [f"{path}: {src}" for src in page.evaluate(BROKEN)]
        if page.evaluate(MOVED):  # a letter that came late, perhaps: what moves always is wrong
            page.reload()
        found.moved += [f"{path}: {what}" for what in page.evaluate(MOVED)]
        found.lifeless += [f"{path}: {name}" for name in page.evaluate(LIFELESS)]
        if path not in alike:
            page.evaluate(SHORTENED)
            page.evaluate(AXE)
            page.evaluate(SETTLED)
            found.light += _violations(page, path)
            page.emulate_media(color_scheme="dark")
            page.locator("body[data-md-color-scheme=slate]").wait_for()
            page.evaluate(SETTLED)
            found.dark += _violations(page, path, runOnly=["color-contrast"])
        page.set_viewport_size(PHONE_SIZE)
        if path not in alike:
            page.evaluate(SETTLED)
            found.phone += _violations(page, path, **(PHONE if path in NARROW else FINGER))
            page.evaluate(WHOLE)
        for sources in (True, False):  # whether marks say what they stand for
            page.evaluate(SOURCES, sources)
            if page.evaluate("document.documentElement.scrollWidth > 320"):
                found.narrow.append(f"{path}, sources {sources}: {page.evaluate(WIDE)}")
    found.problems += watch.problems
    watch.context.close()
    yield found


def _alike(paths: list[str]) -> set[str]:
    """Pages of one template whose like axe has seen twice: they differ in words and pictures."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        if of_kind := KIND.fullmatch(path):
            kinds.setdefault(of_kind[1], []).append(path)
    return {path for alike in kinds.values() for path in alike[2:]}


def _violations(page, path: str, **options) -> list[str]:
    options["resultTypes"] = ["violations"]
    broken = page.evaluate("options => axe.run(document, options).then(r => r.violations)", options)
    return [
        f"{path}: {rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in broken
        for node in rule["nodes"]
    ]


RULES = """text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    const even = text => text.replace(/\\s+/g, " ").replace(/\\( | (?=\\))/g, s => s.trim())
    return [...sheet.cssRules].map(rule => even(rule.cssText))
}"""  # a custom property keeps its value letter by letter


def test_there_are_pages_of_every_kind(survey):
    some = {"/", "/task/", "/workflow/", "/sources/", "/ideas/", "/comparisons/"}
    assert some <= set(survey.paths)


def test_axe_finds_nothing_in_the_light(survey):
    assert survey.light == []


def test_axe_finds_nothing_in_the_dark(survey):
    assert survey.dark == []


def test_axe_finds_nothing_on_the_narrowest_phone(survey):
    assert survey.phone == []


def test_nothing_on_any_page_moves_while_it_comes(survey):
    assert survey.moved == []


def test_every_picture_is_there(survey):
    assert survey.images == []


def test_every_page_has_the_scripts_of_its_elements(survey):
    assert survey.lifeless == []


def test_every_page_has_the_style_sheets_of_its_classes_and_home_none_of_the_labs(site, paths):
    sheets = {
        path.name: set(re.findall(r"\.([a-z][\w-]*)", path.read_text(encoding="utf-8")))
        for path in SHEETS.rglob("*.css")
    }
    loads, missing = {}, []
    for path in paths:
        page = LexborHTMLParser((site / path[1:] / "index.html").read_text(encoding="utf-8"))
        links = page.css("link[rel=stylesheet]")
        assert len(links) <= 2, "each is waited for"
        loads[path] = {name for link in links for name in _sheets(site / path[1:], link)}
        styled = set().union(*(sheets[name] for name in loads[path]))
        known = set().union(*sheets.values()) - styled
        classes = {c for e in page.css("[class]") for c in (e.attributes["class"] or "").split()}
        missing += [f"{path}: {name}" for name in sorted(classes & known)]
    assert missing == []
    labs = {"lab.css", "step-lab.css", "step-stage.css", "step-curves.css", "run-here.css"}
    charts = {"chart.css", "chart-lines.css"}
    assert loads["/steps/"] - loads["/"] == labs | charts | {"frame.css", "table.css"}


def _sheets(folder: Path, link) -> Iterator[str]:
    """The names of the style sheets that stand in one that a page links to."""
    loaded = (folder / link.attributes["href"]).read_text(encoding="utf-8")
    for path in SHEETS.rglob("*.css"):
        if lean(path.read_text(encoding="utf-8")).strip() in loaded:
            yield path.name


def test_every_page_is_valid_html(site):
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    invalid = {path.relative_to(site): list(_invalid(html)) for path, html in pages.items()}
    assert {path: lines for path, lines in invalid.items() if lines} == {}


def _invalid(html: str) -> Iterator[str]:
    """What the parser refuses, and what it and axe let pass."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    elements = list(parser.parse(html).iter())
    yield from (f"line {line}: {error} {more}" for (line, _), error, more in parser.errors)
    ids = {element.get("id") for element in elements}
    for element in elements:
        tag, children = element.tag, [child.tag for child in element]
        if " " in element.get("id", ""):
            yield f"a space in the id {element.get('id')}"
        if tag == "label" and element.get("for") not in {None, *ids}:
            yield f"a label for {element.get('for')}, which is not there"
        if tag == "figure" and "figcaption" in children[1:-1]:
            yield "a caption amid a figure"
        yield from (f"<{tag} {name}> is empty" for name in NUMBERS if element.get(name) == "")


def test_no_page_is_wider_than_the_narrowest_phone(survey):
    assert survey.narrow == []


def test_nothing_comes_from_outside_and_the_console_is_silent(survey):
    assert survey.problems == []


def test_the_search_finds_a_page(visit):
    page = visit("/")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    expect(page.locator(".md-search-result__meta")).not_to_contain_text("Initializing")
    field.fill("chrom")  # of a single letter the theme's worker may warn
    page.keyboard.press("e")
    page.locator(".md-search-result__item").first.wait_for()


def test_the_search_holds_prose_and_no_columns_of_figures(visit):
    found = visit("/").evaluate("fetch('search/search_index.json').then(r => r.json())")
    texts = {doc["location"]: doc["text"] for doc in found["docs"]}
    assert "".join(texts.values()).count("noise level") < 20, "labs repeat it at every step"
    assert not [place for place, text in texts.items() if "95 % interval" in text]
    assert any("Crisp is not the same as right" in text for text in texts.values())


def test_a_title_is_set_in_our_own_font(visit):
    page = visit("/")
    page.evaluate("document.fonts.ready")
    ours = "[...document.fonts].filter(f => f.family === 'Inter').map(f => f.status)"
    assert page.evaluate(ours) == ["loaded"]


@pytest.mark.parametrize("script", [True, False])
def test_the_keyboard_sees_which_of_the_levels_it_would_open(visit, script):
    page = visit("/workflow/", java_script_enabled=script)
    page.keyboard.press("Tab")
    page.locator("figure.diagram summary").first.focus()
    style = "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth"
    assert page.locator("figure.diagram summary").first.evaluate(style) == "solid3px"


def test_light_and_dark_can_be_chosen_by_hand(visit):
    page = visit("/", color_scheme="dark")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[for=__palette_1]").click()
    page.wait_for_function(f"() => getComputedStyle(document.body).backgroundColor !== '{before}'")


def test_a_browser_finds_the_same_rules_in_a_style_sheet_that_ships(site, visit):
    """Each of ours, without its comments and indents."""
    docs = Path(__file__).parents[2] / "docs"
    sheets = sorted(path.relative_to(docs) for path in docs.glob("assets/css/**/*.css"))
    page = visit("/models/")
    for sheet in sheets:
        written, shipped = ((folder / sheet).read_text(encoding="utf-8") for folder in (docs, site))
        rules = [page.evaluate(RULES, text) for text in (written, shipped)]
        assert rules[0] == rules[1] and rules[0], sheet
        assert "/*" not in shipped, sheet
