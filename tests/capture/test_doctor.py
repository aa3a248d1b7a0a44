"""gen/capture/doctor.py: what there is, which models load, what is left to make."""

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import doctor, weights  # noqa: E402
from gen.core import shapes  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402

ROOT = Path(__file__).parents[2]


def test_the_machine_is_told_without_its_name(tmp_path):
    lines = list(doctor.machine(tmp_path))
    names = [line.split(":")[0] for line in lines]
    assert names[:2] == ["versions", "cpu"]
    assert names[-1] == "disk"
    assert f"torch {torch.__version__}" in lines[0]


@pytest.mark.parametrize("built", ["12.8", None])
def test_a_torch_that_is_built_without_a_gpu_is_told(tmp_path, monkeypatch, built):
    monkeypatch.setattr(torch.version, "cuda", built)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    (line,) = (line for line in doctor.machine(tmp_path) if line.startswith("gpu:"))
    assert line.startswith("gpu: none that torch sees")
    assert line.endswith("install one that is built for it") == (built is None)


def test_a_model_that_loads_is_told_with_what_is_left_to_make(tiny_project, tiny_model, jobs):
    pipe_of = weights.opener(tiny_project, weights.Choice(device="cpu"))
    prompts = [prompt for prompt, _ in jobs]
    lines = list(doctor.models(tiny_project, [tiny_model], prompts, pipe_of))
    assert lines[0] == f"tiny: weights in {tiny_project / tiny_model.location}"
    assert lines[1] == "tiny: loads, as pinned"
    assert lines[2] == "tiny: 3 prompts, the longest of 7 of 77 tokens"
    assert lines[3].startswith("tiny: 0 fresh, 2 to make: about ")


def test_a_model_that_need_not_load_is_told_with_the_reason(tiny_project, tiny_model):
    pipe_of = weights.opener(tiny_project, weights.Choice(device="cpu"))
    optional = replace(tiny_model, required=False)
    lost = replace(optional, location="models/none")
    other = replace(optional, revision="0" * 64)
    *_, reason, _, last = doctor.models(tiny_project, [lost, other], [], pipe_of)
    assert "models/none is not there; make it, or give --weights PATH" in reason
    assert "put this line there under `tiny:`, in place of any `revision` it has: `" in last


def test_a_model_that_must_load_is_wrong_after_all_others_are_told(tiny_project, tiny_model):
    """A required one, and one whose weights a person gave."""
    pipe_of = weights.opener(tiny_project, weights.Choice(device="cpu"))
    damaged = replace(tiny_model, revision="0" * 64)
    optional = replace(damaged, id="other", required=False)
    told = []
    with pytest.raises(
        ModelError, match=r"^sources/models\.yml: tiny is pinned to 0.*git"
    ) as wrong:
        for line in doctor.models(tiny_project, [damaged, optional], [], pipe_of):
            told.append(line)
    assert len(str(wrong.value).splitlines()) == 1
    assert told[-1].startswith("sources/models.yml: other is pinned to 0")
    with pytest.raises(ModelError, match="other is pinned to 0"):
        list(doctor.models(tiny_project, [optional], [], pipe_of, given=True))


def test_prompts_are_split_where_no_weights_are(tiny_model, tiny_folder, jobs, tmp_path):
    """By the shape's own vocabulary."""
    (tmp_path / "sources" / "shapes").mkdir(parents=True)
    (tmp_path / "sources" / "shapes" / "tiny").symlink_to(tiny_folder)
    optional = replace(tiny_model, required=False)
    shaped = replace(optional, kind="file", shape=shapes.read(tmp_path, "tiny", "here"))

    def none(model):
        raise ModelError("unreachable")

    prompts = [prompt for prompt, _ in jobs]
    lines = list(doctor.models(tmp_path, [shaped], prompts, none))
    assert lines == [
        "tiny: 3 prompts, the longest of 7 of 77 tokens",
        "tiny: its weights are one file; give it with --weights FILE",
    ]
