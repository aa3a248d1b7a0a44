"""`make dist`: the same commit gives the same bytes, and gen alone is in them."""

import os
import shutil
import sys
import tarfile
import zipfile

import pytest
from maintainer import ROOT, attempt, clone
from workflows import run_step

EPOCH = {"SOURCE_DATE_EPOCH": "1767225600"}


def need(module):
    pytest.importorskip(module, reason="needs the test install: make test")


def dist(maintainer):
    """What `make dist` makes, by name."""
    maintainer.installed()  # a checkout is newer than that, and make would install the clone
    done = run_step(maintainer.folder, "make dist")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pip install" not in done.stdout, "this environment would be the clone's from then on"
    return {path.name: path.read_bytes() for path in (maintainer.folder / "dist").iterdir()}


@pytest.fixture(scope="module")
def made(maintainer):
    need("hatchling")
    need("cyclonedx_py")
    maintainer.git("checkout", "--quiet", "--force", "v1.0")
    return dist(maintainer)


def test_the_same_commit_elsewhere_gives_the_same_bytes(made, maintainer, tmp_path):
    other = clone(tmp_path)
    shutil.rmtree(other.folder / ".git")
    other.git("clone", "--quiet", "--bare", str(maintainer.folder), ".git")
    other.git("config", "core.bare", "false")
    other.git("checkout", "--quiet", "--force", "v1.0")
    for path in (other.folder / "gen").rglob("*.py"):  # as an unpacked archive may have them
        os.utime(path, (1, 1))
        path.chmod(0o600)
    again = dist(other)
    assert {name.partition("-")[0] for name in made} == {"shiny_car", "site.cdx.json"}
    assert made.keys() == again.keys()
    assert [name for name in made if made[name] != again[name]] == []


def test_the_archive_says_what_it_holds_and_builds_the_same_wheel(made, maintainer, tmp_path):
    archive = maintainer.folder / "dist" / "shiny_car-1.0.tar.gz"
    with tarfile.open(archive) as held:
        held.extractall(tmp_path, filter="data")
    root = tmp_path / "shiny_car-1.0"
    assert {path.name for path in root.iterdir()} == {
        "gen", "CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "constraints.txt",
        "pyproject.toml", "PKG-INFO", ".gitignore",
    }  # fmt: skip
    assert "The archive holds gen without its tests" in (root / "README.md").read_text("utf-8")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    done = attempt(root, *build, **EPOCH)
    assert done.returncode == 0, done.stderr
    (wheel,) = (root / "dist").iterdir()
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(archive.parent / wheel.name) as theirs:
        assert ours.namelist() == theirs.namelist()
        for name in ours.namelist():
            assert ours.read(name) == theirs.read(name), name


def test_a_wheel_holds_all_that_gen_is(made, maintainer):
    with zipfile.ZipFile(maintainer.folder / "dist" / "shiny_car-1.0-py3-none-any.whl") as wheel:
        names = {name for name in wheel.namelist() if name.startswith("gen/")}
    listed = maintainer.git("ls-files", "gen").splitlines()
    assert names == set(listed)


def test_what_a_site_is_built_with_is_listed_with_hashes_and_without_an_address(made):
    import json

    bill = json.loads(made["site.cdx.json"])
    named = {part["name"]: part for part in bill["components"]}
    assert bill["metadata"]["component"]["version"] == "1.0"
    pins = (ROOT / "requirements" / "site.txt").read_text(encoding="utf-8")
    assert set(named) == {line.partition("==")[0] for line in pins.splitlines() if "==" in line}
    assert all(part["externalReferences"][0]["hashes"] for part in named.values())
