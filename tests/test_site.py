"""The miniature project, really captured and really built: pages, refusals, same bytes, preview."""

import contextlib
import gc
import io
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from html import unescape
from importlib import import_module
from pathlib import Path

import pytest
from engine import BUILD, ENGINE, SERVE
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from stored import picture

from gen.core import inputs, store
from gen.core.canonical import digest
from gen.core.measured import Measurement, Reference, Row
from gen.publish import differences
from gen.publish.html import csp, shield

TINY = Path(__file__).parent / "tinysite"
GEN = Path(__file__).parents[1] / "gen"
FORBIDDEN = ("torch", "diffusers", "transformers", "mitsuba", "matplotlib")
PARTS = ("config", "commands.build", "exceptions")  # of MkDocs
MKDOCS = f"""
import sys
for name in {FORBIDDEN}:
    sys.modules[name] = None  # an import of it now fails
from {ENGINE}.__main__ import cli
cli()
"""


@pytest.fixture(scope="module")
def captured(tmp_path_factory, tiny_folder, tiny_model, tiny_pipe) -> Path:
    """The miniature project with its pinned models and every capture of theirs."""
    from gen.capture import batch

    root = tmp_path_factory.mktemp("tinysite") / "project"
    shutil.copytree(TINY, root)
    shutil.copytree(tiny_folder, root / "sources" / "models" / "tiny")
    models = root / "sources" / "models.yml"
    models.write_text(
        re.sub(r"revision: 0+abc", f"revision: {tiny_model.revision}", models.read_text())
    )
    (root / "gen").symlink_to(GEN)
    shutil.copytree(GEN.parent / "docs" / "assets", root / "docs" / "assets")
    given = inputs.read(root)
    jobs = [(p, given.model(p.model)) for p in given.prompts if given.key(p)]
    batch.capture_all(root, jobs, lambda model: tiny_pipe, lambda progress: None)
    seen = picture("WEBP", (8, 8))
    shown = {"id": "red", "key": "k", "prompt": "a red car", "seed": 5, "scene": ()}
    size = {"width": 8, "height": 8, "samples": 4}
    reference = Reference(**shown, **size, digests=(("red.webp", digest(seen)),))
    store.write_reference(root, reference, {"red.webp": seen})
    for id in ("told", "untold"):
        row = Row("share", "", "cars", "generated", 42.0, 40.0, 44.0, 100, "%")
        chart = {f"{id}.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>'}
        chart[f"{id}.png"] = picture("PNG", (8, 8))
        digests = tuple((name, digest(held)) for name, held in chart.items())
        told = Measurement(id, "k", f"Is it {id}?", "Counted.", "", (), (row,), digests)
        store.write_measurement(root, told, chart)
    return root


@pytest.fixture
def project(captured, tmp_path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(captured, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def mkdocs(root: Path, *words: str, seed: str = "0") -> subprocess.CompletedProcess:
    """mkdocs in a process of its own in which no model library can be imported."""
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "SOURCE_DATE_EPOCH": "1700000000",
        "NO_MKDOCS_2_WARNING": "1",
    }
    command = [sys.executable, "-c", MKDOCS, *words]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def built(captured) -> Path:
    """The miniature site."""
    made = mkdocs(captured, *BUILD)
    assert made.returncode == 0, made.stderr
    return captured / "site"


def read(page: Path) -> LexborHTMLParser:
    return LexborHTMLParser(page.read_text(encoding="utf-8"))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(root: Path) -> str:
    """What a build that must fail says; in this process, since another takes longer to begin."""
    loading, building, failing = (import_module(f"{ENGINE}.{name}") for name in PARTS)
    said, often = io.StringIO(), gc.get_threshold()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter("%(levelname)-7s -  %(message)s"))
    logger = logging.getLogger(ENGINE)
    logger.addHandler(handler)
    try:
        with contextlib.chdir(root):
            settings = {"strict": True, "site_dir": str(root.parent / "out")}
            config = loading.load_config("mkdocs.yml", **settings)
            config.plugins.on_startup(command="build", dirty=False)
            with pytest.raises(failing.Abort):
                building.build(config)
            config.plugins["gen-files"].on_post_build(config)  # its folder, which else stays
    finally:
        logger.removeHandler(handler)
        gc.set_threshold(*often)
    return said.getvalue()


def test_templates_of_theme_house_and_prose_are_compiled_in_the_first_build_alone(
    built, captured, tmp_path
):
    def compiled() -> dict[Path, int]:
        files = (captured / ".cache" / "templates").rglob("*.cache")
        return {path: path.stat().st_mtime_ns for path in files}

    first = compiled()
    code = b"".join(path.read_bytes() for path in first)
    for template in (b"material/templates/base.html", b"templates/lab.html.j2", b"workflow.md"):
        assert template in code
    assert mkdocs(captured, *BUILD, "-d", str(tmp_path / "again")).returncode == 0
    assert compiled() == first


def test_every_prompt_has_its_page_and_its_place_in_the_gallery(built, captured):
    given = inputs.read(captured)
    wanted = {f"ideas/{idea.id}/" for idea in given.ideas}
    wanted |= {f"comparisons/{comparison.id}/" for comparison in given.comparisons}
    pages = {str(p.parent.relative_to(built)) + "/" for p in built.glob("*/*/index.html")}
    assert wanted == {page for page in pages if page.startswith(("ideas/", "comparisons/"))}
    galleries = [read(built / folder / "index.html") for folder in ("ideas", "comparisons")]
    cards = [a.attributes["href"] for page in galleries for a in page.css(".cards a[href]")]
    assert wanted == {address.removeprefix("../") for address in cards}


def test_two_builds_under_two_hash_seeds_are_the_same_bytes(built, captured, tmp_path):
    made = mkdocs(captured, *BUILD, "-d", str(tmp_path / "again"), seed="1")
    assert made.returncode == 0, made.stderr
    first, second = tree(built), tree(tmp_path / "again")
    assert {"index.html", "sources/index.html", "ideas/red/index.html"} <= set(first)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_markup_quotes_emoji_and_right_to_left_text_show_as_text(built, captured):
    hostile = next(idea for idea in inputs.read(captured).ideas if idea.id == "hostile")
    page = read(built / "ideas" / "hostile" / "index.html")
    title = hostile.title.replace("'", "’")  # as smarty sets it
    assert page.css_first("h1").text(deep=False).strip() == title
    article = page.css_first("article")
    assert hostile.look in article.text()
    assert hostile.prompts[0].text in article.text()
    assert hostile.prompts[0].text in read(built / "index.html").css_first("figure.picture").text()
    assert not article.css("b, i, em, a[href='a-link'], a[href='b']")


def test_a_title_is_text_wherever_the_theme_puts_it(built, captured):
    title = next(i.title for i in inputs.read(captured).ideas if i.id == "hostile")
    title = title.replace("'", "’")  # as all text of a page has it
    index, own = read(built / "index.html"), read(built / "ideas" / "hostile" / "index.html")
    assert own.css_first("title").text().startswith(title)
    menu = [a.attributes["href"] for a in index.css(".md-nav--primary a.md-nav__link")]
    assert not [href for href in menu if "hostile" in href], "the menu ends at the gallery"
    assert any(href.endswith("ideas/") for href in menu)
    (card,) = (a for a in index.css(".cards a") if "hostile" in a.attributes["href"])
    assert card.css_first("strong").text() == title
    for page in built.rglob("*.html"):
        assert "<script>alert" not in page.read_text(encoding="utf-8")
        assert not set(page.read_text(encoding="utf-8")) & set(shield.LETTERS)
    entries = json.loads((built / "search" / "search_index.json").read_text("utf-8"))["docs"]
    (entry,) = (entry for entry in entries if entry["location"] == "ideas/hostile/")
    assert unescape(entry["title"]).replace("'", "’") == title
    assert not set(entry["title"]) & set("<>"), "the search shows it as HTML"


def test_a_text_of_mkdocs_yml_is_text(project):
    settings, text = project / "mkdocs.yml", 'a </title><script>alert(1)</script> & "b"'
    names = ("site_description", "site_author", "copyright")
    lines = [f"{name}: '{text}'" for name in names]
    settings.write_text(settings.read_text().replace("site_name: Tiny", f"site_name: '{text}'"))
    settings.write_text("\n".join([settings.read_text(), *lines, ""]))
    made = mkdocs(project, *BUILD, "-d", str(project.parent / "out"))
    assert made.returncode == 0, made.stderr
    page = read(project.parent / "out" / "task" / "index.html")
    assert page.css_first("title").text() == f"Task - {text}"
    assert page.css_first("meta[name=author]").attributes["content"] == text
    assert page.css_first(".md-copyright").text().strip() == text
    assert "<script>alert" not in page.html


def test_what_no_record_page_or_list_names_is_not_published(project):
    docs = project / "docs"
    (key, *_) = (path.parent for path in sorted(docs.glob("captures/*/capture.json")))
    strange = [key / "evil.png", docs / "notes.bak", docs / "x.html", docs / "assets" / "x.js"]
    strange += [docs / "notes.json", docs / "blueprints" / "orphan.json", docs / "secret.csv"]
    (docs / "blueprints").mkdir(exist_ok=True)
    (docs / "scraps").mkdir()
    strange += [docs / "scraps" / "a.txt", docs / "scraps" / "b.txt"]
    for path in (*strange, docs / "photo.png"):
        path.write_bytes(b"<script>alert(1)</script>")
    (docs / "measurements" / "x.png").symlink_to("/etc/passwd")
    made = mkdocs(project, *BUILD, "-d", str(project.parent / "out"))
    assert made.returncode == 0, made.stderr
    there = tree(project.parent / "out")
    assert "photo.png" in there and f"captures/{key.name}/final.png" in there
    names = {path.name for path in strange}
    assert [path for path in there if Path(path).name in names or path.endswith("/x.png")] == []
    assert "docs/notes.bak is not published" in made.stderr
    assert [line for line in made.stderr.splitlines() if "scraps" in line] == [
        "INFO    -  site: docs/scraps/ is not published: no record, page or list names its files"
    ]


def test_a_page_where_the_site_makes_one_is_refused(project):
    for path in ("ideas/red.md", "sources.md"):
        (project / "docs" / path).parent.mkdir(exist_ok=True)
        (project / "docs" / path).write_text("---\ntitle: Mine\n---\n\n# Mine\n")
        assert f"docs/{path}: the site makes this page itself; rename or" in refused(project)
        (project / "docs" / path).unlink()


def test_a_page_with_a_byte_order_mark_is_read_and_one_in_latin_1_is_named(project):
    page = project / "docs" / "task.md"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
    assert mkdocs(project, "build").returncode == 0
    page.write_bytes("---\ntitle: caf\u00e9\n---\n".encode("latin-1"))
    assert "docs/task.md: is not UTF-8 text; save it as UTF-8" in refused(project)


def test_an_idea_may_be_worded_for_an_optional_model_alone(project):
    prompts = project / "sources" / "prompts.yml"
    idea = "  later:\n    title: Later\n    look: x\n    seed: 3\n    words: {other: a car}\n"
    prompts.write_text(
        prompts.read_text("utf-8").replace("comparisons:\n", f"{idea}comparisons:\n")
    )
    made = mkdocs(project, "build", "-d", str(project.parent / "out"))
    assert made.returncode == 0, made.stderr
    assert "Other model" in read(project.parent / "out/ideas/later/index.html").text()


def test_a_link_out_of_docs_stops_the_build(project):
    (project / "docs" / "photo.png").symlink_to("/etc/passwd")
    assert "docs/photo.png: is a link that leads out of docs/; put the file" in refused(project)


def test_every_picture_names_its_model(built):
    for page in built.rglob("index.html"):
        for image in read(page).css("article img"):
            said = image.attributes["alt"]
            assert re.search(r"Tiny model|Stand-in model|^Computed from light: ", said)


def test_an_optional_model_without_weights_takes_no_place_on_a_page(built):
    for page in built.rglob("index.html"):
        assert read(page).css_first(".missing") is None
    assert "Other model" not in read(built / "ideas" / "red" / "index.html").text()


def test_an_optional_model_that_was_captured_has_a_lab_and_a_diagram_of_its_own(built):
    page = read(built / "ideas" / "red" / "index.html")
    assert [h2.text(deep=False).strip() for h2 in page.css("article h2")] == [
        "Tiny model",
        "Stand-in model",
    ]
    labs = [lab.attributes["data-model"] for lab in page.css("step-lab")]
    assert labs == ["Tiny model", "Stand-in model"]
    steps = [lab.css_first("input[type=range]").attributes["max"] for lab in page.css("step-lab")]
    assert steps == ["3", "2"]
    assert page.css_first("#diagram-red-sd15-unet"), "the required model's is drawn elsewhere"
    assert not page.css_first("#diagram-red-unet")


def test_the_page_about_models_shows_both_and_names_only_who_is_missing(built):
    page = read(built / "models" / "index.html")
    assert [lab.attributes["id"] for lab in page.css("step-lab")] == ["lab-red-sd15"]
    assert page.css_first("#diagram-red-unet") and page.css_first("#diagram-red-sd15-unet")
    assert [h2.text(deep=False).strip() for h2 in page.css("article h2")] == [
        "Pictures by Stand-in model"
    ]
    (print_,) = page.css(".contact a")
    assert print_.attributes["href"] == "../ideas/red/"
    assert print_.css_first("img").attributes["alt"].startswith("Stand-in model: ")
    assert "Other model (other)" in page.css_first("article").text()
    assert "Stand-in model (sd15)" not in page.css_first("article").text()


def test_a_comparison_stands_once_for_each_model_that_was_captured(built):
    page = read(built / "comparisons" / "guidance" / "index.html")
    assert len(page.css("compare-lab")) == 2
    assert [lab.attributes["data-model"] for lab in page.css("step-lab")] == (
        ["Tiny model"] * 2 + ["Stand-in model"] * 2
    )


def test_what_needs_no_judge_is_measured_on_each_model_that_was_captured(captured):
    from gen.measure import captured as measuring
    from gen.measure.kit.captures import all_captures, arrays_of

    given = inputs.read(captured)
    models = arrays_of(captured, given, all_captures(captured, given))
    assert [(model.id, len(model.ideas)) for model in models] == [("tiny", 2), ("sd15", 1)]
    rows = {row.name: row for row in measuring.run(models).rows}
    assert (rows["sd15-fine-settles"].series, rows["sd15-fine-settles"].n) == ("Stand-in model", 1)


def test_facts_lead_to_their_lines_and_back_to_their_pages(built):
    page = read(built / "index.html")
    cited = {a.attributes["href"] for a in page.css("article a.cited")}
    assert any(
        re.search(r"/blob/[0-9a-f]{40}/scripts/txt2img\.py#L305-L316$", href) for href in cited
    )
    assert "sources/#acp-composite-score" in cited
    entry = read(built / "sources" / "index.html").css_first("#acp-random-quality + dd").text()
    assert "read in version 3" in entry
    assert "Tiny" in entry


def test_boxes_of_the_diagram_are_links_to_cited_lines(built):
    links = read(built / "index.html").css(".diagram-box a.cited")
    assert len(links) > 15
    assert all("/blob/" in link.attributes["href"] for link in links)


def test_every_page_ships_a_policy_that_allows_all_its_scripts(built):
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        assert list(csp.problems(page.read_text(encoding="utf-8"))) == []


def test_a_term_explains_itself_with_its_evidence_and_leads_to_the_glossary(built):
    page = read(built / "index.html")
    term = page.css_first("button.term")
    card = page.css_first(f"#{term.attributes['popovertarget']}")
    assert term.text() == "picture"
    assert card.text().startswith("Picture Eight bits for each value, kept in a file.")
    assert [a.text() for a in card.css("a.cited")]
    assert "second paragraph" not in card.text()
    assert card.css_first("a:not(.evidence)").attributes["href"] == "glossary/#picture"
    assert read(built / "glossary" / "index.html").css_first("h2#picture")


def test_a_lab_can_be_taken_along(built, captured):
    page = built / "ideas" / "red"
    lab, *_ = read(page / "index.html").css(".lab")
    links = lab.css(".lab-take a[download]")
    png, record, curves = [(page / a.attributes["href"]).resolve() for a in links]
    assert png.read_bytes().startswith(b"\x89PNG")
    kept = captured / "docs" / "captures" / record.parent.name / record.name
    assert record.read_bytes() == kept.read_bytes()
    head, *rows = curves.read_text().splitlines()
    assert head == "step,timestep,sigma,distance,guidance"
    table = lab.css(".lab-table tbody tr")
    assert [row.split(",")[0] for row in rows] == [tr.css_first("th").text() for tr in table]
    cite = lab.css_first(".lab-cite").text()
    assert "Tiny model" in cite
    assert record.parent.name in cite
    assert "ideas/red/#lab-red" in cite


def test_a_comparison_says_how_far_its_final_pictures_lie_apart(built):
    page = built / "comparisons" / "guidance"
    lab = read(page / "index.html").css_first("compare-lab")
    sources = [image.attributes["src"] for image in lab.css(".side-by-side img")]
    shown = [(page / source).resolve() for source in sources]
    pictures = [path.with_name("final.png").read_bytes() for path in shown]
    far = lab.css_first("tr[data-pair='0 1']").last_child.text()
    assert far == f"{differences.apart(*pictures):.3f}"
    assert far != "0.000"
    assert len(lab.css("[data-choice=a] input")) == len(pictures) == 2


def test_an_idea_is_found_by_its_words_and_by_the_models_that_made_it(built):
    gallery = read(built / "index.html").css_first("#gallery")
    hostile = gallery.css(".cards > li")[1].attributes
    assert (hostile["data-finish"], hostile["data-model"]) == ("mirror", "tiny")
    assert gallery.css(".cards > li")[0].attributes["data-model"] == "tiny sd15"
    offered = [box.attributes["value"] for box in gallery.css("[data-kind=finish]")]
    assert offered == ["mirror", "none-named"]


def test_a_measurement_has_the_page_that_prose_gives_it_or_one_of_its_own(built):
    told = read(built / "measurements" / "told" / "index.html").css_first("article").text()
    assert "Some 42 percent" in " ".join(told.split()) and "Counted." in told
    untold = read(built / "measurements" / "untold" / "index.html").css_first("article").text()
    assert "Is it untold?" in untold and "Counted." in untold
    linked = read(built / "measurements" / "index.html").css("article a[href]")
    assert {"told/", "untold/"} <= {a.attributes["href"] for a in linked}


def test_what_light_would_do_stands_beside_what_was_painted(built):
    both = read(built / "index.html").css_first("figure.beside")
    assert [image.attributes["src"].split("/")[0] for image in both.css("img")] == [
        "references",
        "captures",
    ]
    assert "Computed from light" in both.text() and "Tiny model" in both.text()


def test_a_run_at_a_glance_is_drawn_for_the_page_that_shows_it(built):
    strip = read(built / "index.html").css_first("figure.strip")
    (file,) = {image.attributes["src"] for image in strip.css("img")}
    told = [int(strip.css_first("img").attributes[side]) for side in ("width", "height")]
    with Image.open(built / file) as drawn:
        assert list(drawn.size) == told
    assert len(list(built.glob("captures/*/strip.webp"))) == 1


def test_building_writes_nothing_but_the_site(captured, built):
    assert not [p for p in captured.rglob("*") if p.name in ("sources.md", "reproduce.md")]


REFUSED = [
    ("docs/index.md", "A [[pic", "Bare.\n\nA [[pic", '"Bare.…" shows no evidence'),
    ("docs/index.md", "[@sd:eight-bit]", "[@sd:eight-bits]", "did you mean sd:eight-bit?"),
    ("docs/index.md", "- One layer. [@ccm:one-layer]\n", "", "ccm:one-layer: no page cites it"),
    ("docs/index.md", "eight-bit values", "8 values and 99 more", "99 stands in no fact"),
    ("docs/index.md", '"steps")', '"stepps")', "no figure stepps; did you mean steps?"),
    ("docs/index.md", '{{ lab("red") }}', '{{ lab("rad") }}', "no prompt rad"),
    ("docs/index.md", '{{ lab("red") }}', '{{ labb("red") }}', "'labb' is undefined"),
    ("docs/index.md", '{{ lab("red") }}', "[x](https://x.example)", "shows no evidence"),
    ("docs/index.md", '{{ lab("red") }}', '<a href="https://x.example">x</a>', "none of the four"),
    ("docs/index.md", '{{ lab("red") }}', '<img src="nothing.png">', "leads to no file"),
    ("docs/index.md", '{{ lab("red") }}', '<b onclick="x()">x</b>', "holds a script"),
    ("docs/index.md", '{{ lab("red") }}', "<style>b {}</style>", "<style> is not allowed"),
    ("docs/index.md", '{{ lab("red") }}', "<script>x()</script>", "neither the theme's nor ours"),
    ("docs/index.md", '{{ lab("red") }}', '<script src="assets/js/dom.js"></script>', "no element"),
    ("docs/index.md", '{{ lab("red") }}', "<META HTTP-EQUIV=REFRESH>", "is not allowed; remove"),
    ("docs/assets/js/dom.js", "export ", "export export ", "docs/assets/js/dom.js: is no script"),
    ("docs/index.md", "[[picture]]", "[[pictures]]", "did you mean picture?"),
    ("docs/index.md", "[[picture]]", "[[picture]] or [[picture]]", "explained above already"),
    ("docs/index.md", "title: Tiny\n", "", "ERROR   -  docs/index.md: has no title"),
    ("docs/index.md", '{{ lab("red") }}', '<img src="no.png">', "docs/index.md:17: <img> no.png"),
    ("docs/index.md", '{{ lab("red") }}', "[x](#no) {{ guide() }}", "docs/index.md:17: <a> #no"),
    ("docs/index.md", '{{ lab("red") }}', "[x](glossary.md#no) {{ guide() }}", "index.md:17: <a>"),
    ("docs/index.md", '{{ lab("red") }}', "[x](no.md) {{ guide() }}", "index.md:17: no.md: no suc"),
    ("docs/index.md", '{{ lab("red") }}', '<a href="/ideas/">x</a>', "begins at the top of the"),
    ("docs/index.md", '{{ lab("red") }}', "{{ lab() }}", "-  docs/index.md:17: lab() missing"),
    ("docs/glossary.md", "title: Glossary", "title: a: b", "-  docs/glossary.md:2: not YAML: "),
    ("docs/index.md", 'beside("red")', 'beside("hostile")', "study reference hostile"),
    ("docs/index.md", '{{ lab("red") }}', "<step-lab></step-lab>", "stands there without its"),
    ("sources/prompts.yml", "tiny: a red car,", "tiny: a rod car,", "red: no capture"),
    ("sources/prompts.yml", "seed: 3", "seed: -3", "give greater than or equal to 0"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "says"), REFUSED)
def test_a_fault_stops_the_build_with_its_place(project, path, old, new, says):
    text = (project / path).read_text(encoding="utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert says in refused(project)


def with_hook(project: Path, code: str) -> subprocess.CompletedProcess:
    """A build with another hook after ours, into the folder `out` beside the project."""
    settings = project / "mkdocs.yml"
    ours = "hooks: [gen/publish/hook.py"
    settings.write_text(settings.read_text().replace(ours, f"{ours}, other.py"))
    (project / "other.py").write_text(code)
    return mkdocs(project, *BUILD, "-d", str(project.parent / "out"))


def test_a_script_that_another_hook_put_there_stops_the_build(project):
    made = with_hook(
        project,
        "def on_post_page(output, page, config):\n"
        "    return output.replace('</body>', '<script>other()</script></body>')\n",
    )
    assert made.returncode == 1
    assert "\ndocs/index.md: <script> 'other()' is neither the theme's nor ours" in made.stderr


def test_a_page_that_is_changed_after_it_was_finished_stops_the_build(project):
    made = with_hook(
        project,
        "from pathlib import Path\n"
        "def on_post_build(config):\n"
        "    Path(config.site_dir, 'index.html').write_text('<script>other()</script>')\n",
    )
    assert made.returncode == 1
    assert "index.html: is not as it was finished" in made.stderr


def test_an_altered_capture_stops_the_build(project):
    (sheet, *_) = sorted(project.glob("docs/captures/*/clean.webp"))
    sheet.write_bytes(sheet.read_bytes()[:-1])
    assert sheet.parent.name in refused(project)


def test_scripts_ship_without_the_comments_that_they_have_in_docs(captured, built):
    paths = list((built / "assets/js").rglob("*.js"))
    written = [(captured / "docs" / path.relative_to(built)).read_text("utf-8") for path in paths]
    shipped = [path.read_text("utf-8") for path in paths]
    assert sum("/**" in text for text in written) > 10 and not any("/**" in t for t in shipped)


def test_a_preview_shows_what_is_stale_and_follows_the_prose(project):
    """mkdocs serve: a stale prompt's page names the command; an edit shows without a restart.

    What cannot be built says why on every page, and nothing keeps a browser waiting.
    """
    prompts = project / "sources" / "prompts.yml"
    prompts.write_text(prompts.read_text().replace("tiny: a red car,", "tiny: a rod car,", 1))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-c", MKDOCS, *SERVE, "-a", address]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    server = subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    index = project / "docs" / "index.md"
    index.write_text(index.read_text() + "\n[A step](#lab-red.step-2) {{ ours() }}\n")
    try:
        page = wait_for(f"http://{address}/ideas/red/", "no capture of")
        assert "python -m gen capture red --model tiny" in page
        index.write_text(index.read_text().replace("Several candidates", "Many candidates"))
        wait_for(f"http://{address}/", "Many candidates")
        whole = index.read_text()
        index.write_text(whole.replace("A [[pic", "Bare & <b>.\n\nA [[pic"))
        for path in ("", "ideas/red/", "no/such/page/"):
            page = wait_for(f"http://{address}/{path}", "cannot be built now")
            assert "docs/index.md:" in page and "Bare &amp; &lt;b&gt;.…&quot; shows no evid" in page
        index.write_text(whole.replace("#lab-red.step-2", "#lab-rod.step-2"))
        wait_for(f"http://{address}/", "no element there has the id lab-rod.step-2")
        settings = project / "mkdocs.yml"
        sound = settings.read_text()
        settings.write_text(f"{sound}\n  x: [\n")  # what fails now is told, not what failed before
        wait_for(f"http://{address}/", "parsing the configuration file")
        settings.write_text(f"{sound}\ncopyright: 2026-13-45\n")  # nor does a strange one freeze it
        wait_for(f"http://{address}/", "month must be in 1..12")
        settings.write_text(sound)
        index.write_text(whole)
        wait_for(f"http://{address}/ideas/red/", "no capture of")
    finally:
        server.kill()
        server.communicate()


def wait_for(address: str, text: str, seconds: float = 60) -> str:
    """A page once it holds a text."""
    end = time.monotonic() + seconds
    page = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                page = answer.read().decode()
        except urllib.error.HTTPError as error:
            page = error.read().decode()
        except OSError:
            pass  # not up yet, or rebuilding
        if text in page:
            return page
        time.sleep(0.2)
    raise AssertionError(f"{address} never held {text!r}: {page[:500]}")
