"""Which of many known pictures may lie under a noisy one, if there were no others."""

import torch
from torch import Tensor


def weights(noisy: Tensor, known: Tensor, signal: float, noise: float) -> Tensor:
    """How likely each of N known latents lies under each of M noisy ones: (M, N), rows sum to 1.

    `noisy` (M, ...) are `signal` times a latent and `noise` times normal noise; `known` (N, ...)
    were as likely as each other before. In double precision: distances are sums over thousands of
    values, and their differences decide.
    """
    x, z = noisy.flatten(1).double(), known.flatten(1).double() * signal
    squares = x.pow(2).sum(1)[:, None] - 2 * x @ z.T + z.pow(2).sum(1)[None]
    return torch.softmax(-squares / (2 * noise**2), dim=1)


def as_many(likely: Tensor) -> Tensor:
    """How many pictures, all as likely, leave as much open as each row of (M, N) does: (M,).

    The exponential of its entropy: N where all are as likely, 1 where one is left.
    """
    return torch.exp(torch.special.entr(likely).sum(1))
