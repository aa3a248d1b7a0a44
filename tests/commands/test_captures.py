"""gen/commands/captures.py on a tiny project: what is said before, while and after work is done."""

import pytest

pytest.importorskip("torch", reason="needs the generate install")

from gen.__main__ import main
from gen.core import store
from gen.core.errors import MissingRecord


def gen(*words: str) -> None:
    """A command, in this process."""
    main.main(words, standalone_mode=False)


def test_verify_says_how_long_it_takes_and_how_far_it_is(project, capsys):
    gen("capture")
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in (project / store.CAPTURES).rglob("*")}
    gen("verify")
    out, err = capsys.readouterr()
    says = "the same to the last byte"
    assert out.splitlines() == [
        f"{id}: {says}" for id in ("red", "hostile", "guidance-1", "guidance-2")
    ]
    lines = err.splitlines()
    assert lines[0].startswith("measuring one step and one decode")
    assert lines[1].startswith("3 to make again: about ")
    assert "capture 3 of 3, guidance-1, clean pictures" in err
    assert "guidance-2" not in err
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_verify_begins_nothing_where_one_is_not_kept(project, capsys):
    gen("capture", "red")
    capsys.readouterr()
    with pytest.raises(MissingRecord, match=r"^hostile: no capture"):
        gen("verify", "red", "hostile")
    assert capsys.readouterr() == ("", "")
