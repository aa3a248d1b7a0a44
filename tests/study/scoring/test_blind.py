"""gen/study/scoring/blind.py: whoever looks at the pictures learns nothing but what they show."""

import json
from dataclasses import replace
from itertools import pairwise

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
