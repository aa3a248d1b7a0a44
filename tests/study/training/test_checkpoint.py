"""gen/study/training/checkpoint.py: folders are there whole, the new one or the last."""

import resource

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from gen.core.errors import BadInput, ModelError, StoreError
from gen.study.training.checkpoint import alone_in, read_record, write_array, write_folder
from gen.study.world.shards import write_arrays

BUSY = BadInput("busy")


def holding(text):
    return lambda new: (new / "a").write_text(text, "utf-8")


def test_what_a_kill_between_the_two_moves_left_is_put_back(tmp_path):
    folder, old = tmp_path / "model", tmp_path / ".model.old"
    write_folder(folder, holding("last"))
    folder.replace(old)  # and there the process was killed

    def refused(new):
        assert (folder / "a").read_text("utf-8") == "last", "what is written may read the last one"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(folder, refused)
    assert (folder / "a").read_text("utf-8") == "last" and not old.exists()
    write_folder(folder, holding("new"))
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_what_a_killed_run_left_beside_a_folder_goes(tmp_path):
    for name in ("model", ".model.old", ".model.part"):
        (tmp_path / name).mkdir()
    write_folder(tmp_path / "model", holding("new"))
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


@pytest.fixture
def full():
    """A file over a limit is refused by the system, as a full disk refuses it."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def weights(new):
    save_file({"a": torch.zeros(5000)}, new / "a.safetensors")


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, full):
    noise = np.random.default_rng(0).random(5000)
    for write in (
        lambda: write_folder(tmp_path / "a", lambda new: (new / "a").write_bytes(bytes(5000))),
        lambda: write_folder(tmp_path / "a", weights),
        lambda: write_arrays(tmp_path / "a.npz", {"a": noise}),
        lambda: write_array(tmp_path / "a.npy", noise),
    ):
        with pytest.raises(StoreError, match=r"/a\S*: cannot be written") as refused:
            write()
        assert len(str(refused.value).splitlines()) == 1
        assert not list(tmp_path.iterdir())


def test_a_place_that_can_be_none_is_one_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(StoreError, match="file/work: cannot be written"),
        alone_in(tmp_path / "file" / "work", BUSY),
    ):
        pass


def test_a_place_is_one_process_s_alone_and_free_afterwards(tmp_path):
    with (
        alone_in(tmp_path / "work", BUSY),
        pytest.raises(BadInput, match="busy"),
        alone_in(tmp_path / "work", BUSY),
    ):
        pass
    with alone_in(tmp_path / "work", BUSY):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_model_s_record_that_was_cut_off_is_refused_in_a_line(tmp_path, text):
    assert read_record(tmp_path) == {}
    (tmp_path / "recipe.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"recipe\.json: is truncated or altered; check it out"):
        read_record(tmp_path)
