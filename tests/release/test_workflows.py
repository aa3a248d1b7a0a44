"""Workflows: pinned by commit, with few rights, each command run where it can be."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FLOWS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
MAY_WRITE = {("publish.yml", "publish"): {"contents"}}  # a workflow's job and what it may change


def jobs():
    return [(flow, name, job) for flow in FLOWS for name, job in FLOWS[flow]["jobs"].items()]


@pytest.mark.parametrize(("flow", "name", "job"), jobs())
def test_a_job_may_do_what_it_must_and_no_more(flow, name, job):
    rights = job.get("permissions", FLOWS[flow]["permissions"])
    write = {scope for scope, right in rights.items() if right == "write"}
    assert write == MAY_WRITE.get((flow, name), set())
    assert rights.keys() <= {"contents"} | write
    assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize(("flow", "name", "job"), jobs())
def test_an_action_is_named_by_commit_and_version_and_keeps_no_password(flow, name, job):
    text = (ROOT / ".github" / "workflows" / flow).read_text(encoding="utf-8")
    for step in job["steps"]:
        if "uses" in step:
            action = re.escape(step["uses"])
            assert re.search(rf"uses: {action}  # v\d+\.\d+\.\d+$", text, re.M), step["uses"]
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        if step.get("uses", "").startswith("actions/checkout") and (flow, name) not in MAY_WRITE:
            assert step["with"]["persist-credentials"] is False


def test_no_workflow_has_a_secret_or_puts_the_words_of_a_stranger_into_a_command():
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        assert "secrets." not in path.read_text(encoding="utf-8")
    for _, _, job in jobs():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "hand it over in env:"
