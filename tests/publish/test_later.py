"""gen/publish/later.py: what a site holds thousands of is read again when it is written."""

import pytest
from stored import FILES, KEY, capture

from gen.core import store
from gen.core.errors import BrokenRecord
from gen.publish import later


def test_a_file_is_made_each_time_it_is_asked_for():
    made = []
    files = later.Later({"a": lambda: made.append(1) or b"a"})
    assert (list(files), len(files), made) == (["a"], 1, [])
    assert (files["a"], files["a"], len(made)) == (b"a", b"a", 2)
    with pytest.raises(KeyError):
        files["b"]


def test_a_file_that_changes_during_a_build_is_not_published(tmp_path):
    store.write(tmp_path, capture(), FILES, {})
    files = later.stored(tmp_path, capture())
    assert dict(files) == FILES
    (store.folder(tmp_path, KEY) / "clean.webp").write_bytes(FILES["noisy.webp"])
    with pytest.raises(BrokenRecord, match=r"clean\.webp has changed during the build"):
        files["clean.webp"]
