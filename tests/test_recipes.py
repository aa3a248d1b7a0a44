"""What CONTRIBUTING.md tells a newcomer to do is done here, word by word."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FILES = dict(re.findall(r"^```(?:yaml|python) (\S+)\n(.*?)^```$", TEXT, re.M | re.S))


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


def test_every_file_that_the_text_names_is_there():
    named = set(re.findall(r"\b(?:gen|tests|docs|sources|benchmarks)/[\w/.-]*\w\.\w+", TEXT))
    new = {*FILES, "docs/measurements/brightness.md"}
    assert {name for name in named if not (ROOT / name).exists()} <= new
