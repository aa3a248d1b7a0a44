"""A CLIP tokenizer to which every word of the grammar is one token."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from transformers import CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

from gen.capture.vocabulary import ROOM
from gen.core.records import END, START


def tokenizer(texts: Iterable[str]) -> CLIPTokenizer:
    """A CLIP tokenizer to which each word of these texts is one token; others fall into pieces."""
    alphabet = sorted(bytes_to_unicode().values())
    merges = _merges(words(texts))
    pieces = [*alphabet, *(f"{letter}</w>" for letter in alphabet), *map("".join, merges)]
    vocabulary = {piece: id for id, piece in enumerate([*pieces, START, END])}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=ROOM)


def words(texts: Iterable[str]) -> list[str]:
    """The words of some texts as CLIP splits them, punctuation included, sorted."""
    backend = CLIPTokenizer().backend_tokenizer
    split = backend.pre_tokenizer.pre_tokenize_str
    return sorted({word for t in texts for word, _ in split(backend.normalizer.normalize_str(t))})


def _merges(words: list[str]) -> list[tuple[str, str]]:
    """Pairs to join, the most frequent first, until every word is whole (Sennrich et al. 2016)."""
    split = [[*word[:-1], f"{word[-1]}</w>"] for word in words]
    merges = []
    while pairs := Counter(pair for pieces in split for pair in pairwise(pieces)):
        # a total order: the same every time
        pair = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(pair)
        split = [_joined(pieces, pair) for pieces in split]
    return merges


def _joined(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    """The pieces with this pair made one wherever it stands."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (joined[-1], piece) == pair:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
