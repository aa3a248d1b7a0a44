"""What is made of the times of frames. The moves themselves run by hand: benchmarks/moments.py."""

from pathlib import Path

import pytest
from benchmark_scripts import module

pytest.importorskip("playwright", reason="needs the test install")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def moments(monkeypatch):
    """The script as a module."""
    return module(monkeypatch, "moments")


def test_a_frame_that_did_not_come_is_missed_and_a_late_one_is_not(moments):
    moving = [[0.0, 16.7, 33.3], [500.0, 516.7, 566.7, 590.0]]
    row = moments.row("ball", "drag", moving, [[0.0, 16.7], [100.0, 120.0]])
    assert (row.moves, row.longest, row.missed, row.idle) == (2, 50.0, 2, 20.0)


def test_every_page_of_a_moment_is_one_of_ours(moments):
    docs = ROOT / "docs"
    for moment in moments.MOMENTS.values():
        assert (docs / f"{moment.path.strip('/')}.md").is_file()
