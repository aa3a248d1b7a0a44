"""Which of known pictures lies under a noise that is known."""

import pytest
import torch

from gen.measure.kit.posterior import as_many, weights


def test_weights_are_those_of_bayes_rule_over_normal_noise():
    known = torch.tensor([[[0.0, 0.0]], [[3.0, 1.0]], [[-1.0, 2.0]]])
    noisy, signal, noise = torch.tensor([[[0.4, -0.2]], [[1.0, 1.0]]]), 0.6, 0.8
    normal = torch.distributions.Normal(signal * known.double(), noise)
    by_hand = torch.stack([normal.log_prob(x.double()).sum((1, 2)).exp() for x in noisy])
    by_hand /= by_hand.sum(1, keepdim=True)
    assert weights(noisy, known, signal, noise) == pytest.approx(by_hand, rel=1e-9)


def test_noise_alone_leaves_all_and_none_leaves_the_picture_itself():
    known = torch.randn(9, 4, 48, 32, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(1, 4, 48, 32, generator=torch.Generator().manual_seed(1))
    every = weights(noise, known, 0.0, 1.0)
    assert every == pytest.approx(torch.full((1, 9), 1 / 9, dtype=torch.double))
    one = weights(0.9 * known[4:5] + 0.1 * noise, known, 0.9, 0.1)
    assert one[0].argmax() == 4 and float(one[0, 4]) == pytest.approx(1)
    assert as_many(torch.cat([every, one])).tolist() == pytest.approx([9, 1])


def test_two_that_are_as_likely_count_as_two():
    assert as_many(torch.tensor([[0.5, 0.5, 0.0]])).tolist() == pytest.approx([2])
