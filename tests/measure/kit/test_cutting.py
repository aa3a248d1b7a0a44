"""Places kept apart while a network runs."""

import pytest
import torch
from tiny import make_place
from tiny_samples import make_pipeline

from gen.measure.kit import cutting
from gen.study.scoring.samples import open_pipeline


@pytest.fixture(scope="module")
def unet(tmp_path_factory):
    torch.set_num_threads(1)  # quicker than two at this size
    place = make_place(tmp_path_factory.mktemp("cut"))
    return open_pipeline(make_pipeline(place, "study", 0)).unet


def halves(n=1):
    share = torch.zeros(n, 8, 8)
    share[:, :, :4] = 1
    return share


def through(attention, states, **more):
    with torch.no_grad():
        return attention(states, **more)


def test_across_the_border_nothing_is_seen_and_on_either_side_all_is(unet):
    attention = next(iter(cutting.self_attention(unet).values()))
    states = torch.randn(1, 16, 16)  # a grid of 4 x 4
    moved = states.clone()
    moved[:, 3] += 1  # the right end of the first row
    left = torch.tensor([row * 4 + column for row in range(4) for column in (0, 1)])
    right = torch.tensor([row * 4 + column for row in range(4) for column in (2, 3)])
    with cutting.cut(unet, halves()):
        before, after = through(attention, states), through(attention, moved)
    assert torch.equal(before[:, left], after[:, left])
    assert (before[:, right] != after[:, right]).any(-1).all()
    assert not torch.equal(through(attention, states)[:, left], before[:, left]), "cut no more"


def test_a_picture_without_a_border_is_as_it_would_be(unet):
    latents, words = torch.randn(2, 4, 8, 8), torch.randn(2, 77, 16)
    with torch.no_grad():
        plain = unet(latents, 500, encoder_hidden_states=words).sample
        with cutting.cut(unet, torch.ones(1, 8, 8)):
            whole = unet(latents, 500, encoder_hidden_states=words).sample
        with cutting.cut(unet, halves()):
            cut = unet(latents, 500, encoder_hidden_states=words).sample
    assert torch.allclose(plain, whole, atol=1e-5)
    assert not torch.allclose(plain, cut, atol=1e-3)


def test_both_halves_of_a_batch_are_cut_alike():
    barred = cutting._barred(torch.stack([halves()[0], torch.ones(8, 8)]), torch.zeros(4, 16, 1))
    assert torch.equal(barred[:2], barred[2:])
    assert barred[0].isinf().any() and not barred[1].any()
