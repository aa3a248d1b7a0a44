"""Three versions, published into a bare repository, checked out again and served below a path."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import chromium
import pytest
from maintainer import NAME, NEW_HEADING, Clone, clone, run, served
from workflows import commands, run_step


@dataclass(frozen=True)
class Published:
    """What a host serves, the clone that it came from, and what publishing said."""

    address: str
    folder: Path
    clone: Clone
    said: dict[str, str]  # by version


@pytest.fixture(scope="session")
def browser_type_launch_args():
    sandbox = {"args": ["--no-sandbox"]} if os.getuid() == 0 else {}  # root has none
    return {"executable_path": chromium.program()} | sandbox


@pytest.fixture
def watched(context):
    """A page, and what went wrong on it: outside requests, failed ones, console errors."""
    faults, asked = [], []

    def guard(route):
        asked.append(route.request.url)
        if route.request.url.startswith("http://127.0.0.1:"):
            return route.continue_()
        faults.append(f"outside: {route.request.url}")
        return route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda got: faults.append(got.url) if got.status >= 400 else None)
    yield page, faults, asked


@pytest.fixture(scope="package")
def maintainer(tmp_path_factory) -> Clone:
    """A clone whose commit is called 1.0, tagged, and nothing published."""
    made = clone(tmp_path_factory.mktemp("release"))
    made.name("1.0")
    return made


@pytest.fixture(scope="package")
def published(maintainer) -> Iterator[Published]:
    """1.0; then 1.1 with a new heading; then, by the workflow, 1.0.1 with the pages of 1.0."""
    folder = maintainer.folder.parent / "host" / NAME
    folder.mkdir(parents=True)
    with served(folder.parent) as host:
        address, said = f"{host}{NAME}/", {}
        said["1.0"] = maintainer.published("1.0", SITE_URL=address)
        with (maintainer.folder / "docs" / "index.md").open("a", encoding="utf-8") as home:
            home.write(f"\n## {NEW_HEADING}\n")
        maintainer.name("1.1")
        said["1.1"] = maintainer.published("1.1", SITE_URL=address)
        maintainer.git("checkout", "--quiet", "v1.0")
        maintainer.name("1.0.1")
        maintainer.installed()
        by_tag = next(command for command in commands() if command.startswith("make publish"))
        done = run_step(maintainer.folder, by_tag, GITHUB_REF_NAME="v1.0.1", SITE_URL=address)
        assert done.returncode == 0, done.stderr
        said["1.0.1"] = done.stdout
        run(folder, "git", "clone", "--quiet", "--branch", "gh-pages", str(maintainer.remote), ".")
        yield Published(address, folder, maintainer, said)
