"""Captures whose figures are known, and those of this site."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from known import rows

from gen.core import inputs, store
from gen.core.errors import BadInput, BrokenRecord
from gen.measure import captured, runner
from gen.measure.kit.captures import (
    VARIED,
    CaptureArrays,
    ModelCaptures,
    all_captures,
    arrays_of,
    read_arrays,
)
from gen.measure.kit.project import Project

ROOT = Path(__file__).parents[2]


def taken(steps=10, settles=4, brighter=0, parts=1, spot=6):
    """The final picture from one step on, grey before; half of the attention on one position."""
    ramp = np.linspace(0, 200, 48)[None, :, None] + np.zeros((32, 48, 3))
    checks = 30 * ((np.indices((32, 48)).sum(0) // 2) % 2)[..., None]
    final = (ramp + checks + 0).astype(np.uint8)
    frames = np.full((steps, 32, 48, 3), 128, np.uint8)
    frames[settles - 1 :] = final
    frames[parts - 1 :] += np.uint8(brighter)
    final = final + np.uint8(brighter)
    maps = np.full((2, steps, 4, 6), 0.5 / 23)
    maps[..., spot // 6, spot % 6] = 0.5
    return CaptureArrays(frames, final, final, maps)


def model(id="study", word=None, **changes):
    shown = {"a": taken(**changes), "b": taken(**changes), "c": word or taken(brighter=9)}
    return ModelCaptures(id, id.title(), shown, ("a", "b"), (("a", "c"), ("b", "c")), (("a", "b"),))


def test_figures_are_those_the_captures_were_made_with():
    found = rows(captured.run([model()]))
    assert found["study-fine-settles"].value == 40
    assert found["study-coarse-30"].value < 20
    assert found["study-fine-40"].value == found["study-coarse-100"].value == 100
    assert found["study-word-change"].value == 9
    assert found["study-attention"].value == pytest.approx(100 / 24, abs=0.01)
    assert found["study-near-white"].value == 0
    assert 0 < found["study-clipped"].value < 5  # the ramp's black end


def test_one_pair_is_too_few_and_says_so():
    found = rows(captured.run([model()]))
    assert found["study-noise-change"].value is None
    assert found["study-noise-change"].note == "only 1 to look at"


def test_a_word_parts_two_runs_where_it_was_made_to():
    found = rows(captured.run([model(word=taken(brighter=20, parts=7))]))
    assert found["study-word-parts"].value == 70


def test_another_model_stands_beside_with_its_own_steps():
    found = rows(captured.run([model(), model("sd15", word=taken(20, 4, 9), steps=20)]))
    assert found["study-fine-settles"].value == 40
    assert found["sd15-fine-settles"].value == 20
    assert {r.series for r in found.values()} == {"Study", "Sd15"}


def test_a_kept_capture_is_read_as_it_was_captured():
    given = inputs.read(ROOT)
    prompt = next(p for p in given.prompts if p.id == "chrome-studio" and p.model == "study")
    kept = store.read(ROOT, given.key(prompt))
    shown = read_arrays(ROOT, kept)
    distance = next(curve for curve in kept.curves if curve.name == "distance").values
    again = np.sqrt(((shown.frames / 255 - shown.final / 255.0) ** 2).mean((1, 2, 3)))
    assert np.abs(again - distance).max() < 0.03  # frames are kept small and compressed
    words = ["a", "chrome", "car", "in", "a (2)", "studio", "side", "view"]
    assert shown.attention.shape[:2] == (len(words), prompt.steps)
    assert 0 < shown.attention.sum(0).max() < 1.01  # shares of one whole


def test_pairs_differ_in_one_thing_alone():
    given = inputs.read(ROOT)
    captures = {given.key(p): store.read(ROOT, given.key(p)) for p in given.prompts
                if p.model == "study"}  # fmt: skip
    (found,) = arrays_of(ROOT, given, captures)
    texts = {key: capture.prompt.text for key, capture in captures.items()}
    seeds = {key: capture.prompt.seed for key, capture in captures.items()}
    assert found.words and all(
        texts[a] != texts[b] and seeds[a] == seeds[b] for a, b in found.words
    )
    assert found.noises and all(
        texts[a] == texts[b] and seeds[a] != seeds[b] for a, b in found.noises
    )
    twice = [key for pair in found.noises for key in pair]
    assert len(set(twice)) == len(twice), "else few pictures pass for many"


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_every_stored_capture_is_read_and_pairs_differ_in_one_thing(made, project):
    (found,) = made(captured).handed["models"]
    captures = project.captures
    shown = {key for pair in (*found.words, *found.noises) for key in pair}
    assert found.id == "study" and set(found.arrays) == shown | set(found.ideas)
    assert set(found.arrays) < set(captures), "one of three noises is in no pair"
    assert {captures[key].prompt.idea for key in found.ideas} >= {"chrome-studio"}
    for pairs, field in ((found.words, "text"), (found.noises, "seed")):
        assert pairs
        for a, b in pairs:
            one, other = captures[a].prompt, captures[b].prompt
            assert getattr(one, field) != getattr(other, field)
            same = {field: None, "id": "", "idea": ""}
            assert replace(one, **same) == replace(other, **same), "and in nothing else"


def test_a_capture_of_the_required_model_that_is_not_kept_whole_is_named(project, tmp_path):
    """Left out, it would be a figure of fewer captures than the page says."""
    assert project.missing("captures") is None
    root = shutil.copytree(project.root, tmp_path / "project")
    keys = {project.inputs.key(p): p.id for p in reversed(project.inputs.prompts)}
    first, *_, last = project.captures
    (store.folder(root, last) / "final.png").write_bytes(b"")
    broken = f"{keys[last]}: docs/captures/{last}/final.png is not what was captured"
    assert opened(root).missing("captures") == f"{broken}; run python -m gen capture {keys[last]}"
    store.remove(root, first)
    lacks = f"{keys[first]}: no capture {first}"
    with pytest.raises(BadInput) as refused:
        runner.measure_all(opened(root), ["captured"], print, force=False)
    assert str(refused.value) == f"captured: {lacks}; run python -m gen capture {keys[first]}"


def test_a_capture_of_an_optional_model_may_be_absent_and_not_broken(project, tmp_path):
    root = shutil.copytree(project.root, tmp_path / "project")
    optional = tuple(replace(model, required=False) for model in project.inputs.models)
    given = replace(project.inputs, models=optional)
    first, *others = project.captures
    store.remove(root, first)
    assert set(all_captures(root, given)) == set(others)
    (store.folder(root, others[0]) / "final.png").write_bytes(b"")
    with pytest.raises(BrokenRecord, match=r"; run python -m gen capture \S+ --model study$"):
        all_captures(root, given)


def opened(root):
    """A project as a command opens it."""
    return Project(root, root.parent, inputs.read(root), lambda what, done, of: None)


def test_a_measurement_of_captures_names_the_models_that_were_captured(made, project):
    measurement = made(captured).measurement
    assert measurement.model == project.model.title
    assert set(dict(measurement.inputs)) == {"version", "captures"}


def test_where_sheets_are_sparing_the_last_frame_stands_for_the_final_picture():
    given = inputs.read(ROOT)
    prompt = next(p for p in given.prompts if p.id == "chrome-studio" and p.model == "study")
    kept = store.read(ROOT, given.key(prompt))
    spared = replace(kept, model=replace(kept.model, required=False))
    plain, sparing = read_arrays(ROOT, kept), read_arrays(ROOT, spared)
    assert (sparing.final == sparing.frames[-1]).all()
    assert (plain.final != plain.frames[-1]).any()
    assert (sparing.whole == plain.whole).all()


@pytest.mark.parametrize("model", ["sd15", "epicrealism"])
def test_an_optional_model_is_asked_for_all_that_is_measured_and_compared(model):
    """Pairs in other words and in other noise, and each comparison holds a picture of its idea."""
    given = inputs.read(ROOT)
    models = tuple(replace(m, revision="0" * 64) if m.id == model else m for m in given.models)
    pinned = replace(given, models=models)
    ideas = {idea.id: idea for idea in pinned.ideas}
    assert all(model in {p.model for p in idea.prompts} for idea in ideas.values())
    asked = {c.varies: [p for p in c.prompts if p.model == model] for c in pinned.comparisons}
    for varies in ("text", "seed", "guidance_scale", "scheduler"):
        prompts = asked[varies]
        (own,) = (p for p in ideas[prompts[0].idea].prompts if p.model == model)
        assert pinned.key(own) in {pinned.key(prompt) for prompt in prompts}
        assert len(prompts) > 2
    for varies, pairs in VARIED.items():
        assert list(pairs([pinned.key(p) for p in asked[varies]]))


def test_optional_models_are_asked_for_the_same_values():
    """So that one stands beside the other: words, noises, guidance, samplers."""
    for comparison in inputs.read(ROOT).comparisons:
        rows = {
            model: [getattr(p, comparison.varies) for p in comparison.prompts if p.model == model]
            for model in ("sd15", "epicrealism")
        }
        assert rows["epicrealism"] in ([], rows["sd15"])
