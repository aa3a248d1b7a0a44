"""benchmarks/gpu.py, with small networks: every row is measured, by the way that a GPU takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_scripts import module

pytest.importorskip("torch", reason="needs the generate install")

ROOT = Path(__file__).parents[1]
ROWS = (
    "arithmetic, once for a model and a size",
    "a capture : plain call and its decodes",
    "its sheets and picture",
    "encoding in",
    "2 prompts together : a loop",
    "captures together, 2 decoded at once : a loop",
    "made again alone",
    "made again together",
    "together as alone",
    "verify on cpu, float32",
    "peak memory",
    "parts that wait for their turn",
    "a compiled capture : one that is not",
)


def test_each_promise_is_measured_and_what_is_exact_holds():
    command = [sys.executable, "benchmarks/gpu.py", "--tiny", "--device", "cpu"]
    ours = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=ours)
    assert done.returncode == 0, done.stdout + done.stderr
    title, _, heads, *lines = done.stdout.splitlines()
    assert title.startswith("cpu: 5,259,371 random parameters in torch.float32, 64 x 64, 2 steps")
    assert heads.split() == ["measured", "promised"]
    assert len(lines) == len(ROWS)
    for line, row in zip(lines, ROWS, strict=True):
        assert line.startswith(row)
    assert [line.split()[-1] for line in lines if line.endswith("kept")] == ["kept"] * 4
    assert [line for line in lines if line.endswith("not held")] == [lines[1], lines[4]]


def test_a_part_that_breaks_off_is_a_row_and_the_rows_before_it_stay(monkeypatch):
    gpu = module(monkeypatch, "gpu")

    def half(bench):
        yield gpu.Row("first", "1.0")
        raise RuntimeError("no compiler\nand more")

    first, last = gpu.rows(half, None)
    assert (first.what, first.kept) == ("first", True)
    assert (last.what, last.measured, last.kept) == ("half", "RuntimeError: no compiler ", False)


def test_full_size_is_not_begun_on_a_processor():
    command = [sys.executable, "benchmarks/gpu.py", "--device", "cpu"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "no GPU that torch sees: at full size this takes hours; --tiny tries" in done.stderr
