"""What is committed is whole: all fresh, nothing left over, and two made again are the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def gen(*arguments):
    command = [sys.executable, "-m", "gen", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)


def test_every_required_capture_is_fresh():
    done = gen("status")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_capture_is_left_over():
    assert json.loads(gen("status", "--json").stdout)["orphans"] == []


def test_two_captures_made_again_are_the_kept_ones():
    pytest.importorskip("torch", reason="needs the generate install")
    done = gen("verify", "chrome-studio", "matte-red-desert")
    print(done.stdout)  # how far apart
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 2
