"""gen/commands/progress.py: things counted are a bar, none before the first, none at the end."""

import sys

import pytest

tqdm = pytest.importorskip("tqdm", reason="needs the generate install")

from gen.commands.progress import counting_bar, print_line, say  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402


def test_nothing_is_shown_before_something_is_counted(capsys):
    with counting_bar() as count:
        assert capsys.readouterr().err == ""
        count("pictures", 1, 4)
        assert "pictures:" in capsys.readouterr().err


def test_other_things_begin_anew(capsys):
    with counting_bar() as count:
        for what, of in (("pictures", 2), ("readings", 3)):
            for done in range(1, of + 1):
                count(what, done, of)
        count("readings", 3, 3)
    err = capsys.readouterr().err
    assert "0/2" in err
    assert "4/" not in err


def shown(capsys) -> str:
    """What a terminal would have in its last line: after a carriage return it is written over."""
    (_, err), width = capsys.readouterr(), 200
    seen = ""
    for text in err.rpartition("\n")[2].split("\r"):
        seen = (text + seen[len(text) :])[:width]
    return seen.rstrip()


def test_a_line_is_not_glued_to_the_bar(capsys):
    with counting_bar() as count:
        count("pictures", 1, 4)
        for print_it in (lambda: print_line("told", err=True), lambda: say("score", "told")):
            print_it()
            *_, last, _ = capsys.readouterr().err.split("\n")
            assert last.rpartition("\r")[2].endswith("told")


def test_a_line_on_stdout_comes_after_the_bar_is_cleared(capsys, monkeypatch):
    """On a terminal the two are one screen."""
    monkeypatch.setattr(sys, "stdout", sys.stderr)
    with counting_bar() as count:
        count("pictures", 1, 4)
        print_line("told")
        *_, last, _ = capsys.readouterr().err.split("\n")
        assert last.rpartition("\r")[2] == "told"


def test_before_an_error_is_told_the_bar_is_gone(capsys):
    with pytest.raises(BadInput), counting_bar() as count:
        count("pictures", 1, 4)
        raise BadInput("here: something; do this")
    assert shown(capsys) == ""
    assert not tqdm.tqdm._instances
