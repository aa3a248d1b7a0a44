"""Two committed captures made again, so that generation itself is proved at every run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_two_captures_made_again_are_the_kept_ones():
    pytest.importorskip("torch", reason="needs the generate install")
    command = [sys.executable, "-m", "gen", "verify", "chrome-studio", "matte-red-desert"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    print(done.stdout)  # how far apart
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["chrome-studio", "matte-red-desert"]
