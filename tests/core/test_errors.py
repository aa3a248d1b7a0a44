"""Every kind of error is raised by some test."""

import re
from pathlib import Path

from gen.core import errors

TESTS = Path(__file__).parents[1]
NAMES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.BuildError)
}
ROOTS = {"BuildError", "RecordError"}  # never raised themselves: a caller may catch them


def test_every_error_is_expected_by_a_test():
    text = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    expected = set(re.findall(r"pytest\.raises\(\s*(?:errors\.)?(\w+)", text))
    assert NAMES - ROOTS - expected == set()


def test_the_tree_in_the_docstring_is_the_tree():
    tree = set(re.findall(r"[├└]── (\w+)", errors.__doc__)) | {"BuildError"}
    assert tree == NAMES


def test_nothing_catches_everything():
    for path in (TESTS.parent / "gen").rglob("*.py"):
        assert not re.search(
            r"except(\s+(Base)?Exception\b|:)", path.read_text(encoding="utf-8")
        ), path


def test_what_a_message_quotes_breaks_no_line_and_writes_on_no_terminal():
    told = str(
        errors.BadInput("docs/x.md:3: no row a\x85b\u2028c\x1b[2Jd; give é, 車 or “e”\nsecond line")
    )
    assert told == ("docs/x.md:3: no row a\\x85b\\u2028c\\x1b[2Jd; give é, 車 or “e”\nsecond line")


def test_another_next_move_takes_the_place_of_the_last():
    moved = errors.BadInput("a: b (c; d); do this").moved("do that")
    assert type(moved) is errors.BadInput
    assert str(moved) == "a: b (c; d); do that"
