"""Vectors of two prompts mixed place by place, on a real, tiny pipeline."""

import numpy as np
import pytest
import torch
from tiny import make_place
from tiny_samples import make_pipeline

from gen.measure.kit import swapping
from gen.measure.kit.swapping import GROUPS
from gen.study.scoring.samples import open_pipeline

RED, BLUE = "a glossy red car in the desert", "a glossy blue car in the desert"
HOW = {"steps": 3, "guidance_scale": 2.0, "eta": 1.0}


@pytest.fixture(scope="module")
def pipe(tmp_path_factory):
    torch.set_num_threads(1)  # quicker than two at this size
    place = make_place(tmp_path_factory.mktemp("swap"))
    return open_pipeline(make_pipeline(place, "study", 0))


def test_places_are_told_apart_by_the_word_that_differs(pipe):
    assert swapping.places_of(pipe, RED, BLUE) == {
        "own": [3],
        "later": [4, 5, 6, 7],
        "end": [8],
        "padding": list(range(9, 77)),
    }
    with pytest.raises(AssertionError, match="not as many tokens"):
        swapping.places_of(pipe, RED, "a chrome car in the desert")


def test_each_way_takes_its_places_from_the_second_prompt_and_no_others(pipe):
    first, ways = swapping.mixed(pipe, RED, BLUE)
    second = ways[-1]
    for way, places in zip(ways, swapping.places_of(pipe, RED, BLUE).values(), strict=False):
        others = [place for place in range(77) if place not in places]
        assert torch.equal(way[others], first[others])
        assert torch.equal(way[places], second[places])
    assert torch.allclose(first[:3], second[:3], atol=1e-6), "what comes before knows nothing of it"
    assert not torch.allclose(first[9:], second[9:], atol=1e-6)


def test_a_change_late_leaves_what_came_before(pipe):
    made = swapping.swapped(pipe, RED, BLUE, 1, (64, 64), late=2, **HOW)
    last = swapping.swapped(pipe, RED, BLUE, 1, (64, 64), late=3, **HOW)
    assert made.early.shape == made.late.shape == (len(GROUPS) + 1, 64, 64, 3)
    assert np.array_equal(made.base, last.base) and np.array_equal(made.early, last.early)
    moved = [np.abs(m.astype(int) - made.base).mean() for m in (made.early, made.late, last.late)]
    assert moved[0] > moved[2] and moved[1] > moved[2] > 0


def test_the_base_is_what_the_pipeline_itself_paints(pipe):
    from gen.study.model.pipeline import generate

    made = swapping.swapped(pipe, RED, BLUE, 5, (64, 64), late=2, **HOW)
    texts, size = [RED, BLUE], {"height": 64, "width": 64}
    own = generate(pipe, texts, [5, 5], **HOW, **size)
    assert np.abs(made.base.astype(int) - own[0]).mean() < 1
    assert np.abs(made.early[-1].astype(int) - own[1]).mean() < 1
