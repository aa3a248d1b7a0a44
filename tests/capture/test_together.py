"""Prompts through one loop together: each is nearly as alone, and a record says how it was made."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import attention, batch, denoise, making, verify  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402

SETTINGS = [
    {},
    {"guidance_scale": 1.0},
    {"scheduler": "EulerAncestralDiscreteScheduler"},
    {"scheduler": "PNDMScheduler", "clip_skip": 2},
]


def three(prompt, **changes):
    """Prompts that differ in what those that go together may differ in."""
    prompt = replace(prompt, steps=3, **changes)
    return [
        prompt,
        replace(prompt, id="b", text="a red car", negative="", seed=7),
        replace(prompt, id="c", text="gold", seed=7),
    ]


def near(a, b) -> bool:
    """The same but for the rounding of sums in another order."""
    return torch.allclose(a, b, atol=1e-4)


@pytest.mark.parametrize("changes", SETTINGS)
def test_each_of_several_is_as_alone_but_for_last_bits(tiny_pipe, tiny_prompt, changes):
    prompts = three(tiny_prompt, **changes)
    steps = list(denoise.together(tiny_pipe, prompts))
    for prompt, moments in zip(prompts, zip(*steps, strict=True), strict=True):
        alone = list(denoise.denoise(tiny_pipe, prompt))
        assert torch.equal(moments[0].seen, alone[0].seen), "noise is its own"
        for ours, its in zip(moments, alone, strict=True):
            assert (ours.index, ours.timestep, ours.sigma) == (its.index, its.timestep, its.sigma)
            assert near(ours.latents, its.latents)
            assert near(ours.clean, its.clean)
            assert (ours.effect is None) == (its.effect is None)


def test_what_each_looked_at_is_its_own(tiny_pipe, tiny_prompt):
    prompts = three(tiny_prompt)
    with attention.watch(tiny_pipe.unet, 6, 8, 77, len(prompts)) as watch:
        looks = [watch.take() for _ in denoise.together(tiny_pipe, prompts)]
    for place, prompt in enumerate(prompts):
        with attention.watch(tiny_pipe.unet, 6, 8, 77) as watch:
            alone = [watch.take()[0] for _ in denoise.denoise(tiny_pipe, prompt)]
        for ours, its in zip(looks, alone, strict=True):
            assert near(ours[place], its)


def test_pictures_decoded_at_once_are_those_decoded_alone(tiny_pipe):
    latents = list(torch.randn(5, 4, 6, 8, generator=torch.Generator().manual_seed(0)).split(1))
    alone, at_once = (list(denoise.pictures(tiny_pipe, latents, many)) for many in (1, 3))
    assert [picture.shape for picture in at_once] == [(1, 3, 48, 64)] * 5
    for ours, its in zip(at_once, alone, strict=True):
        assert near(ours, its)


def test_captures_made_together_are_whole_and_say_so_and_verify_knows(
    tiny_project, tiny_pipe, jobs
):
    told, says = [], []
    keys = batch.capture_all(tiny_project, jobs, lambda m: tiny_pipe, told.append, prompts=2)
    assert {event.id for event in told if event.kind == "step"} == {"chrome-tiny and 1 more"}
    assert [event.id for event in told if event.kind == "made"] == ["chrome-tiny", "red-tiny"]
    first, second = (store.read(tiny_project, key) for key in keys)
    assert (first.prompt.text, second.prompt.text) == ("a chrome car, studio", "a red car")
    assert first.parts == second.parts, "what one prompt takes, not what two do"
    assert first.part("unet").takes == ((2, 4, 6, 8), (2, 77, 16))
    assert [view.word for view in second.views if view.kind == "attention"][1:-2] == [
        *("a", "red", "car"),
    ]
    assert store.made(tiny_project, keys[0])["prompts"] == 2
    verify.verify(tiny_project, jobs[2:], lambda m: tiny_pipe, lambda one: says.append(one.text))
    assert "(made in float32, 2 prompts at once, now in float32)" in says[0]


def test_only_what_is_alike_goes_together(tiny_pipe, jobs):
    prompt, model = jobs[0]
    other = replace(prompt, guidance_scale=2.0)
    mixed = [(prompt, model), (other, model), *[(replace(prompt, seed=s), model) for s in (4, 5)]]
    grouped = making.groups(making.in_groups(mixed), lambda model: tiny_pipe, 2)
    seeds = [[(p.guidance_scale, p.seed) for p, _ in some] for some, _ in grouped]
    assert seeds == [[(7.5, 3), (7.5, 4)], [(7.5, 5)], [(2.0, 3)]]


def test_what_the_device_is_done_with_is_kept_where_the_next_fails(tiny_project, tiny_pipe, jobs):
    batch.capture_all(tiny_project, jobs[2:], lambda model: tiny_pipe, print)  # fits the colours
    before = set(store.keys(tiny_project))
    long = (replace(jobs[0][0], text="red " * 80), jobs[0][1])
    with pytest.raises(BadInput, match="longer than 77 tokens"):
        making.make(tiny_project, [jobs[0], long], lambda model: tiny_pipe, print)
    assert set(store.keys(tiny_project)) - before == {jobs[0][0].pinned_key(jobs[0][1])}
