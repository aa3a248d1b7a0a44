"""What is made of Lighthouse's reports. Lighthouse itself runs by hand: `make lighthouse`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_scripts import module

pytest.importorskip("playwright", reason="needs the test install")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def lighthouse(monkeypatch):
    """The script as a module."""
    return module(monkeypatch, "lighthouse")


def report(performance=1.0, accessibility=1.0, seo: float | None = 1.0, shift=0.0, alt=1) -> dict:
    """As much of a report as is read."""
    scores = {"performance": performance, "accessibility": accessibility, "seo": seo}
    refs = {"accessibility": [{"id": "image-alt", "weight": 10}, {"id": "manual", "weight": 0}]}
    return {
        "categories": {
            name: {"score": scores.get(name, 1.0), "auditRefs": refs.get(name, [])}
            for name in ("performance", "accessibility", "best-practices", "seo")
        },
        "audits": {
            "total-byte-weight": {"numericValue": 200_000.0},
            "cumulative-layout-shift": {"numericValue": shift},
            "image-alt": {"id": "image-alt", "score": alt},
            "manual": {"id": "manual", "score": 0},
        },
    }


def test_each_figure_is_the_median_of_its_own(lighthouse):
    given = [report(0.9, shift=0.2), report(0.97, 0.8), report(0.95)]
    found = lighthouse.figures(given)
    assert found["scores"] == {
        "performance": 95,
        "accessibility": 100,
        "best-practices": 100,
        "seo": 100,
    }
    assert (found["bytes"], found["shift"], found["failed"]) == (200_000, 0.0, [])


def test_what_costs_points_is_named_and_a_broken_category_counts_as_none(lighthouse):
    found = lighthouse.figures([report(), report(0.94, 0.9, seo=None, shift=0.01, alt=0)][1:])
    assert found["failed"] == ["accessibility: image-alt"]
    assert found["scores"]["seo"] == 0
    falls = ["performance", "accessibility", "seo", "layout shift"]
    assert lighthouse.short("idea", found) == falls


def test_each_run_is_told_as_it_ends_and_the_best_is_picked(lighthouse, monkeypatch, capsys):
    given = iter([report(0.9), report(0.97), report(0.95)])
    monkeypatch.setattr(lighthouse, "audit", lambda *_: next(given))
    runs = lighthouse.audits(("npx", "chromium", "about:blank"), "home", 3)
    first = next(runs)
    assert capsys.readouterr().err == "home, run 1 of 3: performance 90\n"
    best = lighthouse.fastest([first, *runs])
    assert lighthouse.figures([best])["scores"]["performance"] == 97


def test_home_is_held_to_its_bytes(lighthouse, monkeypatch):
    found = lighthouse.figures([report()])
    assert lighthouse.short("home", found) == []
    monkeypatch.setitem(lighthouse.MOST, "home", 199_999)
    assert lighthouse.short("home", found) == ["bytes"]
    assert lighthouse.short("sources", found) == []


def test_the_table_has_a_line_a_page_and_says_what_falls_short(lighthouse):
    good, bad = lighthouse.figures([report()]), lighthouse.figures([report(0.9, alt=0)])
    lines = lighthouse.told({"home": good, "lab": bad}, "medians of 1").splitlines()
    assert lines[1].split() == ["home", "100", "100", "100", "100", "200", "0.000"]
    assert lines[2].split()[:2] == ["lab", "90"]
    assert lines[4:] == ["lab: performance not as promised", "lab: accessibility: image-alt"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PATH": ""}, "no npx here; install Node"),
        ({"CHROMIUM": "no-such-browser"}, "CHROMIUM=no-such-browser is no program"),
    ],
)
def test_what_is_absent_is_said_in_a_line(tmp_path, changed, said):
    npx = tmp_path / "npx"
    npx.write_text("#!/bin/sh\nexit 1\n")
    npx.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "benchmarks/lighthouse.py", "--site", str(tmp_path)]
    environment = os.environ | {"PATH": path} | changed
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_run_that_fails_says_so(lighthouse, tmp_path):
    npx = tmp_path / "npx"
    npx.write_text("#!/bin/sh\necho 'no such host' >&2\nexit 1\n")
    npx.chmod(0o755)
    with pytest.raises(
        lighthouse.click.ClickException, match="failed on about:blank: no such host"
    ):
        lighthouse.audit(str(npx), "chromium", "about:blank")


def test_a_processor_is_slowed_as_it_was_asked(lighthouse, tmp_path):
    npx = tmp_path / "npx"
    npx.write_text('#!/bin/sh\necho "$@" >&2\nexit 1\n')
    npx.chmod(0o755)
    with pytest.raises(lighthouse.click.ClickException, match=r"cpuSlowdownMultiplier=1\.5 "):
        lighthouse.audit(str(npx), "chromium", "about:blank", 1.5)
