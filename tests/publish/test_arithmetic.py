"""Arithmetic on cited figures."""

import math

import pytest

from gen.publish import arithmetic


def test_the_figures_of_the_reference_setup():
    values = {name: figure.value for name, figure in arithmetic.DERIVED.items()}
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
    assert math.isclose(arithmetic.last_level(), scheduler.alphas_cumprod[-1].item(), rel_tol=1e-3)
