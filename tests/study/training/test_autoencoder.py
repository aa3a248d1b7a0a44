"""gen/study/training/autoencoder.py: scores."""

import numpy as np
import pytest

from gen.study.training.autoencoder import compared


def test_scores_know_bodies_from_the_rest():
    wanted = np.full((2, 32, 32, 3), 100, np.uint8)
    bodies = np.zeros((2, 32, 32), np.uint8)
    bodies[:, :16] = 255
    got = wanted.copy()
    got[:, 16:] += 10
    found = compared(wanted, got, bodies)
    assert found.body_psnr > 90 and found.psnr == pytest.approx(31.14, abs=0.01)


def test_edges_are_compared_on_bodies_alone():
    rng = np.random.default_rng(0)
    wanted = rng.integers(0, 255, (1, 16, 16, 3)).astype(np.uint8)
    bodies = np.zeros((1, 16, 16), np.uint8)
    bodies[:, :8] = 255
    flat, half = wanted.copy(), wanted.copy()
    flat[:, 9:] = 0  # the first row below the body is its neighbour
    half[:, :9] = (wanted[:, :9].astype(int) + 255) // 2
    assert compared(wanted, flat, bodies).body_edges == pytest.approx(1)
    assert compared(wanted, half, bodies).body_edges == pytest.approx(0.5, abs=0.02)
