"""gen/capture/batch.py: captures are made once, whole, and by as many as help."""

import os
import signal
import socket
from dataclasses import replace
from multiprocessing import get_context

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from accelerate import PartialState  # noqa: E402

from gen.capture import (  # noqa: E402
    batch,
    weights,
)
from gen.core import shelf, store  # noqa: E402
from gen.core.errors import BadInput, BrokenRecord, ModelError  # noqa: E402

fork = get_context("fork")  # a child that has the pipeline already


def quiet(event) -> None:
    """Tells nobody."""


def everything(root) -> dict[str, bytes]:
    """All of a store but made.json, which knows the clock."""
    paths = sorted((root / "docs" / "captures").rglob("*"))
    kept = [path for path in paths if path.is_file() and path.name != "made.json"]
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def test_a_text_that_would_be_cut_is_refused(tiny_project, tiny_pipe, jobs):
    for field in ("text", "negative"):
        long = replace(jobs[0][0], **{field: "red " * 74 + "car chrome zebra"})
        with pytest.raises(BadInput, match=f"^chrome-tiny: {field} is longer .*: chrome, zebra$"):
            batch.capture_all(
                tiny_project, [jobs[2], (long, jobs[0][1])], lambda model: tiny_pipe, quiet
            )
    assert store.keys(tiny_project) == (), "refused before the first was made"


def test_a_size_that_latents_cannot_have_is_refused(tiny_project, tiny_pipe, jobs):
    odd = replace(jobs[0][0], width=60)
    with pytest.raises(BadInput, match="60 x 48 is not in steps of 8; change width"):
        batch.capture_all(tiny_project, [(odd, jobs[0][1])], lambda model: tiny_pipe, quiet)


def test_a_layer_that_the_text_encoder_has_not_is_refused(tiny_project, tiny_pipe, jobs):
    deep = replace(jobs[0][0], clip_skip=3)
    with pytest.raises(BadInput, match="clip_skip is 3 and the text encoder has 2 layers; make"):
        batch.capture_all(tiny_project, [(deep, jobs[0][1])], lambda model: tiny_pipe, quiet)


def test_a_word_that_the_model_never_saw_is_named(tiny_project, tiny_pipe, jobs):
    told = []
    zebra = replace(jobs[0][0], text="a red zebra", steps=1)
    batch.capture_all(tiny_project, [(zebra, jobs[0][1])], lambda model: tiny_pipe, told.append)
    (warning,) = [progress for progress in told if progress.kind == "warning"]
    assert "Tiny model never saw zebra; expect anything" in warning.message


def test_an_unpinned_model_is_refused_with_the_line_to_paste(tiny_project, jobs, tiny_model):
    job = (jobs[0][0], replace(tiny_model, revision=None))
    with pytest.raises(ModelError, match=f"not pinned.*`revision: {tiny_model.revision}`"):
        batch.capture_all(
            tiny_project, [job], lambda model: weights.load(model, tiny_project), quiet
        )


def test_captures_are_made_once(tiny_project, tiny_pipe, jobs):
    told = []
    keys = batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, told.append)
    assert set(keys) == set(store.keys(tiny_project))
    assert [p.id for p in told if p.kind == "made"] == ["chrome-tiny", "red-tiny"]
    assert [(p.step, p.steps) for p in told if p.id == "red-tiny" and p.kind == "step"] == [
        *((1, 4), (2, 4), (3, 4), (4, 4)),
    ]
    before, told = everything(tiny_project), []
    assert batch.capture_all(tiny_project, jobs, fail, told.append) == ()
    assert [p.kind for p in told] == ["fresh"] * 3
    assert everything(tiny_project) == before


def fail(model):
    """Stands where nothing needs a pipeline."""
    raise AssertionError("a fresh capture needs no pipeline")


def test_a_broken_capture_is_made_again(tiny_project, tiny_pipe, jobs):
    (key,) = batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    before = everything(tiny_project)
    (store.folder(tiny_project, key) / "clean.webp").write_bytes(b"")
    with pytest.raises(BrokenRecord):
        store.read(tiny_project, key)
    batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    assert everything(tiny_project) == before


def test_made_names_no_machine(tiny_project, tiny_pipe, jobs):
    (key,) = batch.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    made = store.made(tiny_project, key)
    how = {"device", "dtype", "threads", "prompts", "pictures", "compiled", "offloaded"}
    assert set(made) == {"when", "seconds", "versions", *how}
    assert (made["device"], made["dtype"], made["threads"]) == ("cpu", "float32", 1)
    assert socket.gethostname() not in str(made)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(moment: str, at: int):
    """Runs captures and is killed at the nth call of a function of the store, or report."""

    def run(root, jobs, pipe) -> None:
        count = iter(range(at, -1, -1))

        def before(inner):
            return lambda *args, **more: inner(*args, **more) if next(count) else die()

        report = before(quiet) if moment == "report" else quiet
        if moment != "report":
            setattr(shelf, moment, before(getattr(shelf, moment)))
        batch.capture_all(root, jobs, lambda model: pipe, report)

    return run


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork, from 3.12
def test_killed_at_any_moment_and_run_again_is_as_undisturbed(tiny_project, tiny_pipe, jobs):
    """While fitting, between steps, between files, before the record, before the move."""
    jobs = [(replace(prompt, steps=2), model) for prompt, model in (jobs[0], jobs[2])]
    whole = tiny_project / "whole"
    batch.capture_all(whole, jobs, lambda model: tiny_pipe, quiet)
    moments = [("report", 0), ("report", 2), ("report", 4), ("write_through", 0)]
    moments += [("write_through", 5), ("write_through", 11), ("sync", 2)]
    for at, moment in enumerate(moments):
        root = tiny_project / str(at)
        child = fork.Process(target=dying(*moment), args=(root, jobs, tiny_pipe))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL, moment
        batch.capture_all(root, jobs, lambda model: tiny_pipe, quiet)
        assert everything(root) == everything(whole), moment
        names = {path.name for path in (root / store.CAPTURES).iterdir()}
        assert names == {path.name for path in (whole / store.CAPTURES).iterdir()}, moment


def shared(rank: int, port: int, root, jobs, pipe) -> None:
    """One of two processes, as torchrun starts them."""
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    os.environ |= {"LOCAL_WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    PartialState._reset_state()
    made = batch.capture_all(root, jobs, lambda model: pipe, quiet)
    for key in made:
        (root / f"{key}.made").open("x").close()  # fails where another process made it too
    PartialState().destroy_process_group()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork, from 3.12
def test_two_processes_share_the_work(tiny_project, tiny_pipe, jobs):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    two, one = tiny_project / "two", tiny_project / "one"
    children = [
        fork.Process(target=shared, args=(rank, port, two, jobs, tiny_pipe)) for rank in (0, 1)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert len(list(two.glob("*.made"))) == len(store.keys(two)) == 2
    batch.capture_all(one, jobs, lambda model: tiny_pipe, quiet)
    assert everything(two) == everything(one)


def test_what_another_run_makes_is_left_to_it(tiny_project, tiny_pipe, jobs):
    """Two runs that were started apart, on one shared disk."""
    held, told = jobs[0][0].pinned_key(jobs[0][1]), []
    with store.hold(tiny_project, held):
        made = batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, told.append)
    assert store.keys(tiny_project) == made != ()
    assert [p.message for p in told if p.kind == "left"] == [
        "chrome-tiny: another process makes it"
    ]
    assert batch.capture_all(tiny_project, jobs, lambda model: tiny_pipe, quiet) == (held,)
