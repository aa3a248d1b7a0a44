"""gen/commands/progress.py: a run says which capture it makes, and what of it."""

import pytest

tqdm = pytest.importorskip("tqdm", reason="needs the generate install")
pytest.importorskip("torch", reason="needs the generate install")

from gen.capture.events import CaptureEvent  # noqa: E402
from gen.commands.progress import Bar  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402


def test_before_anything_is_counted_there_is_no_bar(capsys):
    bar = Bar()
    bar(CaptureEvent("a", "fresh"))
    bar(CaptureEvent("b", "warning", message="b: beware"))
    assert capsys.readouterr() == ("", "b: beware\n")


def test_steps_clean_pictures_and_sheets_are_told_for_each_capture(capsys):
    bar = Bar(of=2)
    for id in ("first", "second"):
        for kind in ("step", "clean"):
            for step in (1, 2):
                bar(CaptureEvent(id, kind, step, 2))
        bar(CaptureEvent(id, "sheets"))
    for id in ("first", "second"):  # the first is written while the second is made
        bar(CaptureEvent(id, "made", message=f"{id}: captured"))
    out, err = capsys.readouterr()
    assert out == "first: captured\nsecond: captured\n"
    for shown in ("capture 1 of 2, first, clean pictures", "capture 2 of 2, second, sheets"):
        assert shown in err
    assert "capture 1 of 2, second" not in err


def test_latent_colours_are_counted_too(capsys):
    bar = Bar()
    bar(CaptureEvent("sd15", "fit", 1, 15))
    bar(CaptureEvent("sd15", "colours", 1, 3, "sd15: latent colours, picture 1 of 3"))
    _, err = capsys.readouterr()
    assert "sd15, latent colours" in err
    assert "sd15: latent colours, picture 1 of 3\n" in err


def test_of_several_processes_one_draws_a_bar_and_all_name_what_they_made(capsys):
    bar = Bar(counts=False)
    bar(CaptureEvent("first", "step", 1, 2))
    bar(CaptureEvent("first", "made", message="first: captured"))
    assert capsys.readouterr() == ("first: captured\n", "")


def test_of_several_processes_one_counts_its_own_and_says_how_many_there_are_in_all(capsys):
    bar = Bar(of=5, alone=False)
    for id in ("first", "third"):
        bar(CaptureEvent(id, "step", 1, 2))
        bar(CaptureEvent(id, "sheets"))
    assert "capture 2 here, of 5 in all, third, sheets" in capsys.readouterr().err


def test_at_the_end_and_before_an_error_is_told_the_bar_is_gone(capsys):
    with Bar():
        pass
    assert not tqdm.tqdm._instances
    with pytest.raises(BadInput), Bar() as bar:
        bar(CaptureEvent("first", "step", 1, 2))
        raise BadInput("here: something; do this")
    assert capsys.readouterr().err.endswith("\r")
    assert not tqdm.tqdm._instances
