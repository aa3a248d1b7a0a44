"""What blocks give out, seen without touching it."""

import pytest
import torch
from tiny import make_place
from tiny_samples import make_pipeline

from gen.measure.kit import activations
from gen.study.scoring.samples import open_pipeline


@pytest.fixture(scope="module")
def unet(tmp_path_factory):
    torch.set_num_threads(1)  # quicker than two at this size
    place = make_place(tmp_path_factory.mktemp("seen"))
    return open_pipeline(make_pipeline(place, "study", 0)).unet


def test_every_block_is_seen_on_the_latents_grid_and_the_answer_stays(unet):
    latents, words = torch.randn(2, 4, 8, 8), torch.randn(2, 77, 16)
    before = unet(latents, 500, encoder_hidden_states=words).sample
    seen = activations.activations(unet, latents, 500, words)
    assert list(seen) == ["down 1", "down 2", "middle", "up 1", "up 2"]
    assert {tuple(x.shape) for x in seen.values()} == {(2, 16, 8, 8)}
    assert torch.equal(unet(latents, 500, encoder_hidden_states=words).sample, before)
    assert torch.equal(_given_to_the_end(unet, latents, words), seen["up 2"])
    other = activations.activations(unet, latents + 1, 500, words)
    assert all(not torch.equal(seen[name], other[name]) for name in seen)


def _given_to_the_end(unet, latents, words):
    """What the parts after the last block are called with."""
    calls = []
    hook = unet.conv_norm_out.register_forward_pre_hook(lambda module, args: calls.append(args[0]))
    unet(latents, 500, encoder_hidden_states=words)
    hook.remove()
    return calls[0]


def test_an_untrained_network_has_the_same_parts_and_always_the_same_other_weights(unet):
    a, b = activations.untrained(unet), activations.untrained(unet)
    own, first, second = (dict(u.state_dict()) for u in (unet, a, b))
    assert {n: w.shape for n, w in own.items()} == {n: w.shape for n, w in first.items()}
    assert all(torch.equal(first[n], second[n]) for n in first)
    assert not torch.equal(own["conv_in.weight"], first["conv_in.weight"])
