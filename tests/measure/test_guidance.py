"""Pictures whose clipping and diversity are known."""

import numpy as np
import pytest
from known import Told, accuracies, noise, rows

from gen.measure import guidance


def test_clipped_values_and_diversity():
    grey = np.full((4, 32, 48, 3), 100, np.uint8)
    grey[1::2] += 20  # two noises of each prompt, 20 levels apart
    half = grey.copy()
    half[:, :16] = 255
    found = rows(guidance.run({8.0: half, 1.0: grey}, list("aabb"), ["mirror"] * 4))
    assert found["generated-clipped-1"].value == 0
    assert found["generated-clipped-8"].value == 50
    assert found["generated-diversity-1"].value == pytest.approx(20)
    assert found["generated-diversity-8"].value == pytest.approx(20 / 2**0.5, abs=0.01)
    assert "generated-finish-1" not in found


def test_the_finish_asked_for_is_judged():
    pictures = noise(4)
    judges = Told(
        accuracies(0.95, "finish", "mask"), finish=["mirror", "mirror", "matte", "mirror"]
    )
    given = {2.0: pictures}, list("aabb"), ["mirror"] * 4, judges, (pictures, ["mirror"] * 4)
    found = rows(guidance.run(*given))
    assert found["generated-finish-2"].value == found["renders-finish-2"].value == 75
    assert "renders-diversity-2" not in found
    judges.accuracies = accuracies(0.5, "finish", "mask")
    found = rows(guidance.run(*given))
    assert found["generated-finish-2"].value is None
    assert "0.50: not used" in found["generated-near-white-2"].note


def test_prompts_with_one_picture_have_no_diversity():
    assert len(guidance.diversity(noise(2), ["a", "b"])) == 0
