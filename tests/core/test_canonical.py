"""One way to write a value: keys of captures and names of files hang on these bytes."""

from dataclasses import dataclass

import pytest

from gen.core.canonical import added, canonical, digest, written
from gen.core.measured import measurement_key


def test_equal_values_are_equal_bytes_whatever_the_order_they_came_in():
    assert canonical({"b": [1, 2.5], "a": "× é"}) == '{"a":"× é","b":[1,2.5]}'.encode()
    assert canonical({"a": "× é", "b": [1, 2.5]}) == canonical({"b": [1, 2.5], "a": "× é"})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


def test_a_measurement_s_key_is_literal():
    """A change of what it is made of makes every measurement stale: not by accident."""
    assert measurement_key("word", (("model", "0" * 16),)) == "5f50748e8c2975bf"
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@dataclass(frozen=True)
class Inner:
    name: str
    more: str | None = added(None)


@dataclass(frozen=True)
class Outer:
    inner: tuple[Inner, ...]
    layers: tuple[str, ...] = ()
    skip: int = added(0)


def test_a_field_that_was_added_is_written_only_where_it_says_something():
    """So a record that was made before it keeps its bytes, and a key its name."""
    old = Outer((Inner("a"),))
    assert canonical(written(old)) == b'{"inner":[{"name":"a"}],"layers":[]}'
    new = Outer((Inner("a", "b"),), (), 2)
    assert written(new) == {"inner": [{"name": "a", "more": "b"}], "layers": [], "skip": 2}
