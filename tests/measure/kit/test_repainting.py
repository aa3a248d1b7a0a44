"""A real, tiny pipeline that paints a part anew."""

import torch

from gen.measure.kit.repainting import repainted

HOW = {"steps": 3, "guidance_scale": 2.0, "eta": 1.0}


def latents_of(*seeds):
    rngs = [torch.Generator().manual_seed(seed) for seed in seeds]
    return torch.stack([torch.randn(4, 6, 8, generator=rng) for rng in rngs])


def middle(count=1):
    free = torch.zeros(count, 6, 8, dtype=torch.bool)
    free[:, 2:4, 2:6] = True
    return free


def test_what_is_held_stays_and_what_is_free_is_painted(tiny_pipe):
    known, free = latents_of(1), middle()
    made = repainted(tiny_pipe, ["a chrome car"], known, free, [7], **HOW)
    there = free[:, None].expand_as(known)
    assert torch.equal(made[~there], known[~there])
    assert not torch.isclose(made[there], known[there]).any()


def test_the_free_part_follows_what_is_held_and_nothing_of_what_it_held_before(tiny_pipe):
    known, free = latents_of(1), middle()
    words = ["a chrome car"]
    made = repainted(tiny_pipe, words, known, free, [7], **HOW)
    again = torch.where(free[:, None], latents_of(2), known)
    assert torch.equal(repainted(tiny_pipe, words, again, free, [7], **HOW), made)
    elsewhere = torch.where(free[:, None], known, latents_of(2))
    other = repainted(tiny_pipe, words, elsewhere, free, [7], **HOW)
    there = free[:, None].expand_as(known)
    assert not torch.equal(other[there], made[there])


def test_a_seed_is_one_noise_whatever_is_painted_beside_it(tiny_pipe):
    words, free = ["a chrome car"] * 2, middle(2)
    both = repainted(tiny_pipe, words, latents_of(1, 2), free, [7, 8], **HOW)
    alone = repainted(tiny_pipe, words[:1], latents_of(2), free[:1], [8], **HOW)
    assert torch.allclose(both[1:], alone, atol=1e-4)
    other = repainted(tiny_pipe, words[:1], latents_of(2), free[:1], [9], **HOW)
    assert not torch.allclose(other, alone, atol=1e-2)
