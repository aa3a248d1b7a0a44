"""Captures by several processes, as torchrun and accelerate launch start them on one machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the generate install")

from gen.__main__ import main
from gen.core import store

ROOT = Path(__file__).parents[2]
TORCHRUN = ("torch.distributed.run", "--standalone", "--nproc_per_node", "2")
ACCELERATE = (  # as on GPUs, which nothing here asks for: told --cpu it starts one process, not two
    *("accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"),
    *("--mixed_precision", "no", "--dynamo_backend", "no"),
)
DYING = """
import os, signal
from gen.__main__ import run
from gen.core import store

held, real = [], store.hold

def hold(root, key):
    if os.environ["RANK"] == "1":  # at the first of its own, whoever is quicker
        os.kill(os.getpid(), signal.SIGKILL)
    while len(held) == 2:  # latent colours and a capture: the rest is left until all is ended
        signal.pause()
    held.append(key)
    return real(root, key)

store.hold = hold
run()
"""


def launch(root: Path, launcher: tuple[str, ...], *work: str) -> subprocess.CompletedProcess:
    """Two processes at the same work."""
    return subprocess.run(
        [sys.executable, "-m", *launcher, *work],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )


def made(root: Path) -> dict[str, bytes]:
    """All of a store but what knows the clock."""
    paths = sorted((root / store.CAPTURES).rglob("*"))
    kept = [path for path in paths if path.is_file() and path.name != store.MADE]
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def alone(root: Path, beside: Path) -> dict[str, bytes]:
    """What one process makes of the same project."""
    (beside / "sources").symlink_to(root / "sources")
    os.chdir(beside)
    main.main(["capture"], standalone_mode=False)
    return made(beside)


def _asked(root: Path, key: str) -> str:
    return store.read(root, key).prompt.id


def test_torchrun_makes_what_one_process_makes(project, tmp_path_factory):
    done = launch(project, TORCHRUN, "-m", "gen", "capture")
    assert done.returncode == 0, done.stderr
    assert "0 fresh, 3 to make: about " in done.stderr
    assert " in one process here, shared by 2, " in done.stderr
    said = [line for line in done.stdout.splitlines() if ": captured as " in line]
    keys = store.keys(project)
    assert len(keys) == 3
    assert sorted(said) == sorted(f"{_asked(project, key)}: captured as {key}" for key in keys)
    assert made(project) == alone(project, tmp_path_factory.mktemp("alone"))


def test_accelerate_goes_on_where_a_process_was_killed(project, tmp_path_factory):
    """The other one, at a capture of its own, is ended by torchrun."""
    (project / "dying.py").write_text(DYING)
    died = launch(project, TORCHRUN, "dying.py", "capture")
    assert died.returncode != 0
    assert "Signal 9 (SIGKILL)" in died.stderr
    for key in store.keys(project):
        store.read(project, key)  # raises where it is not whole
    done = launch(project, ACCELERATE, "-m", "gen", "capture")
    assert done.returncode == 0, done.stderr
    assert re.search(r"[01] fresh, [23] to make: .* shared by 2, ", done.stderr)
    assert made(project) == alone(project, tmp_path_factory.mktemp("alone"))
