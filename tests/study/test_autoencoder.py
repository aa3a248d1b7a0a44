"""gen/study/autoencoder.py: scores."""

import numpy as np
import pytest

from gen.study.autoencoder import compared


def test_scores_know_bodies_from_the_rest():
    wanted = np.full((2, 32, 32, 3), 100, np.uint8)
    bodies = np.zeros((2, 32, 32), np.uint8)
    bodies[:, :16] = 255
    got = wanted.copy()
    got[:, 16:] += 10
    found = compared(wanted, got, bodies)
    assert found.body_psnr > 90 and found.psnr == pytest.approx(31.14, abs=0.01)
