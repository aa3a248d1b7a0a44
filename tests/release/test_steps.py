"""Each command of the workflows is run here as a runner does, but those that need a host."""

import os
import shutil

import pytest
from maintainer import attempt, clone, run
from workflows import commands, run_step

HOSTS = {  # what a command needs that a test has not
    "make test": "is what runs this test",
    "make successor": "asks the registry for the successor",
    "make generate": "asks the registry for torch",
    "make oldest": "asks the registry for versions",
    "python -m pip install": "asks the registry for packages",
    "python -m pytest tests/publish": "is part of what runs this test",
    "for file in site release test tools kernels": "asks a host for advisories",
    "pip-audit": "asks a host for advisories",
    "gh ": "is a request to GitHub",
}
RUN = {  # by a test below, or elsewhere in this folder
    "make site": "test_make_site",
    "make cited": "test_cited",
    "make dist": "test_dist.py",
    "make publish": "conftest.py, for one of the three versions",
    "python -m mkdocs build --strict": "test_the_build",
    'read -ra prompts <<< "$PROMPTS"': "test_captures",
    "git add docs/captures": "test_what_is_new",
    'case "${GITHUB_REF_NAME#v}"': "test_a_try_out",
}


def step(beginning: str) -> str:
    """The one command that begins so."""
    (found,) = {command for command in commands() if command.startswith(beginning)}
    return found


def test_every_command_is_run_here_or_needs_a_host():
    for command in commands():
        assert [known for known in {**HOSTS, **RUN} if command.startswith(known)], command
    for known in {**HOSTS, **RUN}:
        assert [command for command in commands() if command.startswith(known)], known


@pytest.fixture
def checkout(maintainer):
    """The clone at its first version, as a runner checks a tag out."""
    maintainer.git("checkout", "--quiet", "--force", "v1.0")
    maintainer.installed()
    return maintainer


@pytest.mark.parametrize("command", ["make site", "python -m mkdocs build --strict"])
def test_the_build_leaves_a_site(checkout, command):
    shutil.rmtree(checkout.folder / "site", ignore_errors=True)
    done = run_step(checkout.folder, command)
    assert done.returncode == 0, done.stderr
    assert (checkout.folder / "site" / "index.html").is_file()


def test_cited_lines_are_looked_up_in_a_clone_of_the_cited_repository(checkout, tmp_path):
    """Here another repository stands in its place, so that its commit is not there."""
    run(tmp_path, "git", "init", "--quiet", "--initial-branch", "main")
    run(tmp_path, "git", "commit", "--quiet", "--allow-empty", "--message", "Another")
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/Kameronski/stable-diffusion-1.5",
    }
    done = run_step(checkout.folder, step("make cited"), **instead)
    assert done.returncode == 2
    assert ".cache/cited.git: has no commit" in done.stderr


@pytest.mark.parametrize(
    ("prompts", "code", "says"),
    [("chrome-studio gold-city", 0, ""), ("chrome-studo", 1, "no prompt of that id")],
)
def test_captures_are_asked_for_by_model_and_prompts(checkout, prompts, code, says):
    pytest.importorskip("torch", reason="needs the generate install")
    wanted = {"MODEL": "study", "WEIGHTS": "", "PROMPTS": prompts}
    done = run_step(checkout.folder, step("read -ra prompts"), **wanted)
    assert done.returncode == code, done.stderr
    assert says in done.stderr


def test_weights_are_handed_on_as_one_path(checkout):
    pytest.importorskip("torch", reason="needs the generate install")
    wanted = {"MODEL": "sd15", "WEIGHTS": "no such file.safetensors", "PROMPTS": "chrome-studio"}
    done = run_step(checkout.folder, step("read -ra prompts"), **wanted)
    assert done.returncode == 1
    assert "no such file.safetensors" in done.stderr


def test_what_is_new_goes_to_a_branch_and_what_is_not_goes_nowhere(tmp_path):
    made, output = clone(tmp_path), tmp_path / "output"
    made.name("1.0")
    wanted = {"MODEL": "sd15", "BRANCH": "captures-7", "GITHUB_OUTPUT": str(output)}
    command = step("git add docs/captures")
    done = run_step(made.folder, command, **wanted)
    assert (done.returncode, done.stdout) == (0, "Every capture of sd15 is here already.\n")
    assert not made.hosted("branch", "--list")
    (made.folder / "docs" / "captures" / "0123456789abcdef").mkdir()
    (made.folder / "docs" / "captures" / "0123456789abcdef" / "capture.json").write_text("{}\n")
    done = run_step(made.folder, command, **wanted)
    assert done.returncode == 0, done.stderr
    assert output.read_text() == "new=yes\n"
    assert made.hosted("diff", "--name-only", "captures-7~1", "captures-7") == (
        "docs/captures/0123456789abcdef/capture.json"
    )


@pytest.mark.parametrize(
    ("tag", "given"),
    [("v1.2.3", []), ("v1.2.3rc1", ["--prerelease"]), ("v2.0.dev1", ["--prerelease"])],
)
def test_a_try_out_is_released_as_one(tmp_path, tag, given):
    """GitHub's own program is not here: what it would be called with is written down."""
    program, dist = tmp_path / "gh", tmp_path / "dist"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    dist.mkdir()
    (dist / "archive").touch()
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = run_step(tmp_path, step('case "${GITHUB_REF_NAME#v}"'), GITHUB_REF_NAME=tag, PATH=path)
    assert done.returncode == 0, done.stderr
    notes = ["--verify-tag", "--notes", "See CHANGELOG.md."]
    assert done.stdout.splitlines() == ["release", "create", tag, *notes, *given, "dist/archive"]


def test_a_tag_unlike_the_version_stops_before_anything_is_pushed(checkout):
    before = checkout.tip()
    done = run_step(checkout.folder, step("make publish"), GITHUB_REF_NAME="v2.0")
    assert "version 2.0: pyproject.toml says 1.0; let both be the same" in done.stderr
    assert done.returncode == 2
    assert checkout.tip() == before
    assert attempt(checkout.folder, "git", "status", "--porcelain").stdout == ""
