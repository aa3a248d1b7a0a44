"""Our loop against the pipeline's own call, on a tiny real one; loading and what it refuses."""

from dataclasses import replace
from functools import wraps

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import diffusers  # noqa: E402
import numpy as np  # noqa: E402

from gen.capture import denoise  # noqa: E402
from gen.capture.schedulers import scheduler_of  # noqa: E402
from gen.core import refused  # noqa: E402

SCHEDULERS = [
    "DDIMScheduler",
    "EulerDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "PNDMScheduler",  # asks the model more often than there are steps
    "HeunDiscreteScheduler",  # likewise
    "EulerAncestralDiscreteScheduler",  # draws noise at each step
]


def call(pipe, prompt, output="latent"):
    """The pipeline's own call."""
    more = {"skip_prk_steps": True} if prompt.scheduler == "PNDMScheduler" else {}
    more |= {"use_karras_sigmas": True} if prompt.karras else {}
    kind = getattr(diffusers, prompt.scheduler)
    pipe.scheduler = kind.from_config(pipe.scheduler.config, **more)
    return pipe(
        prompt.text,
        negative_prompt=prompt.negative,
        num_inference_steps=prompt.steps,
        guidance_scale=prompt.guidance_scale,
        width=prompt.width,
        height=prompt.height,
        generator=torch.Generator().manual_seed(prompt.seed),
        eta=prompt.eta,
        output_type=output,
    ).images


@pytest.mark.parametrize("eta", [0.5, 1.0])
def test_fresh_noise_is_the_pipelines_own(pipe, tiny_prompt, eta):
    prompt = replace(tiny_prompt, scheduler="DDIMScheduler", eta=eta)
    *_, last = denoise.denoise(pipe, prompt)
    *_, plain = denoise.denoise(pipe, replace(prompt, eta=0.0))
    assert torch.equal(last.latents, call(pipe, prompt))
    assert not torch.equal(last.latents, plain.latents)
    *_, (one, _) = denoise.together(pipe, [prompt, replace(prompt, seed=prompt.seed + 1)])
    assert torch.allclose(one.latents, last.latents, atol=1e-4), "each draws its own"


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("guidance_scale", [7.5, 1.0])
def test_the_last_latents_are_the_pipelines_own(pipe, tiny_prompt, scheduler, guidance_scale):
    prompt = replace(tiny_prompt, scheduler=scheduler, guidance_scale=guidance_scale)
    *_, last = denoise.denoise(pipe, prompt)
    assert torch.equal(last.latents, call(pipe, prompt))
    assert (last.effect is None) == (guidance_scale == 1.0)


def test_the_picture_is_the_pipelines_own(pipe, tiny_prompt):
    *_, last = denoise.denoise(pipe, tiny_prompt)
    picture = denoise.decode(pipe, last.latents)  # (1, 3, H, W)
    assert np.array_equal(picture.permute(0, 2, 3, 1).numpy(), call(pipe, tiny_prompt, "np"))


@pytest.mark.parametrize("field", ["negative", "seed", "text", "guidance_scale"])
def test_all_that_is_asked_counts(pipe, tiny_prompt, field):
    other = {"negative": "", "seed": 4, "text": "a red car", "guidance_scale": 3.0}[field]
    (*_, one), (*_, two) = (
        denoise.denoise(pipe, prompt)
        for prompt in (tiny_prompt, replace(tiny_prompt, **{field: other}))
    )
    assert not torch.equal(one.latents, two.latents)


def test_a_run_does_not_depend_on_the_one_before(pipe, tiny_prompt):
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    first, second = ([m.latents for m in denoise.denoise(pipe, prompt)] for _ in range(2))
    assert all(map(torch.equal, first, second))


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("DDIMScheduler", 0.0),
        ("EulerDiscreteScheduler", 1e-5),
        ("EulerAncestralDiscreteScheduler", 1e-5),
        ("HeunDiscreteScheduler", 1e-5),
    ],
)
def test_clean_is_what_the_scheduler_predicts(pipe, tiny_prompt, monkeypatch, name, apart):
    """Wherever the scheduler tells: the last result of its step, pred_original_sample."""
    told, kind = [], getattr(diffusers, name)
    step = kind.step

    @wraps(step)
    def observed(*args, **kwargs):
        gives = step(*args, **kwargs)
        told.append(gives[1])
        return gives

    monkeypatch.setattr(kind, "step", observed)
    moments = list(denoise.denoise(pipe, replace(tiny_prompt, scheduler=name)))
    assert len(moments) == len(told)
    for moment, clean in zip(moments, told, strict=True):
        size = clean.abs().max()
        assert (moment.clean - clean).abs().max() <= apart * size


