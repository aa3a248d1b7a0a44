"""What one set of judges gives painted pictures above renders, and what another gives."""

import numpy as np
import pytest
from known import rows

from gen.measure import raised
from gen.measure.kit.pictures import GENERATED, RENDERED
from gen.measure.raised import APART, TOGETHER, Read

N = 40


def read(kind="finish", **hits):
    """Of N pictures the first so many are read as asked."""
    of = {
        (GENERATED, TOGETHER): hits["painted"],
        (RENDERED, TOGETHER): hits["rendered"],
        (GENERATED, APART): hits["painted_apart"],
        (RENDERED, APART): hits["rendered_apart"],
    }
    shown = {at: np.arange(N) < many for at, many in of.items()}
    return Read(kind, [f"a car, {i}" for i in range(N)], shown)


def test_a_favour_is_what_is_given_to_painted_pictures_alone():
    worse = read(painted=30, rendered=36, painted_apart=26, rendered_apart=32)
    fond = read("world", painted=36, rendered=36, painted_apart=30, rendered_apart=36)
    found = rows(raised.run([worse, fond], {}, 900))
    assert found["favour-finish"].value == 0, "a set that reads all worse favours nobody"
    assert found["favour-world"].value == pytest.approx(15)
    assert found["favour-world"].low > 0 and "one of 2 comparisons" in found["favour-world"].note
    assert found["generated-finish-together"].value == 75
    assert found["rendered-world-apart"].value == 90
    assert "900 renders" in raised.run([worse], {}, 900).method


def test_a_set_that_may_not_be_leaned_on_leaves_its_row_empty():
    every = read(painted=30, rendered=36, painted_apart=26, rendered_apart=32)
    found = rows(raised.run([every], {"view": "the judge of view is bad"}, 900))
    assert found["favour-view"].value is None
    assert found["favour-view"].note == "the judge of view is bad"


def test_both_sets_read_the_same_first_samples(made, project):
    result = made(raised)
    handed = result.handed
    assert handed["renders"] == project.apart.trained_on == 7
    few = project.samples.entries[: raised.COUNT]
    for each in handed["read"]:
        assert each.prompts == [s.prompt for s in few if each.kind in s.named]
        assert {len(hits) for hits in each.right.values()} == {len(each.prompts)}
    assert {each.kind for each in handed["read"]} == {"finish", "colour", "world", "view"}
