"""gen/measure/kit/kept_renders.py: parts in files, made once."""

import numpy as np

from gen.measure.kit.kept_renders import kept


def made(folder, at_once: int) -> np.ndarray:
    make = lambda some: {"a": np.array(some)}  # noqa: E731
    return kept(folder, "x", range(10), at_once, make, lambda done, of: None)["a"]


def test_parts_of_another_size_are_not_taken_for_these(tmp_path):
    assert list(made(tmp_path, 5)) == list(range(10))
    assert list(made(tmp_path, 2)) == list(range(10))


def test_what_is_there_is_not_made_again(tmp_path):
    first = made(tmp_path, 4)
    refuse = lambda some: {}[some]  # noqa: E731
    again = kept(tmp_path, "x", range(10), 4, refuse, lambda done, of: None)["a"]
    assert np.array_equal(first, again)