@pytest.mark.parametrize("karras", [False, True])
def test_clean_is_what_dpm_solver_steps_towards(pipe, tiny_prompt, monkeypatch, karras):
    """DPM-Solver++ works on clean pictures and keeps its last ones."""
    told, kind = [], diffusers.DPMSolverMultistepScheduler
    convert = kind.convert_model_output

    @wraps(convert)
    def observed(*args, **kwargs):
        told.append(convert(*args, **kwargs))
        return told[-1]

    monkeypatch.setattr(kind, "convert_model_output", observed)
    prompt = replace(tiny_prompt, scheduler=kind.__name__, karras=karras)
    moments = list(denoise.denoise(pipe, prompt))
    assert len(moments) == len(told) == 4
    for moment, clean in zip(moments, told, strict=True):
        assert (moment.clean - clean).abs().max() <= 1e-5 * clean.abs().max()


def test_clean_is_where_one_step_of_pndm_to_no_noise_leads(pipe, tiny_prompt):
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    scheduler = scheduler_of(pipe, prompt)
    scheduler.final_alpha_cumprod = torch.tensor(1.0)
    for m in denoise.denoise(pipe, prompt):
        clean = scheduler._get_prev_sample(m.seen, int(m.timestep), -1, m.noise)
        assert (m.clean - clean).abs().max() <= 1e-4 * clean.abs().max()


@pytest.mark.parametrize("name", refused.KARRAS)
def test_karras_noise_levels_are_the_pipelines_own(pipe, tiny_prompt, name):
    plain = replace(tiny_prompt, scheduler=name)
    (*_, even), (*_, spaced) = (
        denoise.denoise(pipe, p) for p in (plain, replace(plain, karras=True))
    )
    assert torch.equal(spaced.latents, call(pipe, replace(plain, karras=True)))
    assert not torch.equal(spaced.latents, even.latents)


@pytest.mark.parametrize("guidance_scale", [7.5, 1.0])
def test_clip_skip_reads_both_texts_at_an_earlier_layer(pipe, tiny_prompt, guidance_scale):
    """As if the text encoder had a layer less."""
    prompt = replace(tiny_prompt, clip_skip=2, guidance_scale=guidance_scale)
    *_, skipped = denoise.denoise(pipe, prompt)
    layers = pipe.text_encoder.encoder.layers
    pipe.text_encoder.encoder.layers = layers[:-1]
    try:
        *_, shorter = denoise.denoise(pipe, replace(prompt, clip_skip=1))
    finally:
        pipe.text_encoder.encoder.layers = layers
    assert torch.equal(skipped.latents, shorter.latents)
    assert not any(module._forward_hooks for module in pipe.text_encoder.modules())
    *_, plain = denoise.denoise(pipe, replace(prompt, clip_skip=1))
    assert not torch.equal(skipped.latents, plain.latents)


def test_steps_are_recorded_not_counted(pipe, tiny_prompt):
    """PLMS asks 5 times for 4 steps, the second timestep twice; sigma belongs to the timestep."""
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    moments = list(denoise.denoise(pipe, prompt))
    assert [moment.timestep for moment in moments] == [751, 501, 501, 251, 1]
    assert prompt.evaluations == len(moments)
    once = replace(prompt, steps=1)
    assert once.evaluations == len(list(denoise.denoise(pipe, once))) == 1
    a = pipe.scheduler.alphas_cumprod
    for moment in moments:
        expected = ((1 - a[int(moment.timestep)]) / a[int(moment.timestep)]) ** 0.5
        assert moment.sigma == pytest.approx(float(expected))


@pytest.mark.parametrize("karras", [False, True])
@pytest.mark.parametrize("name", ["EulerDiscreteScheduler", "DPMSolverMultistepScheduler"])
def test_sigma_is_the_schedulers_own(pipe, tiny_prompt, name, karras):
    prompt = replace(tiny_prompt, scheduler=name, karras=karras)
    kind = getattr(diffusers, name)
    scheduler = kind.from_config(pipe.scheduler.config, use_karras_sigmas=karras)
    scheduler.set_timesteps(prompt.steps)
    moments = list(denoise.denoise(pipe, prompt))
    assert [m.sigma for m in moments] == pytest.approx(scheduler.sigmas[:-1].tolist(), rel=1e-4)
    assert [m.timestep for m in moments] == scheduler.timesteps.tolist()


def test_the_unet_sees_latents_of_unit_variance(pipe, tiny_prompt):
    """Euler's latents start fourteen times larger; what is shown must not depend on that."""
    ddim, euler = (
        next(denoise.denoise(pipe, replace(tiny_prompt, scheduler=name)))
        for name in ("DDIMScheduler", "EulerDiscreteScheduler")
    )
    assert ddim.seen.std() == pytest.approx(1, abs=0.2)
    assert euler.seen.std() == pytest.approx(1, abs=0.2)
