"""gen/study/scoring/blind.py: whoever looks at the pictures learns nothing but what they show."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen.core.errors import BadInput
from gen.study.recipe.train import ScoreRecipe
from gen.study.scoring import blind, prompts
from gen.study.scoring.samples import Samples


@pytest.fixture(scope="module")
def drawn(recipe):
    """Sixty samples; a painted picture is as bright as its number, a render 100 brighter."""
    entries = prompts.all_samples(recipe, ScoreRecipe(ordinary=45, held_out=15))
    bright = np.arange(60, dtype=np.uint8)[:, None, None, None]
    painted = np.broadcast_to(bright, (60, 32, 48, 3))
    rest = {"bodies": np.zeros((60, 32, 48), np.uint8), "seconds": None}
    return Samples(**_filled(entries=entries, pictures=painted, renders=painted + 100, **rest))


def _filled(**values) -> dict:
    """With whatever else the record holds."""
    names = Samples.__dataclass_fields__
    return {name: values.get(name, "") for name in names}


@pytest.fixture
def written(drawn, tmp_path):
    blind.write(drawn, tmp_path / "pictures", tmp_path / "key.json")
    return tmp_path


def test_twenty_are_painted_and_twenty_rendered_and_no_scene_is_there_twice(written, drawn):
    key = json.loads((written / "key.json").read_text("utf-8"))
    painted = {a["sample"] for a in key.values() if a["painted"]}
    rendered = {a["sample"] for a in key.values() if not a["painted"]}
    assert painted == set(range(20)) and rendered == set(range(20, 40))
    assert all(a["prompt"] == drawn.entries[a["sample"]].prompt for a in key.values())


def test_the_key_tells_what_each_picture_is(written):
    for name, answer in json.loads((written / "key.json").read_text("utf-8")).items():
        with Image.open(written / "pictures" / name) as picture:
            bright = np.asarray(picture)[0, 0, 0]
        assert bright == answer["sample"] + 100 * (not answer["painted"])


def test_names_order_and_size_give_nothing_away(written):
    files = sorted((written / "pictures").iterdir())
    assert [file.name for file in files] == [f"{n:02d}.png" for n in range(1, 41)]
    for file in files:
        with Image.open(file) as picture:
            assert picture.size == (48, 32) and not picture.info
    key = json.loads((written / "key.json").read_text("utf-8"))
    kinds = [key[file.name]["painted"] for file in files]
    assert 10 < sum(a != b for a, b in pairwise(kinds)) < 30


def test_a_key_among_the_pictures_is_refused(drawn, tmp_path):
    with pytest.raises(BadInput, match="among the pictures"):
        blind.write(drawn, tmp_path / "pictures", tmp_path / "pictures" / "key.json")
    assert not (tmp_path / "pictures").exists()


def test_too_few_samples_are_refused(drawn, tmp_path):
    few = replace(drawn, entries=drawn.entries[:39])
    with pytest.raises(BadInput, match="39 samples: 40 are needed"):
        blind.write(few, tmp_path / "pictures", tmp_path / "key.json")


@pytest.mark.parametrize(
    ("key", "why"),
    [("missing/key.json", "is no folder; make it"), (".", "is a folder; name a file")],
)
def test_a_key_that_has_no_place_is_refused_before_the_pictures_have(drawn, tmp_path, key, why):
    with pytest.raises(BadInput, match=why):
        blind.write(drawn, tmp_path / "pictures", tmp_path / key)
    assert not list(tmp_path.iterdir())


def test_pictures_are_shuffled_anew_in_their_own_folder_and_in_no_other(written, drawn, tmp_path):
    blind.write(drawn, tmp_path / "pictures", tmp_path / "key.json")
    (tmp_path / "pictures" / "holiday.png").write_bytes(b"mine")
    with pytest.raises(BadInput, match=r"pictures: holds holiday.png, so it is no folder of shuff"):
        blind.write(drawn, tmp_path / "pictures", tmp_path / "key.json")
    assert (tmp_path / "pictures" / "holiday.png").read_bytes() == b"mine"


def test_a_folder_that_one_stands_in_is_written_and_its_key_lies_beside_it(
    drawn, tmp_path, monkeypatch
):
    (tmp_path / "pictures").mkdir()
    monkeypatch.chdir(tmp_path / "pictures")
    blind.write(drawn, Path(), tmp_path / "key.json")
    assert len(list((tmp_path / "pictures").iterdir())) == 40
