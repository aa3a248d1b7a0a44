"""Prompts through one loop together: each is nearly as alone, and a record says how it was made."""

import copy
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import attention, batch, denoise, making, plan, room, verify  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import BadInput, TooLarge  # noqa: E402

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


@pytest.fixture
def narrow(tiny_pipe):
    """A pipeline on a device that holds no more than two prompts in a step."""
    pipe = copy.deepcopy(tiny_pipe)

    def hold(unet, inputs):
        if len(inputs[0]) > 4:  # each is there twice, guided and not
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    pipe.unet.register_forward_pre_hook(hold)
    return pipe


def test_what_is_too_much_at_once_is_made_in_halves_and_no_more_is_tried_again(
    tiny_project, narrow, tiny_prompt, tiny_model
):
    """Seven are tried, then three, then one, as is said and recorded."""
    told = []
    words = ("chrome", "gold", "red", "car", "studio", "sunset", "view")
    prompt = replace(tiny_prompt, steps=2)
    some = [
        (replace(prompt, id=f"{each}-{n}", text=each, seed=n), tiny_model)
        for each in words
        for n in (0, 1)
    ]
    keys = batch.capture_all(tiny_project, some, lambda m: narrow, told.append, prompts=7)
    assert len(keys) == len(some)
    assert [event.message.partition("; ")[2] for event in told if event.kind == "warning"] == [
        "3 prompts through, 1 pictures decoded at once from here on",
        "1 prompts through, 1 pictures decoded at once from here on",
    ]
    assert {store.made(tiny_project, key)["prompts"] for key in keys} == {1}
    assert room.room(narrow, tiny_prompt, 7) == room.ALONE


def test_a_plan_is_measured_with_what_there_turns_out_to_be_room_for(tiny_project, narrow, jobs):
    assert len(plan.plan(tiny_project, jobs, lambda model: narrow, prompts=8).jobs) == 2
    assert room.room(narrow, jobs[0][0], 8).prompts == 2


def test_one_that_is_too_much_alone_is_said(tiny_project, tiny_pipe, jobs):
    pipe = copy.deepcopy(tiny_pipe)
    pipe.unet.register_forward_pre_hook(lambda *call: torch.empty(2**50))
    with pytest.raises(TooLarge, match="the device's memory does not suffice"):
        batch.capture_all(tiny_project, jobs, lambda m: pipe, lambda event: None, prompts=2)
