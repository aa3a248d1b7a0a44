"""The study model's training from renders to a saved pipeline."""

import json

import torch
from diffusers import StableDiffusionPipeline
from tiny import checkpoint, recipe_of, trained

from gen.study.training import train
from gen.study.training.checkpoint import CHECKPOINT, read_state

INDEX = "diffusion_pytorch_model.safetensors.index.json"


def test_both_stages_learn(place):
    for stage, steps, name, sign in (("autoencoder", 30, "psnr", 1), ("pipeline", 40, "loss", -1)):
        trained(stage, place, "work", steps=1)
        told = trained(stage, place, "work", steps=steps)
        _, first, *_, last = read_state(place / "work" / stage / CHECKPOINT)["scores"]
        assert sign * last[name] > sign * first[name] * (1 + sign * 0.2), (
            f"{stage}: {first}, {last}"
        )
        assert {p.kind for p in told} >= {"score", "sheet", "kept"}


def test_saved_folder_is_a_pipeline_and_a_warm_start(place):
    trained("autoencoder", place, "work", steps=4)
    trained("pipeline", place, "work", steps=4)
    folder = place / "study"
    for _ in range(2):  # the second time in place of the first
        train.save(recipe_of(place), place / "work", folder)
    pipe = StableDiffusionPipeline.from_pretrained(
        folder, dtype=torch.float32, use_safetensors=True, local_files_only=True
    )
    pipe.set_progress_bar_config(disable=True)
    image = pipe("a chrome car", height=64, width=64, num_inference_steps=2).images[0]
    assert image.size == (64, 64)
    told = json.loads((folder / "recipe.json").read_text("utf-8"))
    assert told["pipeline"]["step"] == 4 and told["recipe"]["train"]["seed"] == 7
    assert {"chrome", "car", "sunset"} <= set((folder / "words.txt").read_text("utf-8").split())
    assert not [p for p in folder.rglob("*.json") if str(place) in p.read_text("utf-8")], "no place"
    assert not list(folder.rglob("*.bin")) and not list(place.glob(".study*"))

    trained("pipeline", place, "warm", steps=4, start=folder)  # as many as it has: none is taken
    weights = checkpoint(place, "pipeline", "warm")
    first = "weights.unet.conv_in.weight"
    assert torch.equal(weights[first], pipe.unet.conv_in.weight)
    trained("pipeline", place, "warm", steps=5)
    train.save(recipe_of(place), place / "warm", folder)
    told = json.loads((folder / "recipe.json").read_text("utf-8"))
    assert told["autoencoder"]["step"] == 4, "the record of the first training is carried on"
    assert told["pipeline"]["began"] == 4 and told["pipeline"]["step"] == 5
    assert not torch.equal(checkpoint(place, "pipeline", "warm")[first], weights[first])


def test_a_batch_of_another_size_is_that_stage_s_alone(place):
    recipe = recipe_of(place)
    other = recipe.with_batch("pipeline", 64)
    assert other.train.diffusion.batch == 64
    assert other.with_batch("pipeline", recipe.train.diffusion.batch) == recipe
    assert recipe.with_batch("decoder", None) is recipe


def test_no_file_of_weights_is_larger_than_the_bound(place, monkeypatch):
    monkeypatch.setattr(train, "LARGEST", "20KB")
    trained("autoencoder", place, "work", steps=1)
    trained("pipeline", place, "work", steps=1)
    train.save(recipe_of(place), place / "work", place / "study")
    files = sorted((place / "study/unet").glob("*.safetensors"))
    assert len(files) > 1 and (place / "study/unet").joinpath(INDEX).is_file()
    trained("pipeline", place, "warm", steps=2, start=place / "study")
    kept = checkpoint(place, "pipeline")
    begun = read_state(place / "warm/pipeline" / CHECKPOINT)
    assert kept.keys() == checkpoint(place, "pipeline", "warm").keys() and begun["began"] == 1
