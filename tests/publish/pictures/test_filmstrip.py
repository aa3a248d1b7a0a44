"""A run at a glance: the right steps, from the stored sheets, each where it belongs."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen.core import inputs, store
from gen.core.records import SHEET_COLUMNS, Capture
from gen.publish.pictures import filmstrip

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def capture() -> Capture:
    """A capture of this repository, of 30 steps."""
    sources = inputs.read(ROOT)
    key = next(sources.key(p) for p in sources.prompts if p.id == "chrome-studio")
    return store.read(ROOT, key)


@pytest.fixture(scope="module")
def sheets(capture) -> tuple[bytes, bytes]:
    noisy, clean = (store.image(ROOT, capture.key, capture.view(k).sheet) for k in filmstrip.ROWS)
    return noisy, clean


def values(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), int)


def test_both_ends_are_shown_and_a_short_run_is_shown_whole(capture):
    columns = filmstrip.steps(capture)
    assert (columns[0], columns[-1], len(columns)) == (1, 30, 6)
    assert filmstrip.steps(replace(capture, steps=capture.steps[:3])) == (1, 2, 3)
    assert filmstrip.steps(replace(capture, steps=capture.steps[:1])) == (1,)


def test_each_step_stands_in_its_column_given_above_expected(capture, sheets, tmp_path):
    strip = values(filmstrip.filmstrip(tmp_path, capture, sheets))
    (wide, high), grid = capture.view("clean").frame_size, capture.view("noisy").frame_size
    assert strip.shape == (2 * high, 6 * wide, 3)
    for column, step in enumerate(filmstrip.steps(capture)):
        for row, data in enumerate(sheets):
            sheet, index = values(data), step - 1
            width, height = (wide, high) if row else grid
            top, left = index // SHEET_COLUMNS * height, index % SHEET_COLUMNS * width
            frame = sheet[top : top + height, left : left + width].repeat(high // height, 0)
            there = strip[row * high :, column * wide :][:high, :wide]
            assert abs(there - frame.repeat(wide // width, 1)).mean() < 6


def test_a_strip_is_drawn_once_and_anew_for_other_sheets(capture, sheets, tmp_path, monkeypatch):
    first = filmstrip.filmstrip(tmp_path, capture, sheets)
    monkeypatch.setattr(filmstrip, "_draw", lambda *_: b"again")
    assert filmstrip.filmstrip(tmp_path, capture, sheets) == first
    assert filmstrip.filmstrip(tmp_path, capture, sheets[::-1]) == b"again"
