"""Words that change at every step of a run, on a real, tiny pipeline."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny import make_place
from tiny_samples import make_pipeline

from gen.capture import denoise
from gen.measure.kit.rewording import reworded
from gen.study.model.pipeline import generate
from gen.study.scoring.samples import open_pipeline

RED, SNOW, SEED, SIZE, STEPS = "a matte red car", "a chrome car in the snow", 7, (64, 64), 4
HOW = {"steps": STEPS, "guidance_scale": 3.0, "eta": 1.0}


@pytest.fixture(scope="module")
def pipe(tmp_path_factory):
    torch.set_num_threads(1)  # quicker than two at this size
    place = make_place(tmp_path_factory.mktemp("reword"))
    return open_pipeline(make_pipeline(place, "study", 0))


@pytest.fixture(scope="module")
def pictures(pipe):
    return reworded(pipe, RED, SNOW, SEED, SIZE, **HOW)


def near(one, other):
    """A batch adds up in another order than one alone."""
    return np.abs(one.astype(int) - other.astype(int)).max() <= 1


def test_the_ends_are_what_each_prompt_paints_alone(pipe, pictures):
    assert pictures.shape == (STEPS + 1, *SIZE, 3)
    alone = [generate(pipe, [text], [SEED], **HOW, height=64, width=64)[0] for text in (RED, SNOW)]
    assert near(pictures[-1], alone[0]) and near(pictures[0], alone[1])
    assert not near(alone[0], alone[1])


def test_between_them_the_words_change_at_that_very_step(pipe, pictures, tiny_prompt):
    same = HOW | {"seed": SEED, "width": 64, "height": 64}
    prompt = replace(tiny_prompt, text=RED, negative="", scheduler="DDIMScheduler", **same)
    moments = list(denoise.denoise(pipe, prompt))
    for k in range(1, STEPS):
        first = moments[k - 1].latents
        assert near(pictures[k], carried_on(pipe, first, k))


def carried_on(pipe, latents, k):
    """The rest of a run by the second prompt, one picture, one step after another."""
    pipe.scheduler.set_timesteps(STEPS)
    words = pipe.encode_prompt(["", SNOW], pipe.device, 1, False)[0]
    rng = torch.Generator().manual_seed(SEED)
    fresh = [torch.randn(latents.shape, generator=rng) for _ in range(1 + STEPS)][1:]
    with torch.no_grad():
        for t, noise in list(zip(pipe.scheduler.timesteps, fresh, strict=True))[k:]:
            without, told = pipe.unet(torch.cat([latents] * 2), t, words).sample.chunk(2)
            eps = without + 3.0 * (told - without)
            step = pipe.scheduler.step(eps, t, latents, eta=1.0, variance_noise=noise)
            latents = step.prev_sample
        picture = denoise.decode(pipe, latents)[0]
    return (picture.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
