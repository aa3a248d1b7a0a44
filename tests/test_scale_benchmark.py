"""benchmarks/: those that run by hand still run, small, and tell what they are there to tell."""

import json
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from benchmark_scripts import module

pytest.importorskip("torch", reason="needs the generate install")

ROOT = Path(__file__).parents[1]
NUMBER = r"\d+\.\d\d"
LOOKS = ("first", "again", "to make", "status")


def told(script: str, *words: str) -> list[str]:
    """What a script says that runs to its end; what it promises of pace is not held against it."""
    done = subprocess.run(
        [sys.executable, f"benchmarks/{script}.py", *words],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1)
    return done.stdout.splitlines()


def test_a_store_of_copies_is_planned():
    """Both looks of fresh captures, one that is to make all, and the status."""
    *rows, last = told("scale", "plan", "4", "8")
    each = ", ".join(f"{name} {NUMBER}" for name in LOOKS)
    for count, row in zip((4, 8), rows, strict=True):
        assert re.fullmatch(rf" +{count} captures, seconds of processor: {each}", row)
    assert re.match(rf"each of 8 against each of 4, at most [\d.]+: {each}; load ", last)


def test_a_site_of_copies_is_built():
    """More ideas make a larger site."""
    *rows, load = told("scale", "site", "2", "4", "--forge")
    found = [
        re.match(r" +(\d+) ideas: .* s of processor, .* site +([\d.]+) MB", row) for row in rows
    ]
    (few, small), (many, large) = (map(float, row.groups()) for row in found if row)
    assert (few, many) == (2, 4)
    assert small < large
    assert load.startswith("load ")


def test_memory_is_that_of_the_command_not_of_who_started_it(monkeypatch, tmp_path):
    """A process begins with the peak of the one that it is forked from."""
    scale = module(monkeypatch, "scale")
    held = bytearray(os.urandom(1_000_000) * 300)
    code, seconds, megabytes, said = scale.run(
        tmp_path, [sys.executable, "-c", "print('so', 'many'); raise SystemExit(3)"], cores=1
    )
    assert (code, said) == (3, "so many\n")
    assert seconds > 0
    assert 1 < megabytes < len(held) / 2e6


def test_loading_tells_what_is_measured():
    """At full size alone, hence no more of it."""
    assert "Stable Diffusion 1.5 at its full size" in " ".join(told("loading", "--help"))


@pytest.mark.parametrize("more", [(), ("--compile",)])
def test_watching_is_compared_with_as_many_decodes(tiny_folder, monkeypatch, capsys, more):
    """At fifty steps unless told otherwise, as it is promised."""
    capture = module(monkeypatch, "capture")
    eager = partial(capture.compiling.compile_parts, backend="eager")  # needs no compiler
    monkeypatch.setattr(capture.compiling, "compile_parts", eager)
    words = [str(tiny_folder), "--steps", "1", "--repeats", "1", *more]
    monkeypatch.setattr(sys, "argv", ["capture.py", *words])
    assert capture.main() in (0, 1)
    report = json.loads(capsys.readouterr().out)
    assert report["compared"] == "capture() with every view | the pipeline's call + 1 decodes"
    assert (report["size"], report["target"]) == ("64 x 48", 1.25)
    assert report["compiled"] == bool(more)
    assert len(report["plain_seconds"]) == len(report["capture_seconds"]) == 1
    monkeypatch.setattr(sys, "argv", ["capture.py"])
    assert capture._arguments().steps == 50
