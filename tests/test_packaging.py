"""What is promised about installing: one version, pins without addresses, a base without torch."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from engine import BUILD, ENGINE

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKE = "torch", "diffusers", "transformers", "accelerate", "mitsuba"  # what making needs
# Spelled in pieces: this file is searched too.
REGISTRIES = [f"{host}.{end}" for host, end in (
    ("pypi", "org"), ("pythonhosted", "org"), ("download.pytorch", "org"), ("npmjs", "org"),
    ("npmjs", "com"), ("anaconda", "org"), ("deb.debian", "org"), ("proxy.golang", "org"),
)]  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.:/~$*}<-])/(?:home|Users|root|work|opt|mnt|tmp|srv)/\w")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def kept_files():
    """Every file of text that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in sorted(filter(None, set(listed.split("\0")))):
        if (ROOT / name).is_file():
            try:
                yield name, text(name)
            except UnicodeDecodeError:
                continue  # a picture, a font, weights


def distribution(requirement):
    name, extras = re.match(r"([\w.-]+)(\[[\w,-]+\])?", requirement).groups()
    return canonical(name), extras


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(extra=None):
    """The distributions that an extra asks for, those of the extras it includes among them."""
    asked = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    for requirement in asked:
        name, extras = distribution(requirement)
        if name == PROJECT["name"]:
            for included in extras.strip("[]").split(","):
                yield from wanted(included)
        else:
            yield name


def pins():
    lines = text("constraints.txt").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_the_version_heads_the_changelog_and_is_cited():
    assert yaml.safe_load(text("CITATION.cff"))["version"] == PROJECT["version"]
    assert re.search(r"^## (\S+)", text("CHANGELOG.md"), re.M)[1] == PROJECT["version"]


def test_every_requirement_has_a_pin():
    asked = {name for extra in (None, *PROJECT["optional-dependencies"]) for name in wanted(extra)}
    assert asked <= set(pins())


def test_pins_hold_no_address_hash_or_cuda():
    for line in text("constraints.txt").splitlines():
        assert re.fullmatch(r"#.*|[a-z0-9-]+==[0-9][\w.]*", line), line
    # Each build of torch asks for its own: a pin would keep the others out.
    assert not [name for name in pins() if name.startswith(("nvidia", "cuda", "triton"))]


def test_any_build_of_the_pinned_torch_fits():
    assert re.fullmatch(r"2\.\d+\.\d+", pins()["torch"])  # no +cpu, so +cu and +rocm match as well


def test_the_base_install_has_no_torch():
    assert not set(MAKE) & set(wanted())


def test_extras():
    assert set(PROJECT["optional-dependencies"]) == {
        "build",
        "generate",
        "release",
        "test",
        "train",
    }
    assert set(wanted("generate")) < set(wanted("train"))


def test_gen_imports_what_is_asked_for():
    """A library that gen imports and nobody asks for is only there by chance."""
    asked = {name for extra in (None, "generate", "train") for name in wanted(extra)}
    owners = metadata.packages_distributions()
    for path in sorted((ROOT / "gen").rglob("*.py")):
        for name in imported(path) - set(sys.stdlib_module_names) - {"gen"}:
            found = {canonical(owner) for owner in owners.get(name, [name])}
            # tqdm, huggingface_hub, pydantic_core belong to diffusers, transformers, pydantic.
            assert found & (asked | {"tqdm", "huggingface-hub", "pydantic-core"}), (
                f"{path.name}: {name}"
            )


def imported(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize(
    "modules",
    [
        "gen.core.inputs, gen.core.store, gen.publish.build, gen.publish.hook",
        "gen.__main__, gen.core.status",  # so that `make site` can look before it installs
    ],
)
def test_publishing_never_loads_a_model(modules):
    code = f"import sys, {modules}; print(*sorted(set({MAKE}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_the_whole_build_runs_where_models_cannot_load(tmp_path):
    """With torch and its like forbidden, the site is still built."""
    block = "".join(f"sys.modules[{name!r}] = None\n" for name in MAKE)
    code = f"import sys\n{block}from {ENGINE}.__main__ import cli\ncli()"
    done = subprocess.run(
        [sys.executable, "-c", code, *BUILD, "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "index.html").is_file()


def test_one_site_engine():
    """With properdocs about, mike would build with it and mkdocs without."""
    installed = {canonical(found.name) for found in metadata.distributions()}
    assert ("properdocs" in installed) is (ENGINE == "properdocs")


def test_no_registry_and_no_machine_is_named():
    found = [
        f"{name}: {word}"
        for name, kept in kept_files()
        for word in [host for host in REGISTRIES if host in kept] + MACHINE_PATH.findall(kept)
    ]
    assert not found


def test_the_readme_links_only_to_the_cited_works():
    sources = yaml.safe_load(text("sources/sources.yml"))
    allowed = {source["url"] for source in sources.values()}
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        linked = set(re.findall(r"https?://[^\s)>\"'`]+", text(name)))
        assert linked <= allowed, name
    assert allowed <= set(re.findall(r"https?://[^\s)>]+", text("README.md")))


def test_every_target_that_is_told_of_exists():
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    assert {"site", "test", "serve", "clean"} <= targets
    assert set(re.findall(r"^make ([a-z]+)", text("README.md"), re.M)) >= {"site", "test"}
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run", ".github/workflows/ci.yml"):
        told = re.findall(r"(?:^|`|exec |run: )make ([a-z]+)", text(name), re.M)
        assert set(told) <= targets, name


def test_every_command_that_is_told_of_exists():
    from gen.__main__ import main

    for name in ("README.md", "CONTRIBUTING.md", "Makefile"):
        assert set(re.findall(r"-m gen ([a-z]+)", text(name))) <= set(main.commands), name


def test_what_the_makefile_installs_in_is_never_kept():
    ignored = text(".gitignore").split()
    assert {".venv/", "site/"} <= set(ignored)
