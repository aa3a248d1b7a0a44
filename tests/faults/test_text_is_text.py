"""Markup, scripts and template marks in every text of sources/: none reaches a page as code."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from gen.core import inputs
from gen.core.errors import BadInput
from gen.publish import build, drawing
from gen.publish import materials as reading
from gen.publish.blanks import FRONT_MATTER

ROOT = Path(__file__).parents[2]
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 1/0 }} {% for %} [@sd:x] [[x]] "
    "](javascript:alert(1)) **b** `c` | \"q\" 'a' & &lt; --- {: onclick=x } سيارة 👩‍🔧"
)
# Asked of a model, where a weight written as elsewhere is refused: without brackets around a word.
SPOKEN = "< script>alert< /script>< img src=x onerror=x> {{ 1/0 }} {% 0 %} **b** `c` & &lt; سيارة"
STAYS = {  # what is no text: an id, a place, a choice; a key phrase is compared with the source
    *("place", "sha256", "kind", "url", "revision", "scheduler", "idea", "varies", "model"),
    *("says", "also", "papers", "where", "seen_in"),
}
FIELDS = {"text", "title", "look", "seen", "about", "read_in", "negative"}


def texts(value: object, name: str = "") -> Iterator[tuple[dict, str]]:
    """Every field of a source that is text, as the mapping that holds it and its name there."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key in FIELDS and isinstance(held, str):
                yield value, key
            elif key == "words":
                yield from ((held, model) for model in held)
            elif key not in STAYS:
                yield from texts(held, key)


@pytest.fixture
def project(tmp_path) -> Path:
    """This repository's sources and prose, without a capture."""
    ignored = shutil.ignore_patterns("models")
    shutil.copytree(ROOT / "sources", tmp_path / "sources", ignore=ignored)
    (tmp_path / "docs").mkdir()
    for path in ("glossary.md", "task.md"):
        shutil.copy(ROOT / "docs" / path, tmp_path / "docs" / path)
    return tmp_path


def hostile(project: Path, name: str, evil: str) -> int:
    """Puts a text at the end of every text of a file; how many there were."""
    path = project / "sources" / f"{name}.yml"
    value = yaml.safe_load(path.read_text("utf-8"))
    places = list(texts(value))
    for holder, field in places:
        asked = field == "negative" or field not in FIELDS
        holder[field] = f"{holder[field]} {SPOKEN if asked and evil.startswith(EVIL[:9]) else evil}"
    if name == "question":
        value["asks"] = [f"{ask} {evil}" for ask in value["asks"]]
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), "utf-8")
    return len(places)


def test_no_text_of_a_source_is_more_than_text(project):
    count = sum(hostile(project, name, EVIL) for name in ("sources", "prompts", "question"))
    count += hostile(project, "models", EVIL.replace("'", ""))
    assert count > 100
    materials = reading.read(project, preview=True)
    built = build.build(materials)
    shown = 0
    for page in built.pages.values():
        for html in (FRONT_MATTER.sub("", page.text), *page.blocks):
            tree = LexborHTMLParser(html)
            assert not tree.css("script, [onerror], [onclick], a[href^='javascript:']"), page.path
            shown += "alert(1)" in tree.text() or "alert&#40;1&#41;" in html
    assert shown > 20, "it is there, as text"
    for path in built.pages:
        title = built.ledger.titles[path]
        assert drawing.title_of(path, built.pages[path].text) == title


@pytest.mark.parametrize("letter", "\u202e\u2066\u200b\u2060\ufeff\x1b\x00")
def test_what_hides_or_turns_text_is_refused_with_its_place(project, letter):
    hostile(project, "prompts", f"a{letter}b")
    with pytest.raises(BadInput) as refused:
        inputs.read(project)
    lines = str(refused.value).splitlines()
    assert all(re.match(r"sources/prompts\.yml(:\d+)?: ", line) for line in lines)
    assert f"U+{ord(letter):04X}" in lines[0]
