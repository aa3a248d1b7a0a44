"""benchmarks/gpu.py, with small networks: every row is measured, by the way that a GPU takes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from benchmark_scripts import module

torch = pytest.importorskip("torch", reason="needs the generate install")

ROOT = Path(__file__).parents[1]
WANTED = ["not", "measured:", "no", "time", "left", "measured", "NOT", "KEPT"]
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
    "two processes on two GPUs : one",
)


def test_each_promise_is_measured_and_what_is_exact_holds():
    command = [sys.executable, "benchmarks/gpu.py", "--tiny", "--device", "cpu", "--minutes", "600"]
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
    assert lines[2].endswith("MB, made in float32")
    assert lines[-1].endswith("not measured: no GPU")


def test_a_part_that_breaks_off_is_a_row_and_the_rows_before_it_stay(monkeypatch):
    gpu = module(monkeypatch, "gpu")

    def half(bench):
        yield gpu.Row("first", "1.0")
        raise RuntimeError("no compiler\nand more")

    first, last = gpu.rows(half, None)
    assert (first.what, first.kept) == ("first", True)
    assert (last.what, last.measured, last.kept) == ("half", "RuntimeError: no compiler ", False)


def test_a_compiler_that_fails_is_a_row_too(monkeypatch):
    gpu = module(monkeypatch, "gpu")

    def compiling(bench):
        yield subprocess.run([sys.executable, "-c", "exit(1)"], check=True)

    (row,) = gpu.rows(compiling, None)
    assert row.measured.startswith("CalledProcessError: ") and not row.kept


def test_a_part_that_is_still_at_work_when_time_is_over_is_stopped(monkeypatch):
    gpu, before = module(monkeypatch, "gpu"), signal.getsignal(signal.SIGALRM)

    def endless(bench):
        begun.append(True)
        try:
            yield Event().wait()
        except RuntimeError:  # no handler of faults takes it for one
            yield gpu.Row("endless", "swallowed")

    begun: list[bool] = []  # not so where this process slept all the time
    (row,) = gpu.rows(endless, None, time.perf_counter() + 1)
    state = "stopped" if begun else "not measured"
    assert (row.what, row.measured, row.kept) == ("endless", f"{state}: no time left", False)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_no_part_is_begun_without_time_for_it(monkeypatch, capsys):
    gpu = module(monkeypatch, "gpu")
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--tiny", "--device", "cpu", "--minutes", "0"])
    assert gpu.main() == 1
    _, _, _, *lines = capsys.readouterr().out.splitlines()
    parts = [measure.__name__ for measure in gpu.MEASURES]
    assert [line.split(maxsplit=1)[0] for line in lines] == parts
    for line in lines:
        assert line.split(maxsplit=1)[1].split() == WANTED


def test_two_processes_take_turns_with_one(monkeypatch):
    """On the processor, as they do on two GPUs."""
    pair = module(monkeypatch, "pair")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    ((one, two),) = pair.launched(pair.TINY, "cpu")
    assert min(one, two) > 0


def test_full_size_is_not_begun_on_a_processor():
    command = [sys.executable, "benchmarks/gpu.py", "--device", "cpu"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    *_, line = done.stderr.splitlines()  # libraries may warn before
    assert line.startswith("no GPU that torch sees")
    assert line.endswith("; at full size a processor takes hours; --tiny tries the way")


def test_noise_levels_lie_where_loading_leaves_them(monkeypatch):
    """On torch's device of shapes in place of a GPU: what is made there has no values."""
    models = module(monkeypatch, "random_models")
    pipe = models.pipeline(models.FULL, "meta", torch.float16)
    assert (pipe.unet.device.type, pipe.unet.dtype) == ("meta", torch.float16)
    assert pipe.scheduler.alphas_cumprod.device.type == "cpu"
