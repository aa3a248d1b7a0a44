"""The parts of a tiny real pipeline: their tree, shapes, runs and share of the arithmetic."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count  # noqa: E402

from gen.capture import (  # noqa: E402
    denoise,
    hollow,
    parts,
)

FUSED = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu  # torch counts GPUs' alone


def fused(query, key, value, *rest, **more) -> int:
    """Operations of attention as the CPU fuses it."""
    return sdpa_flop_count(query, key, value)


@pytest.fixture(scope="module")
def tree(tiny_pipe, tiny_prompt):
    """All that runs for one picture of four steps."""
    seen = hollow.ran(tiny_pipe, tiny_prompt)
    return {part.name: part for part in parts.tree(tiny_pipe, tiny_prompt, seen)}


@pytest.mark.parametrize("change", [{}, {"guidance_scale": 1.0}, {"width": 32, "clip_skip": 2}])
def test_what_is_worked_out_without_weights_is_what_the_networks_do(tiny_pipe, tiny_prompt, change):
    """Shapes, number and order of all calls of a picture in one step, and their arithmetic."""
    prompt = replace(tiny_prompt, steps=1, **change)
    counter = FlopCounterMode(display=False, custom_mapping={FUSED: fused})
    with counter, parts.watch(tiny_pipe, counter.get_total_flops) as real:
        (moment,) = denoise.denoise(tiny_pipe, prompt)
        denoise.decode(tiny_pipe, moment.latents)
    worked_out = hollow.ran(tiny_pipe, prompt)
    twice = {name for name in real if name.startswith("text_encoder") and prompt.guidance_scale > 1}
    for name in twice:
        assert real[name].runs == 2
        real[name].runs, real[name].flops = 1, real[name].flops // 2
    assert list(worked_out.items()) == list(real.items())


def test_a_size_is_counted_once(tiny_pipe, tiny_prompt):
    seen = hollow.ran(tiny_pipe, tiny_prompt)
    assert hollow.ran(tiny_pipe, replace(tiny_prompt, steps=9, text="red")) is seen
    assert hollow.ran(tiny_pipe, replace(tiny_prompt, width=32)) is not seen


def test_parts_are_a_tree_in_the_order_they_run(tree):
    roots = [name for name, part in tree.items() if part.parent is None]
    assert roots == ["tokenizer", "text_encoder", "unet", "scheduler", "vae"]
    met = set()
    for name, part in tree.items():
        assert part.parent is None or part.parent in met, "a part comes after what it is in"
        assert part.parent is None or name.startswith(f"{part.parent}.")
        met.add(name)
    assert "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2" in tree
    assert not [name for name in tree if name.startswith("vae.encoder")], "it never ran"


def test_parts_say_what_they_are_given_and_how_often(tree, tiny_pipe):
    unet, attn = tree["unet"], tree["unet.mid_block.attentions.0.transformer_blocks.0.attn2"]
    assert unet.takes == ((2, 4, 6, 8), (2, 77, 16))  # both halves of guidance
    assert unet.gives == ((2, 4, 6, 8),)
    assert (unet.runs, tree["scheduler"].runs) == (4, 4)
    assert (tree["text_encoder"].runs, tree["vae"].runs) == (2, 1)
    assert attn.takes == ((2, 12, 16), (2, 77, 16))  # 3 x 4 positions
    assert tree["vae"].gives == ((1, 3, 48, 64),)
    assert tree["tokenizer"].gives == ((1, 77),)
    assert unet.parameters == sum(p.numel() for p in tiny_pipe.unet.parameters())
    assert (unet.cls, attn.cls) == ("UNet2DConditionModel", "Attention")


def test_arithmetic_is_shared_out(tree):
    shares = [tree[name].flops_share for name in ("text_encoder", "unet", "vae")]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    inner = sum(p.flops_share for p in tree.values() if p.parent == "unet")
    assert inner == pytest.approx(tree["unet"].flops_share, rel=1e-4)


def test_arithmetic_is_right_for_a_convolution_and_an_attention(tree):
    """Two operations for each multiplication and addition: ratios that one can do by hand."""
    conv = 2 * 2 * 48 * 8 * (4 * 9)  # batch 2, 48 positions, 4 to 8 channels, 3 x 3
    projections = 2 * 2 * 48 * 8 * 8 * 2 + 2 * 2 * 77 * 16 * 8 * 2  # q and out; k and v
    scores = 2 * 2 * 48 * 77 * 8 * 2  # q by k, and the result by v
    found = tree["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2"].flops_share
    ratio = found / tree["unet.conv_in"].flops_share
    assert ratio == pytest.approx((projections + scores) / conv, rel=1e-4)


def test_watching_parts_changes_nothing_and_lets_go(tiny_pipe, tiny_prompt):
    *_, bare = denoise.denoise(tiny_pipe, tiny_prompt)
    with parts.watch(tiny_pipe):
        *_, last = denoise.denoise(tiny_pipe, tiny_prompt)
    assert torch.equal(last.latents, bare.latents)
    with pytest.raises(ZeroDivisionError), parts.watch(tiny_pipe):
        raise ZeroDivisionError
    assert not hooks_of(tiny_pipe)


def hooks_of(pipe) -> list:
    """Every hook on every module of a pipeline."""
    modules = [m for part in (pipe.text_encoder, pipe.unet, pipe.vae) for m in part.modules()]
    return [hook for m in modules for hook in (*m._forward_hooks, *m._forward_pre_hooks)]
