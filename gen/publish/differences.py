"""How the runs of a comparison differ: in the words of their prompts, in their final pictures."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from math import sqrt
from operator import itemgetter

from PIL import Image, ImageChops, ImageStat

Phrases = tuple[tuple[str, bool], ...]  # a text in pieces, each with whether it differs


def phrases(texts: Sequence[str]) -> list[Phrases]:
    """Each text in pieces that all texts share, in this order, and pieces in which they differ."""
    split = [text.split() for text in texts]
    shared = split[0]
    for words in split[1:]:
        shared = list(_both(shared, words))
    return [_pieces(words, shared) for words in split]


def apart(first: bytes, second: bytes) -> float:
    """How far two pictures of one size lie apart: root mean square, values 0 to 1.

    Takes the bytes of lossless files: on compressed ones it would measure the compression too.
    """
    one, other = _pixels(first), _pixels(second)
    squares = ImageStat.Stat(ImageChops.difference(one, other)).sum2  # one sum for each colour
    return sqrt(sum(squares) / (len(squares) * one.width * one.height)) / 255  # 8 bits a value


@lru_cache(maxsize=8)  # each run of a comparison is compared with every other
def _pixels(file: bytes) -> Image.Image:
    return Image.open(BytesIO(file)).convert("RGB")


def _both(first: list[str], second: list[str]) -> Iterator[str]:
    """The words that two texts share, in order."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for block in matcher.get_matching_blocks():
        yield from first[block.a : block.a + block.size]


def _pieces(words: list[str], shared: list[str]) -> Phrases:
    runs = groupby(_words(words, shared), key=itemgetter(1))
    return tuple((" ".join(word for word, _ in run), differs) for differs, run in runs)


def _words(words: list[str], shared: list[str]) -> Iterator[tuple[str, bool]]:
    """Each word with whether it differs: it is not the next of the shared ones."""
    left = iter(shared)
    awaited = next(left, None)
    for word in words:
        yield word, word != awaited
        if word == awaited:
            awaited = next(left, None)
