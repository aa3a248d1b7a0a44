"""A decoder that overflows in half precision goes on in float32; what is damaged is said."""

import copy
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import batch, denoise, one, plan  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import BadInput, ModelError  # noqa: E402
from gen.core.records import LatentColours  # noqa: E402


@pytest.fixture
def half(tiny_pipe):
    """The tiny pipeline in half precision, its decoder's first layer too strong for that."""
    pipe = copy.deepcopy(tiny_pipe).to(torch.float16)
    with torch.no_grad():
        pipe.vae.decoder.conv_in.weight *= 30_000
        pipe.vae.decoder.conv_in.bias += 60_000
    return pipe


def test_the_decoder_goes_on_in_float32_and_that_is_said_and_recorded(
    tiny_project, half, tiny_prompt, tiny_model
):
    told = []
    jobs = [(replace(tiny_prompt, steps=2), tiny_model)]
    (key,) = batch.capture_all(tiny_project, jobs, lambda model: half, told.append)
    (warning,) = [event.message for event in told if event.kind == "warning"]
    assert warning == "tiny: the decoder overflows in torch.float16; it goes on in float32"
    assert store.made(tiny_project, key)["dtype"] == "float16, its decoder float32"
    assert half.unet.dtype == torch.float16


def test_it_is_said_by_the_plan_where_that_decodes_first(
    tiny_project, half, tiny_prompt, tiny_model
):
    told = []
    plan.plan(tiny_project, [(tiny_prompt, tiny_model)], lambda model: half, tell=told.append)
    assert told[1:] == [
        "chrome-tiny: the decoder overflows in torch.float16; it goes on in float32"
    ]


def test_a_decode_that_was_done_over_is_counted_once(half, tiny_prompt, tiny_model):
    told = []
    colours = LatentColours("", ((0.1,) * 4,) * 3, (0.5,) * 3, 0.0, 0)
    made, _ = one.capture(half, tiny_prompt, tiny_model, colours, told.append)
    assert [event.kind for event in told].count("warning") == 1
    assert made.part("vae.decoder").runs == 1


def test_the_picture_is_that_of_a_float32_decoder(half, tiny_prompt):
    *_, last = denoise.denoise(half, tiny_prompt)
    picture = denoise.decode(half, last.latents)
    whole = copy.deepcopy(half)
    assert whole.vae.dtype == torch.float32
    assert picture.isfinite().all()
    assert torch.equal(picture, denoise.decode(whole, last.latents))


def test_latents_that_are_no_numbers_are_said(tiny_pipe):
    latents = torch.full((1, 4, 6, 8), float("nan"))
    with pytest.raises(ModelError, match="gave values that are no numbers; take --dtype float32"):
        denoise.decode(tiny_pipe, latents)
    assert tiny_pipe.vae.dtype == torch.float32


def test_running_out_of_memory_in_a_step_is_one_line(tiny_project, tiny_pipe, jobs):
    pipe = copy.deepcopy(tiny_pipe)
    pipe.unet.register_forward_hook(lambda *call: torch.empty(2**50))
    with pytest.raises(BadInput, match="the device's memory does not suffice") as error:
        batch.capture_all(tiny_project, jobs, lambda model: pipe, lambda event: None)
    assert "\n" not in str(error.value)
    assert store.keys(tiny_project) == ()
