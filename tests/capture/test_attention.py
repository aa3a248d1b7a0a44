"""Attention, read from outside: right, of the prompt's half, and harmless."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import (  # noqa: E402
    attention,
    denoise,
)

LAYERS = (
    "down_blocks.0.attentions.0.transformer_blocks.0.attn2",
    "up_blocks.1.attentions.0.transformer_blocks.0.attn2",
    "up_blocks.1.attentions.1.transformer_blocks.0.attn2",
)


def looks(pipe, prompt, tokens=77):
    """What each step attended to: (steps, tokens, 6, 8)."""
    with attention.watch(pipe.unet, 6, 8, tokens) as watch:
        return torch.stack([watch.take()[0] for _ in denoise.denoise(pipe, prompt)])


def test_layers_are_all_but_the_middle_blocks(tiny_pipe):
    with attention.watch(tiny_pipe.unet, 6, 8, 5) as watch:
        assert set(watch.layers) == set(LAYERS)


def test_every_position_shares_out_all_its_attention(tiny_pipe, tiny_prompt):
    seen = looks(tiny_pipe, tiny_prompt)
    assert seen.shape == (4, 77, 6, 8)
    assert torch.allclose(seen.sum(1), torch.ones(4, 6, 8), atol=1e-5)
    assert torch.equal(looks(tiny_pipe, tiny_prompt, 5), seen[:, :5])


@torch.no_grad()
def test_scores_are_the_softmax_of_queries_and_keys(tiny_pipe):
    """Worked out again, in the open, for one layer and one call."""
    attn = tiny_pipe.unet.get_submodule(LAYERS[0])
    hidden, words = torch.randn(2, 48, 8), torch.randn(2, 77, 16)
    with attention.watch(tiny_pipe.unet, 6, 8, 77) as watch:
        attn(hidden, encoder_hidden_states=words)
        found = watch.take()[0] * len(watch.layers)  # only one of them ran
    query, key = (
        part.unflatten(-1, (attn.heads, -1)).transpose(0, 1)  # (heads, positions, width)
        for part in (attn.to_q(hidden[1]), attn.to_k(words[1]))
    )
    scores = (query @ key.transpose(1, 2) / query.shape[-1] ** 0.5).softmax(-1).mean(0)
    assert torch.allclose(found, scores.T.reshape(77, 6, 8), atol=1e-6)


def test_it_is_the_prompts_half_that_is_seen(tiny_pipe, tiny_prompt):
    """At the first step the latents are the same, so another negative prompt changes nothing."""
    seen = looks(tiny_pipe, tiny_prompt)
    negative = looks(tiny_pipe, replace(tiny_prompt, negative="sunset"))
    text = looks(tiny_pipe, replace(tiny_prompt, text="a gold car, studio"))
    unguided = looks(tiny_pipe, replace(tiny_prompt, guidance_scale=1.0))
    assert torch.allclose(seen[0], negative[0], atol=1e-6)
    assert not torch.allclose(seen[1], negative[1], atol=1e-6)
    assert not torch.allclose(seen[0], text[0], atol=1e-6)
    assert torch.allclose(seen[0], unguided[0], atol=1e-6)


def test_each_step_is_taken_alone(tiny_pipe, tiny_prompt):
    seen = looks(tiny_pipe, tiny_prompt)
    assert not torch.equal(seen[0], seen[1])
    with attention.watch(tiny_pipe.unet, 6, 8, 5) as watch:
        for _ in denoise.denoise(tiny_pipe, tiny_prompt):
            watch.take()[0]
        with pytest.raises(AssertionError, match="nothing ran"):
            watch.take()[0]


def test_looking_changes_nothing(tiny_pipe, tiny_prompt):
    *_, plain = denoise.denoise(tiny_pipe, tiny_prompt)
    with attention.watch(tiny_pipe.unet, 6, 8, 5):
        *_, watched = denoise.denoise(tiny_pipe, tiny_prompt)
    assert torch.equal(plain.latents, watched.latents)


def test_it_always_lets_go(tiny_pipe):
    with pytest.raises(ZeroDivisionError), attention.watch(tiny_pipe.unet, 6, 8, 5) as watch:
        raise ZeroDivisionError
    for name in watch.layers:
        attn = tiny_pipe.unet.get_submodule(name)
        assert not attn.to_q._forward_hooks
        assert not attn.to_k._forward_hooks


def test_odd_sizes_are_halved_as_the_unet_does(tiny_pipe, tiny_prompt):
    """7 x 5 latents meet a 4 x 3 grid one level down."""
    prompt = replace(tiny_prompt, width=56, height=40, steps=1)
    with attention.watch(tiny_pipe.unet, 5, 7, 5) as watch:
        list(denoise.denoise(tiny_pipe, prompt))
        assert watch.take()[0].shape == (5, 5, 7)
