"""Arithmetic on cited figures and on one capture."""

import math

import pytest

from gen import derived

DISTANCE = (10.0, 6.0, 4.0, 0.5, 2.0, 0.5, 0.1)


def test_the_figures_of_the_reference_setup():
    values = {name: figure.value for name, figure in derived.DERIVED.items()}
    assert values == {
        "pixel-values": "786,432",
        "latent-values": "16,384",
        "compression": "48",
        "first-level": "981",
        "prompted-weight": "7.5",
        "unprompted-weight": "6.5",
        "lineage-steps": "1,541k",
        "signal-weight": "0.068",
        "noise-weight": "0.998",
        "blocks": "16",
    }


def test_the_last_level_is_the_one_of_the_scheduler():
    diffusers = pytest.importorskip("diffusers")
    scheduler = diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
    )
    assert math.isclose(derived.last_level(), scheduler.alphas_cumprod[-1].item(), rel_tol=1e-3)


@pytest.mark.parametrize(("share", "step"), [(0.5, 3), (0.1, 6), (0.01, 7), (2.0, 1)])
def test_the_step_after_which_a_curve_stays_below(share, step):
    assert derived.fell_below(DISTANCE, share) == step


def test_the_table_has_a_row_for_each_step_and_nothing_where_nothing_was_guided(monkeypatch):
    monkeypatch.setattr(derived, "rows", lambda capture: ((1, 901.0, 8.39, 0.25, None),))
    assert list(derived.table(None)) == [
        ("step", "timestep", "sigma", "distance", "guidance"),
        ("1", "901.0", "8.39", "0.25", ""),
    ]


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 30, 50, 1000])
def test_key_steps_are_few_and_hold_both_ends(steps):
    found = derived.key_steps(steps)
    assert found[0] == 1
    assert found[-1] == steps
    assert len(found) == len(set(found)) <= 8
