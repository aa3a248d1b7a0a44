"""gen/study/training/diffusion.py: batches of noised latents."""

import numpy as np
import torch
from tiny import recipe_of, renders_of, trained

from gen.study.training.diffusion import PipelineStage


def test_every_process_draws_a_batch_of_its_own(place):
    stage = stage_of(place)
    x = stage.batch(2, 0, 1)[0]
    other = stage.batch(2, 1, 2)[0]
    assert x.shape == (4, 4, 8, 8) and not torch.equal(x, other)


def test_the_first_steps_see_twice_as_many_halved_pictures(place):
    stage = stage_of(place)
    x, t, eps, ids, weight = stage.batch(1, 0, 1)
    assert x.shape == eps.shape == (8, 4, 4, 4)
    assert len(t) == len(ids) == 8 and weight.shape == (8, 1, 4, 4)


def test_a_halved_picture_is_the_mean_of_its_pixels(place):
    stage, renders = stage_of(place), renders_of(place)
    squares = renders.bodies.reshape(len(renders.bodies), 4, 16, 4, 16).mean((2, 4)) / 255
    assert abs(stage.halved.bodies[:, 0] - squares).max() < 1e-6
    assert abs(stage.halved.bodies[:, 1] - squares[..., ::-1]).max() < 1e-6


def test_other_pictures_under_a_shard_s_name_have_other_latents(place):
    before = stage_of(place).whole.values
    path = sorted((place / "renders").glob("*.npz"))[0]
    with np.load(path, allow_pickle=False) as shard:
        arrays = dict(shard)
    arrays["picture"] = 255 - arrays["picture"]
    np.savez_compressed(path, **arrays)
    after = stage_of(place).whole.values
    assert not np.array_equal(after[:20], before[:20]) and np.array_equal(after[20:], before[20:])


def stage_of(place) -> PipelineStage:
    if not (place / "work").exists():
        trained("autoencoder", place, "work", steps=1)
    given = (recipe_of(place).train, renders_of(place), place / "work")
    return PipelineStage(*given, None, torch.device("cpu"))
