"""The workflows as the tests read them, and one of their commands as a runner would run it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml
from maintainer import ROOT, attempt

FOLDER = ROOT / ".github" / "workflows"
FLOWS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.yml"))
}


def jobs() -> list[tuple[str, str, dict]]:
    """Each job with the workflow that it is of and its name."""
    return [(flow, name, job) for flow in FLOWS for name, job in FLOWS[flow]["jobs"].items()]


def commands() -> Iterator[str]:
    """What every `run:` step runs."""
    for _, _, job in jobs():
        yield from (step["run"].strip() for step in job["steps"] if "run" in step)


def run_step(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that some workflow really has, by bash that stops at a fault, as runners do."""
    assert command in commands()
    return attempt(folder, "bash", "-e", "-c", command, **environment)
