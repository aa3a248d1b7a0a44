"""gen/study/world/shards.py: renders in files, each whole and made once."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from gen.core.errors import BadInput
from gen.study.world import shards


def test_shards_are_whole_and_are_not_made_twice(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SHARD", 2)
    small = replace(recipe, full_every=2, window=0.5)
    paths = list(shards.render_range(small, tmp_path, 0, 4))
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    full, lean = (np.load(path, allow_pickle=False) for path in paths)
    assert full["picture"].shape == (2, 32, 48, 3)
    assert {"linear", "normals", "reflection", "behind", "pane"} <= set(full.files)
    assert set(lean.files) == {"scene", "picture", "body"}
    told = json.loads(str(full["scene"][1]))
    assert told["seed"] == 1 and 0 < told["horizon"] < 1
    assert len(full["pane"]) == sum(json.loads(str(s))["pane"] is not None for s in full["scene"])

    monkeypatch.setattr(shards, "render", None)  # making one again would fail
    assert list(shards.render_range(small, tmp_path, 0, 4)) == paths


def test_seeds_that_fill_no_shard_are_refused(recipe, tmp_path):
    with pytest.raises(BadInput, match="multiples of 50"):
        list(shards.render_range(recipe, tmp_path, 10, 50))
