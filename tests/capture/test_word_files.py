"""gen/capture/word_files.py: a tokenizer of anything but words is refused in one line."""

import json

import pytest

pytest.importorskip("torch", reason="needs the generate install")

from gen.capture.word_files import refuse_unfit
from gen.core.errors import ModelError

MODEL = {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}
WHOLE = {"model": MODEL, "added_tokens": [{"id": 3, "content": "<x>"}]}
ENCODER = {"vocab_size": 4, "max_position_embeddings": 77}


@pytest.fixture
def refused(tmp_path):
    """Checks a tokenizer of these words beside an encoder of this size."""

    def check(whole: dict, encoder: dict = ENCODER) -> None:
        (tmp_path / "tokenizer.json").write_text(json.dumps(whole))
        (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 77}')
        refuse_unfit("it: x/tokenizer", tmp_path, encoder)

    return check


def test_one_that_is_whole_is_not_refused(refused):
    refused(WHOLE)
    refused(WHOLE | {"model": MODEL | {"merges": ["a b"]}}, {})


@pytest.mark.parametrize("merges", [None, 5, "a b", {}, {"a": "b"}, True])
def test_pairs_that_are_no_list_are_no_vocabulary(refused, merges):
    with pytest.raises(ModelError, match=r"^it: x/tokenizer/tokenizer\.json is no byte-pair voc"):
        refused(WHOLE | {"model": MODEL | {"merges": merges}})


def test_a_vocabulary_without_pairs_is_none(refused):
    with pytest.raises(ModelError, match=r"tokenizer\.json is no byte-pair vocabulary; download"):
        refused(WHOLE | {"model": {"type": "BPE", "vocab": {"a": 0}}})


@pytest.mark.parametrize("pair", [None, 5, ["a"], ["a", 1], ["a", None], "a", "a b c", {}])
def test_what_is_no_pair_does_not_fit(refused, pair):
    with pytest.raises(ModelError, match="does not fit the pieces of its vocabulary; download it"):
        refused(WHOLE | {"model": MODEL | {"merges": [pair]}})


@pytest.mark.parametrize("number", ["7", None, 1.5, [], True])
def test_an_added_token_without_a_whole_number_is_told(refused, number):
    with pytest.raises(ModelError, match="has an added token whose id is no whole number; downloa"):
        refused(WHOLE | {"added_tokens": [{"id": number}]})


@pytest.mark.parametrize("field", ["vocab_size", "max_position_embeddings"])
@pytest.mark.parametrize("size", ["1", None, 4.5, [], True])
def test_an_encoder_without_a_size_is_told(refused, field, size):
    with pytest.raises(ModelError, match=rf"^it: x/tokenizer: its text encoder's {field} is .*; d"):
        refused(WHOLE, ENCODER | {field: size})
