"""What is fresh, stale, missing, unpinned, broken or orphaned."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from gen.core import inputs, measured, store
from gen.core.status import measured_of_others, status

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    """The real sources with two of the captures in the store."""
    entries = inputs.read(ROOT)
    wanted = [
        entries.key(p) for p in entries.prompts if p.id in ("chrome-studio", "matte-red-desert")
    ]
    for key in {key for key in wanted if key}:
        shutil.copytree(store.folder(ROOT, key), store.folder(tmp_path, key))
    return tmp_path, entries


def states(root, entries):
    return {(row.prompt.id, row.prompt.model): row.state for row in status(root, entries).prompts}


def worded(entries, id, **fields):
    """The same inputs with one prompt worded otherwise."""
    ideas = tuple(
        dataclasses.replace(
            idea,
            prompts=tuple(
                dataclasses.replace(p, **fields) if (p.id, p.model) == (id, "study") else p
                for p in idea.prompts
            ),
        )
        for idea in entries.ideas
    )
    return dataclasses.replace(entries, ideas=ideas)


def test_every_required_capture_of_this_checkout_is_fresh_and_none_is_orphaned():
    now = status(ROOT, inputs.read(ROOT))
    assert not now.wrong
    assert now.orphans == ()


def test_fresh_missing_and_unpinned(project):
    now = states(*project)
    assert now["chrome-studio", "study"] == "fresh"
    assert now["gold-city", "study"] == "missing"
    assert now["chrome-studio", "sd15"] == "unpinned"
    assert status(*project).wrong


def test_an_equal_prompt_of_a_comparison_is_fresh_too(project):
    assert states(*project)["one-word-1", "study"] == "fresh"
    assert states(*project)["one-word-2", "study"] == "missing"


def test_one_letter_makes_it_stale_and_the_kept_one_an_orphan(project):
    root, entries = project
    edited = worded(entries, "chrome-studio", text="a chrome car, studio, side views")
    edited = dataclasses.replace(edited, comparisons=())
    old = next(entries.key(p) for p in entries.prompts if p.id == "chrome-studio")
    assert states(root, edited)["chrome-studio", "study"] == "stale"
    assert status(root, edited).orphans == (old,)
    assert status(root, edited).origins == (("chrome-studio", "study"),)


def compared(entries, varies, **fields):
    """The same inputs with prompts of the study model changed in one comparison."""
    (one,) = (c for c in entries.comparisons if c.varies == varies)
    prompts = tuple(
        dataclasses.replace(p, **fields) if p.model == "study" else p for p in one.prompts
    )
    others = tuple(c for c in entries.comparisons if c is not one)
    return dataclasses.replace(
        entries, comparisons=(*others, dataclasses.replace(one, prompts=prompts))
    )


def test_all_prompts_that_shared_a_capture_are_stale_with_it(project):
    """The record names one of them."""
    root, entries = project
    words = {"text": "a matte red car in the desert, side views"}
    edited = compared(worded(entries, "matte-red-desert", **words), "text", **words)
    now = states(root, edited)
    assert now["matte-red-desert", "study"] == now["one-word-1", "study"] == "stale"
    assert now["steps-1", "study"] == "missing"


def test_a_prompt_whose_capture_was_made_under_another_name_is_stale_too(project):
    root, entries = project
    alone = dataclasses.replace(
        entries, ideas=tuple(idea for idea in entries.ideas if idea.id != "matte-red-desert")
    )
    edited = compared(alone, "text", text="a matte red car in the desert, side views")
    assert states(root, edited)["one-word-1", "study"] == "stale"


def test_another_pin_makes_all_that_was_made_stale_and_nothing_else(project):
    root, entries = project
    models = tuple(
        dataclasses.replace(m, revision="1" * 64) if m.id == "study" else m for m in entries.models
    )
    now = states(root, dataclasses.replace(entries, models=models))
    for id in ("chrome-studio", "matte-red-desert", "one-word-1"):
        assert now[id, "study"] == "stale"
    assert now["gold-city", "study"] == "missing"


def test_another_value_of_a_comparison_is_missing(project):
    """Also where another was left by one that is no more."""
    root, entries = project
    edited = worded(entries, "chrome-studio", seed=9)
    new = dataclasses.replace(edited.prompts[0], id="seed-9", idea="chrome-studio", seed=8)
    ideas = (dataclasses.replace(edited.ideas[0], prompts=(new,)), *edited.ideas[1:])
    assert states(root, dataclasses.replace(edited, ideas=ideas))["seed-9", "study"] == "missing"


def test_a_broken_capture_is_told(project):
    root, entries = project
    key = next(entries.key(p) for p in entries.prompts if p.id == "chrome-studio")
    record = store.folder(root, key) / "capture.json"
    record.write_bytes(record.read_bytes()[:-9])
    assert states(root, entries)["chrome-studio", "study"] == "broken"


def test_a_measurement_of_other_captures_is_stale_until_it_is_made_of_those_kept(project):
    """This checkout's is of all its captures; the copy holds two of them, so not those."""
    entries = inputs.read(ROOT)
    (at, _), kept = project, store.read_measurement_whole(ROOT, "captured")
    assert status(at, entries).measured == ()
    store.write_measurement(at, *kept)
    assert status(at, entries).measured == ("captured",)
    own = measured.captures_key(store.keys(at))
    made_of = tuple((n, own if n == "captures" else k) for n, k in kept[0].inputs)
    now = dataclasses.replace(kept[0], inputs=made_of)
    store.write_measurement(
        at, dataclasses.replace(now, key=measured.measurement_key("captured", made_of)), kept[1]
    )
    assert status(at, entries).measured == ()


def test_a_measurement_of_other_weights_than_those_pinned_is_stale(project):
    (at, entries), kept = project, store.read_measurement_whole(ROOT, "decided")
    store.write_measurement(at, *kept)
    assert status(at, entries).measured == ()
    others = tuple(dataclasses.replace(m, revision="0" * 64) for m in entries.models)
    again = dataclasses.replace(entries, models=others)
    assert status(at, again).measured == ("decided",)
    assert measured_of_others(at, again, ()) == ("decided",)


def test_what_is_known_to_be_whole_is_not_read_for_its_measurements(project):
    """What is not is: a broken one counts as none, as in a status."""
    at, entries = project
    store.write_measurement(at, *store.read_measurement_whole(ROOT, "captured"))
    keys = store.keys(at)
    own = measured.captures_key(keys)
    made_of = (("captures", own),)
    record, files = store.read_measurement_whole(at, "captured")
    key = measured.measurement_key("captured", made_of)
    store.write_measurement(at, dataclasses.replace(record, inputs=made_of, key=key), files)
    assert measured_of_others(at, entries, ()) == status(at, entries).measured == ()
    (store.folder(at, keys[0]) / "final.png").write_bytes(b"")
    assert measured_of_others(at, entries, ()) == status(at, entries).measured == ("captured",)
    assert measured_of_others(at, entries, keys[1:]) == ("captured",)
    assert measured_of_others(at, entries, keys) == (), "read, though it was told whole"


def test_the_measurement_of_all_captures_is_of_those_of_this_checkout():
    assert status(ROOT, inputs.read(ROOT)).measured == ()
