"""Every command that works long before it writes: where it cannot write, it does not begin."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("mitsuba", reason="needs the train install")
pytest.importorskip("accelerate", reason="needs the train install")

from gen.__main__ import main
from gen.capture import weights
from gen.core import store
from gen.core.errors import StoreError
from gen.measure import places, runner
from gen.study.scoring import finals
from gen.study.world import reference, staged

ROOT = Path(__file__).parents[2]
WRITES = {
    store.CAPTURES: ("capture", "chrome-studio"),
    store.MEASUREMENTS: ("measure", "places", "--force"),
    store.REFERENCES: ("study", "reference", "chrome-studio"),
    store.STAGED: ("study", "stage"),
    store.FINALS: ("study", "finals"),
}


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """A checkout with nothing in docs/, in which no work may begin."""
    shutil.copytree(ROOT / "sources", tmp_path / "sources")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(places, "NEEDS", ())

    def begun(*_: object, **__: object) -> None:
        pytest.fail("work was begun that cannot be kept")

    begins = ((weights, "load"), (finals, "load"), (reference, "make"), (staged, "make"))
    for module, name in (*begins, (places, "of")):
        monkeypatch.setattr(module, name, begun)
    assert runner.EXPERIMENTS["places"] is places
    return tmp_path


@pytest.mark.parametrize("place", [*WRITES, Path(".cache")], ids=str)
def test_a_file_in_a_folder_s_place_is_told_before_any_work(root, place):
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text("no folder")
    words = WRITES.get(place, WRITES[store.CAPTURES])
    why = r"cannot be written \(Not a directory\); move away the file that stands in a folder's pl"
    with pytest.raises(StoreError, match=rf"^{root / place}: {why}"):
        main.main(words, standalone_mode=False)


@pytest.mark.parametrize("words", [("capture", "--dry-run", "chrome-studio"), ("capture",)])
def test_a_dry_run_tells_it_too(root, words):
    (root / "docs").write_text("no folder")
    with pytest.raises(StoreError, match="docs: cannot be written"):
        main.main(words, standalone_mode=False)
