"""A disk that is full, a store that may not be written, two writers: a line each, nothing lost."""

import resource
import sys
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the train install")

from tiny import checkpoint, equal, make_place, trained

from gen.capture import batch
from gen.core import store
from gen.core.errors import StoreError

fork = get_context("fork")
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork, from 3.12
REFUSED = 7  # how a child says that it was told in a line


def quiet(*_: object) -> None:
    """Tells nobody."""


def capture(root: Path, jobs, pipe, limit: int | None = None) -> None:
    """Makes captures; a file over a limit is refused by the system, as a full disk refuses it."""
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        batch.capture_all(root, jobs, lambda model: pipe, quiet, force=True)
    except StoreError as error:
        assert len(str(error).splitlines()) == 1
        sys.exit(REFUSED)


def child(*arguments: object):
    process = fork.Process(target=capture, args=arguments)
    process.start()
    return process


def seen(root: Path) -> dict[str, bytes]:
    paths = (p for p in sorted((root / store.CAPTURES).rglob("*")) if p.is_file())
    return {str(p.relative_to(root)): p.read_bytes() for p in paths if p.name != store.MADE}


@pytest.fixture
def jobs(tiny_prompt, tiny_model):
    short = replace(tiny_prompt, steps=1)
    return [(short, tiny_model), (replace(short, id="red-tiny", text="a red car"), tiny_model)]


def test_a_full_disk_loses_nothing_and_the_next_run_goes_on(tiny_project, tiny_pipe, jobs):
    capture(tiny_project, jobs[:1], tiny_pipe)
    before = seen(tiny_project)
    for limit in (0, 300, 1000, 3000):
        full = child(tiny_project, jobs, tiny_pipe, limit)
        full.join()
        assert full.exitcode == REFUSED, limit
        assert seen(tiny_project) == before, limit
    capture(tiny_project, jobs, tiny_pipe)
    assert len(store.keys(tiny_project)) == 2


def test_a_full_disk_leaves_a_training_its_last_checkpoint(tmp_path, one_thread_only):
    place = make_place(tmp_path / "place")
    trained("autoencoder", place, "work", steps=2)
    before = checkpoint(place, "autoencoder")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"checkpoint\.safetensors: cannot be written"):
            trained("autoencoder", place, "work", steps=4, checkpoint_every=0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert equal(checkpoint(place, "autoencoder"), before)
    assert not [p for p in (place / "work" / "autoencoder").iterdir() if p.suffix == ".part"]


@pytest.fixture
def one_thread_only():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_store_that_an_ordinary_user_may_not_write(locked_root, tiny_pipe, jobs):
    with pytest.raises(StoreError) as refused:
        batch.capture_all(locked_root, jobs, lambda model: tiny_pipe, quiet)
    (line,) = str(refused.value).splitlines()
    assert "cannot be written (Permission denied); make it writable for this user" in line
    assert list((locked_root / "docs").iterdir()) == []


def test_of_two_writers_each_finishes_or_says_that_the_other_is_at_work(
    tiny_project, tiny_pipe, jobs
):
    whole = tiny_project / "whole"
    capture(whole, jobs, tiny_pipe)
    root = tiny_project / "shared"
    for _ in range(3):
        both = [child(root, jobs, tiny_pipe) for _ in range(2)]
        for one in both:
            one.join()
        assert {one.exitcode for one in both} <= {0, REFUSED}
        assert 0 in {one.exitcode for one in both}
        assert seen(root) == seen(whole)
