"""gen/capture/unfit.py: what would end hours of work is refused before the first step of it."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import diffusers  # noqa: E402
import numpy as np  # noqa: E402

from gen.capture import batch, plan, schedulers, sheets, unfit  # noqa: E402
from gen.core import refused, store  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402
from gen.core.sources import LatentMap  # noqa: E402

KINDS = [(name, False) for name in refused.SCHEDULERS] + [(name, True) for name in refused.KARRAS]


@pytest.mark.parametrize(
    ("name", "size", "most"),
    [
        ("DDIMScheduler", (512, 512), 504),
        ("PNDMScheduler", (512, 512), 503),  # which has a moment more
        ("DDIMScheduler", (512, 768), 336),
        ("DDIMScheduler", (2048, 2048), 503),  # latents as tall as frames, and one more of them
    ],
)
def test_frames_that_no_sheet_holds_are_refused(pipe, tiny_prompt, name, size, most):
    width, height = size
    prompt = replace(tiny_prompt, scheduler=name, width=width, height=height, steps=most)
    unfit.refuse_unfit(pipe, prompt)
    with pytest.raises(BadInput, match=rf"^chrome-tiny: the frames of {most + 1} .* take {most} "):
        unfit.refuse_unfit(pipe, replace(prompt, steps=most + 1))


def test_the_tallest_sheet_that_is_let_through_can_be_written():
    width, height = 64, 2048
    most = sheets.most_steps(width, height, 8)
    frames = np.zeros((most, height, width, 3), np.uint8)
    view, webp = sheets.sheet(sheets.Frames("clean", frames), {})
    assert view.place(most - 1)[1] + height <= sheets.TALLEST and webp


@pytest.mark.parametrize(("name", "karras"), KINDS)
@pytest.mark.parametrize("spacing", ["leading", "linspace", "trailing"])
def test_whatever_number_of_steps_is_let_through_can_be_taken(
    pipe, tiny_prompt, name, karras, spacing
):
    """From a guess of no noise; the noise levels alone decide whether numbers come of it."""
    learned = {"timestep_spacing": spacing, "steps_offset": 1, "num_train_timesteps": 40}
    pipe.scheduler = diffusers.DDIMScheduler(**learned, beta_end=0.2)
    taken = []
    for steps in range(30, 42):
        prompt = replace(tiny_prompt, scheduler=name, karras=karras, steps=steps)
        if schedulers.steps_apart(pipe, prompt):
            scheduler, x = schedulers.scheduler_of(pipe, prompt), torch.ones(1, 4, 2, 2)
            for t in scheduler.timesteps:
                x = scheduler.step(0.1 * x, t, x, return_dict=False)[0]
            assert x.isfinite().all(), steps
            taken.append(steps)
        else:
            with pytest.raises(
                BadInput, match=rf"^chrome-tiny: {steps} steps are more than {name}"
            ):
                unfit.refuse_unfit(pipe, prompt)
    assert 30 in taken and 40 not in taken


def test_own_prompts_of_a_model_are_not_cut_in_silence(tiny_project, pipe, jobs):
    """Before anything is painted, by the run and by its plan; once colours are kept, not again."""
    prompt, model = jobs[0]
    long = replace(model, latent_map=LatentMap(("red " * 76 + "zebra",), 2))
    for refusing in (
        lambda model: batch.capture_all(tiny_project, [(prompt, model)], lambda _: pipe, print),
        lambda model: plan.plan(tiny_project, [(prompt, model)], lambda _: pipe),
    ):
        with pytest.raises(
            BadInput, match=r"^tiny: text .* in sources/models.yml > latent_map .*a"
        ):
            refusing(long)
    assert store.keys(tiny_project) == store.model_keys(tiny_project) == ()
