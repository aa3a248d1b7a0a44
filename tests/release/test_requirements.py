"""Hashes of all that the site and its tests are installed from, without an address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINE = re.compile(
    r"#.*|[a-z0-9-]+==[0-9][\w.]*( ; [^\\:]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
)
FILES = ("site", "release", "test", "tools", "kernels")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name):
    return dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", text(name), re.M))


@pytest.mark.parametrize("name", FILES)
def test_each_line_is_a_pin_or_a_hash(name):
    for line in text(f"requirements/{name}.txt").splitlines():
        assert LINE.fullmatch(line), line


@pytest.mark.parametrize("name", FILES)
def test_each_pin_has_a_hash_and_is_the_one_that_was_tried(name):
    tried = pins("constraints.txt")
    held = text(f"requirements/{name}.txt")
    for package, version in pins(f"requirements/{name}.txt").items():
        assert tried.get(package, version) == version
        assert re.search(rf"^{package}=={re.escape(version)}[^\n]*\n    --hash=", held, re.M)


def test_all_that_is_asked_for_is_there_and_torch_is_not():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "site": project["dependencies"] + extras["build"],
        "release": project["dependencies"] + extras["build"] + extras["release"],
        "test": project["dependencies"] + extras["test"],
    }
    for name, requirements in asked.items():
        wanted = {re.match(r"[\w-]+", one)[0].lower() for one in requirements} - {"shiny-car"}
        assert wanted <= set(pins(f"requirements/{name}.txt"))
        assert not {"torch", "diffusers"} & set(pins(f"requirements/{name}.txt"))


def test_the_makefile_installs_them_by_hash():
    assert "--only-binary :all: --require-hashes -r requirements/$(hashed).txt" in text("Makefile")
