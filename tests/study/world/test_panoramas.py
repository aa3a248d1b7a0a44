"""gen/study/world/panoramas.py: panoramas and grounds."""

import numpy as np
import pytest

from gen.study.world.panoramas import PANORAMAS, PIXEL, surroundings
from gen.study.world.scene import WORLDS, World


def test_every_world_that_a_recipe_may_name_is_drawn():
    assert set(PANORAMAS) == WORLDS


def test_the_sun_stands_where_the_record_says():
    for name in ("sunset", "desert", "snow"):
        world = World(name, 9, 70.0, 20.0)
        light = surroundings(world).panorama.sum(-1)
        row, column = np.argwhere(light > 0.9 * light.max()).mean(0)
        assert 90 - (row + 0.5) * PIXEL == pytest.approx(20, abs=0.5)
        assert 90 - (column + 0.5) * PIXEL == pytest.approx(70, abs=0.5)
