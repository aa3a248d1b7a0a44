"""The model that a page hands to a browser: half of it, as it lies, each revision by itself."""

import json
import re
import shutil
import struct
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import painted
import pytest

from gen.core.digests import revision_of
from gen.core.errors import BadInput, MissingRecord, ModelError
from gen.publish import painter, painting, tensor_files
from gen.publish.draft import Draft
from gen.publish.painter import FILES, VAE

ROOT = Path(__file__).parents[2]
UNET = "unet/diffusion_pytorch_model.safetensors"


def read(file: bytes) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file, by its specification."""
    (length,) = struct.unpack_from("<Q", file)
    header = json.loads(file[8 : 8 + length])
    assert length % 8 == 0
    values = file[8 + length :]
    return {
        name: np.frombuffer(values[slice(*entry["data_offsets"])], np.float16).reshape(
            entry["shape"]
        )
        for name, entry in header.items()
        if name != "__metadata__"
    }


def test_the_decoder_is_kept_bit_for_bit_and_the_encoder_left_out(materials):
    model = materials.inputs.model("study")
    whole = read((ROOT / model.location / VAE).read_bytes())
    half = read(materials.painter.files[VAE])
    assert set(half) == {name for name in whole if name.startswith(("decoder.", "post_quant"))}
    assert all((half[name] == whole[name]).all() for name in half)
    assert len(materials.painter.files[VAE]) < (ROOT / model.location / VAE).stat().st_size


def test_a_network_in_shards_comes_as_one_file_bit_for_bit(materials):
    model = materials.inputs.model("study")
    shards = sorted((ROOT / model.location / "unet").glob("*.safetensors"))
    assert len(shards) == 2
    lying = read(shards[0].read_bytes()) | read(shards[1].read_bytes())
    joined = read(materials.painter.files[UNET])
    assert set(joined) == set(lying)
    assert all((joined[name] == lying[name]).all() for name in joined)


def test_a_shard_that_is_not_there_makes_the_network_absent(tmp_path):
    index = tmp_path / "net.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}')
    (tmp_path / "1.safetensors").write_bytes(b"")
    assert tensor_files.lying(tmp_path / "net.safetensors") == ()
    (tmp_path / "2.safetensors").write_bytes(b"")
    names = [path.name for path in tensor_files.lying(tmp_path / "net.safetensors")]
    assert names == ["1.safetensors", "2.safetensors"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"weight_map": [1]}', '{"weight_map": {"a": "../other.safetensors"}}']
)
def test_an_index_of_shards_that_says_nothing_is_told_with_its_place(tmp_path, text):
    index = tmp_path / "net.safetensors.index.json"
    index.write_text(text)
    with pytest.raises(BadInput, match=r"index.json: has no weight_map of files beside it; check"):
        tensor_files.lying(tmp_path / "net.safetensors")


@pytest.fixture
def model_of(materials, tmp_path):
    """The required model, in a checkout whose copy of it a test may change."""
    model = materials.inputs.model("study")
    shutil.copytree(ROOT / model.location, tmp_path / model.location)
    return model


def test_another_revision_stands_under_another_address(materials, model_of, tmp_path):
    place = tmp_path / model_of.location
    assert materials.painter.folder == f"live/{model_of.revision[:16]}"
    (place / "scheduler/scheduler_config.json").write_text("{}")
    other = revision_of(place)
    assert painter.read(tmp_path, replace(model_of, revision=other)).folder == f"live/{other[:16]}"


@pytest.mark.parametrize("name", ["vae/config.json", VAE, "text_encoder/model.safetensors"])
def test_weights_that_are_not_the_pinned_ones_are_not_published(model_of, tmp_path, name):
    """Else a cache that holds the pinned ones would never fetch these."""
    place = tmp_path / model_of.location
    assert painter.read(tmp_path, model_of).model == "study"
    with (place / name).open("ab") as file:
        file.write(b" ")
    moves = f"; restore it from git: .*trained it anew, .*: `revision: {revision_of(place)}`$"
    with pytest.raises(ModelError, match=f"study is pinned to {model_of.revision}, .*{moves}"):
        painter.read(tmp_path, model_of)
    with pytest.raises(ModelError, match="study is pinned to 0000"):
        painter.read(ROOT, replace(model_of, revision="0" * 64))


def test_a_folder_without_its_index_is_no_model_to_paint_with(model_of, tmp_path):
    (tmp_path / model_of.location / "model_index.json").unlink()
    assert painter.read(tmp_path, model_of) is None


def test_a_model_without_a_record_offers_no_choices(model_of, tmp_path):
    for name in ("recipe.json", "words.txt"):
        (tmp_path / model_of.location / name).unlink()
    read = painter.read(tmp_path, model_of)
    assert (read.words, read.grammar, read.schooling) == ((), painter.Grammar(), None)


def test_words_that_are_no_text_are_told_with_their_place(model_of, tmp_path):
    (tmp_path / model_of.location / "words.txt").write_bytes(b"\xff")
    with pytest.raises(BadInput, match=r"sources/models/study/words\.txt: is not UTF-8 text"):
        painter.read(tmp_path, model_of)


@pytest.mark.parametrize("change", [{"revision": None}, {"kind": "hub"}, {"location": "docs"}])
def test_a_model_whose_weights_are_elsewhere_is_none_to_paint_with(materials, change):
    assert painter.read(ROOT, replace(materials.inputs.model("study"), **change)) is None


@pytest.mark.parametrize("share", [0, 0.001, 0.5])
def test_a_file_that_was_cut_off_is_told_with_its_place(materials, share):
    whole = (ROOT / "sources" / "models" / "study" / VAE).read_bytes()
    with pytest.raises(BadInput, match="here: is no safetensors file; check it out anew"):
        tensor_files.joined([whole[: int(len(whole) * share)]], "here")


def test_chips_are_what_the_recipe_had_captions_for(materials):
    grammar = materials.painter.grammar
    brushed = next(finish for finish in grammar.finishes if finish.name == "brushed")
    assert (brushed.phrase, brushed.colours) == ("brushed {colour}", ("steel", "gold", "copper"))
    assert ("snow", "in the snow") in grammar.worlds
    said = {*("a", "in", "the", "at", "on"), *" ".join(grammar.views).replace("-", " ").split()}
    assert said <= set(materials.painter.words)


def test_choices_of_which_nothing_was_painted_before_are_dashed_and_said(materials):
    finals = replace(painted.finals("0" * 64), painted=(painted.one(painted.CHROME, 1),))
    draft = Draft(replace(materials, finals=finals), "paint.md")
    painting.painter(draft, "chrome-studio")
    (block,) = draft.blocks
    dashed = re.findall(r'paint-fresh"><input[^>]* value="([^"]*)"', block)
    worlds = [phrase for _, phrase in materials.painter.grammar.worlds if phrase != "in a studio"]
    views = [view for view in materials.painter.grammar.views if view != "side view"]
    assert dashed == ["coupe", "saloon", "hatchback", *worlds, "", *views, ""]
    assert "Dashed: none is kept" in block
    draft = Draft(replace(materials, finals=None), "paint.md")
    painting.painter(draft, "chrome-studio")
    assert "paint-fresh" not in draft.blocks[0] and "Dashed" not in draft.blocks[0]


def test_the_model_ships_where_a_page_paints_with_it(built, materials):
    shipped = {path for path in built.files if path.startswith("live/")}
    model = {f"{materials.painter.folder}/{name}" for name in FILES}
    assert shipped == model | {materials.jury.file}


def test_a_page_that_paints_without_weights_stops_the_build(draft):
    draft.materials = replace(draft.materials, painter=None)
    with pytest.raises(MissingRecord, match="painter: sources/models lacks weights of study"):
        painting.painter(draft, "chrome-studio")


def test_a_page_says_what_it_will_load(draft):
    painting.painter(draft, "chrome-studio")
    (block,) = draft.blocks
    size = round(draft.materials.painter.size / 10**6)
    assert f"Load the model ({size} MB) and paint" in block
    assert f'data-bytes="{draft.materials.painter.size}"' in block


@pytest.mark.parametrize(("eta", "sampler"), [(1.0, "DDIMFresh"), (0.0, "DDIMScheduler")])
def test_a_lab_offers_its_run_where_a_browser_can_paint_it(draft, eta, sampler):
    prompt, capture = draft.find("chrome-studio")
    assert prompt.scheduler == "DDIMScheduler"
    block = painting.again(draft, replace(capture, prompt=replace(prompt, eta=eta)))
    written = re.search(r'data-settings="([^"]+)"', block)[1]
    assert json.loads(unescape(written)) == {
        "negative": prompt.negative,
        "seed": prompt.seed,
        "steps": prompt.steps,
        "sampler": sampler,
        "plan": [{"at": 0, "prompt": prompt.text, "guidance": prompt.guidance_scale}],
    }


@pytest.mark.parametrize("change", [{"scheduler": "PNDMScheduler"}, {"clip_skip": 2}, {"eta": 0.5}])
def test_a_lab_offers_nothing_that_a_browser_cannot_paint(draft, change):
    prompt, capture = draft.find("chrome-studio")
    other = replace(capture, prompt=replace(prompt, **change))
    assert painting.again(draft, other) == ""


@pytest.mark.parametrize(("seeds", "choices"), [((1, 2), 2), ((7,), 0)])
def test_a_seed_is_a_choice_only_where_there_are_two(materials, seeds, choices):
    finals = painted.finals("0" * 64)
    every = tuple(painted.one(painted.CHROME, seed) for seed in seeds)
    draft = Draft(replace(materials, finals=replace(finals, painted=every)), "paint.md")
    before = painting.painted_before(draft, draft.find("chrome-studio")[0])["before"]
    assert before.count('name="painted-seed"') == choices
    assert ("from seed 7" in before) == (not choices)


def test_the_picture_on_show_is_the_prompt_s_own_and_colours_are_those_of_its_finish(materials):
    prompt = materials.prompt("x.md", "chrome-studio")
    every = (painted.one(painted.RED, 1), painted.one(prompt.text, prompt.seed))
    finals = replace(painted.finals("0" * 64), painted=every)
    draft = Draft(replace(materials, finals=finals), "paint.md")
    before = painting.painted_before(draft, prompt)["before"]
    assert f'role="status">“{prompt.text}”.</span>' in before
    colours = materials.painter.grammar.colours
    assert colours(prompt.text) == ("chrome", "gold", "copper")
    assert {"red", "chrome"} <= set(colours("a horse"))
