"""The line of a file on which a fault stands that is told by its keys."""

import pytest

from gen.core.errors import BadInput, UnknownCitation
from gen.core.yaml_lines import lines_told, with_line

TEXT = """# cars
ideas:
  red:
    seed: 3
    views:
      - side
      - front
  "blue one": {seed: 4}
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "prompts.yml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sources" / "broken.yml").write_text("a: [", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("ideas > red > seed: 3: give another", 4),
        ("ideas > red > views > 2: 'front': give another", 7),
        ("ideas > red > views > 3: is missing; add it", 5),
        ("ideas > red > views > x: is missing; add it", 5),
        ("ideas > red > title: is missing; add it", 3),
        ("ideas > blue one > seed > more: give another: now", 8),
        ("ideas: no list; give one", 2),
    ],
)
def test_a_fault_stands_where_the_last_of_its_keys_does(root, told, line):
    place = "sources/prompts.yml"
    assert with_line(root, f"{place}: {told}") == f"{place}:{line}: {told}"


@pytest.mark.parametrize(
    "told",
    [
        "sources/prompts.yml: red names two prompts; rename one",
        "sources/prompts.yml: comparisons: is missing; add it",
        "sources/prompts.yml:4: not YAML: so; correct it there",
        "sources/broken.yml: a: give another",
        "sources/nothing.yml: a: give another",
        "--model: no model x; known are: y",
    ],
)
def test_what_names_no_key_of_a_file_stays_as_it_is(root, told):
    assert with_line(root, told) == told


def test_each_of_several_faults_has_its_line_and_all_stay_of_their_kind(root):
    place = "sources/prompts.yml"
    says = f"{place}: ideas > red: one; move\n{place}: ideas > red > seed: 3: two; move"
    with pytest.raises(UnknownCitation) as caught, lines_told(root):
        raise UnknownCitation(says)
    assert str(caught.value).splitlines() == [
        f"{place}:3: ideas > red: one; move",
        f"{place}:4: ideas > red > seed: 3: two; move",
    ]
    with pytest.raises(BadInput, match=r"^all$"), lines_told(root):
        raise BadInput("all")
