"""gen/commands/shared.py: things counted are a bar, and none before the first."""

import pytest

pytest.importorskip("tqdm", reason="needs the generate install")

from gen.commands.shared import counting_bar


def test_nothing_is_shown_before_something_is_counted(capsys):
    count = counting_bar()
    assert capsys.readouterr().err == ""
    count("pictures", 1, 4)
    assert "pictures:" in capsys.readouterr().err


def test_other_things_begin_anew(capsys):
    count = counting_bar()
    for what, of in (("pictures", 2), ("readings", 3)):
        for done in range(1, of + 1):
            count(what, done, of)
    count("readings", 3, 3)
    err = capsys.readouterr().err
    assert "0/2" in err
    assert "4/" not in err
