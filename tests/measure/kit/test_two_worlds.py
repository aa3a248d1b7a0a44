"""Which cars stand in which two worlds."""

from itertools import islice

import pytest
from tiny import ROOT

from gen.measure.kit import two_worlds
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene


@pytest.fixture(scope="module")
def recipe():
    return read_recipe(ROOT / "sources/study.yml").render


def test_a_car_stands_in_two_worlds_in_every_finish_and_nothing_else_differs(recipe):
    for pairs in islice(two_worlds.subjects(recipe, 20), 8):
        shapes = {(s.body, s.camera, s.view) for pair in pairs.values() for s in pair}
        assert len(shapes) == 1
        assert len({(a.world, b.world) for a, b in pairs.values()}) == 1
        for finish, (here, there) in pairs.items():
            assert here.material == there.material and here.material.finish == finish
            assert here.world.name != there.world.name
            assert here.pane is there.pane is None
            assert here.seed % 20 == 0, "never trained on"


def test_no_combination_is_asked_for_that_training_never_saw(recipe):
    every = [s for pairs in islice(two_worlds.subjects(recipe, 20), 40)
             for pair in pairs.values() for s in pair]  # fmt: skip
    assert not any(scene.is_held_out(s, recipe) for s in every)
    skipped = {s.seed for s in every} ^ set(range(0, max(s.seed for s in every) + 1, 20))
    assert skipped, "else the rule was never needed"
