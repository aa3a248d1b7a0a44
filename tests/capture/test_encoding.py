"""gen/capture/making.py: sheets are encoded beside the device, and not many wait for it."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier, Event

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import batch, making, one, sheets  # noqa: E402
from gen.core import store  # noqa: E402

LONG = 120  # seconds: none waits so long but where the other never comes
TEXTS = ("a chrome car", "a gold car", "a red car", "a car")


@pytest.fixture
def hooked(tiny_pipe) -> Iterator:
    """Lets a test look at a network whenever it is about to run."""
    hooks = []

    def hook(network, look) -> None:
        hooks.append(network.register_forward_pre_hook(lambda *call: look()))

    yield hook
    for each in hooks:
        each.remove()


def test_maps_are_encoded_while_the_device_decodes_clean_pictures(
    tiny_pipe, tiny_prompt, tiny_model, colours, monkeypatch, hooked
):
    """An encoder and the decoder wait for each other: neither gets there once the other is done."""
    both, decoded, begun, real = Barrier(2), [], [], sheets.sheet

    def encode(frames, *about):
        begun.append(frames.kind)
        if len(begun) == 1:
            both.wait(LONG)
        return real(frames, *about)

    def decode() -> None:
        decoded.append(True)
        if len(decoded) == tiny_prompt.steps + 1:  # the final picture, then one of each step
            both.wait(LONG)

    monkeypatch.setattr(sheets, "sheet", encode)
    hooked(tiny_pipe.vae.decoder, decode)
    _, files = one.capture(tiny_pipe, tiny_prompt, tiny_model, colours)
    assert begun[0] != "clean"
    assert len(files) == len(begun) + 1


def test_the_device_goes_on_while_one_is_encoded_and_no_further_until_it_is_written(
    tiny_project, tiny_pipe, tiny_prompt, tiny_model, monkeypatch, hooked
):
    """No sheet is encoded before somebody waits for it, so each is as late as it can be."""
    prompts = [replace(tiny_prompt, id=text, text=text, steps=2) for text in TEXTS]
    jobs = [(prompt, tiny_model) for prompt in prompts]
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, print)  # fits the colours
    store.remove(tiny_project, prompts[0].pinned_key(tiny_model))
    awaited = {text: Event() for text in TEXTS}
    encode, kept, steps, written = sheets.sheet, making._kept, [], []

    def late(frames, about, sparing):
        assert awaited[about["prompt"]].wait(LONG), "the device stands still for an encoder"
        return encode(frames, about, sparing)

    def waits(group, report):
        for prompt, _ in group.jobs:
            awaited[prompt.text].set()
        yield from kept(group, report)

    def step() -> None:
        if len(steps) % 2 == 0:  # the first of a capture's two
            written.append(len(store.keys(tiny_project)))
        steps.append(True)

    monkeypatch.setattr(sheets, "sheet", late)
    monkeypatch.setattr(making, "_kept", waits)
    hooked(tiny_pipe.unet, step)
    keys = making.make(tiny_project, jobs, lambda model: tiny_pipe, print)
    assert len(keys) == len(steps) / 2 == 4
    assert written == [0, 0, 1, 2], "one is encoded while the device is at the next: no more wait"
