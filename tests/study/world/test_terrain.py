"""gen/study/world/terrain.py: where the ground lies."""

import numpy as np
import pytest

from gen.study.world import terrain
from gen.study.world.grounds import HALVES, KERB
from gen.study.world.terrain import SINK


def test_a_street_is_level_and_its_pavements_are_a_kerb_s_height_above_it():
    for name, (vertices, faces) in terrain.kerbed(50.0).items():
        _, y, z = vertices[:, :3].T
        road, pavement = np.abs(y) <= KERB - 0.02, np.abs(y) >= KERB
        assert z[road] == pytest.approx(SINK), name
        assert z[pavement] == pytest.approx(SINK + 0.13), name
        assert np.abs(y).max() == min(50.0, HALVES[name]), name
        assert (vertices[:, 5] > 0).all(), "it looks up"
        assert faces.max() == len(vertices) - 1


def test_layers_of_a_street_go_on_where_the_last_one_ends():
    street = {name: vertices[:, 0] for name, (vertices, _) in terrain.kerbed(50.0).items()}
    assert np.abs(street["near"]).max() == 12
    assert (np.abs(street["mid"]).max(), np.abs(street["far"]).min()) == (72, 72)
    assert np.abs(street["far"]).max() == 420


def test_a_floor_is_flat_and_covers_all_its_square_once():
    area = 0.0
    for vertices, faces in terrain.level().values():
        assert (vertices[:, 2] == SINK).all() and (vertices[:, 5] == 1).all()
        a, b, c = np.moveaxis(vertices[faces][..., :2], 1, 0)
        across = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
        area += np.abs(across).sum() / 2
    assert area == pytest.approx((2 * HALVES["mid"]) ** 2)


def test_a_round_land_is_flat_near_and_has_its_rise_s_height_beyond():
    land = terrain.rolling(lambda x, y: 0.01 * np.hypot(x, y))
    assert set(land) == {"near", "mid", "far"}
    assert (land["near"][0][:, 2] == SINK).all()
    for name in ("mid", "far"):
        vertices = land[name][0]
        radius = np.hypot(vertices[:, 0], vertices[:, 1])
        assert vertices[:, 2] == pytest.approx(0.01 * radius + SINK - 0.003)
        assert np.linalg.norm(vertices[:, 3:6], axis=1) == pytest.approx(1)
    x, y, _, lean_x, lean_y, _ = land["far"][0][-terrain.SECTORS :, :6].T
    lean = (x * lean_x + y * lean_y) / np.hypot(x, y)
    assert lean == pytest.approx(-terrain.LEAN, abs=1e-3), "far ground leans towards the car"
    radii = [np.hypot(*land[name][0][:, :2].T) for name in ("mid", "far")]
    assert radii[0].max() == pytest.approx(70) and radii[1].min() == pytest.approx(70)


def test_a_land_with_an_end_stops_there_along_a_winding_line():
    land = terrain.rolling(lambda x, y: 0 * x, end=32)
    assert set(land) == {"near", "mid"}
    radius = np.hypot(*land["mid"][0][:, :2].T).reshape(24, -1)
    assert radius[0] == pytest.approx(10)
    assert 27 < radius[-1].min() < 31 and 33 < radius[-1].max() < 37


@pytest.mark.parametrize("rise", [terrain.dunes(3), terrain.hills(3, 1.0)])
def test_land_is_level_round_the_car_rises_slowly_and_is_the_same_each_time(rise):
    line = np.linspace(0, 1400, 400)
    heights = rise(line, 0 * line)
    assert np.abs(heights[line < 13]).max() < 0.02
    assert heights.max() > 5 and heights.min() > -3 and heights.max() < 80
    assert np.array_equal(heights, rise(line, 0 * line))


def test_waves_are_about_one_high_and_other_for_another_seed():
    x, y = np.meshgrid(np.arange(0, 800.0, 5), np.arange(0, 800.0, 5))
    values = terrain.waves(x, y, 40.0, 1, 2)
    assert 0.7 < np.abs(values).max() < 2.2 and np.abs(values.mean()) < 0.1
    assert not np.allclose(values, terrain.waves(x, y, 40.0, 2, 2))
    assert not np.allclose(values, terrain.waves(x, y, 40.0, 1, 3))


def backs(land: dict[str, terrain.Shape]) -> int:
    """How many corners of a land turn their backs on an eye near its middle."""
    off, low = terrain.EYES
    turned = 0
    for x, y, z in ((off, 0, low), (-off, 0, 2), (0, off, low), (0, -off, 0.6), (0, 0, low)):
        for vertices, _ in land.values():
            toward = np.array((x, y, z)) - vertices[:, :3]
            turned += int(((vertices[:, 3:6] * toward).sum(-1) <= 0).sum())
    return turned


@pytest.mark.parametrize("seed", [1462097826, 7, 8])
def test_a_land_that_faces_the_middle_turns_its_back_on_no_eye_there(seed):
    land = terrain.rolling(terrain.dunes(seed))
    assert backs(land) > 100, "dunes rise above an eye: seen from behind, and so black"
    faced = terrain.facing(land)
    assert backs(faced) == 0
    for name, (vertices, faces) in faced.items():
        assert (vertices[:, [0, 1, 2, 6, 7]] == land[name][0][:, [0, 1, 2, 6, 7]]).all()
        assert (faces == land[name][1]).all()
        assert np.linalg.norm(vertices[:, 3:6], axis=1) == pytest.approx(1)


def test_a_land_that_rises_above_no_eye_is_left_as_it_is():
    for land in (terrain.level(), terrain.kerbed(50.0)):
        for name, (vertices, _) in terrain.facing(land).items():
            assert vertices == pytest.approx(land[name][0], abs=1e-7), name
