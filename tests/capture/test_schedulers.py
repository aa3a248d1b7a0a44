"""gen/capture/schedulers.py: a folder's scheduler tells of its noise, and of nothing else."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import diffusers  # noqa: E402

from gen import pick  # noqa: E402
from gen.capture import denoise, schedulers  # noqa: E402
from gen.core import refused  # noqa: E402

LEARNED = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
    "timestep_spacing": "leading",
}
KINDS = [(name, False) for name in refused.SCHEDULERS] + [(name, True) for name in refused.KARRAS]


def last(pipe, prompt):
    *_, moment = denoise.denoise(pipe, prompt)
    return moment.latents


@pytest.mark.parametrize(("name", "karras"), KINDS)
def test_a_folders_scheduler_decides_nothing_that_is_the_prompts(pipe, tiny_prompt, name, karras):
    """Nor what its class has no word for: DDIM's own default would clip latents to 1."""
    prompt = replace(tiny_prompt, scheduler=name, karras=karras)
    painted = []
    for scheduler in (
        diffusers.DDIMScheduler(**LEARNED, clip_sample=False),
        diffusers.EulerDiscreteScheduler(**LEARNED),
        diffusers.EulerDiscreteScheduler(**LEARNED, use_karras_sigmas=True, sigma_max=3.0),
        diffusers.DPMSolverMultistepScheduler(
            **LEARNED, algorithm_type="sde-dpmsolver++", solver_order=3, thresholding=True
        ),
    ):
        pipe.scheduler = scheduler
        painted.append(last(pipe, prompt))
    assert all(torch.equal(latents, painted[0]) for latents in painted)


@pytest.mark.parametrize("field", ["beta_end", "steps_offset", "timestep_spacing"])
def test_the_noise_that_a_model_learned_is_its_folders(pipe, tiny_prompt, field):
    other = {"beta_end": 0.02, "steps_offset": 0, "timestep_spacing": "trailing"}[field]
    one, two = (
        (setattr(pipe, "scheduler", diffusers.DDIMScheduler(**learned)), last(pipe, tiny_prompt))[1]
        for learned in (LEARNED, LEARNED | {field: other})
    )
    assert not torch.equal(one, two)


@pytest.mark.parametrize("folder", ["models/study", "shapes/sd15"])
@pytest.mark.parametrize(("name", "karras"), KINDS)
def test_of_the_configs_that_we_ship_nothing_is_lost(pipe, tiny_prompt, folder, name, karras):
    """Kept captures were made by a scheduler that took the whole config."""
    index = f"sources/{folder}/scheduler"
    pipe.scheduler = diffusers.DDIMScheduler.from_pretrained(index)
    more = {"use_karras_sigmas": True} if karras else {}
    more |= {"skip_prk_steps": True} if name == "PNDMScheduler" else {}
    whole = getattr(diffusers, name).from_config(pipe.scheduler.config, **more)
    ours = schedulers.scheduler_of(pipe, replace(tiny_prompt, scheduler=name, karras=karras))
    said = {key: x for key, x in ours.config.items() if key != "_use_default_values"}
    assert said == {key: whole.config[key] for key in said}


def test_ddim_without_a_prompt_is_that_of_one_whatever_the_folders_scheduler(pipe, tiny_prompt):
    """A config that lacks a word of DDIM's would have it clip."""
    asked = schedulers.scheduler_of(pipe, replace(tiny_prompt, scheduler="DDIMScheduler"))
    for scheduler in (pipe.scheduler, diffusers.PNDMScheduler(**LEARNED)):
        pipe.scheduler = scheduler
        ddim = schedulers.ddim(pipe, tiny_prompt.steps)
        assert ddim.config.clip_sample is asked.config.clip_sample is False
        assert torch.equal(ddim.timesteps, asked.timesteps)
        assert torch.equal(ddim.alphas_cumprod, asked.alphas_cumprod)


def test_picks_are_scored_alike_whatever_the_folders_scheduler(pipe, tiny_prompt):
    """Euler's noise would leave latents unscaled, which the U-Net never sees."""
    latents = torch.randn(1, 4, 6, 8, generator=torch.Generator().manual_seed(1))
    scores = []
    for kind in (diffusers.DDIMScheduler, diffusers.EulerDiscreteScheduler):
        pipe.scheduler = kind(**LEARNED)
        scores.append(pick.own_score(pipe, tiny_prompt, latents))
    assert scores[0] == scores[1] != 0
