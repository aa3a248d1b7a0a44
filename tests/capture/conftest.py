"""The tiny pipeline to be changed, a capture of it, and jobs for many."""

from dataclasses import replace

import pytest


@pytest.fixture(scope="module")
def colours(tiny_pipe, tiny_model):
    from gen.capture.latent_colours import latent_colours

    return latent_colours(tiny_pipe, tiny_model)


@pytest.fixture(scope="module")
def made(tiny_pipe, tiny_prompt, tiny_model, colours):
    """One capture and its files."""
    from gen.capture.one import capture

    return capture(tiny_pipe, tiny_prompt, tiny_model, colours)


@pytest.fixture
def jobs(tiny_prompt, tiny_model):
    """Two prompts, the first asked for twice under other ids."""
    twin = replace(tiny_prompt, id="twin", idea="other")
    red = replace(tiny_prompt, id="red-tiny", text="a red car")
    return [(prompt, tiny_model) for prompt in (tiny_prompt, twin, red)]


@pytest.fixture
def pipe(tiny_pipe):
    """The tiny pipeline, given back with the scheduler that it came with."""
    scheduler = tiny_pipe.scheduler
    yield tiny_pipe
    tiny_pipe.scheduler = scheduler
