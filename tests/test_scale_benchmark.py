"""benchmarks/: those that run by hand still run, small, and tell what they are there to tell."""

import os
import re
import subprocess
import sys
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


@pytest.mark.parametrize("script", ["capture", "loading"])
def test_help_tells_what_is_measured(script):
    head = (ROOT / "benchmarks" / f"{script}.py").read_text("utf-8").partition('"""')[2]
    assert head.partition("\n")[0] in " ".join(" ".join(told(script, "--help")).split())
