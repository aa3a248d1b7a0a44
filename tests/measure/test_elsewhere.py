"""Changes put where they are known to be."""

import numpy as np
import pytest
from known import box, noise, rows

from gen.measure import elsewhere
from gen.measure.elsewhere import Both

N = 12


def both(on_body=0, off_body=40):
    """Pairs that change by so many levels on the block of bodywork, and beside it."""
    first = np.minimum(noise(N, seed=1), 200)
    masks = box(N)
    second = np.where((masks >= 128)[..., None], first + on_body, first + off_body)
    return Both(np.stack([first, second.astype(np.uint8)], 1), np.stack([masks, masks], 1))


def test_a_change_beside_the_car_is_none_of_it():
    found = rows(elsewhere.run({"chrome": both(), "matte": both(40, 40)}, {}))
    assert found["chrome"].value == 0 and found["chrome-area"].value == 25
    assert found["matte"].value == pytest.approx(25) and found["matte-times"].value == 1
    assert found["matte-pixel"].value == pytest.approx(1)


def test_chrome_is_set_against_others_noise_by_noise():
    found = rows(elsewhere.run({"chrome": both(40), "glossy": both(20), "matte": both(0)}, {}))
    assert found["chrome-pixel"].value == 1 and found["glossy-pixel"].value == 0.25
    assert found["chrome-more-than-matte"].value == pytest.approx(1)
    assert "one of 2 comparisons" in found["chrome-more-than-matte"].note
    assert "chrome-more-than-chrome" not in found


def test_renders_have_their_own_rows_and_need_no_judge():
    found = rows(elsewhere.run({"chrome": both(40)}, {"chrome": both(20)}, "the judge is bad"))
    assert found["chrome"].value is None and found["chrome"].note == "the judge is bad"
    assert found["chrome-rendered-pixel"].value == 0.25


def test_the_same_two_prompts_come_again_after_a_period(monkeypatch):
    asked = elsewhere.texts("chrome")
    for n, pair in enumerate(asked[: -elsewhere.PERIOD]):
        assert asked[n + elsewhere.PERIOD] == pair
    assert len(set(asked)) == elsewhere.PERIOD and elsewhere.NOISES % elsewhere.PERIOD == 0
    assert all(a != b for a, b in asked)


def test_prompts_that_come_again_make_no_interval_narrower():
    """Fifty noises of ten prompts that change alike say as much as ten."""
    changes = np.linspace(0, 40, elsewhere.PERIOD)
    ten = [both(change).pictures[0] for change in changes]
    masks = np.stack([box(1), box(1)], 1)
    many = Both(np.stack(ten * 5), masks.repeat(50, 0))
    few = Both(np.stack(ten), masks.repeat(10, 0))
    found, alone = (rows(elsewhere.run({"chrome": some}, {}))["chrome"] for some in (many, few))
    assert (found.value, found.low, found.high) == (alone.value, alone.low, alone.high)
    assert "50 pictures of 10 prompts" in found.note


def test_paints_share_worlds_and_views_and_ask_for_nothing_that_training_never_saw():
    from tiny import ROOT

    from gen.study.recipe.whole import read_recipe
    from gen.study.world.captions import understood

    recipe = read_recipe(ROOT / "sources/study.yml").render
    scenes = {}
    for car in elsewhere.CARS:
        said = [understood(text, recipe) for pair in elsewhere.texts(car) for text in pair]
        assert not any(c.items() <= each.items() for c in recipe.held_out for each in said)
        scenes[car] = [(each["world"], each["view"]) for each in said]
    assert len({str(s) for s in scenes.values()}) == 1


# ---- what is painted from what, on the tiny project -------------------------------------------


def test_both_worlds_of_every_paint_are_painted_from_one_noise(made, project):
    result = made(elsewhere)
    runs = {name: run for name, run in result.generations.items()}
    assert set(runs) == {f"elsewhere-{car}" for car in elsewhere.CARS}
    assert {run.seeds for run in runs.values()} == {(1, 1, 2, 2, 3, 3)}
    for car, painted in result.handed["painted"].items():
        run = runs[f"elsewhere-{car}"]
        assert list(zip(run.prompts[::2], run.prompts[1::2], strict=True)) == elsewhere.texts(car)
        assert np.array_equal(painted.pictures[1, 1], run.pictures[3])
        assert np.array_equal(painted.bodies[1, 1], project.masks(run.pictures)[3])
