"""gen/capture/words.py: a text as the tokenizer splits it."""

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")


from gen.capture import (  # noqa: E402
    words,
)
from gen.core.records import END, START  # noqa: E402


def test_tokens_are_the_tokenizers_own(tiny_pipe):
    found = words.tokens(tiny_pipe.tokenizer, "a Red car, red zebra")
    assert [token.text for token in found[1:-1]] == [
        *("a</w>", "red</w>", "car</w>", ",</w>", "red</w>"),
        *("z", "e", "b", "r", "a</w>"),
    ]
    assert [token.word for token in found] == [
        *(START, "a", "Red", "car", ",", "red"),
        *["zebra"] * 5,
        END,
    ]
    assert [token.position for token in found] == list(range(12))


def test_a_repeated_word_is_numbered(tiny_pipe):
    named = [token.word for token in words.tokens(tiny_pipe.tokenizer, "red car, red, car")]
    assert named == [START, "red", "car", ",", "red (2)", ", (2)", "car (2)", END]
    assert [word for word in named if words.is_word(word)] == [
        *(START, "red", "car", "red (2)", "car (2)", END)
    ]


def test_the_words_that_fall_off_are_named(tiny_pipe):
    assert words.words_cut(tiny_pipe.tokenizer, "red " * 75) == ()
    assert words.words_cut(tiny_pipe.tokenizer, "red " * 74 + "car chrome zebra") == (
        *("chrome", "zebra"),
    )
    assert words.words_cut(tiny_pipe.tokenizer, "red " * 74 + "zebra") == ("zebra",)


def test_words_that_the_model_never_saw(tiny_pipe, tiny_folder, tmp_path):
    tokens = words.tokens(tiny_pipe.tokenizer, "a Red zebra, a zebra car, 7")
    assert words.words_unknown(tiny_folder, tokens) == ("zebra", "7")
    assert words.words_unknown(tmp_path, tokens) == ()
