"""gen/capture/sheets.py: captures that a repository need not have keep to what it may carry."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import numpy as np  # noqa: E402

from gen.capture import one, plan, sheets  # noqa: E402


@pytest.fixture(scope="module")
def large(tiny_prompt):
    """Large enough that pixels weigh more than what a sheet says of itself."""
    return replace(tiny_prompt, width=256, height=256, steps=4)


@pytest.fixture(scope="module")
def whole(tiny_pipe, large, tiny_model, colours):
    return one.capture(tiny_pipe, large, tiny_model, colours)


@pytest.fixture(scope="module")
def spared(tiny_pipe, large, tiny_model, colours):
    return one.capture(tiny_pipe, large, replace(tiny_model, required=False), colours)


def pixels(view) -> int:
    width, height = view.frame_size
    return view.frames * width * height


def test_each_sheet_of_a_model_that_need_not_be_there_keeps_its_budget(spared, whole):
    """Random weights paint what is harder to compress than any picture: all would be over."""
    record, files = spared
    for view in record.views:
        kind = view.kind if view.kind in sheets.BUDGET else "grey"
        assert len(files[view.sheet]) <= sheets.HEAD + sheets.BUDGET[kind] * pixels(view)
    for kind in ("noisy", "clean"):
        view = whole[0].view(kind)
        assert len(whole[1][view.sheet]) > sheets.HEAD + sheets.BUDGET[kind] * pixels(view)


def test_a_spared_capture_takes_no_more_than_is_foretold(spared, whole, large):
    for (record, files), sparing in ((spared, True), (whole, False)):
        low, high = plan.size(large, len(record.tokens), sparing)
        sizes = sum(map(len, files.values()))
        assert sizes < high
        assert low < high
    assert plan.size(large, 6, True)[1] < plan.size(large, 6)[1]


def test_what_is_spared_is_how_it_is_seen_and_nothing_that_was_done(spared, whole):
    """The same picture, curves and steps; maps of half the size, each value a mean of four."""
    (record, files), (full, all_files) = spared, whole
    assert files[record.final] == all_files[full.final]
    for name in ("key", "steps", "curves", "tokens", "parts"):
        assert getattr(record, name) == getattr(full, name)
    for view, before in zip(record.views, full.views, strict=True):
        coarse = view.kind in ("attention", "guidance")
        assert view.frame_size == tuple(n // (2 if coarse else 1) for n in before.frame_size)
        assert (view.kind, view.word, view.frames) == (before.kind, before.word, before.frames)
    share, half = full.view("attention", "car"), record.view("attention", "car")
    assert share.scale[0] <= half.scale[0] <= half.scale[1] <= share.scale[1]


def test_a_side_that_cannot_be_halved_is_rounded_up():
    assert sheets.coarse(torch.zeros(2, 7, 9)).shape == (2, 4, 5)
    assert sheets.coarse(torch.arange(8.0).view(1, 2, 4)).tolist() == [[[2.5, 4.5]]]


def encoded(kind: str, frames: np.ndarray, sparing: bool = False) -> bytes:
    return sheets.sheet(sheets.Frames(kind, frames), {}, sparing)[1]


@pytest.mark.parametrize("kind", sheets.LADDERS)
def test_the_best_that_keeps_the_budget_is_kept(kind, monkeypatch):
    """With room for all it is the sheet as ever, with less the next best, with none the least."""
    shape = (8, 32, 32) if kind == "grey" else (8, 32, 32, 3)
    noise = np.random.default_rng(0).normal(128, 20, shape)
    frames = noise.clip(0, 255).astype(np.uint8)
    best = encoded(kind, frames)
    monkeypatch.setattr(sheets, "HEAD", 0)
    sizes = []
    for room in (len(best), len(best) - 1, 1):
        monkeypatch.setitem(sheets.BUDGET, kind, room / (8 * 32 * 32))
        sizes.append(len(encoded(kind, frames, sparing=True)))
    assert sizes[0] == len(best) > sizes[1] > sizes[2]
