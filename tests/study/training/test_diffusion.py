"""gen/study/training/diffusion.py: batches of noised latents."""

import numpy as np
import pytest
import torch
from tiny import recipe_of, renders_of, trained

from gen.study.training.diffusion import PipelineStage
from gen.study.training.examples import Order
from gen.study.training.train import stage_for


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
    shares = stage.examples.halved.bodies.float().numpy()
    assert abs(shares[:, 0] - squares).max() < 1e-3
    assert abs(shares[:, 1] - squares[..., ::-1]).max() < 1e-3


def test_other_pictures_under_a_shard_s_name_have_other_latents(place):
    before = stage_of(place).examples.whole.values
    path = sorted((place / "renders").glob("*.npz"))[0]
    with np.load(path, allow_pickle=False) as shard:
        arrays = dict(shard)
    arrays["picture"] = 255 - arrays["picture"]
    np.savez_compressed(path, **arrays)
    after = stage_of(place).examples.whole.values
    assert not after[:20].equal(before[:20]) and after[20:].equal(before[20:])


def test_a_step_draws_the_same_batch_whenever_it_is_asked(place):
    stage = stage_of(place)
    first, again, next_one = stage.batch(5, 0, 1), stage.batch(5, 0, 1), stage.batch(6, 0, 1)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], next_one[0])


def test_noise_timestep_and_picture_are_where_the_schedule_puts_them(place):
    stage = stage_of(place)
    x, t, eps, _, _ = stage.batch(5, 0, 1)
    a = stage.alphas[t].reshape(-1, 1, 1, 1)
    clean = (x - (1 - a).sqrt() * eps) / a.sqrt()
    known = stage.examples.whole.values.float().flatten(0, 1)
    nearest = torch.cdist(clean.flatten(1), known.flatten(1)).min(1).values
    assert nearest.max() < 0.05 * known.flatten(1).norm(dim=1).mean()


def test_the_timesteps_of_a_batch_are_spread_over_all_noise_levels(place):
    stage = stage_of(place)
    which = torch.arange(8)
    t = stage._batch(stage._random(3), which, stage.examples.whole)[1].sort().values
    assert (t // 125).tolist() == list(range(8)), "one from each eighth of the schedule"


def test_a_step_s_weights_have_a_mean_that_is_min_snr_s_alone(place):
    stage = stage_of(place)
    a = torch.full((4, 1, 1, 1), 0.2)  # signal to noise 1/4, under the limit: weight one
    weights = stage._weight(a, torch.rand(4, 8, 8))
    assert abs(float(weights.mean()) - 1) < 1e-5


def test_the_strongest_noise_weighs_as_the_floor_and_the_weakest_as_the_limit(place):
    stage = stage_of(place)
    a = torch.tensor([0.002, 0.5, 0.99]).reshape(-1, 1, 1, 1)
    snr = a / (1 - a)
    weights = stage._weight(a, torch.zeros(3, 1, 1))
    assert (weights * snr).flatten().tolist() == pytest.approx([0.1, 1.0, 5.0], rel=1e-4)


def test_no_error_of_the_named_noise_weighs_more_than_its_limit(place):
    weights = stage_of(place)._weight(torch.full((1, 1, 1, 1), 1e-5), torch.zeros(1, 1, 1))
    assert weights.item() == pytest.approx(100)


def test_some_captions_are_left_empty_and_the_rest_are_the_render_s_own(place):
    stage = stage_of(place)
    which = torch.arange(20).repeat(20)
    ids = stage._ids(which, {"generator": stage._random(1), "device": "cpu"})
    silent = (ids == stage.examples.nothing).all(1)
    assert 0.05 < silent.float().mean() < 0.16
    for row, render in zip(ids[~silent], which[~silent], strict=True):
        assert (stage.examples.captions[render] == row).all(1).any()


def test_each_render_comes_as_often_as_any_other(place):
    pool = torch.arange(7)
    order = Order(pool, seed=3)
    row = torch.cat([order.take(first, 5) for first in range(0, 70, 5)])
    assert row.bincount().tolist() == [10] * 7
    assert row[:7].sort().values.equal(pool) and not row[:7].equal(row[7:14])


def test_a_sheet_has_a_row_of_pictures_a_prompt_each_as_high_and_wide_as_a_render(place):
    stage = stage_of(place)
    stage.size = (8, 4)  # of latents
    rows = stage.sheet()
    assert len(rows) == len(stage.wanted.prompts)
    assert all(row.shape == (stage.wanted.seeds, 64, 32, 3) for row in rows)


def stage_of(place) -> PipelineStage:
    if not (place / "work").exists():
        trained("autoencoder", place, "work", steps=1)
    folders = (place / "renders", place / "work")
    return stage_for("pipeline", recipe_of(place), *folders, None, torch.device("cpu"))
