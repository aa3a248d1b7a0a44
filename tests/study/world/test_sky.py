"""gen/study/world/sky.py: the means of painting a sky."""

import numpy as np
import pytest

from gen.study.world import sky
from gen.study.world.scene import World
from gen.study.world.sky import PIXEL, whole_sky

SKY = whole_sky()


def rng():
    return np.random.default_rng(5)


def test_rows_go_from_the_zenith_under_the_horizon_and_columns_once_round():
    assert SKY.height[0, 0] == pytest.approx(90 - PIXEL / 2)
    assert SKY.height[511, 0] == pytest.approx(PIXEL / 2, abs=1e-3)
    assert SKY.height[-1, 0] == pytest.approx(-39.5 * PIXEL, abs=1e-3)
    assert len(np.unique(SKY.azimuth)) == 2048 and np.abs(SKY.azimuth).max() <= 180
    assert SKY.azimuth[0, 0] == pytest.approx(90 - PIXEL / 2, abs=1e-3)


def test_directions_are_apart_by_the_angle_between_them():
    away = SKY.away(70.0, 20.0)
    row, column = np.unravel_index(away.argmin(), away.shape)
    assert SKY.height[row, 0] == pytest.approx(20, abs=PIXEL)
    assert SKY.azimuth[0, column] == pytest.approx(70, abs=PIXEL)
    assert away[0].mean() == pytest.approx(70, abs=PIXEL), "the zenith, whatever the azimuth"


def test_a_gradient_has_its_stops_colours_at_their_heights():
    light = sky.gradient(SKY, (0, 1.0, 0.5, 0.2), (10, 0.5, 0.5, 0.5), (90, 0.1, 0.2, 0.3))
    at = {height: int(np.abs(SKY.height[:, 0] - height).argmin()) for height in (0, 5, 10, 90)}
    assert light[at[0], 7] == pytest.approx([1, 0.5, 0.2], abs=0.01)
    assert light[at[5], 7] == pytest.approx([0.75, 0.5, 0.35], abs=0.01)
    assert light[at[90], 7] == pytest.approx([0.1, 0.2, 0.3], abs=0.01)
    assert (light == light[:, :1]).all() and light.dtype == np.float32


def test_a_ridge_is_made_of_its_waves_the_slower_the_higher():
    line = sky.ridge(rng(), SKY, 4, 21)[0]
    assert np.abs(line).max() == pytest.approx(1)
    strength = np.abs(np.fft.rfft(line))
    inside = strength[4:21] * np.arange(4, 21)  # falls as one over the number of waves
    assert inside == pytest.approx(inside.mean(), rel=1e-3)
    others = np.delete(strength, np.arange(4, 21))
    assert others.max() < 1e-3 * inside.mean()


def test_noise_is_smooth_fills_its_range_and_closes():
    values = sky.noise(rng(), (40, 20), SKY)
    assert 0 <= values.min() < 0.1 and 0.9 < values.max() <= 1
    steps = np.abs(np.diff(values, axis=1))
    assert steps.max() < 0.06, "a cell is 51 pixels wide"
    assert np.abs(values[:, 0] - values[:, -1]).max() <= steps.max() + 1e-6
    assert np.array_equal(values, sky.noise(rng(), (40, 20), SKY))


def test_an_edge_is_soft_and_half_at_its_place():
    assert sky.edge(np.array([0, 1.4, 1.5, 1.6, 3]), 1.5, 0.4) == pytest.approx(
        [1, 0.75, 0.5, 0.25, 0]
    )


def test_below_a_skyline_lies_all_under_it_and_a_share_of_the_pixel_it_crosses():
    line = np.full((1, 2048), 3.0)
    share = sky.below(line, SKY)
    assert (share[SKY.height[:, 0] < 3 - PIXEL] == 1).all()
    assert (share[SKY.height[:, 0] > 3 + PIXEL] == 0).all()
    assert share[:, 0].sum() * PIXEL == pytest.approx(3 + 40 * PIXEL, abs=0.01)


def test_what_lies_over_a_panorama_hides_its_share_of_it():
    light = sky.over(np.ones((2, 2, 3), np.float32), np.array([[0, 1], [0.5, 0.25]]), np.zeros(3))
    assert light[..., 0] == pytest.approx(np.array([[1, 0], [0.5, 0.75]]))


def test_the_sun_is_brightest_where_it_stands_and_its_glow_fades():
    world = World("snow", 1, 70.0, 20.0)
    few = sky.Sky(SKY.azimuth[:, ::4], SKY.height[::4])
    away = few.away(70.0, 20.0)
    black = np.zeros((*away.shape, 3), np.float32)
    light = sky.with_sun(black, few, world, np.array([50.0, 40, 30]), np.array([0.9, 0.8, 0.6]))
    glow = 0.9 * (np.exp(-away / 9) + 0.35 * np.exp(-away / 30))
    assert light[..., 0] == pytest.approx(glow + 50 * sky.edge(away, 1.5, 0.3), rel=1e-3)


def test_hashed_numbers_are_the_same_each_time_and_spread():
    numbers = sky.hashed(np.arange(1000), 3)
    assert (numbers >= 0).all() and (numbers < 1).all()
    assert np.histogram(numbers, 4, (0, 1))[0].min() > 180
    assert np.array_equal(numbers, sky.hashed(np.arange(1000), 3))
    assert not np.isclose(numbers, sky.hashed(np.arange(1000), 4)).any()
