"""gen/capture/image_text.py: viewers of generated pictures read what made one."""

import io
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from PIL import Image  # noqa: E402

from gen.capture import batch, image_text, one, verify  # noqa: E402
from gen.core import refused, store  # noqa: E402
from gen.core.canonical import digest  # noqa: E402


def test_the_picture_carries_the_lines_that_viewers_read(made, tiny_model):
    record, files = made
    text = Image.open(io.BytesIO(files[record.final])).text["parameters"]
    assert text.split("\n") == [
        "a chrome car, studio",
        "Negative prompt: gold",
        "Steps: 4, Sampler: DDIM, CFG scale: 7.5, Seed: 3, Size: 64x48, "
        f"Model hash: {tiny_model.revision[:10]}, Model: Tiny model",
    ]


def test_only_what_was_asked_for_stands_there(tiny_prompt, tiny_model):
    plain = replace(tiny_prompt, negative="", seed=0, scheduler="DPMSolverMultistepScheduler")
    assert image_text.parameters(plain, tiny_model).count("\n") == 1
    assert "Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 0," in image_text.parameters(plain, tiny_model)
    full = replace(plain, karras=True, clip_skip=2)
    other = replace(tiny_model, title='Chrome: "the", model', vae="f" * 64)
    text = image_text.parameters(full, other)
    assert "Sampler: DPM++ 2M, Schedule type: Karras, CFG" in text
    assert text.endswith(r', Model: "Chrome: \"the\", model", VAE hash: ffffffffff, Clip skip: 2')


def test_fresh_noise_is_told_as_other_tools_tell_it(tiny_prompt, tiny_model):
    fresh = replace(tiny_prompt, scheduler="DDIMScheduler", eta=0.5)
    assert image_text.parameters(fresh, tiny_model).endswith(", Eta DDIM: 0.5")


def test_every_scheduler_has_a_name_that_viewers_know():
    assert set(image_text.SAMPLERS) == set(refused.SCHEDULERS)


def test_no_text_is_named_as_comfyui_names_a_graph(made):
    """It would read that one alone, and stop at plain words."""
    record, files = made
    texts = Image.open(io.BytesIO(files[record.final])).text
    assert set(texts) == {"model", "text", *image_text.SETTINGS, "parameters"}
    assert texts["text"] == "a chrome car, studio"


@pytest.mark.parametrize("more", [(), ("parameters",)])
def test_a_picture_made_before_is_verified_as_it_is(tiny_project, tiny_pipe, jobs, colours, more):
    """Its bytes are the same again, with the texts that it has."""
    (prompt, model), *_ = jobs
    store.write_colours(tiny_project, colours)
    texts = ("model", "prompt", *image_text.SETTINGS, *more)
    record, files = one.capture(tiny_pipe, prompt, model, colours, texts=texts)
    assert image_text.names_in(files["final.png"]) == texts
    store.write(tiny_project, record, files, {})
    (found,) = verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, print)
    assert found.same
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, print, force=True)
    again = store.read(tiny_project, record.key)
    assert again.digests[0] != ("final.png", digest(files["final.png"]))
    (found,) = verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, print)
    assert found.same
