"""What is read from one capture's curves and parts."""

from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen.core import inputs, store
from gen.core.records import Capture, Curve
from gen.publish import run_figures

ROOT = Path(__file__).parents[2]
DISTANCE = (10.0, 6.0, 4.0, 0.5, 2.0, 0.5, 0.1)
ENERGY = (5.0, 4.0, 3.0, 1.0, 3.0, 2.0, 1.0)


@pytest.fixture(scope="module")
def capture() -> Capture:
    """A capture of this repository."""
    sources = inputs.read(ROOT)
    return store.read(ROOT, next(sources.key(p) for p in sources.prompts if p.model == "study"))


def curved(capture: Capture, scale: float = 4.0, **curves: tuple[float, ...]) -> Capture:
    """The capture with other curves, as many of its steps as they have values."""
    count = len(curves["distance"])
    return replace(
        capture,
        prompt=replace(capture.prompt, guidance_scale=scale, steps=count),
        steps=tuple(replace(step, sigma=2.0) for step in capture.steps[:count]),
        curves=tuple(Curve(name, "", values) for name, values in curves.items()),
    )


@pytest.mark.parametrize(("share", "step"), [(0.5, 3), (0.1, 6), (0.01, 7), (2.0, 1)])
def test_the_step_after_which_a_curve_stays_below(share, step):
    assert run_figures.fell_below(DISTANCE, share) == step


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 30, 50, 1000])
def test_key_steps_are_few_and_hold_both_ends(steps):
    chosen = run_figures.key_steps(steps)
    assert chosen[0] == 1
    assert chosen[-1] == steps
    assert len(chosen) == len(set(chosen)) <= 8


def test_events_are_read_from_the_curves_in_the_order_of_the_steps(capture):
    events = run_figures.events(curved(capture, distance=DISTANCE, guidance=ENERGY))
    assert [(event.name, event.step, event.level) for event in events] == [
        ("half", 3, 5.0),
        ("settled", 6, 1.0),
        ("guidance-half", 6, 5.0),
    ]
    assert {event.curve for event in events} == {"distance", "guidance"}


def test_events_and_figures_agree_on_a_capture_of_this_repository(capture):
    figures = {figure.name: figure.value for figure in run_figures.figures(capture)}
    events = run_figures.events(capture)
    assert len(events) == 3
    assert all(figures[event.name] == str(event.step) for event in events)


def test_the_push_of_guidance_is_weighed_by_the_noise_that_it_is_part_of(capture):
    first, second = capture.steps[:2]
    levels = replace(first, sigma=12.0), replace(second, sigma=0.5)
    pushed = replace(curved(capture, distance=(2.0, 1.0), guidance=(0.1, 0.4)), steps=levels)
    assert run_figures.push(pushed) == pytest.approx((1.2, 0.2))
    assert [row[4] for row in run_figures.rows(pushed)] == pytest.approx([1.2, 0.2])
    assert run_figures.push(curved(capture, scale=1.0, distance=(2.0, 1.0))) == ()
    barely = curved(capture, scale=1.5, distance=(2.0, 1.0), guidance=(0.1, 0.4))
    assert len(run_figures.push(barely)) == 2, "every scale above 1 asks twice"


def test_a_run_without_guidance_has_the_events_of_its_distance_alone(capture):
    events = run_figures.events(curved(capture, scale=1.0, distance=DISTANCE))
    assert [event.name for event in events] == ["half", "settled"]


@pytest.mark.parametrize("distance", [(0.0, 0.0, 0.0), (1.0, 0.9, 0.8), (1.0,)])
def test_what_a_curve_does_not_do_is_no_event(capture, distance):
    still = (0.0,) * len(distance)
    assert run_figures.events(curved(capture, distance=distance, guidance=still)) == ()


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
    assert run_figures.lanes(steps, last) == lanes


def test_marks_of_one_row_keep_their_distance_wherever_they_stand():
    for steps in combinations(range(1, 31), 3):
        lanes = run_figures.lanes(steps, 30)
        for one, other in combinations(range(3), 2):
            near = (steps[other] - steps[one]) / 29 < run_figures.TICK_GAP
            assert lanes[one] != lanes[other] or not near


def test_the_sheet_holds_the_ends_and_every_event_in_eight_steps(capture):
    chosen = run_figures.sheet_steps(capture)
    events = {event.step for event in run_figures.events(capture)}
    assert events < set(chosen)
    assert chosen[0] == 1
    assert chosen[-1] == len(capture.steps)
    assert len(chosen) == len(set(chosen)) == 8
    assert set(chosen) - events <= set(run_figures.key_steps(len(capture.steps)))


def test_a_run_without_events_has_its_key_steps_on_the_sheet(capture):
    still = curved(capture, scale=1.0, distance=(1.0,) * 20)
    assert run_figures.sheet_steps(still) == run_figures.key_steps(20)


def test_the_lab_of_step_by_step_opens_with_a_word_that_is_read_on_the_car(materials):
    """By the last step it is read more amid the picture, where the car is, than at its edges."""
    capture = materials.captures[materials.keys[materials.prompt("x.md", "chrome-desert")]]
    word = run_figures.opening_word(capture)
    assert word == "car"
    view = next(view for view in capture.views if view.word == word)
    sheet = np.asarray(Image.open(BytesIO(materials.files[capture.key][view.sheet])).convert("L"))
    left, top = view.place(view.frames - 1)
    width, height = view.frame_size
    map = sheet[top : top + height, left : left + width].astype(float)
    amid = map[height // 4 : -height // 4, width // 5 : -width // 5]
    edge = np.concatenate([map[0], map[-1], map[:, 0], map[:, -1]])
    assert amid.mean() > 2 * edge.mean()


def test_without_a_car_a_lab_opens_with_the_first_longer_word_or_with_none(capture):
    capture = replace(capture, views=tuple(v for v in capture.views if v.word != "car"))
    assert run_figures.opening_word(capture) == "chrome"
    assert run_figures.opening_word(replace(capture, views=())) == ""
