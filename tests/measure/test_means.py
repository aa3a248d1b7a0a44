"""Guesses that are, or are not, the mean of what follows."""

import numpy as np
import pytest
import torch
from known import rows

from gen.measure import means
from gen.measure.kit.endings import Open, endings

STEPS, COUNT = len(means.LOOKS), 8


def opened(at_mean: bool, seed: int) -> Open:
    """Endings around a middle; the guess lies there, or on the first ending."""
    rng = torch.Generator().manual_seed(seed)
    middle = torch.randn((STEPS, 1, 4, 8, 12), generator=rng)
    ends = middle + torch.randn((STEPS, COUNT, 4, 8, 12), generator=rng)
    return Open(middle[:, 0] if at_mean else ends[:, 0].clone(), ends)


def test_a_guess_at_the_mean_lies_no_further_from_it_than_few_endings_leave_open():
    found = rows(means.run([opened(True, seed) for seed in range(3)], b""))
    for look in (1, 24):
        assert found[f"mean-{look}"].value == pytest.approx(found[f"floor-{look}"].value, rel=0.15)
        assert found[f"ending-{look}"].value > 2 * found[f"mean-{look}"].value


def test_a_guess_that_is_one_of_the_endings_lies_far_from_the_mean():
    found = rows(means.run([opened(False, seed) for seed in range(3)], b""))
    assert found["mean-1"].value > 2 * found["floor-1"].value


def test_an_ending_lies_as_far_from_the_mean_of_the_others_as_it_is_spread():
    """By one part in K further than from the whole mean: their own mean has an error, too."""
    rng = torch.Generator().manual_seed(0)
    ends = torch.randn((STEPS, COUNT, 4, 64, 96), generator=rng)
    told = rows(means.run([Open(torch.zeros(STEPS, 4, 64, 96), ends)] * 2, b""))
    wanted = 100 * (1 + 1 / (COUNT - 1)) ** 0.5
    assert told["ending-1"].value == pytest.approx(wanted, rel=0.01)
    assert told["mean-1"].value == pytest.approx(100 * COUNT**-0.5, rel=0.02)


def test_every_prompt_is_carried_on_from_every_step(made, project):
    found = made(means).handed["found"]
    assert len(found) == means.PROMPTS
    for one in found:
        assert one.guesses.shape[:1] == (len(means.LOOKS),)
        assert one.endings.shape[:2] == (len(means.LOOKS), means.COUNT)
        apart = one.endings.flatten(2).std(1).mean(-1)
        assert apart[0] > apart[-1] > 0, "what is left open shrinks"
    assert "means-strip.webp" in {name for name, _ in made(means).measurement.digests}


def test_the_last_step_ends_where_the_painting_ends_and_the_same_again(project):
    looks = (means.STEPS - 1,)
    once, again = (endings(project.pipe, "a car", 0, looks, 2, means.STEPS, 1.0) for _ in range(2))
    assert np.array_equal(once.endings.numpy(), again.endings.numpy())
    assert once.endings.shape[2:] == (4, *project.pipe.unet.config.sample_size)
