"""gen/commands/captures.py on a tiny project: what is said before, while and after work is done."""

import re
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the generate install")

from gen.__main__ import main
from gen.core import store
from gen.core.errors import MissingRecord, ModelError


def gen(*words: str) -> None:
    """A command, in this process."""
    main.main(words, standalone_mode=False)


MEASURING = "measuring one step and one decode, to tell how long all will take"


def test_a_dry_run_says_where_weights_lie_that_they_load_and_what_there_is_to_make(project, capsys):
    gen("capture", "--dry-run")
    out, err = capsys.readouterr()
    versions, *_, disk, lie, load, last = out.splitlines()
    assert versions.startswith("versions: python ")
    assert disk.endswith("free for docs/captures")
    assert lie == f"tiny: weights in {project / 'sources/models/tiny'}"
    assert load == "tiny: loads, as pinned"
    assert re.fullmatch(r"0 fresh, 3 to make: about \S+ s in one process here, less .*", last)
    assert err.splitlines() == [MEASURING]
    assert not (project / store.CAPTURES).exists()


def test_a_dry_run_says_where_the_weights_lie_that_are_not_as_pinned(project, capsys):
    models = project / "sources" / "models.yml"
    for revision in ("a" * 64, "null"):
        models.write_text(re.sub(r"revision: \S+", f"revision: {revision}", models.read_text()))
        with pytest.raises(ModelError, match=r"tiny.*put this line there under `tiny:`"):
            gen("capture", "--dry-run")
        out, _ = capsys.readouterr()
        assert out.splitlines()[-1] == f"tiny: weights in {project / 'sources/models/tiny'}"


def test_doctor_is_wrong_where_the_required_model_does_not_load(project, capsys):
    (project / "sources/models/tiny/unet/config.json").unlink()
    with pytest.raises(ModelError, match=r"; restore it from git: `git restore sources/models/ti"):
        gen("doctor")
    assert capsys.readouterr().out.splitlines()[-1] != "tiny: loads, as pinned"
    with pytest.raises(ModelError, match=r"^other: none\.safetensors is not there"):
        gen("doctor", "--model", "other", "--weights", "none.safetensors")


@pytest.fixture
def read(monkeypatch):
    """The captures whose final picture was read, each as often as it was."""
    seen, real = [], Path.read_bytes

    def counted(path: Path) -> bytes:
        if path.name == "final.png":
            seen.append(path.parent.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    return seen


def test_the_store_is_read_once(project, read):
    """For where weights lie and for the plan; for the run and for what is to be measured again."""
    gen("capture", "red", "guidance-1")
    kept = list(store.keys(project))
    for words in (("--dry-run",), (), ("red",)):  # the second makes one more, the third asks of one
        read.clear()
        gen("capture", *words)
        assert set(kept) <= set(read)
        assert len(set(read)) == len(read)


def test_doctor_is_not_silent_while_it_measures(project, capsys):
    gen("doctor", "--model", "tiny")
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith("tiny: 0 fresh, 3 to make: about ")
    assert err.splitlines() == [MEASURING]


def test_captures_are_counted_and_left_over_colours_named_by_their_model(project, capsys):
    gen("capture")
    assert "capture 3 of 3, guidance-1, clean pictures" in capsys.readouterr().err
    models = project / "sources" / "models.yml"
    models.write_text(models.read_text("utf-8").replace("[a red car]", "[a car]"), "utf-8")
    with pytest.raises(SystemExit):
        gen("status")
    orphans = [line for line in capsys.readouterr().out.splitlines() if " orphan " in line]
    (colours,) = store.model_keys(project)
    assert orphans[-1].split() == ["latent", "colours", "tiny", "orphan", colours]
    assert len(orphans) == 4
    for key in store.keys(project):
        store.remove(project, key)
    with pytest.raises(SystemExit):
        gen("status")
    assert capsys.readouterr().out.splitlines()[-1].split()[:3] == ["latent", "colours", "-"]


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
    assert lines[0] == MEASURING
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
