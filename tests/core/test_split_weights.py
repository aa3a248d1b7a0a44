"""gen/core/split_weights.py: an index names files beside it, and nothing else."""

import pytest

from gen.core.split_weights import named


def test_files_beside_the_index_are_named_once_each():
    index = {"weight_map": {"a": "2.safetensors", "b": "1 of 2.safetensors", "c": "2.safetensors"}}
    assert named(index) == ["1 of 2.safetensors", "2.safetensors"]


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc/passwd", "a/b", "a/..", 1, None])
def test_what_is_no_file_beside_the_index_is_none(name):
    assert named({"weight_map": {"a": "1.safetensors", "b": name}}) is None


@pytest.mark.parametrize("index", [None, [], {}, {"weight_map": []}])
def test_an_index_that_names_nothing_is_none(index):
    assert named(index) is None
