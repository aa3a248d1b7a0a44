"""Arithmetic on cited figures and on one capture."""

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from gen.core import inputs, store
from gen.core.records import Capture, Curve
from gen.publish import arithmetic as derived

ROOT = Path(__file__).parents[2]
DISTANCE = (10.0, 6.0, 4.0, 0.5, 2.0, 0.5, 0.1)
ENERGY = (1.0, 2.0, 5.0, 3.0, 3.0, 2.0, 1.0)


@pytest.fixture(scope="module")
def kept() -> Capture:
    """A capture of this repository."""
    given = inputs.read(ROOT)
    return store.read(ROOT, next(given.key(p) for p in given.prompts if p.model == "study"))


def curved(capture: Capture, scale: float = 4.0, **curves: tuple[float, ...]) -> Capture:
    """The capture with other curves, as many of its steps as they have values."""
    count = len(curves["distance"])
    return replace(
        capture,
        prompt=replace(capture.prompt, guidance_scale=scale, steps=count),
        steps=capture.steps[:count],
        curves=tuple(Curve(name, "", values) for name, values in curves.items()),
    )


def test_the_figures_of_the_reference_setup():
    values = {name: figure.value for name, figure in derived.DERIVED.items()}
    assert values == {
        "pixel-values": "786,432",
        "latent-values": "16,384",
        "compression": "48",
        "first-level": "981",
        "prompted-weight": "7.5",
        "unprompted-weight": "6.5",
        "lineage-steps": "1,541k",
        "signal-weight": "0.068",
        "noise-weight": "0.998",
        "blocks": "16",
    }


def test_the_last_level_is_the_one_of_the_scheduler():
    diffusers = pytest.importorskip("diffusers")
    scheduler = diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
    )
    assert math.isclose(derived.last_level(), scheduler.alphas_cumprod[-1].item(), rel_tol=1e-3)


@pytest.mark.parametrize(("share", "step"), [(0.5, 3), (0.1, 6), (0.01, 7), (2.0, 1)])
def test_the_step_after_which_a_curve_stays_below(share, step):
    assert derived.fell_below(DISTANCE, share) == step


def test_the_table_has_a_row_for_each_step_and_nothing_where_nothing_was_guided(monkeypatch):
    monkeypatch.setattr(derived, "rows", lambda capture: ((1, 901.0, 8.39, 0.25, None),))
    assert list(derived.table(None)) == [
        ("step", "timestep", "sigma", "distance", "guidance"),
        ("1", "901.0", "8.39", "0.25", ""),
    ]


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 30, 50, 1000])
def test_key_steps_are_few_and_hold_both_ends(steps):
    found = derived.key_steps(steps)
    assert found[0] == 1
    assert found[-1] == steps
    assert len(found) == len(set(found)) <= 8


def test_events_are_read_from_the_curves_in_the_order_of_the_steps(kept):
    events = derived.events(curved(kept, distance=DISTANCE, guidance=ENERGY))
    assert [(event.name, event.step, event.level) for event in events] == [
        ("half", 3, 5.0),
        ("guidance-peak", 3, 5.0),
        ("settled", 6, 1.0),
    ]
    assert {event.curve for event in events} == {"distance", "guidance"}


def test_events_and_figures_agree_on_a_kept_capture(kept):
    figures = {figure.name: figure.value for figure in derived.figures(kept)}
    events = derived.events(kept)
    assert len(events) == 3
    assert all(figures[event.name] == str(event.step) for event in events)


def test_a_run_without_guidance_has_the_events_of_its_distance_alone(kept):
    events = derived.events(curved(kept, scale=1.0, distance=DISTANCE))
    assert [event.name for event in events] == ["half", "settled"]


@pytest.mark.parametrize("distance", [(0.0, 0.0, 0.0), (1.0, 0.9, 0.8), (1.0,)])
def test_what_a_curve_does_not_do_is_no_event(kept, distance):
    still = (0.0,) * len(distance)
    assert derived.events(curved(kept, distance=distance, guidance=still)) == ()


@pytest.mark.parametrize(
    ("steps", "last", "lanes"),
    [
        ((6, 24, 27), 30, (0, 0, 0)),
        ((6, 24, 25), 30, (0, 0, 1)),
        ((9, 9, 9), 30, (0, 1, 2)),
        ((1, 2, 4), 5, (0, 0, 0)),
        ((20, 22, 24), 60, (0, 1, 2)),
        ((20, 22, 27), 60, (0, 1, 0)),
        ((1,), 1, (0,)),
        ((), 30, ()),
    ],
)
def test_marks_take_another_row_only_where_they_would_touch(steps, last, lanes):
    assert derived.lanes(steps, last) == lanes


def test_marks_of_one_row_keep_their_distance_wherever_they_stand():
    for steps in combinations(range(1, 31), 3):
        lanes = derived.lanes(steps, 30)
        for one, other in combinations(range(3), 2):
            near = (steps[other] - steps[one]) / 29 < derived.TICK_GAP
            assert lanes[one] != lanes[other] or not near


def test_the_sheet_holds_the_ends_and_every_event_in_eight_steps(kept):
    found = derived.sheet_steps(kept)
    events = {event.step for event in derived.events(kept)}
    assert events < set(found)
    assert found[0] == 1
    assert found[-1] == len(kept.steps)
    assert len(found) == len(set(found)) == 8
    assert set(found) - events <= set(derived.key_steps(len(kept.steps)))


def test_a_run_without_events_has_its_key_steps_on_the_sheet(kept):
    still = curved(kept, scale=1.0, distance=(1.0,) * 20)
    assert derived.sheet_steps(still) == derived.key_steps(20)
