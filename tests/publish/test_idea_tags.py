"""What an idea is found by, read from its words."""

from pathlib import Path

import pytest

from gen.core import inputs
from gen.publish import idea_tags


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a chrome car, studio, side view", ("mirror", "studio", "side")),
        ("a brushed steel car at sunset", ("brushed", "sunset", "none named")),
        ("a shiny red car in the snow, seen from behind", ("glossy", "snow", "rear three-quarter")),
        ("shiny polished silver coupe, seen from the side", ("mirror", "none named", "side")),
        ("Front view of a matte gold car", ("matte", "none named", "front")),
        ("a golden sideview of a cityscape", ("none named",) * 3),
    ],
)  # fmt: skip
def test_the_words_tell_finish_world_and_view(text, values):
    assert tuple(idea_tags.read(text).values()) == tuple((value,) for value in values)


def test_what_is_offered_is_counted_and_in_the_table_s_order():
    texts = ("a glossy car, desert", "a matte car, desert", "a car, studio")
    tagged = [idea_tags.read(text) | {"model": ("tiny",)} for text in texts]
    offered = idea_tags.offered(tagged)
    assert list(offered) == ["finish", "world", "view", "model"]
    assert list(offered["finish"].items()) == [("matte", 1), ("glossy", 1), ("none named", 1)]
    assert list(offered["world"].items()) == [("studio", 1), ("desert", 2)]
    assert offered["model"] == {"tiny": 3}
    assert idea_tags.offered([]) == {}


def test_every_idea_of_the_site_names_its_finish():
    for idea in inputs.read(Path(__file__).parents[2]).ideas:
        assert idea_tags.read(idea.prompts[0].text)["finish"] != (idea_tags.NONE,), idea.id
