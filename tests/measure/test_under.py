"""What may lie under the noise, where it is known."""

import numpy as np
import pytest
import torch
from known import rows

from gen.measure import under
from gen.measure.under import FLOOR, GUESS, RENDERS, Noisy

MANY = 8


def noisy(renders: float, guess: float) -> Noisy:
    """As far off at every step, and one render less at each."""
    steps = len(under.LOOKS)
    left = np.repeat(np.arange(steps, 0, -1.0)[:, None], MANY, 1)
    far = {
        name: np.full((steps, MANY), v)
        for name, v in ((RENDERS, renders), (GUESS, guess), (FLOOR, 1.2))
    }
    return Noisy(left, far, spread=2.0, count=300)


def test_rows_count_renders_and_set_each_way_beside_the_truth():
    measured = under.run(noisy(renders=1.0, guess=0.6), {})
    found = rows(measured)
    assert [found[f"left-{look + 1}"].value for look in under.LOOKS] == [7, 6, 5, 4, 3, 2, 1]
    last = under.LOOKS[-1] + 1
    assert found[f"renders-{last}"].value == pytest.approx(50)
    assert found[f"guess-{last}"].value == pytest.approx(30)
    assert found[f"floor-{last}"].value == pytest.approx(60)
    assert found[f"nearer-{last}"].value == pytest.approx(20)
    assert found[f"gained-{last}"].value == pytest.approx(10)
    assert f"one of {2 * len(under.LOOKS)} comparisons" in found[f"nearer-{last}"].note
    assert "300 renders" in measured.method and f"{MANY} of" in measured.method


def test_every_render_is_noised_and_held_against_the_others_alone(made, project):
    found = made(under).handed["noisy"]
    others = len(project.unseen.scenes) - 1
    assert found.count == others + 1
    assert found.left.shape == (len(under.LOOKS), under.NOISED)
    assert (found.left >= 1).all() and (found.left <= others).all()
    assert {values.shape for values in found.far.values()} == {found.left.shape}
    assert {"under-strip.webp", "under-ends.webp"} <= {
        name for name, _ in made(under).measurement.digests
    }


def test_the_mean_of_renders_never_takes_in_the_one_that_is_noised(project):
    """At hardly any noise it alone would be left, and the mean were no guess."""
    clean = torch.randn(5, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    look = under._looked(project.pipe, clean, own=2, seed=0)
    assert look.likely.shape == (len(under.LOOKS), 5)
    assert look.likely[:, 2].tolist() == [0] * len(under.LOOKS)
    assert look.likely.sum(1).tolist() == pytest.approx([1] * len(under.LOOKS))


def test_without_renders_the_command_that_makes_them_is_named(project, tmp_path):
    from dataclasses import replace

    assert "run python -m gen study render" in replace(project, cache=tmp_path).missing("unseen")
