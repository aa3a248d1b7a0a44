"""A run at a glance: the right steps, from the kept sheets, each where it belongs."""

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
def kept() -> Capture:
    """A capture of this repository, of 30 steps."""
    given = inputs.read(ROOT)
    return store.read(ROOT, next(given.key(p) for p in given.prompts if p.id == "chrome-studio"))


@pytest.fixture(scope="module")
def sheets(kept) -> tuple[bytes, bytes]:
    noisy, clean = (store.image(ROOT, kept.key, kept.view(k).sheet) for k in filmstrip.ROWS)
    return noisy, clean


def values(held: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(held)).convert("RGB"), int)


def test_both_ends_are_shown_and_a_short_run_is_shown_whole(kept):
    shown = filmstrip.steps(kept)
    assert (shown[0], shown[-1], len(shown)) == (1, 30, 6)
    assert filmstrip.steps(replace(kept, steps=kept.steps[:3])) == (1, 2, 3)
    assert filmstrip.steps(replace(kept, steps=kept.steps[:1])) == (1,)


def test_each_step_stands_in_its_column_given_above_expected(kept, sheets, tmp_path):
    drawn = values(filmstrip.filmstrip(tmp_path, kept, sheets))
    assert drawn.shape == (2 * 128, 6 * 192, 3)
    for column, step in enumerate(filmstrip.steps(kept)):
        for row, held in enumerate(sheets):
            sheet, index = values(held), step - 1
            height, width = (128, 192) if row else (16, 24)
            top, left = index // SHEET_COLUMNS * height, index % SHEET_COLUMNS * width
            frame = sheet[top : top + height, left : left + width].repeat(128 // height, 0)
            there = drawn[row * 128 :, column * 192 :][:128, :192]
            assert abs(there - frame.repeat(192 // width, 1)).mean() < 6


def test_a_strip_is_drawn_once_and_anew_for_other_sheets(kept, sheets, tmp_path, monkeypatch):
    first = filmstrip.filmstrip(tmp_path, kept, sheets)
    monkeypatch.setattr(filmstrip, "_draw", lambda *_: b"again")
    assert filmstrip.filmstrip(tmp_path, kept, sheets) == first
    assert filmstrip.filmstrip(tmp_path, kept, sheets[::-1]) == b"again"
