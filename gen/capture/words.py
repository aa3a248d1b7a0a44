"""A text as a tokenizer splits it: tokens, the words that they are of, those cut or never seen."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from gen.core.records import END, START, Token

if TYPE_CHECKING:  # diffusers loads its pipelines on first use, and then warns of what it lacks
    from transformers import CLIPTokenizer


def tokens(tokenizer: CLIPTokenizer, text: str) -> tuple[Token, ...]:
    """A text as the tokenizer splits it, start and end tokens included, however long it is."""
    split = tokenizer(text, verbose=False, return_offsets_mapping=True)
    pieces = tokenizer.convert_ids_to_tokens(split.input_ids)
    words = (START, *_words(text, split.word_ids()[1:-1], split.offset_mapping[1:-1]), END)
    return tuple(map(Token, pieces, words, range(len(pieces))))


def words_cut(tokenizer: CLIPTokenizer, text: str) -> tuple[str, ...]:
    """The words that fall off the end: the text encoder reads 77 tokens, the last of them END."""
    room = tokenizer.model_max_length - 1
    cut = (token.word for token in tokens(tokenizer, text)[room:] if token.word != END)
    return tuple(dict.fromkeys(cut))


def words_unknown(folder: Path, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """The words that a model never saw, by the list in its folder; none if there is no list.

    A tokenizer splits any word into pieces, so a model trained on few words takes a new one without
    complaint and draws anything. Such a model's folder has a words.txt, one word to a line.
    """
    listed = folder / "words.txt"
    if not listed.is_file():
        return ()
    known = set(listed.read_text(encoding="utf-8").split()) | {START, END}
    words = dict.fromkeys(_bare(token.word) for token in tokens if is_word(token.word))
    return tuple(word for word in words if word.lower() not in known)


def is_word(word: str) -> bool:
    """Whether it has a letter or a digit: a comma is a token, but no word."""
    return re.search(r"[^\W_]", _bare(word)) is not None


def _bare(word: str) -> str:
    """A word without the number that tells it from its like: "red (2)" -> "red"."""
    return word.partition(" ")[0]


def _words(text: str, owners: list[int], spans: list[tuple[int, int]]) -> list[str]:
    """For each piece the word of the text that it is in; a word met before gets a number."""
    whole: dict[int, tuple[int, int]] = {}
    for owner, (start, end) in zip(owners, spans, strict=True):
        whole[owner] = (whole.get(owner, (start, end))[0], end)
    met: Counter[str] = Counter()
    named = {}
    for owner, (start, end) in whole.items():
        word = text[start:end].strip()
        met[word] += 1
        named[owner] = word if met[word] == 1 else f"{word} ({met[word]})"
    return [named[owner] for owner in owners]
