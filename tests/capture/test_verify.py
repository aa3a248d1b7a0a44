"""gen/capture/verify.py: how far a capture made again is from the one in the store."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")


from gen.capture import (  # noqa: E402
    batch,
    denoise,
    room,
    verify,
)
from gen.capture import plan as planning  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import MissingRecord, NotReproduced  # noqa: E402
from gen.core.sources import LatentMap  # noqa: E402


def quiet(event) -> None:
    """Tells nobody."""


def other_noise(together):
    """The loop as it is, from other noise than what is asked for."""
    return lambda pipe, prompts: together(pipe, [replace(one, seed=9) for one in prompts])


def test_verify_finds_the_same(tiny_project, tiny_pipe, jobs):
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    told = []
    (found,) = verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, told.append)
    assert told == [found]
    assert (found.same, found.mean, found.curve, found.other) == (True, 0, 0, ())
    assert found.text == "chrome-tiny: the same to the last byte"


def test_verify_finds_another_picture(tiny_project, tiny_pipe, jobs, monkeypatch):
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    monkeypatch.setattr(denoise, "together", other_noise(denoise.together))
    told = []
    with pytest.raises(
        NotReproduced, match=r"of 255 apart on average \(tolerance 2\).*gen capture --f"
    ):
        verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, told.append)
    assert told[0].wrong
    assert told[0].mean > 0


def test_verify_needs_a_kept_capture(tiny_project, tiny_pipe, jobs):
    with pytest.raises(MissingRecord, match="chrome-tiny: no capture"):
        verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)


def test_another_latent_map_is_another_capture(tiny_prompt, tiny_model):
    other = replace(tiny_model, latent_map=LatentMap(("a red car",), 3))
    assert tiny_prompt.key(other) != tiny_prompt.key(tiny_model)
    assert store.model_key(other) != store.model_key(tiny_model)


def test_another_number_format_and_the_command_to_make_it_again_are_said(
    tiny_project, tiny_pipe, jobs, monkeypatch
):
    """What is advised must make this model's capture, from these weights."""
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    (key,) = store.keys(tiny_project)
    made = store.folder(tiny_project, key) / "made.json"
    made.write_text(made.read_text().replace("float32", "float16"))
    (found,) = verify.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    assert found.text.endswith("last byte (made in float16, now in float32)")
    made.unlink()
    monkeypatch.setattr(denoise, "together", other_noise(denoise.together))
    move = "run python -m gen capture --force --model tiny --weights 'a b' chrome-tiny$"
    with pytest.raises(
        NotReproduced, match=rf"made in an unknown format, now in float32\); {move}"
    ):
        verify.verify(
            tiny_project, jobs[:1], lambda model: tiny_pipe, quiet, options="--weights 'a b'"
        )


def test_a_missing_capture_of_an_optional_model_is_advised_for_that_model(tiny_project, jobs):
    prompt, model = jobs[0]
    optional = replace(model, required=False)
    with pytest.raises(MissingRecord, match=r"gen capture chrome-tiny --model tiny$"):
        verify.verify(tiny_project, [(prompt, optional)], lambda model: None, quiet)


def test_missing_colours_of_an_optional_model_are_advised_for_that_model(
    tiny_project, tiny_pipe, jobs
):
    """Without its name required models alone would be captured."""
    optional = [(jobs[0][0], replace(jobs[0][1], required=False))]
    batch.capture_all(tiny_project, optional, lambda model: tiny_pipe, quiet)
    (key,) = store.model_keys(tiny_project)
    store.remove(tiny_project, key)
    with pytest.raises(MissingRecord, match=r"gen capture chrome-tiny --model tiny$"):
        verify.verify(tiny_project, optional, lambda model: tiny_pipe, quiet)


def test_a_missing_capture_is_advised_with_what_was_typed(tiny_project, jobs):
    says = r"gen capture chrome-tiny --model tiny --weights 'a b'$"
    with pytest.raises(MissingRecord, match=says):
        verify.verify(tiny_project, jobs[:1], lambda model: None, quiet, options="--weights 'a b'")


def test_a_capture_in_another_number_format_is_to_be_verified_in_that(
    tiny_project, tiny_pipe, jobs, monkeypatch
):
    """Made anew it would be lost: half precision may be further off than what is tolerated."""
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    (key,) = store.keys(tiny_project)
    made = store.folder(tiny_project, key) / "made.json"
    made.write_text(made.read_text().replace("float32", "float16, its decoder float32"))
    monkeypatch.setattr(denoise, "together", other_noise(denoise.together))
    move = "run python -m gen verify --model tiny --device cpu --dtype float16 chrome-tiny$"
    with pytest.raises(NotReproduced, match=rf"made in float16, its .* float32\); {move}"):
        verify.verify(
            *(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet),
            options="--device cpu --dtype float32",
        )


def test_a_curve_that_is_nowhere_above_nought_is_compared_too(tiny_project, tiny_pipe, jobs):
    """Guidance between a text and itself, at every step."""
    prompt = replace(jobs[0][0], negative=jobs[0][0].text)
    jobs = [(prompt, jobs[0][1])]
    batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, quiet)
    (key,) = store.keys(tiny_project)
    assert max(store.read(tiny_project, key).curve("guidance")) == 0
    (found,) = verify.verify(tiny_project, jobs, lambda model: tiny_pipe, quiet)
    assert (found.same, found.curve) == (True, 0.0)


def test_what_verify_will_take_is_planned_and_refused_before_anything_is_made(
    tiny_project, tiny_pipe, jobs
):
    """Two of the three ask the same; the last is not kept, and no pipeline is asked for."""
    batch.capture_all(tiny_project, jobs[:2], lambda model: tiny_pipe, quiet)
    with pytest.raises(MissingRecord, match=r"gen capture red-tiny --model tiny --device cpu$"):
        verify.planned(tiny_project, jobs, pytest.fail, options="--device cpu")
    told = []
    plan = verify.planned(tiny_project, jobs[:2], lambda model: tiny_pipe, told.append)
    assert told == ["measuring one step and one decode, to tell how long all will take"]
    assert plan.again.startswith("1 to make again: about ")
    assert plan.again.endswith(" in one process here; nothing of it is kept")
    assert verify.planned(tiny_project, [], pytest.fail).again == "nothing to make again"


def test_verify_tells_each_step_and_makes_once_what_two_ask_alike(tiny_project, tiny_pipe, jobs):
    batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, quiet)
    told = []
    found = verify.verify(
        tiny_project, jobs, lambda model: tiny_pipe, told.append, tell=told.append
    )
    assert [one.id for one in found] == ["chrome-tiny", "twin", "red-tiny"]
    assert all(one.same for one in found)
    counted = [(one.id, one.step) for one in told if one not in found and one.kind == "step"]
    each = range(1, jobs[0][0].steps + 1)
    assert counted == [(id, step) for id in ("chrome-tiny", "red-tiny") for step in each]


def test_as_many_as_verify_makes_at_once_are_timed(tiny_project, tiny_pipe, jobs, monkeypatch):
    """One, though there is room for more."""
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    monkeypatch.setattr(planning, "room", lambda *asked: room.Room(4, 4))
    sizes = []
    hook = tiny_pipe.unet.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    try:
        verify.planned(tiny_project, jobs[:1], lambda model: tiny_pipe)
    finally:
        hook.remove()
    assert sizes == [2, 2], "with and without the text, one prompt"
