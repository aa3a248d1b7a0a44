"""gen/capture/room.py: how much at once, and what waits its turn, by the memory that is free."""

import copy
from dataclasses import replace
from pathlib import Path

import diffusers
import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import denoise, room  # noqa: E402
from gen.capture.circumstances import circumstances  # noqa: E402

SHAPE = Path(__file__).parents[2] / "sources" / "shapes" / "sd15"


@pytest.fixture(scope="module")
def large(tiny_pipe):
    """U-Net and VAE of Stable Diffusion 1.5's shape in half precision; no memory is taken."""
    with torch.device("meta"):
        kinds = {"unet": diffusers.UNet2DConditionModel, "vae": diffusers.AutoencoderKL}
        networks = {
            name: kind.from_config(kind.load_config(SHAPE, subfolder=name)).half()
            for name, kind in kinds.items()
        }
    return diffusers.StableDiffusionPipeline(
        **{**tiny_pipe.components, **networks}, requires_safety_checker=False
    )


@pytest.mark.parametrize("gigabytes, fits", [(0.1, (1, 1)), (1.5, (4, 1)), (40, (8, 8))])
def test_as_much_goes_at_once_as_memory_holds(large, tiny_prompt, gigabytes, fits):
    """Some 0.3 GB a prompt and 0.8 a decode at 512 x 512."""
    prompt = replace(tiny_prompt, width=512, height=512)
    found = room.fitting(large, prompt, gigabytes * 1e9)
    assert (found.prompts, found.pictures) == fits
    assert room.fitting(large, prompt, gigabytes * 1e9, 3).prompts == 3, "as asked for"


def test_four_gigabytes_hold_stable_diffusion_whole(large):
    """And half of that does not: then parts wait for their turn."""
    assert 2.2e9 < room.needed(large) < 3.3e9


def test_on_a_processor_prompts_go_one_by_one_unless_asked(tiny_pipe, tiny_prompt):
    assert room.room(tiny_pipe, tiny_prompt) == room.ALONE
    assert room.room(tiny_pipe, tiny_prompt, 4) == room.Room(4, 1)


def test_parts_that_wait_for_their_turn_paint_the_same(tiny_pipe, tiny_prompt):
    """What is taken along and what is left behind is the same device here; the way is another's."""
    waiting = copy.deepcopy(tiny_pipe)
    assert room.settle(copy.deepcopy(tiny_pipe), "cpu", 1e9) is False
    assert room.settle(waiting, "cpu", 1000) is True
    assert room.device_of(waiting) == torch.device("cpu:0")
    for prompt in (tiny_prompt, replace(tiny_prompt, clip_skip=2)):
        ours, its = (
            [m.clean for m in denoise.denoise(pipe, prompt)] for pipe in (waiting, tiny_pipe)
        )
        assert all(map(torch.equal, ours, its))
        pictures = (denoise.decode(pipe, ours[-1]) for pipe in (waiting, tiny_pipe))
        assert torch.equal(*pictures)
    assert circumstances(waiting, 1.0, room.ALONE)["offloaded"] is True
    assert circumstances(tiny_pipe, 1.0, room.ALONE)["offloaded"] is False


def test_processes_on_one_machine_share_its_processors(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    monkeypatch.setattr(room.os, "cpu_count", lambda: 16)
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)
    assert room.encoders() == 15
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    assert room.encoders() == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "64")
    assert room.encoders() == 1


def test_parts_wait_for_the_gpu_of_their_own_process(tiny_pipe, monkeypatch):
    """Of several that a launcher started on one machine: they are told which one by torch alone."""
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 1)
    for name, number in (("cuda", 1), ("cuda:2", 2)):
        waiting = copy.deepcopy(tiny_pipe)
        assert room.settle(waiting, name, 1000) is True
        assert room.device_of(waiting) == torch.device("cuda", number)


def test_what_waits_elsewhere_is_kept_free_for_it(tiny_pipe, tiny_prompt, monkeypatch):
    """The U-Net comes to the device beside the prompts that go through it."""
    waiting = copy.deepcopy(tiny_pipe)
    room.settle(waiting, "cpu", 1000)
    weights = sum(4 * p.numel() for p in tiny_pipe.unet.parameters())
    assert (room.waiting(tiny_pipe), room.waiting(waiting)) == (0, weights)
    step = 4 * room.STEP * 8 * 6 * 8
    monkeypatch.setattr(room, "device_of", lambda pipe: torch.device("cuda", 0))
    monkeypatch.setattr(room, "free", lambda device: weights + 2.5 * step)
    assert room.room(waiting, tiny_prompt).prompts == 2
