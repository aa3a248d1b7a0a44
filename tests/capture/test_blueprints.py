"""What runs in a model is worked out from its shape alone, once, and is what a run would show."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import blueprints, hollow, parts
from gen.core import blueprints as kept
from gen.core import inputs, shapes
from gen.core.errors import BrokenRecord
from gen.core.sources import Inputs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shaped(tiny_folder, tiny_model, tmp_path):
    """A project with a shape that is the tiny pipeline's, less its weights, and its model."""
    folder = tmp_path / shapes.SHAPES / "tiny"
    shutil.copytree(tiny_folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    return tmp_path, replace(tiny_model, shape=shapes.read(tmp_path, "tiny", "models.yml"))


def asking(model, prompt) -> Inputs:
    """Inputs in which an idea is worded for one model."""
    sources = inputs.read(ROOT)
    idea = replace(sources.ideas[0], prompts=(prompt,))
    return replace(sources, models=(model,), ideas=(idea,), comparisons=())


def drawn(root: Path, sources: Inputs) -> tuple[Path, bytes]:
    """Where the one blueprint lies that is made of these, and its bytes."""
    list(blueprints.draw_all(root, sources))
    (path,) = (root / kept.BLUEPRINTS).glob("*.json")
    return path, path.read_bytes()


def test_it_is_what_the_pipeline_with_its_weights_shows(shaped, tiny_pipe, tiny_prompt):
    root, model = shaped
    tree = parts.tree(tiny_pipe, tiny_prompt, hollow.ran(tiny_pipe, tiny_prompt))
    assert blueprints.draw(root, tiny_prompt, model).parts == tree


def test_it_is_kept_until_shape_or_settings_change_and_then_made_anew(shaped, tiny_prompt):
    root, model = shaped
    sources = asking(model, tiny_prompt)
    (line,) = blueprints.draw_all(root, sources)
    assert line.endswith("tiny, 64 x 48: made")
    (line,) = blueprints.draw_all(root, asking(model, replace(tiny_prompt, negative="red", seed=9)))
    assert line.endswith("fresh")
    (first,) = kept.read_all(root, sources)
    for changes in ({"steps": 5}, {"width": 96}, {"guidance_scale": 1.0}):
        other = asking(model, replace(tiny_prompt, **changes))
        assert kept.read_all(root, other) == {}
        (line,) = blueprints.draw_all(root, other)
        assert line.endswith("made") and first not in line
        assert kept.shelf.ids(root) == tuple(kept.read_all(root, other))  # the last one is gone


def test_all_that_is_asked_of_it_is_split_and_another_text_is_split_anew(shaped, tiny_prompt):
    """Each once; what is drawn stays in its place under the same key."""
    root, model = shaped
    list(blueprints.draw_all(root, asking(model, tiny_prompt)))
    ((key, first),) = kept.read_all(root, asking(model, tiny_prompt)).items()
    (split,) = first.splits
    assert split.text == "a chrome car, studio"
    ends = ("<|startoftext|>", "<|endoftext|>")
    assert split.pieces == (
        ends[0],
        "a</w>",
        "chrome</w>",
        "car</w>",
        ",</w>",
        "studio</w>",
        ends[1],
    )
    other = asking(model, replace(tiny_prompt, text="a red car"))
    (line,) = blueprints.draw_all(root, other)
    assert line == f"{key}  tiny, 64 x 48: made"
    second = kept.read_all(root, other)[key]
    assert [split.text for split in second.splits] == ["a red car"]
    assert replace(second, splits=first.splits) == first


def test_a_text_that_is_split_twice_is_refused(shaped, tiny_prompt):
    root, model = shaped
    record = blueprints.draw(root, tiny_prompt, model, ("a car", "a car"))
    kept.shelf.write(root, record.key, record, {})
    with pytest.raises(BrokenRecord, match="splits a text twice, or into nothing"):
        kept.shelf.read(root, record.key)


def test_one_that_was_altered_is_refused_and_made_again(shaped, tiny_prompt):
    root, model = shaped
    sources = asking(model, tiny_prompt)
    path, whole = drawn(root, sources)
    path.write_bytes(whole.replace(b"Conv2d", b"Conv3d"))
    with pytest.raises(BrokenRecord, match="is truncated or altered; run python -m gen blueprints"):
        kept.read_all(root, sources)
    list(blueprints.draw_all(root, sources))
    assert path.read_bytes() == whole
    record = kept.shelf.read(root, path.stem)
    path.write_bytes(kept.shelf.sealed(replace(record, width=72)))
    with pytest.raises(BrokenRecord, match="has another key"):
        kept.read_all(root, sources)


def test_another_s_under_a_wanted_name_is_refused_and_made_again(shaped, tiny_prompt):
    root, model = shaped
    sources = asking(model, tiny_prompt)
    path, whole = drawn(root, sources)
    texts = (tiny_prompt.text,)
    other = blueprints.draw(root, replace(tiny_prompt, width=72), model, texts)
    path.write_bytes(kept.shelf.sealed(other))
    with pytest.raises(BrokenRecord, match=f"is that of {other.key}; run python -m gen blueprin"):
        kept.read_all(root, sources)
    (line,) = blueprints.draw_all(root, sources)
    assert line.endswith(": made") and path.read_bytes() == whole


def test_the_kept_one_of_stable_diffusion_is_what_its_shape_gives():
    sources = inputs.read(ROOT)
    held = kept.read_all(ROOT, sources)
    assert set(held) == set(kept.wanted(sources)) == set(kept.shelf.ids(ROOT))
    for key, (prompt, model) in kept.wanted(sources).items():
        anew = blueprints.draw(ROOT, prompt, model, kept.texts(sources, key))
        assert anew.splits == held[key].splits, "run python -m gen blueprints"
        assert [replace(part, flops_share=0.0) for part in anew.parts] == [
            replace(part, flops_share=0.0) for part in held[key].parts
        ]
        shares = [[part.flops_share for part in one.parts] for one in (anew, held[key])]
        assert shares[0] == pytest.approx(shares[1], rel=0.01)  # torch may count otherwise


def test_its_networks_are_as_large_as_those_of_the_real_weights():
    (record,) = kept.read_all(ROOT, inputs.read(ROOT)).values()
    sizes = {name: record.part(name).parameters for name in ("unet", "text_encoder", "vae")}
    assert sizes == {"unet": 859_520_964, "text_encoder": 123_060_480, "vae": 83_653_863}


def test_a_model_of_no_shape_has_none(tiny_model, tiny_prompt):
    assert kept.blank(tiny_prompt, tiny_model) is None
    assert kept.wanted(asking(tiny_model, tiny_prompt)) == {}


def test_its_record_is_plain_json(shaped, tiny_prompt):
    root, model = shaped
    list(blueprints.draw_all(root, asking(model, tiny_prompt)))
    (path,) = (root / kept.BLUEPRINTS).glob("*.json")
    held = json.loads(path.read_bytes())["blueprint"]
    assert held["shape"] == model.shape.revision
    assert (held["width"], held["height"], held["guided"]) == (64, 48, True)
