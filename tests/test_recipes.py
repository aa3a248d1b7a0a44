"""What CONTRIBUTING.md tells a newcomer to do is done here, word by word."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from engine import BUILD, ENGINE

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FILES = dict(re.findall(r"^```(?:yaml|python|jinja|css) (\S+)\n(.*?)^```$", TEXT, re.M | re.S))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of what recipes touch."""
    pytest.importorskip("torch", reason="needs the train install")
    root = tmp_path_factory.mktemp("recipes")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("gen", "sources", "docs/captures"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    return root


def gen(root: Path, *words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "gen", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)


def told(command: str) -> tuple[str, ...]:
    """A command's words, if the text tells of it."""
    assert f"python -m gen {command}\n" in TEXT
    return tuple(command.split())


def state(root: Path, id: str) -> str:
    rows = json.loads(gen(root, "status", "--json").stdout)["prompts"]
    return next(row["state"] for row in rows if row["id"] == id)


def test_a_prompt_is_an_entry_and_nothing_else(project):
    path = project / "sources/prompts.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("ideas:\n", "ideas:\n" + FILES["sources/prompts.yml"], 1), "utf-8")
    assert state(project, "copper-snow") == "missing"
    assert told("status")
    made = gen(project, *told("capture copper-snow"))
    assert made.returncode == 0, made.stderr
    assert state(project, "copper-snow") == "fresh"


def test_a_measurement_is_a_file_and_its_name_in_the_runner(project):
    (name,) = (name for name in FILES if name.startswith("gen/measure/"))
    (project / name).write_text(FILES[name], "utf-8")
    runner = project / "gen/measure/runner.py"
    text = runner.read_text("utf-8")
    text = text.replace("    asked,\n", "    asked,\n    brightness,\n", 1)
    known = "*(captured, colour, mixing"
    runner.write_text(text.replace(known, f"{known}, brightness"), "utf-8")
    made = gen(project, *told("measure brightness"))
    assert made.returncode == 0, made.stderr
    assert made.stdout == "brightness: 1 rows\n"
    record = (project / "docs/measurements/brightness.json").read_text("utf-8")
    assert "How bright are the pictures?" in record
    assert gen(project, "measure", "brightness").stdout == "brightness: up to date\n"


def test_an_element_is_a_template_a_style_sheet_an_entry_and_a_macro(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "judges")
    for name in ("gen", "sources", "docs", "overrides"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    for name in FILES:
        if name.startswith(("gen/publish/templates/", "docs/assets/")):
            (tmp_path / name).write_text(FILES[name], "utf-8")
    elements, blocks = (tmp_path / f"gen/publish/{name}.py" for name in ("elements", "blocks"))
    text = elements.read_text("utf-8").replace(
        "ELEMENTS = {\n", "ELEMENTS = {\n" + FILES["ELEMENTS"]
    )
    elements.write_text(text, "utf-8")
    blocks.write_text(f"{blocks.read_text('utf-8')}\n\n{FILES['blocks']}", "utf-8")
    page = tmp_path / "docs/task.md"
    call = re.search(r"`(\{\{ token_list\(.*?\) \}\})`", TEXT)[1]
    page.write_text(f"{page.read_text('utf-8')}\n\n{call}\n", "utf-8")
    command = [sys.executable, "-m", ENGINE, *BUILD, "--quiet"]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(command, cwd=tmp_path, env=quiet, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    html = (tmp_path / "site/task/index.html").read_text("utf-8")
    assert '<ul class="token-list bare">' in html and "<li>chrome</li>" in html
    assert ".token-list {" in _styles(tmp_path / "site/task/index.html")
    assert ".token-list {" not in _styles(tmp_path / "site/workflow/index.html")


def _styles(page: Path) -> str:
    """The style sheets of a built page."""
    links = re.findall(r'rel="stylesheet" href="([^"]+)"', page.read_text("utf-8"))
    return "".join((page.parent / link).read_text("utf-8") for link in links)


def test_every_file_that_the_text_names_is_there():
    named = set(re.findall(r"\b(?:gen|tests|docs|sources|benchmarks)/[\w/.-]*\w\.\w+", TEXT))
    new = {*FILES, "docs/measurements/brightness.md"}
    assert {name for name in named if not (ROOT / name).exists()} <= new
