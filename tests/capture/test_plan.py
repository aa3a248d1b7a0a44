"""gen/capture/plan.py: what is to be made, and what it will take, before it is begun."""

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import batch, plan  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import BadInput, ModelError  # noqa: E402

ROOT = Path(__file__).parents[2]


def test_a_plan_counts_each_capture_once_and_makes_nothing(tiny_project, tiny_pipe, jobs):
    """Two of the three prompts ask the same."""
    told, pace = [], plan.measure(tiny_pipe, jobs[0][0])
    assert pace.step > 0 < pace.decode

    def known(pipe, prompt, fits, tell):  # else it is never twice so
        return pace

    planned = plan.plan(
        tiny_project, jobs, lambda model: tiny_pipe, tell=told.append, measured=known
    )
    assert told == ["measuring one step and one decode, to tell how long all will take"]
    assert (planned.fresh, len(planned.jobs)) == (0, 2)
    assert planned.seconds > 0
    assert 0 < planned.megabytes[0] < planned.megabytes[1]
    assert "0 fresh, 2 to make: about " in planned.text
    assert not (tiny_project / "docs").exists()
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, print)
    again = plan.plan(tiny_project, jobs, lambda model: tiny_pipe, measured=known)
    assert (again.fresh, [prompt.id for prompt, _ in again.jobs]) == (1, ["red-tiny"])
    assert again.seconds < planned.seconds, "latent colours are kept by now"


def test_what_is_fresh_needs_no_pipeline(tiny_project, tiny_pipe, jobs):
    batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, print)
    planned = plan.plan(tiny_project, jobs, lambda model: pytest.fail("asked for a pipeline"))
    assert planned.text == "2 fresh; nothing to make"
    forced = plan.plan(tiny_project, jobs, lambda model: tiny_pipe, force=True)
    assert (forced.fresh, len(forced.jobs)) == (0, 2)


def test_an_optional_model_that_a_repository_may_not_carry_whole_is_told_before_it_is_made(
    tiny_project, tiny_pipe, jobs, monkeypatch
):
    monkeypatch.setattr(plan, "LARGEST", 1000)
    optional = [(prompt, replace(model, required=False)) for prompt, model in jobs]
    for some, said in ((jobs, ""), (optional, "; of tiny only 0 MB may be committed")):
        text = plan.plan(tiny_project, some, lambda model: tiny_pipe).text
        assert text.partition(" MB")[2] == said


def test_what_cannot_be_made_is_refused_by_the_plan(tiny_project, tiny_pipe, jobs):
    (prompt, model), *_ = jobs
    long = replace(prompt, text="red " * 80)
    with pytest.raises(BadInput, match="text is longer than 77 tokens"):
        plan.plan(tiny_project, [(long, model)], lambda model: tiny_pipe)

    def refuse(model):
        raise ModelError("not pinned")

    with pytest.raises(ModelError, match="not pinned"):
        plan.plan(tiny_project, [(prompt, replace(model, revision=None))], refuse)


def test_a_capture_takes_a_step_and_a_decode_for_each_of_its_own(tiny_prompt):
    """And one decode for the final picture."""
    assert plan.Pace(10.0, 15.0).of(replace(tiny_prompt, steps=50)) == 50 * 10 + 51 * 15


def test_lengths_of_time_are_said_as_people_do(jobs):
    said = {0.1: "1 s", 119: "119 s", 600: "10 minutes", 37_800: "10.5 hours"}
    for seconds, text in said.items():
        assert f"about {text} in" in plan.Plan(0, tuple(jobs), seconds, (45, 115)).text
    assert plan.Plan(0, tuple(jobs), 1.0, (45.2, 114.9)).text.endswith(", 45 to 115 MB")
    assert plan.Plan(0, tuple(jobs), 1.0, (0.1, 0.3)).text.endswith(", less than 1 MB")


def test_the_captures_of_this_checkout_have_the_size_that_is_foretold():
    low, high, held = 0.0, 0.0, 0
    for key in store.keys(ROOT):
        record = store.read(ROOT, key)
        sizes = plan.size(record.prompt, len(record.tokens))
        low, high = low + sizes[0], high + sizes[1]
        held += sum(path.stat().st_size for path in store.folder(ROOT, key).iterdir())
    assert low < held < high


def test_a_step_is_timed_with_as_many_prompts_at_once_as_the_run_will_take(
    tiny_pipe, tiny_project, tiny_model, tiny_prompt
):
    sizes = []
    hook = tiny_pipe.unet.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    try:
        for prompts in (None, 3):
            jobs = [(tiny_prompt, tiny_model)]
            plan.plan(tiny_project, jobs, lambda model: tiny_pipe, prompts=prompts)
    finally:
        hook.remove()
    guided = 2  # each prompt goes through twice
    assert sizes == [guided * prompts for prompts in (1, 1, 3, 3)]


def test_a_step_and_a_decode_are_timed_from_a_queue_that_is_empty_to_one_that_is(
    tiny_pipe, tiny_prompt, monkeypatch
):
    """Else a step on a GPU would take as long as the one before it too."""
    done = []
    monkeypatch.setattr(plan.devices, "wait", lambda device: done.append("wait"))
    hooks = [
        part.register_forward_hook(lambda *call, name=name: done.append(name))
        for name, part in (("step", tiny_pipe.unet), ("decode", tiny_pipe.vae.decoder))
    ]
    try:
        plan.measure(tiny_pipe, tiny_prompt)
    finally:
        for hook in hooks:
            hook.remove()
    assert done == [each for kind in ("step", "decode") for each in (kind, "wait", kind, "wait")]
