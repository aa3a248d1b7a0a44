"""gen/study/training/losses.py: what an error of the autoencoder costs."""

import pytest
import torch
from tiny import ROOT

from gen.study.recipe.whole import read_recipe
from gen.study.training.losses import errors

WHOLE = read_recipe(ROOT / "sources/study.yml").train.autoencoder
RECIPE = WHOLE.model_copy(update={"gradient": 0.0, "chroma": 2.0})


def even(red: float, green: float, blue: float) -> torch.Tensor:
    """The same error in every pixel: (1, 3, 16, 16)."""
    return torch.tensor([red, green, blue]).reshape(1, 3, 1, 1).expand(1, 3, 16, 16)


@pytest.mark.parametrize(
    ("error", "opponents"),
    [
        ((0.3, 0.3, 0.3), (0, 0)),
        ((0.3, -0.3, 0.0), (0.6, 0)),
        ((0.0, 0.0, 0.3), (0, 0.3)),
        ((0.1, 0.3, 0.2), (-0.2, 0)),
    ],
)
def test_an_error_of_colour_costs_more_than_one_of_brightness(error, opponents):
    """Red against green, blue against the mean of both; each pixel by pixel and pooled."""
    chroma = sum(map(abs, opponents)) / 2
    pixels = sum(map(abs, error)) / 3
    assert float(errors(even(*error), RECIPE)) == pytest.approx(pixels + 2.0 * 2 * chroma)


def test_colours_that_cancel_within_a_latent_cost_half_of_those_that_do_not():
    flat = even(0.3, -0.3, 0.0)
    mixed = flat.clone()
    mixed[..., ::2] *= -1
    bare = RECIPE.model_copy(update={"chroma": 0.0})
    costs = [float(errors(e, RECIPE) - errors(e, bare)) for e in (flat, mixed)]
    assert costs[0] == pytest.approx(2 * costs[1])


def test_an_edge_costs_its_height_across_and_down():
    step = torch.zeros(1, 3, 16, 16)
    step[..., 8:] = 0.5  # one difference in fifteen
    graded = RECIPE.model_copy(update={"gradient": 3.0})
    for error in (step, step.transpose(-1, -2)):
        edges = float(errors(error, graded) - errors(error, RECIPE))
        assert edges == pytest.approx(3.0 * 0.5 / 15, rel=1e-4)
