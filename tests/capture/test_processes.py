"""gen/capture/processes.py: what one process finds is known to all, and each has its share."""

import os
import socket
from multiprocessing import get_context

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from accelerate import PartialState  # noqa: E402

from gen.capture.processes import Processes  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402

fork = get_context("fork")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def fault() -> None:
    raise BadInput("a word too many")


def one_of_two(rank: int, port: int, said) -> None:
    """A process as torchrun starts it; says how each meeting ended for it."""
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    os.environ |= {"LOCAL_WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    PartialState._reset_state()
    processes = Processes()
    told = [processes.once(lambda: f"found by {rank}"), processes.share("abcde")]
    try:
        processes.once(fault)
    except (BadInput, SystemExit) as error:
        told.append(str(error))
    said.put((rank, processes.count, *told))
    said.close()
    said.join_thread()
    processes._state.destroy_process_group()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork, from 3.12
def test_the_first_looks_for_all_and_its_error_ends_all():
    """One of them says what is wrong; the others end as quietly as they can."""
    said, port = fork.Queue(), free_port()
    pair = [fork.Process(target=one_of_two, args=(rank, port, said)) for rank in (0, 1)]
    for process in pair:
        process.start()
    first, second = sorted(said.get(timeout=120) for _ in pair)
    for process in pair:
        process.join()
    shares = tuple("ace"), tuple("bd")
    assert first == (0, 2, "found by 0", shares, "a word too many")
    assert second == (1, 2, "found by 0", shares[::-1], "1")


def test_alone_all_is_ones_own():
    processes = Processes()
    assert (processes.count, processes.first) == (1, True)
    assert processes.share("abc") == (tuple("abc"), ())
    with pytest.raises(BadInput, match="too many"):
        processes.once(fault)
