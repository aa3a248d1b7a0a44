"""Bodies painted into a known world: changes of known size in known places."""

import io

import numpy as np
import pytest
from known import box, noise, rows
from PIL import Image

from gen.measure import repaint
from gen.measure.kit import bodies
from gen.measure.kit.two_worlds import FINISHES, Pairs


def painted(n=6, looks=2, share=0.5, cars=noise):
    """Cars whose painted change is a share of the true one; nothing else is painted."""
    truth = cars(2 * n, seed=3).reshape(n, 2, 32, 48, 3)
    middle = truth.mean(1, keepdims=True)
    made = middle + share * (truth - middle)
    down = np.linspace(80, -80, 32)[:, None] + np.linspace(-2.5, 2.5, 48)  # no height is left out
    bands = np.repeat(down[None], n, 0)
    up = np.stack([np.cos(np.radians(bands)), 0 * bands, np.sin(np.radians(bands))], -1)
    pairs = Pairs(((None, None),) * n, truth, box(n), up.astype(np.float32))
    looks = np.repeat(made.round().astype(np.uint8)[:, None], looks, 1)
    even = np.full(truth.shape, 128, np.float32)
    return repaint.Repainted(pairs, looks, truth, even, even + truth / 10)


def test_half_the_change_in_the_right_places_has_slope_one_half_and_correlation_one():
    found = rows(repaint.run({"mirror": painted()}))
    assert found["mirror-slope-painted"].value == pytest.approx(0.5, abs=0.01)
    assert found["mirror-correlation-painted"].value == pytest.approx(1, abs=0.001)
    assert found["mirror-slope-coarse-painted"].value == pytest.approx(0.5, abs=0.01)
    assert found["mirror-slope-fine-painted"].value == pytest.approx(0.5, abs=0.01)
    assert found["mirror-slope-ceiling"].value == 1 and found["mirror-error-ceiling"].value == 0
    assert found["mirror-slope-painted"].n == 6, "cars, not noises"


def test_floors_know_nothing_of_the_car():
    found = rows(repaint.run({"mirror": painted()}))
    for floor in ("turned", "another", "typical"):
        assert abs(found[f"mirror-correlation-{floor}"].value) < 0.1
    assert "mirror-slope-other-world" not in found, "its change is the true one backwards"
    assert found["mirror-error-other-world"].value > found["mirror-error-painted"].value
    assert found["mirror-gain"].value == pytest.approx(1, abs=0.1)
    assert found["mirror-gain-fine"].value == pytest.approx(1, abs=0.1)
    assert found["mirror-correlation-tinted"].value == pytest.approx(1, abs=0.01)
    assert found["mirror-gain-tinted"].value == pytest.approx(0, abs=0.01), "it has its pattern"
    assert "one of 18 comparisons" in found["mirror-gain-tinted-coarse"].note
    assert found["mirror-spread-painted"].value == pytest.approx(0.5, abs=0.01)


def test_mirrors_are_set_against_others_car_by_car():
    found = rows(repaint.run({"mirror": painted(), "matte": painted(share=0.0)}))
    assert found["mirror-less-matte"].value == pytest.approx(1, abs=0.01)
    assert "mirror-less-mirror" not in found and "matte-degrees-painted" not in found


def test_bands_painted_too_high_are_that_many_degrees_off(monkeypatch):
    monkeypatch.setattr(bodies, "LEAST", 2)  # pixels of a degree: this body is small
    result = painted(share=1.0, cars=lambda n, seed: np.zeros((n, 32, 48, 3), np.uint8))
    heights = np.degrees(np.arcsin(result.pairs.reflection[0, ..., 2]))
    result.pairs.pictures[:] = np.where(heights > 0, 200, 40)[..., None]
    result.painted[:] = np.where(heights > 9, 200, 40)[..., None]
    found = rows(repaint.run({"mirror": result}))
    assert found["mirror-degrees-painted"].value == pytest.approx(9, abs=1.5)
    assert found["mirror-degrees-ceiling"].value == 0


def test_the_brightest_place_is_off_by_the_degrees_between_where_both_look():
    result = painted(share=1.0, cars=lambda n, seed: np.zeros((n, 32, 48, 3), np.uint8))
    result.pairs.bodies[:] = 255  # the bands of a row are one height each
    result.pairs.pictures[:, :, 10], result.painted[:, :, :, 14] = 255, 255
    looks = np.degrees(np.arcsin(result.pairs.reflection[0, :, 0, 2]))
    found = rows(repaint.run({"mirror": result}))
    off = found["mirror-brightest-painted"].value
    assert off == pytest.approx(looks[10] - looks[14], abs=0.5) and off > 15
    assert "matte-brightest-painted" not in rows(repaint.run({"matte": result}))


def test_cars_that_do_not_change_are_left_out():
    result = painted(n=3)
    result.pairs.pictures[0, 1] = result.pairs.pictures[0, 0]
    found = rows(repaint.run({"mirror": result}))
    assert found["mirror-slope-painted"].n == found["mirror-correlation-painted"].n == 2
    assert found["mirror-error-painted"].n == 3


def test_the_middle_mirror_lies_over_its_truth_and_apart_by_what_was_painted_wrong():
    made = repaint.run({"mirror": painted(share=1.0)}).pictures
    true, wrong = (_opened(made[f"{name}_b.webp"]) for name in ("true", "difference"))
    assert true.max() > 200 and wrong.max() <= 3, "the true body, as it was painted"
    short = repaint.run({"mirror": painted(share=0.0)}).pictures
    assert _opened(short["difference_a.webp"]).mean() > 5


def _opened(webp):
    return np.asarray(Image.open(io.BytesIO(webp)))


# ---- what is painted from what, on the tiny project -------------------------------------------


def test_every_finish_is_painted_on_the_same_cars_into_both_worlds(made, project):
    handed = made(repaint).handed["by_finish"]
    assert tuple(handed) == FINISHES
    cars = {f: [(a.body, b.world) for a, b in r.pairs.scenes] for f, r in handed.items()}
    assert cars["mirror"] == cars["glossy"] == cars["matte"]
    for result in handed.values():
        n, looks, worlds = result.painted.shape[:3]
        assert (n, looks, worlds) == (len(result.pairs.scenes), repaint.NOISES, 2)
        assert not np.array_equal(result.painted[:, 0], result.painted[:, 1]), "other noises"


def test_words_name_the_paint_and_no_world(made, project):
    recipe = project.recipe.render
    from gen.study.world.captions import understood

    for finish, result in made(repaint).handed["by_finish"].items():
        for here, _ in result.pairs.scenes:
            said = understood(repaint._words(here, recipe), recipe)
            assert said == {"finish": finish, "colour": here.material.colour}


def test_what_is_held_tells_nothing_of_the_true_body(made, project):
    result = made(repaint).handed["by_finish"]["mirror"]
    pictures, bodies = result.pairs.pictures.copy(), result.pairs.bodies
    known, free = repaint._held(project.pipe.vae, pictures, bodies)
    swapped = np.where(bodies[:, None, ..., None] == 255, pictures[:, ::-1], pictures)
    again, _ = repaint._held(project.pipe.vae, swapped, bodies)
    assert np.array_equal(known.numpy(), again.numpy()), "bodies swapped between the worlds"
    assert free.any() and not free.all()
