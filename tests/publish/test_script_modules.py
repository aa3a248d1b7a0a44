"""Scripts: modules one level deep, their types checked; they and the style sheets are tidy."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gen.publish.elements import ELEMENTS

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "js"
IMPORT = re.compile(r'^import (?:.* from )?"\./([\w-]+\.js)";', re.MULTILINE)
TYPESCRIPT = "typescript@5.9.3"
BIOME = "@biomejs/biome@2.6.8"


def imports(name: str) -> set[str]:
    return set(IMPORT.findall((SCRIPTS / name).read_text(encoding="utf-8")))


def entries() -> set[str]:
    """The scripts that a page may name: those of its elements."""
    return {f"{element.script}.js" for element in ELEMENTS.values() if element.script}


def test_every_script_is_an_element_s_or_imported_by_one():
    imported = set().union(*(imports(entry) for entry in entries()))
    assert {path.name for path in SCRIPTS.glob("*.js")} == entries() | imported


@pytest.mark.parametrize("entry", sorted(entries()))
def test_a_browser_finds_all_that_a_script_needs_as_soon_as_it_has_it(entry):
    """What is imported imports nothing that the entry does not: no file waits for two others."""
    needed = set().union(*(imports(name) for name in imports(entry)))
    assert needed <= imports(entry)


def runs(path: Path, seen: set[Path]) -> set[Path]:
    """A script and all that it imports, at once or when it is asked to."""
    if path not in seen:
        seen.add(path)
        for name in re.findall(r'(?:from |await import\()"(\.[^"]+)"', path.read_text("utf-8")):
            runs((path.parent / name).resolve(), seen)
    return seen


def test_a_page_and_the_workers_of_its_engine_run_nothing_that_the_other_runs():
    """So no layer, no noise and no judge is ever worked out where it would hold a page up."""
    pages = set().union(*(runs(SCRIPTS / entry, set()) for entry in entries()))
    workers = set().union(*(runs(path, set()) for path in SCRIPTS.glob("live/*-worker.js")))
    assert {path.name for path in pages & workers} == set()
    assert SCRIPTS / "live" / "unet.js" in workers


def test_every_module_of_the_engine_is_a_worker_or_used():
    """By another module or by a script of a page, as soon as it is there or when it is asked to."""
    live, texts = SCRIPTS / "live", [path.read_text("utf-8") for path in SCRIPTS.rglob("*.js")]
    used = {
        name
        for text in texts
        for name in re.findall(r'(?:from|import\() ?"[^"]*/([\w-]+\.js)"', text)
    }
    used |= {name for text in texts for name in re.findall(r'"([\w-]+-worker\.js)"', text)}
    assert {path.name for path in live.glob("*.js")} <= used


def npx(package: str, *command: str) -> subprocess.CompletedProcess:
    """What a pinned tool of npm says. Skips the test, with the reason, where there is none."""
    program = shutil.which("npx")
    if not program:
        pytest.skip("no npx here; install Node 18 or newer with npm")
    fetched = [program, "--yes", "--prefer-offline", "--package", package, "--", *command]
    try:
        run = subprocess.run(fetched, cwd=ROOT, capture_output=True, text=True, timeout=240)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not bring {package} in 240 s; is there a network?")
    if run.returncode and re.search(r"^npm (error|ERR!) ", run.stderr, re.MULTILINE):
        pytest.skip(f"npm cannot bring {package}: {run.stderr.splitlines()[0]}")
    return run


def test_the_types_of_the_scripts_are_right():
    run = npx(TYPESCRIPT, "tsc", "-p", "jsconfig.json")
    assert run.returncode == 0, run.stdout


def test_scripts_and_style_sheets_are_formatted_and_without_a_known_mistake():
    run = npx(BIOME, "biome", "check", "--error-on-warnings", ".")
    assert run.returncode == 0, run.stdout + run.stderr
