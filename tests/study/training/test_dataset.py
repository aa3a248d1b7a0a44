"""gen/study/training/dataset.py: what is held out, what a step draws."""

import numpy as np
import pytest
from tiny import recipe_of, renders_of

from gen.core.errors import BadInput
from gen.study.training import dataset


def test_what_is_held_out_is_never_in_a_batch(place):
    renders = renders_of(place)
    seeds = [renders.scenes[i].seed for i in renders.trained]
    assert not [seed for seed in seeds if seed % 20 == 0]
    assert 3 not in seeds, "seed 3 shows a held-out combination"
    assert [renders.scenes[i].seed for i in renders.held_out] == [0, 60]
    asked = dataset.shuffled(7, renders.trained, 0, 3 * len(renders.trained))
    assert sorted(asked) == sorted([*renders.trained] * 3), "each comes as often as the others"


def test_crops_stay_inside_and_seek_the_body():
    body = np.zeros((2000, 64, 96), np.uint8)
    body[:, 40:48, 80:88] = 255
    found = list(dataset.corners(np.random.default_rng(0), body, 32, 0.9))
    assert {y % 8 for y, _ in found} == {x % 8 for _, x in found} == {0}
    assert all(0 <= y <= 32 and 0 <= x <= 64 for y, x in found)
    inside = [y <= 40 < y + 32 and x <= 80 < x + 32 for y, x in found]
    assert np.mean(inside) > 0.85


def test_no_renders_is_an_error(place):
    with pytest.raises(BadInput, match="no renders of format"):
        dataset.read_renders(place, recipe_of(place).render, 20)


def test_renders_of_scenes_that_the_recipe_no_longer_draws_are_refused(place):
    study = place / "study.yml"
    text = study.read_text("utf-8")
    renders_of(place)
    assert text.count("weight: 0.36") == 1
    study.write_text(text.replace("weight: 0.36", "weight: 0.63"), "utf-8")
    says = r"renders-3-0000000\.npz: seed \d+ shows another scene .* raise render > format above 3"
    with pytest.raises(BadInput, match=says):
        renders_of(place)
    study.write_text(text.replace("brushed {colour}", "streaky {colour}"), "utf-8")
    renders_of(place)  # captions draw nothing
