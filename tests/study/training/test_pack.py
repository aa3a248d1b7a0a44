"""gen/study/training/pack.py: a training elsewhere, without renders."""

import json
import shutil

import pytest
import torch
from tiny import checkpoint, recipe_of, trained

from gen.core.errors import BadInput, ModelError
from gen.study.training import pack
from gen.study.training.train import save, stage_for, write_pack


@pytest.fixture
def packed(place):
    trained("autoencoder", place, "work", steps=2)
    write_pack(recipe_of(place), place / "renders", place / "work", place / "packed", None)
    return place / "packed"


def test_what_is_packed_is_what_the_renders_gave_to_a_fiftieth_of_its_spread(place, packed):
    recipe, cpu = recipe_of(place), torch.device("cpu")
    before = stage_for("pipeline", recipe, place / "renders", place / "work", None, cpu).examples
    _, after = pack.read(packed, recipe, place / "elsewhere")
    row = torch.arange(len(before.captions))
    whole = before.whole.values[row, row % 2].float()
    assert (after.whole.values[:, 0].float() - whole).abs().max() < whole.std() / 50
    assert (after.whole.bodies[:, 0] - before.whole.bodies[row, row % 2]).abs().max() < 0.01
    assert after.captions.equal(before.captions) and after.nothing.equal(before.nothing)
    assert after.trained.equal(before.trained) and after.held_out.equal(before.held_out)
    assert after.source == before.source and after.halved is None


def test_a_training_goes_on_from_a_pack_where_no_render_is(place, packed):
    shutil.rmtree(place / "renders")
    trained("pipeline", place, "elsewhere", steps=2, packed=packed)
    trained("pipeline", place, "elsewhere", steps=4, packed=packed)
    trained("pipeline", place, "undisturbed", steps=4, packed=packed)
    one, other = (checkpoint(place, "pipeline", work) for work in ("elsewhere", "undisturbed"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    save(recipe_of(place), place / "elsewhere", place / "model")
    assert (place / "model/model_index.json").is_file()


def test_a_pack_holds_latents_captions_and_recipe_and_nothing_of_the_machine(place, packed):
    files = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}
    assert {"latents.npz", "recipe.json", "vae/diffusion_pytorch_model.safetensors"} <= files
    assert str(place) not in (packed / "recipe.json").read_text("utf-8")


def test_only_text_encoder_and_unet_learn_from_a_pack(place, packed):
    with pytest.raises(BadInput, match="decoder learns from renders"):
        trained("decoder", place, "elsewhere", steps=1, packed=packed)


def test_a_folder_without_a_pack_is_refused(place):
    with pytest.raises(BadInput, match="holds no pack"):
        trained("pipeline", place, "elsewhere", steps=1, packed=place)


def test_a_model_s_folder_is_no_pack(place, packed):
    (packed / "latents.npz").unlink()
    with pytest.raises(BadInput, match="holds no pack"):
        trained("pipeline", place, "elsewhere", steps=1, packed=packed)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_pack_whose_record_was_cut_off_is_refused_in_a_line(place, packed, text):
    (packed / "recipe.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"recipe\.json: is truncated or altered; check it out"):
        pack.read(packed, recipe_of(place), place / "elsewhere")


def test_a_pack_of_other_renders_is_refused(place, packed):
    told = json.loads((packed / "recipe.json").read_text("utf-8"))
    told["recipe"]["render"]["samples"] += 1
    (packed / "recipe.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(ModelError, match="other renders"):
        pack.read(packed, recipe_of(place), place / "elsewhere")


def test_a_pack_of_another_autoencoder_is_refused_where_the_first_one_s_rests(place, packed):
    trained("pipeline", place, "elsewhere", steps=1, packed=packed)
    trained("autoencoder", place, "second", steps=3)
    other = place / "second-pack"
    write_pack(recipe_of(place), place / "renders", place / "second", other, None)
    with pytest.raises(ModelError, match=r"elsewhere/pipeline/vae is of another training than"):
        trained("pipeline", place, "elsewhere", steps=2, packed=other)
    tokenizer = packed / "tokenizer/tokenizer.json"
    told = json.loads(tokenizer.read_text("utf-8"))
    words = told["model"]["vocab"]
    words["car</w>"], words["chrome</w>"] = words["chrome</w>"], words["car</w>"]
    tokenizer.write_text(json.dumps(told), "utf-8")
    with pytest.raises(ModelError, match=r"elsewhere/pipeline/tokenizer is of another training"):
        trained("pipeline", place, "elsewhere", steps=2, packed=packed)
