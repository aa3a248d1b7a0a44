"""gen/capture/compiling.py: what is compiled paints the same, is looked into, and is recorded."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import compiling, one, room  # noqa: E402
from gen.capture.circumstances import circumstances, manner_of  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402


@pytest.fixture(scope="module")
def compiled(tiny_pipe):
    """Compiled by the part of torch that reads the code, which then runs as it stands."""
    pipe = copy.deepcopy(tiny_pipe)
    compiling.compile_parts(pipe, backend="eager")
    return pipe


def test_a_compiled_pipeline_paints_the_same(compiled, made, tiny_prompt, tiny_model, colours):
    """Every view, every shape, and every word's attention."""
    torch._dynamo.reset()  # whatever was compiled in this process before
    assert one.capture(compiled, tiny_prompt, tiny_model, colours) == made
    counted = torch._dynamo.utils.counters
    assert counted["stats"]["unique_graphs"] > 3
    assert not counted["graph_break"]


def test_a_record_and_verify_say_it(compiled, tiny_pipe):
    assert circumstances(compiled, 1.0, room.ALONE)["compiled"] is True
    assert circumstances(tiny_pipe, 1.0, room.ALONE)["compiled"] is False
    assert manner_of(compiled, room.Room(2, 4)) == (
        "float32, 2 prompts at once, 4 decoded at once, compiled"
    )
    assert manner_of(tiny_pipe, room.ALONE) == "float32"


def test_a_compiler_that_is_not_there_is_said_in_one_line(
    tiny_pipe, tiny_prompt, tiny_model, colours
):
    def none(graph, inputs):
        raise FileNotFoundError("no compiler\nof any kind")

    pipe = copy.deepcopy(tiny_pipe)
    compiling.compile_parts(pipe, backend=none)
    with pytest.raises(BadInput, match=r"^--compile: torch cannot .*no compiler.*; leave it out$"):
        one.capture(pipe, tiny_prompt, tiny_model, colours)
